/** What declared types say of a value that says nothing itself. */
import { driverOfGlobal, driverOfModule } from '../../drivers/index.js'
import type { FileFacts } from '../../extract/facts.js'
import type { Resolution } from '../program.js'
import { resolveImport } from '../program.js'
import { isNamed, keysOf } from './builtins.js'
import { instanceOf } from './class-members.js'
import { evaluate, resolved } from './evaluate.js'
import { elementOf, memberOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { choiceOf, textValue } from './values.js'

/** What a declared type says of a value: a handle of a driver, an instance, an interface; one of several, for a union. */
export function valueOfTypes(e: Evaluator, facts: FileFacts, types: string[]): Value | null {
  const values = types.flatMap(type => valueOfType(e, facts, type) ?? [])
  const known = values.filter(({ kind }) => kind !== 'typed')
  return known.length > 0 ? choiceOf(known) : (values[0] ?? null)
}

function valueOfType(e: Evaluator, facts: FileFacts, type: string): Value | null {
  const [head, ...rest] = type.split('.')
  if (Object.hasOwn(facts.variables, head)) {
    const value = evaluate(e, facts.file, facts.variables[head], null)
    if (value.kind === 'class') return instanceOf(e, value)
    return Object.hasOwn(facts.interfaces, head) ? null : meant(value)
  }
  if (Object.hasOwn(facts.interfaces, head)) return ofInterface(e, facts, head, rest)
  if (!Object.hasOwn(facts.imports, head)) {
    const driver = driverOfGlobal(type)
    return driver && { kind: 'handle', driver, origin: null }
  }
  const resolution = resolveImport(e.program, facts.file, head)
  if (!resolution) return null
  if (resolution.kind === 'interface') {
    const home = e.program.facts(resolution.file)
    return home ? ofInterface(e, home, resolution.name, rest) : null
  }
  let value = resolved(e, resolution, head)
  for (const name of rest) value = memberOf(e, value, name)
  if (value.kind === 'class') return instanceOf(e, value)
  if (value.kind === 'typed') return value
  if (value.kind !== 'external') {
    const home = resolution.kind === 'node' ? e.program.facts(resolution.file) : null
    return home && Object.hasOwn(home.interfaces, facts.imports[head].name) ? null : meant(value)
  }
  const driver = driverOfModule(value.module)
  const path = value.path.filter(name => name !== 'default')
  const isHandle = driver?.handles.includes(path.join('.')) || driver?.handles.includes(path.at(-1) ?? '')
  return driver && isHandle ? { kind: 'handle', driver, origin: null } : null
}

/** What `typeof pool`, or that of a module, means, where no type is called so. */
function meant(value: Value): Value | null {
  return value.kind === 'namespace' || value.kind === 'instance' || value.kind === 'handle' ? value : null
}

/** What an interface or alias stands for, or a field of it: `Deps.pool`. */
function ofInterface(e: Evaluator, facts: FileFacts, name: string, fields: string[]): Value | null {
  const [field, ...more] = fields
  if (field === undefined) return aliasOrInterface(e, facts, name)
  let value = declaredField(e, facts, name, field)
  for (const each of more) value = value && memberOf(e, value, each)
  return value
}

/**
 * What the declared type of a field says of it, in an interface or in those that it extends. Null also for an interface
 * that no class implements: of such, callers say more.
 */
export function declaredField(
  e: Evaluator,
  facts: FileFacts,
  name: string,
  field: string,
  depth = 0,
): Value | null {
  if (depth > 5) return null
  const own = Object.hasOwn(facts.fieldTypes, name) ? facts.fieldTypes[name] : null
  if (own && Object.hasOwn(own, field)) {
    const value = valueOfTypes(e, facts, own[field])
    const isOpen =
      value?.kind === 'typed' && (e.program.implementers(value.file, value.name) ?? []).length === 0
    return isOpen ? null : value
  }
  for (const parent of facts.interfaces[name] ?? []) {
    const named = parent === name ? null : namedType(e, facts, parent)
    const home = named?.kind === 'interface' ? e.program.facts(named.file) : null
    const value =
      home && named?.kind === 'interface' ? declaredField(e, home, named.name, field, depth + 1) : null
    if (value) return value
  }
  return null
}

/** `type Db = Pool | PoolClient` is what it stands for; an interface that extends a handle is one. */
function aliasOrInterface(e: Evaluator, facts: FileFacts, name: string, depth = 0): Value | null {
  if (depth > 5) return null
  for (const parent of facts.interfaces[name]) {
    if (parent === name) continue
    const value = Object.hasOwn(facts.interfaces, parent)
      ? aliasOrInterface(e, facts, parent, depth + 1)
      : valueOfType(e, facts, parent)
    if (value && value.kind !== 'typed') return value
  }
  return { kind: 'typed', file: facts.file, name }
}

const KEYOF = 'keyof '

/** All values that a type of literals (`'users' | 'orders'`), an enum or a list of constants allows; null for any other type. */
export function valuesOfType(e: Evaluator, facts: FileFacts, types: string[], depth = 0): Value | null {
  const values = types.flatMap((type): Value[] => {
    if (type.startsWith("'")) return [textValue(type.slice(1))]
    if (depth > 3 || type === 'string') return []
    const isKey = type.startsWith(KEYOF)
    const named = namedType(e, facts, isKey ? type.slice(KEYOF.length) : type)
    if (isKey) {
      const of = named?.kind === 'node' ? evaluate(e, named.file, named.node, null) : null
      const keys = of && isNamed(of) ? keysOf(e, of) : null
      return keys && keys.items.length > 0 && !keys.open ? [elementOf(e, keys)] : []
    }
    if (named?.kind === 'interface') {
      const home = e.program.facts(named.file)
      const inner = home && valuesOfType(e, home, home.interfaces[named.name] ?? [], depth + 1)
      return inner ? [inner] : []
    }
    if (named?.kind !== 'node') return []
    const value = evaluate(e, named.file, named.node, null)
    const isListed =
      (value.kind === 'object' && value.entries.size > 0) ||
      (value.kind === 'array' && value.items.length > 0 && !value.open)
    return isListed ? [elementOf(e, value)] : []
  })
  return values.length === 0 ? null : choiceOf(values)
}

function namedType(e: Evaluator, facts: FileFacts, name: string): Resolution | null {
  if (Object.hasOwn(facts.variables, name))
    return { kind: 'node', file: facts.file, node: facts.variables[name] }
  if (Object.hasOwn(facts.interfaces, name)) return { kind: 'interface', file: facts.file, name }
  return Object.hasOwn(facts.imports, name) ? resolveImport(e.program, facts.file, name) : null
}

/** Patterns: gives names their values, also through destructuring. */
import type {
  AssignmentTarget,
  AssignmentTargetMaybeDefault,
  BindingPattern,
  Expression,
} from '@oxc-project/types'
import { isGiven } from './conditions.js'
import { joinValues } from './environment.js'
import type { FunctionId, NodeId } from './facts.js'
import { lowerExpression, propertyName } from './lower-expression.js'
import type { Lowering } from './lowering.js'
import { codeOf, declare, functionScopeOf, scopeOf } from './lowering.js'
import { nodeOf, setByKey, setInField } from './put-into.js'
import { typeNames, typesOfField } from './types-of.js'

/** Declares the names of a pattern and gives them their part of `value` (null: declared without one). */
export function bindPattern(
  l: Lowering,
  pattern: BindingPattern,
  value: NodeId | null,
  types: string[],
): void {
  switch (pattern.type) {
    case 'Identifier': {
      if (!scopeOf(l, pattern.name)) declare(l, pattern.name)
      const declared = types.length > 0 ? types : typeNames(pattern.typeAnnotation)
      if (declared.length > 0)
        l.bindingTypes.set(scopeOf(l, pattern.name)?.names.get(pattern.name) as number, declared)
      const node =
        declared.length > 0
          ? l.add({ kind: 'typed', of: value, types: declared })
          : (value ?? l.add({ kind: 'unknown', code: pattern.name }))
      // A text declared without a value adds no alternative: `let query: string; if (a) query = …; else query = …`.
      setName(l, pattern.name, node, value !== null || declared.some(type => type !== 'string'))
      break
    }
    case 'AssignmentPattern':
      bindPattern(l, pattern.left, withDefault(l, value, lowerExpression(l, pattern.right)), types)
      break
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (!element) return
        if (element.type === 'RestElement') bindPattern(l, element.argument, value, [])
        else bindPattern(l, element, value === null ? null : at(l, value, index), [])
      })
      break
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bindPattern(l, property.argument, value, [])
        else {
          const name = propertyName(l, property.key, property.computed)
          const part = value === null || name === null ? null : l.add({ kind: 'member', of: value, name })
          const types = part === null ? [] : typesOfField(pattern.typeAnnotation, name as string)
          const declared = types.length > 0 ? l.add({ kind: 'typed', of: part, types }) : part
          bindPattern(l, property.value, declared, [])
        }
      }
      break
  }
}

function at(l: Lowering, of: NodeId, index: number): NodeId {
  return l.add({ kind: 'index', of, by: l.add({ kind: 'text', text: String(index), at: 0 }) })
}

function withDefault(l: Lowering, value: NodeId | null, fallback: NodeId): NodeId {
  if (value === null) return fallback
  const when = isGiven(l, value)
  return l.add({ kind: 'choice', of: [value, fallback], ...(when && { when }) })
}

/** `target = value`, for every kind of target. */
export function assignPattern(
  l: Lowering,
  target: AssignmentTarget | AssignmentTargetMaybeDefault,
  value: NodeId,
): void {
  switch (target.type) {
    case 'Identifier':
      // Without a declaration it is a global: the function that gives it a value has that until its end.
      if (l.fn !== null && !scopeOf(l, target.name) && !Object.hasOwn(l.imports, target.name))
        declare(l, target.name, functionScopeOf(l))
      setName(l, target.name, value, true)
      break
    case 'MemberExpression': {
      if (target.object.type === 'ThisExpression' && l.cls !== null && !target.computed) {
        if (target.property.type === 'Identifier') addField(l, target.property.name, value)
        break
      }
      if (isModuleExports(target.object)) {
        const name = propertyName(l, target.property, target.computed)
        if (name !== null) l.exports[name] = value
        break
      }
      const key = propertyName(l, target.property, target.computed) ?? '*'
      const by = key === '*' && target.computed ? lowerExpression(l, target.property as Expression) : null
      if (target.object.type !== 'Identifier') {
        lowerExpression(l, target.object)
        if (by !== null) setByKey(l, target.object, by, value)
        else setInField(l, target.object, key, value)
        break
      }
      if (target.object.name === 'module' && key === 'exports') {
        l.exports.default = value
        l.exports[MODULE] = value
        exportEntries(l, value)
        break
      }
      if (target.object.name === 'exports') {
        l.exports[key] = value
        break
      }
      if (by !== null) {
        setByKey(l, target.object, by, value)
        break
      }
      const held = nodeOf(l, target.object)
      if (held !== null)
        setName(l, target.object.name, l.add({ kind: 'assign', of: held, key, by, value }), true)
      break
    }
    case 'ArrayPattern':
      target.elements.forEach((element, index) => {
        if (element && element.type !== 'RestElement') assignPattern(l, element, at(l, value, index))
      })
      break
    case 'ObjectPattern':
      for (const property of target.properties) {
        if (property.type === 'RestElement') continue
        const name = propertyName(l, property.key, property.computed)
        if (name !== null) assignPattern(l, property.value, l.add({ kind: 'member', of: value, name }))
      }
      break
    case 'AssignmentPattern':
      assignPattern(l, target.left, withDefault(l, value, lowerExpression(l, target.right)))
      break
    default:
      if ('expression' in target) {
        const inner = target.expression
        if (inner.type === 'Identifier' || inner.type === 'MemberExpression') assignPattern(l, inner, value)
      }
  }
}

function isModuleExports(object: Expression): boolean {
  return (
    object.type === 'MemberExpression' &&
    object.object.type === 'Identifier' &&
    object.object.name === 'module' &&
    object.property.type === 'Identifier' &&
    object.property.name === 'exports'
  )
}

/** What a module says that it is, by `module.exports = …`: no name can be this. */
export const MODULE = 'module.exports'

/** `module.exports = { a, ...require('./b') }` exports a and all of b; `module.exports = require('./b')` all of b. */
function exportEntries(l: Lowering, value: NodeId): void {
  const node = l.nodes[value]
  if (node.kind === 'module') exportAllOf(l, node.module)
  if (node.kind !== 'object') return
  for (const [key, entry] of node.entries) {
    const spread = l.nodes[entry]
    if (key !== '...') l.exports[key] = entry
    else if (spread.kind === 'module') exportAllOf(l, spread.module)
  }
}

function exportAllOf(l: Lowering, module: string): void {
  l.reexports.push({ module, name: '*', as: '*' })
}

/** Adds a value of a field of the class being read. */
export function addField(l: Lowering, name: string, value: NodeId): void {
  if (l.cls === null) return
  const { fields } = l.classes[l.cls]
  fields[name] = Object.hasOwn(fields, name) ? joinValues(l, fields[name], value) : value
}

/** Gives a name a value at this point. `known` is false for a declaration without one. */
export function setName(l: Lowering, name: string, value: NodeId, known: boolean): void {
  const scope = scopeOf(l, name)
  if (!scope) return
  if (known && scope === l.moduleScope) {
    const values = l.moduleValues.get(name)
    if (values) values.push(value)
    else l.moduleValues.set(name, [value])
  }
  const binding = scope.names.get(name) as number
  if (known) l.given?.push([binding, value])
  if (known) l.env?.set(binding, value)
  else {
    l.env?.delete(binding)
    l.withoutValue.add(binding)
  }
}

/** The value of a name at this point. */
export function readName(l: Lowering, name: string, node: Parameters<typeof codeOf>[1]): NodeId {
  const scope = scopeOf(l, name)
  if (!scope) {
    if (name === 'arguments' && l.argumentsOf !== null) return argumentsGiven(l, l.argumentsOf)
    return l.add(Object.hasOwn(l.imports, name) ? { kind: 'import', name } : { kind: 'global', name })
  }
  const value = l.env?.get(scope.names.get(name) as number)
  // Functions see a top-level name as the module leaves it; the module's own statements see it as it is.
  if (scope === l.moduleScope && (l.fn !== null || value === undefined))
    return l.add({ kind: 'variable', name })
  return value ?? l.add({ kind: 'unknown', code: codeOf(l, node) })
}

/** Of the arguments that a function does not name, so many are told apart. */
const UNNAMED_ARGUMENTS = 4

/** `arguments`: what the function is given, in order. */
function argumentsGiven(l: Lowering, fn: FunctionId): NodeId {
  const count = Math.max(l.functions[fn].params.length, UNNAMED_ARGUMENTS)
  const items = Array.from({ length: count }, (_, index) => l.add({ kind: 'param', fn, index }))
  return l.add({ kind: 'array', items })
}

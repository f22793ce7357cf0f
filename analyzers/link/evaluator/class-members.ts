/** Methods and fields of classes, and classes that extend those of a driver. */
import { driverOfModule } from '../../drivers/index.js'
import { evaluate } from './evaluate.js'
import { memberOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { choiceOf, isVague } from './values.js'

/** Method or field of a class, also inherited. */
export function classMember(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  depth = 0,
): Value | null {
  const facts = e.program.facts(of.file)
  const cls = facts?.classes[of.cls]
  if (!facts || !cls || depth > 10) return null
  const self: Value = of.kind === 'instance' ? of : { kind: 'instance', file: of.file, cls: of.cls }
  const frame = of.kind === 'instance' ? (of.frame ?? null) : null
  if (Object.hasOwn(cls.methods, name)) {
    return { kind: 'function', file: of.file, fn: cls.methods[name], frame: null, self }
  }
  if (Object.hasOwn(cls.fields, name)) {
    const held = evaluate(e, of.file, cls.fields[name], frame)
    return isVague(held) && held.kind !== 'param' ? (inSubclasses(e, of, name, depth) ?? held) : held
  }
  if (cls.extends === null) return inSubclasses(e, of, name, depth)
  const parent = evaluate(e, of.file, cls.extends, null)
  if (parent.kind === 'class') {
    const inherited = classMember(e, parent, name, depth + 1)
    // A method runs on the object that it was called on, not on its parent.
    return inherited?.kind === 'function' ? { ...inherited, self } : inherited
  }
  const handle = handleOfExternal(parent)
  return handle ? memberOf(e, handle, name) : null
}

/** What the classes that extend this one give a field that it only declares. */
function inSubclasses(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  depth: number,
): Value | null {
  if (depth > 0) return null
  const values = (e.program.subclasses(of.file, of.cls) ?? []).flatMap(({ file, cls }) => {
    const found = e.program.facts(file)?.classes[cls]
    return found && Object.hasOwn(found.fields, name) ? [evaluate(e, file, found.fields[name], null)] : []
  })
  return values.length === 0 ? null : choiceOf(values)
}

export function instanceOf(e: Evaluator, cls: Value & { kind: 'class' }): Value {
  const handle = extendsHandle(e, cls)
  return handle && !hasOwnMethods(e, cls) ? handle : { kind: 'instance', file: cls.file, cls: cls.cls }
}

/** The handle that a class extends (`class Db extends Pool`), or null. */
export function extendsHandle(e: Evaluator, cls: Value & { kind: 'class' | 'instance' }): Value | null {
  const facts = e.program.facts(cls.file)
  const parent = facts?.classes[cls.cls]?.extends
  if (parent == null) return null
  return handleOfExternal(evaluate(e, cls.file, parent, null))
}

export function hasOwnMethods(e: Evaluator, cls: Value & { kind: 'class' }): boolean {
  const found = e.program.facts(cls.file)?.classes[cls.cls]
  return found !== undefined && Object.keys(found.methods).length > 0
}

/** A class of a driver, or a subclass's parent, as a handle. */
function handleOfExternal(value: Value): Value | null {
  if (value.kind !== 'external') return null
  const driver = driverOfModule(value.module)
  const name = value.path.join('.')
  return driver && (driver.handles.includes(name) || driver.handles.includes(value.path.at(-1) ?? ''))
    ? { kind: 'handle', driver, origin: null }
    : null
}

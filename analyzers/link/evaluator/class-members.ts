/** Methods and fields of classes, and classes that extend those of a driver. */
import { driverOfModule } from '../../drivers/index.js'
import type { ClassId, ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { argumentsOf } from './arguments.js'
import { evaluate, remember } from './evaluate.js'
import { callFunction } from './functions.js'
import { NO_CONSTRUCTOR, withCalls } from './kept.js'
import { memberOf } from './members.js'
import type { Evaluator, FieldBeingRead, MemberBelow } from './state.js'
import { endOf, leftOut } from './state.js'
import type { Frame, Value } from './values.js'
import { choiceOf, fieldOfObject, isVague, knownText, unknown } from './values.js'
import { wrappingMethods } from './wrapped.js'

/**
 * Method or field of a class, also inherited.
 *
 * @param object the object that is asked, where `of` is it seen as one of a class above
 */
export function classMember(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  depth = 0,
  object: Value & { kind: 'instance' | 'class' } = of,
): Value | null {
  const facts = e.program.facts(of.file)
  const cls = facts?.classes[of.cls]
  if (!facts || !cls || depth > 10) return null
  const self = of.kind === 'instance' ? of : objectOfClass(of)
  // `this.constructor.table`: fields of the class are kept with those of its objects.
  if (name === 'constructor' && of.kind === 'instance') return of
  const ofClass = of.kind === 'class' ? staticMethod(e, of, name) : null
  if (ofClass) return { kind: 'function', ...ofClass, frame: madeIn(self), self }
  if (Object.hasOwn(cls.methods, name)) {
    if (isOpenMethod(e, of, facts, cls.methods[name])) return fieldOfObject(of.file, of.cls, name)
    const run = e.targetsOnly && of.kind === 'instance' ? runByMethod(of, facts, cls.methods[name]) : null
    if (run) return run
    return { kind: 'function', file: of.file, fn: cls.methods[name], frame: madeIn(self), self }
  }
  if (Object.hasOwn(cls.fields, name)) {
    const held =
      object === of
        ? fieldOf(e, of, name, cls.fields[name], frameFor(facts, cls.fields[name], of))
        : inheritedField(e, of, name, facts, cls.fields[name], object)
    if (isEmptyText(held) && isOpenObject(e, of) && membersBelow(e, of, name).length > 0)
      return fieldOfObject(of.file, of.cls, name)
    if (!isVague(held) || held.kind === 'param') return held
    if (isOpenText(e, of, facts.nodes[cls.fields[name]])) return fieldOfObject(of.file, of.cls, name)
    return inSubclasses(e, of, name, depth) ?? held
  }
  if (cls.extends === null) return inSubclasses(e, of, name, depth)
  const parent = evaluate(e, of.file, cls.extends, null)
  if (parent.kind === 'class') {
    const above = of.kind === 'instance' ? asParent(e, of, parent) : parent
    const inherited = classMember(e, above, name, depth + 1, object)
    // A method runs on the object that it was called on, not on its parent.
    if (inherited?.kind === 'function') return { ...inherited, self }
    return inherited !== null && isVague(inherited) && inherited.kind !== 'param'
      ? (inSubclasses(e, of, name, depth) ?? inherited)
      : inherited
  }
  const handle = handleOfExternal(parent)
  return handle ? memberOf(e, handle, name) : null
}

/** An object of a class, which sees what the function got in which the class is written. */
export function objectOfClass({ file, cls, made }: Value & { kind: 'class' }): Value & { kind: 'instance' } {
  const object: Value & { kind: 'instance' } = { kind: 'instance', file, cls }
  return made ? { ...object, frame: { file, fn: NO_CONSTRUCTOR, args: [], self: null, outer: made } } : object
}

/** The call of the function in which the class of an object is written, as far as that was seen. */
export function madeIn({ frame }: Value & { kind: 'instance' }): Frame | null {
  return frame?.outer ?? null
}

/** What the constructor got, where a method is nothing but a way to call it. */
function runByMethod(of: Value & { kind: 'instance' }, facts: FileFacts, method: FunctionId): Value | null {
  const index = of.frame && wrappingMethods(facts).get(method)
  const given = index === undefined ? undefined : of.frame?.args[index]
  return given?.kind === 'function' || given?.kind === 'method' ? given : null
}

/** The call of the constructor that made an object, in which its fields have their values: those of getters by its `this`. */
function frameFor(facts: FileFacts, field: NodeId, of: Value & { kind: 'instance' | 'class' }): Frame | null {
  const frame = of.kind === 'instance' ? of.frame : of.made
  if (!frame || of.kind === 'class') return frame ?? null
  return isGetter(facts, field) && frame.self === null ? { ...frame, self: of, memo: undefined } : frame
}

function isGetter(facts: FileFacts, field: NodeId): boolean {
  const node = facts.nodes[field]
  return node.kind === 'call' && facts.nodes[node.callee].kind === 'function'
}

/** A field of a class above: a getter there runs on the object that is asked, as a method does. */
function inheritedField(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  facts: FileFacts,
  field: NodeId,
  object: Value & { kind: 'instance' | 'class' },
): Value {
  const node = facts.nodes[field]
  if (node.kind === 'call' && isGetter(facts, field) && object.kind === 'instance') {
    const getter = evaluate(e, of.file, node.callee, null)
    if (getter.kind === 'function') return callFunction(e, { ...getter, self: object }, () => [], name)
  }
  return fieldOf(e, of, name, field, frameFor(facts, field, of))
}

/** A method of a class itself, its own or inherited: its objects may have another of that name. */
function staticMethod(
  e: Evaluator,
  { file, cls }: { file: string; cls: ClassId },
  name: string,
  depth = 0,
): { file: string; fn: FunctionId } | null {
  const found = e.program.facts(file)?.classes[cls]
  if (!found || depth > 10) return null
  if (Object.hasOwn(found.statics, name)) return { file, fn: found.statics[name] }
  if (found.extends === null) return null
  const parent = evaluate(e, file, found.extends, null)
  return parent.kind === 'class' ? staticMethod(e, parent, name, depth + 1) : null
}

/**
 * What is assigned to a field. Where that is made of the field itself (`this.query = this.query.concat(more)`), it is
 * so once, of what else is assigned to it: a further round would say the same again.
 */
function fieldOf(
  e: Evaluator,
  { file, cls }: { file: string; cls: ClassId },
  name: string,
  node: NodeId,
  frame: Frame | null,
): Value {
  const key = `${file}#${cls}.${name}`
  const outer = e.fields.get(key)
  if (outer && (outer.frame === frame || outer.depth >= MAX_FIELD_DEPTH)) {
    outer.met++
    // What is found meanwhile is not all of it, and not to be remembered.
    leftOut(e, key)
    if (outer.isInner) return unknown('…')
    outer.isInner = true
    const value = withoutItself(e, file, node, frame, outer)
    outer.isInner = false
    return value
  }
  e.fields.set(key, { frame, depth: (outer?.depth ?? 0) + 1, met: 0, isInner: false })
  const { cuts, paramReads } = e
  const value = evaluate(e, file, node, frame)
  if (outer) e.fields.set(key, outer)
  else e.fields.delete(key)
  // Met in itself it was not all of it, and now it is.
  const isWhole = e.cuts === cuts && e.outermostMet === Infinity
  if (endOf(e, key) && !frame && !outer && isWhole && e.roundsCut === null)
    remember(e, file, node, { value, varies: e.paramReads > paramReads })
  return value
}

const MAX_FIELD_DEPTH = 4

/** The alternatives that are not made of the field itself. */
function withoutItself(
  e: Evaluator,
  file: string,
  id: NodeId,
  frame: Frame | null,
  field: FieldBeingRead,
): Value {
  const nodes = e.program.facts(file)?.nodes ?? []
  const node = nodes[id]
  const found: Value[] = []
  for (const each of node?.kind === 'choice' ? node.of : [id]) {
    // An object is what it was before something was put into it that is made of it.
    for (let at = each; ; ) {
      const before = field.met
      const value = evaluate(e, file, at, frame)
      const held = nodes[at]
      const isPut = held?.kind === 'assign'
      if (field.met === before && !(isPut && value.kind === 'unknown')) found.push(value)
      else if (isPut) {
        at = held.of
        continue
      }
      break
    }
  }
  return found.length === 0 ? unknown('…') : choiceOf(found)
}

/** A text that a class only declares, where the object is not seen made: each subclass may give it another value. */
function isOpenText(e: Evaluator, of: Value, node: ExprNode): boolean {
  if (!isOpenObject(e, of)) return false
  return node.kind === 'typed' && node.of === null && node.types.includes('string')
}

/** Whether an object may be one of any class below its own. */
function isOpenObject(e: Evaluator, of: Value): boolean {
  return !e.targetsOnly && !e.anyObject && of.kind === 'instance' && of.frame === undefined
}

/** What stands in a field until a subclass gives it a statement. */
function isEmptyText(value: Value): boolean {
  return value.kind === 'text' && knownText(value) === ''
}

/** A method that gets and gives nothing (it throws), where subclasses have one of that name. */
function isOpenMethod(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  facts: FileFacts,
  fn: FunctionId,
): boolean {
  const { name, params, returns } = facts.functions[fn]
  if (e.targetsOnly || e.anyObject || of.kind !== 'instance' || of.frame) return false
  if (params.length > 0 || returns.length > 0) return false
  return (e.program.subclasses(of.file, of.cls) ?? []).some(({ file, cls }) =>
    Object.hasOwn(e.program.facts(file)?.classes[cls]?.methods ?? {}, name),
  )
}

/** An instance seen as one of the class above: made by the `super(…)` of its own constructor. */
function asParent(
  e: Evaluator,
  of: Value & { kind: 'instance' },
  parent: Value & { kind: 'class' },
): Value & { kind: 'instance' } {
  const above: Value & { kind: 'instance' } = { kind: 'instance', file: parent.file, cls: parent.cls }
  const facts = e.program.facts(of.file)
  const cls = facts?.classes[of.cls]
  if (!facts || !cls || cls.constructor === null) return of.frame ? { ...above, frame: of.frame } : above
  const node = cls.superCall === null ? null : facts.nodes[cls.superCall]
  const target = node && constructorOf(e, parent)
  const kept = of.frame?.kept ?? []
  if (node?.kind !== 'call' || !target)
    return kept.length === 0 ? above : withCalls(above, NO_CONSTRUCTOR, [], kept)
  return withCalls(above, target.fn, argumentsOf(e, facts, node.args, of.frame ?? null), kept, target.file)
}

/** The constructor that runs when a class is made: its own, or that of the nearest class above. */
export function constructorOf(
  e: Evaluator,
  cls: Value & { kind: 'class' },
  depth = 0,
): { file: string; fn: FunctionId } | null {
  const found = e.program.facts(cls.file)?.classes[cls.cls]
  if (!found || depth > 10) return null
  if (found.constructor !== null) return { file: cls.file, fn: found.constructor }
  if (found.extends === null) return null
  const parent = evaluate(e, cls.file, found.extends, null)
  return parent.kind === 'class' ? constructorOf(e, parent, depth + 1) : null
}

/** The class whose constructor a function is, or null. */
export function classMadeBy(e: Evaluator, file: string, fn: FunctionId): ClassId | null {
  const facts = e.program.facts(file)
  const cls = facts?.functions[fn]?.cls ?? null
  return cls !== null && facts?.classes[cls].constructor === fn ? cls : null
}

/** Whether a class is another one or extends it. */
export function isOrExtends(
  e: Evaluator,
  cls: { file: string; cls: ClassId },
  base: { file: string; cls: ClassId },
  depth = 0,
): boolean {
  if (cls.file === base.file && cls.cls === base.cls) return true
  const above = e.program.facts(cls.file)?.classes[cls.cls]?.extends
  if (above == null || depth > 10) return false
  const parent = evaluate(e, cls.file, above, null)
  return parent.kind === 'class' && isOrExtends(e, parent, base, depth + 1)
}

/** What the classes that extend this one give a field that it only declares. */
function inSubclasses(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  depth: number,
): Value | null {
  if (depth > 0) return null
  const values = membersBelow(e, of, name).map(({ file, cls, fn, field }): Value => {
    if (fn === undefined) return evaluate(e, file, field!, null)
    return { kind: 'function', file, fn, frame: null, self: { kind: 'instance', file, cls } }
  })
  return values.length === 0 ? null : choiceOf(values)
}

/**
 * A field of something of which only the interface is known: the objects and connections that classes which implement it keep
 * there. Null where they keep none of these.
 */
export function fieldBehind(e: Evaluator, of: Value & { kind: 'typed' }, name: string): Value | null {
  const held = (e.program.implementers(of.file, of.name) ?? []).flatMap((cls): Value[] => {
    const fields = e.program.facts(cls.file)?.classes[cls.cls]?.fields
    if (!fields || !Object.hasOwn(fields, name)) return []
    const value = classMember(e, { kind: 'instance', ...cls }, name)
    return value?.kind === 'instance' || value?.kind === 'handle' ? [value] : []
  })
  return held.length === 0 ? null : choiceOf(held)
}

/** The methods and fields of a name in the classes that extend one: hundreds may, and most have none of it. */
function membersBelow(e: Evaluator, of: { file: string; cls: ClassId }, name: string): MemberBelow[] {
  const key = `${of.file}#${of.cls}.${name}`
  let found = e.membersBelow.get(key)
  if (found === undefined) {
    found = classesBelow(e, of).flatMap(({ file, cls }): MemberBelow[] => {
      const members = e.program.facts(file)?.classes[cls]
      if (members === undefined) return []
      if (Object.hasOwn(members.methods, name)) return [{ file, cls, fn: members.methods[name] }]
      return Object.hasOwn(members.fields, name) ? [{ file, cls, field: members.fields[name] }] : []
    })
    e.membersBelow.set(key, found)
  }
  return found
}

const MAX_CLASSES_BELOW = 1_000

/** The classes that extend one, then those that extend these, each once. */
export function classesBelow(
  e: Evaluator,
  of: { file: string; cls: ClassId },
): { file: string; cls: ClassId }[] {
  const found = new Map<string, { file: string; cls: ClassId }>()
  for (let next = [of]; next.length > 0 && found.size < MAX_CLASSES_BELOW; ) {
    next = next
      .flatMap(({ file, cls }) => e.program.subclasses(file, cls) ?? [])
      .filter(({ file, cls }) => !found.has(`${file}#${cls}`))
    for (const each of next) found.set(`${each.file}#${each.cls}`, each)
  }
  return [...found.values()]
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

export function hasMethod(e: Evaluator, cls: Value & { kind: 'class' | 'instance' }, name: string): boolean {
  const found = e.program.facts(cls.file)?.classes[cls.cls]
  return found !== undefined && Object.hasOwn(found.methods, name)
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

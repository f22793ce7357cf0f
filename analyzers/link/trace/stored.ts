/**
 * Functions that an iteration puts into an object, one for each element: `queries[name] = () => pool.query(texts[name])`,
 * `queries[name] = makeQuery(texts[name])`. Which of them a call runs is seen at the call.
 */
import type { FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import type { CallSite } from '../calls.js'
import { elementUnder, holding } from '../evaluator/elements.js'
import { evaluate, evaluateFresh } from '../evaluator/evaluate.js'
import { type Frame, knownText, type Value } from '../evaluator/values.js'
import { calleeOf } from '../targets.js'
import { methodAround, stepsTo } from './steps-out.js'
import type { Step } from './text-at-sink.js'
import type { Tracer } from './tracer.js'

/** Elements whose functions one call may run. */
const MAX_ELEMENTS = 200

/** What runs a statement in such a function. */
export interface Stored {
  /** The calls of the function, a step for each element whose function they run. */
  steps: Step[]
  /** The function for elements that none of these runs: what the outermost call, or the statement, is seen in. */
  uncalled: Frame[]
}

/** What stands under a computed key, or in an object there. */
interface Held {
  key: NodeId
  /** Its name in that object. */
  within: string | null
}

/** Null where the statement is in no such function, or where not all of its calls say which they run. */
export function runsStored(t: Tracer, { facts, call }: CallSite): Stored | null {
  const fn = storedAround(facts, call.fn)
  if (fn === null) return null
  const { key, within } = storedIn(facts).functions.get(fn)!
  const all = heldByAll(t, facts, key)
  if (all === null) return null
  noteNames(t, all, within)
  const steps = stepsToEach(t, facts.file, fn, holdsElement)
  if (steps === null) return null
  const called = new Set(steps.map(({ outer }) => knownText(evaluate(t.e, facts.file, key, outer))))
  const uncalled = all.flatMap(({ name, outer }) => (called.has(name) ? [] : [around(facts, fn, outer)]))
  return { steps, uncalled }
}

/**
 * The same of functions that a call in the iteration makes, where what it hands over is the statement.
 *
 * @param made the call, as the step out of what makes the function
 * @param textFor what the statement says, in a frame that holds an element; the same for the same text
 */
export function runsMade(
  t: Tracer,
  { file, call }: CallSite,
  made: Step,
  textFor: (steps: Step[], outermost: Frame | null) => string | null,
): Stored | null {
  const { facts } = made.site
  const held = storedIn(facts).calls.get(made.site.call.node)
  const fn = held && file === made.file ? madeBy(t, made, call.fn) : null
  const all = held && fn !== null ? heldByAll(t, facts, held.key) : null
  if (!held || fn === null || all === null) return null
  noteNames(t, all, held.within)
  const steps = stepsToEach(t, file, fn, frame => frame.fn === made.fn)
  if (steps === null) return null
  const called = new Set(steps.map(step => textFor([step], null)))
  const outers = all.map(({ outer }) => outer)
  return { steps, uncalled: outers.filter(outer => !called.has(textFor([made], outer))) }
}

/** Calls of a function, a step for each of the calls in which it was made; null where these are not all known, or not `isOne`. */
function stepsToEach(
  t: Tracer,
  file: string,
  fn: FunctionId,
  isOne: (frame: Frame) => boolean,
): (Step & { outer: Frame })[] | null {
  const steps: (Step & { outer: Frame })[] = []
  for (const step of stepsTo(t, file, fn)) {
    const run = evaluateFresh(t.e, step.site.facts.file, calleeOf(step.site.facts, step.site.call))
    const all = run.kind === 'choice' ? run.of : [run]
    if (all.length > MAX_ELEMENTS) return null
    for (const each of all) {
      const isMade = each.kind === 'function' && each.file === file && each.fn === fn
      if (!isMade || each.frame === null || !isOne(each.frame)) return null
      steps.push({ ...step, outer: each.frame })
    }
  }
  return steps.length === 0 ? null : steps
}

/** Whether a call gives a function that stands under a computed key. */
export function isStored(t: Tracer, { facts, call }: CallSite): boolean {
  if (!storedIn(facts).calls.has(call.node)) return false
  const made = evaluateFresh(t.e, facts.file, call.node)
  return (made.kind === 'choice' ? made.of : [made]).some(({ kind }) => kind === 'function')
}

/** Calls of a method are looked for where an object of its class stands under a computed key: `queries.findUser.all()`. */
export function noteKept(t: Tracer, sinkSite: CallSite, { site }: Step): void {
  const method = methodAround(sinkSite)
  // Of most callers it is asked; files of those that make no object are not gone through.
  if (method === null || site.facts.nodes[site.call.node].kind !== 'new') return
  if (storedIn(site.facts).calls.has(site.call.node))
    t.trace.runningKept.add(sinkSite.facts.functions[method].name)
}

/** The function, of those around a statement, that the one which a step calls gives. */
function madeBy(t: Tracer, { file, fn }: Step, around: FunctionId | null): FunctionId | null {
  const functions = t.e.program.facts(file)?.functions ?? []
  for (let at = around; at !== null; at = functions[at].parent) if (functions[at].parent === fn) return at
  return null
}

/** Calls are looked for by the keys under which it stands, or by its own name behind one. */
function noteNames(t: Tracer, all: readonly { name: string }[], within: string | null): void {
  if (within !== null) t.trace.runningKept.add(within)
  else for (const { name } of all) t.trace.wrapperNames.set(name, /^[\w$]+$/.test(name) ? 'method' : 'key')
}

/** Each element with the key that it gives; null where these are not all known. */
function heldByAll(t: Tracer, facts: FileFacts, key: NodeId): { name: string; outer: Frame }[] | null {
  const id = elementUnder(facts, key)
  const element = id === null ? null : facts.nodes[id]
  const list = element?.kind === 'element' ? evaluateFresh(t.e, facts.file, element.of) : null
  if (id === null || list?.kind !== 'array' || list.open || list.items.length > MAX_ELEMENTS) return null
  const found: { name: string; outer: Frame }[] = []
  for (const item of list.items) {
    const outer = holding(facts, id, item, null)
    const name = knownText(evaluate(t.e, facts.file, key, outer))
    if (name === null) return null
    found.push({ name, outer })
  }
  return found
}

/** A call of a function of which nobody is seen to hand anything over. */
function around(facts: FileFacts, fn: FunctionId, outer: Frame): Frame {
  const { file } = facts
  const args = facts.functions[fn].params.map(
    (_, index): Value => ({ kind: 'param', file, fn, index, path: [] }),
  )
  return { file, fn, args, self: null, outer }
}

function holdsElement(frame: Frame): boolean {
  for (let at: Frame | null = frame; at; at = at.outer) if (at.element) return true
  return false
}

/** What stands under computed keys of a file: functions, and calls that may make some or objects. */
interface StoredIn {
  functions: Map<FunctionId, Held>
  calls: Map<NodeId, Held>
}

const known = new WeakMap<FileFacts, StoredIn>()

/** By itself, in an object, or beside the key in a pair for `Object.fromEntries`. */
function storedIn(facts: FileFacts): StoredIn {
  let stored = known.get(facts)
  if (stored !== undefined) return stored
  stored = { functions: new Map(), calls: new Map() }
  for (const node of facts.nodes) {
    const entries: [NodeId, NodeId][] =
      node.kind === 'assign' && node.by !== null
        ? [[node.by, node.value]]
        : node.kind === 'object'
          ? (node.computed ?? [])
          : node.kind === 'array' && node.items.length === 2
            ? [[node.items[0], node.items[1]]]
            : []
    for (const [key, each] of entries) {
      const value = untyped(facts, each)
      addTo(stored, facts, each, { key, within: null })
      if (value.kind === 'object')
        for (const [within, inner] of value.entries) addTo(stored, facts, inner, { key, within })
    }
  }
  known.set(facts, stored)
  return stored
}

function addTo({ functions, calls }: StoredIn, facts: FileFacts, id: NodeId, held: Held): void {
  let at = id
  for (let node = facts.nodes[at]; node.kind === 'typed' && node.of !== null; node = facts.nodes[at])
    at = node.of
  const value = facts.nodes[at]
  if (value.kind === 'function') functions.set(value.fn, held)
  else if (value.kind === 'call' || value.kind === 'new') calls.set(at, held)
}

/** The function around that stands under a computed key of an object; null for none. */
function storedAround(facts: FileFacts, fn: FunctionId | null): FunctionId | null {
  const { functions } = storedIn(facts)
  for (let at = fn; at !== null; at = facts.functions[at].parent) if (functions.has(at)) return at
  return null
}

/**
 * Functions that an iteration puts into an object, one for each element: `queries[name] = () => pool.query(texts[name])`.
 * Which of them a call runs is seen at the call.
 */
import type { FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import type { CallSite } from '../calls.js'
import { elementUnder, holding } from '../evaluator/elements.js'
import { evaluate, evaluateFresh } from '../evaluator/evaluate.js'
import { type Frame, knownText, type Value } from '../evaluator/values.js'
import { calleeOf } from '../targets.js'
import { stepsTo } from './steps-out.js'
import type { Step } from './text-at-sink.js'
import type { Tracer } from './tracer.js'

/** Elements whose functions one call may run. */
const MAX_ELEMENTS = 200

/** What runs a statement in such a function. */
export interface Stored {
  /** The calls of the function, a step for each element whose function they run. */
  steps: Step[]
  /** The function for elements that none of these runs. */
  uncalled: Frame[]
}

/** Null where the statement is in no such function, or where not all of its calls say which they run. */
export function runsStored(t: Tracer, { facts, call }: CallSite): Stored | null {
  const fn = storedAround(facts, call.fn)
  if (fn === null) return null
  const key = storedFunctions(facts).get(fn)!
  const all = heldByAll(t, facts, key)
  if (all === null) return null
  // Calls are looked for by the keys under which it stands.
  for (const { name } of all) t.trace.wrapperNames.set(name, /^[\w$]+$/.test(name) ? 'method' : 'key')
  const steps: Step[] = []
  const called = new Set<string>()
  for (const step of stepsTo(t, facts.file, fn)) {
    const run = evaluateFresh(t.e, step.site.facts.file, calleeOf(step.site.facts, step.site.call))
    const frames = framesOf(run, facts.file, fn)
    if (frames === null || frames.length > MAX_ELEMENTS) return null
    for (const outer of frames) {
      steps.push({ ...step, outer })
      called.add(knownText(evaluate(t.e, facts.file, key, outer)) ?? '')
    }
  }
  if (steps.length === 0) return null
  const uncalled = all.flatMap(({ name, outer }) => (called.has(name) ? [] : [around(facts, fn, outer)]))
  return { steps, uncalled }
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

/** The calls in which a function was made, each with its element; null where one is of no element, or of another function. */
function framesOf(run: Value, file: string, fn: FunctionId): Frame[] | null {
  const found: Frame[] = []
  for (const each of run.kind === 'choice' ? run.of : [run]) {
    if (each.kind !== 'function' || each.file !== file || each.fn !== fn || !holdsElement(each.frame))
      return null
    found.push(each.frame!)
  }
  return found
}

function holdsElement(frame: Frame | null): boolean {
  for (let at = frame; at; at = at.outer) if (at.element) return true
  return false
}

const storedIn = new WeakMap<FileFacts, Map<FunctionId, NodeId>>()

/** Functions that stand under computed keys of objects, with these keys. */
function storedFunctions(facts: FileFacts): Map<FunctionId, NodeId> {
  let stored = storedIn.get(facts)
  if (stored !== undefined) return stored
  stored = new Map()
  for (const node of facts.nodes) {
    const entries: [NodeId, NodeId][] =
      node.kind === 'assign' && node.by !== null
        ? [[node.by, node.value]]
        : node.kind === 'object'
          ? (node.computed ?? [])
          : []
    for (const [key, each] of entries) {
      const value = untyped(facts, each)
      if (value.kind === 'function') stored.set(value.fn, key)
    }
  }
  storedIn.set(facts, stored)
  return stored
}

/** The function around that stands under a computed key of an object; null for none. */
function storedAround(facts: FileFacts, fn: FunctionId | null): FunctionId | null {
  const stored = storedFunctions(facts)
  for (let at = fn; at !== null; at = facts.functions[at].parent) if (stored.has(at)) return at
  return null
}

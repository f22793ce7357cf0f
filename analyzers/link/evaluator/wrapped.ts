/** Functions that return another one around what they get: `memoize(run)`, `withRetry(run)`. */
import type { FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'

/**
 * Index of the parameter of `by` that a function returned by it calls with what it gets itself, in the same order:
 * `(run) => async (...args) => run(...args)`. Null where it calls none so.
 */
export function indexOfWrapped(facts: FileFacts, by: FunctionId, returned: FunctionId): number | null {
  const known = found.get(facts) ?? new Map<string, number | null>()
  found.set(facts, known)
  const key = `${by} ${returned}`
  let index = known.get(key)
  if (index === undefined) {
    index = findWrapped(facts, by, returned)
    known.set(key, index)
  }
  return index
}

/** Asked for at every call of such a function. */
const found = new WeakMap<FileFacts, Map<string, number | null>>()

function findWrapped(facts: FileFacts, by: FunctionId, returned: FunctionId): number | null {
  for (const { node, fn } of facts.calls) {
    const call = facts.nodes[node]
    if (call.kind !== 'call' || !isWithin(facts, fn, returned)) continue
    const callee = facts.nodes[call.callee]
    // `run.apply(this, args)`, `run.call(this, sql)`
    const isOnThis = callee.kind === 'member' && (callee.name === 'apply' || callee.name === 'call')
    const run = untyped(facts, isOnThis ? callee.of : call.callee)
    if (run.kind !== 'param' || run.fn !== by) continue
    // Behind them a callback may stand, as promises are made of those: `run(...args, (error, rows) => …)`.
    const args = (isOnThis ? call.args.slice(1) : call.args).filter(
      arg => facts.nodes[arg].kind !== 'function',
    )
    if (args.length > 0 && args.every((arg, at) => isParam(facts, arg, returned, at))) return run.index
  }
  return null
}

/** Whether a function is another one, or stands within it. */
export function isWithin(facts: FileFacts, fn: FunctionId | null, outer: FunctionId): boolean {
  for (let at = fn; at !== null; at = facts.functions[at].parent) if (at === outer) return true
  return false
}

const MAX_UNDER = 8

function isParam(facts: FileFacts, arg: NodeId, fn: FunctionId, index: number, depth = 0): boolean {
  if (depth > MAX_UNDER) return false
  const node = untyped(facts, arg)
  // What it gets may be changed, or replaced where there is none: `options.cb = done`, `args = []`.
  if (node.kind === 'spread' || node.kind === 'assign' || node.kind === 'append')
    return isParam(facts, node.of, fn, index, depth + 1)
  if (node.kind === 'choice') return node.of.some(each => isParam(facts, each, fn, index, depth + 1))
  return node.kind === 'param' && node.fn === fn && node.index === index
}

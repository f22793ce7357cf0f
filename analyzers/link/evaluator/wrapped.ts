/** Functions and classes around a function that they get: `memoize(run)`, `withRetry(run)`, `new Breaker(run)`. */
import { isWithin } from '../../extract/enclosing.js'
import type { ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
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
    const run = runBy(facts, call.callee)
    if (run?.fn === by && handsOn(facts, call, returned)) return run.index
  }
  return null
}

/**
 * Methods that call what the constructor of their class got with what they get themselves, in the same order, each with the
 * index of the constructor's parameter: `class Breaker { constructor(run) { this.run = run } fire(...args) { return this.run(...args) } }`.
 */
export function wrappingMethods(facts: FileFacts): Map<FunctionId, number> {
  let methods = wrapping.get(facts)
  if (methods === undefined) {
    methods = new Map()
    wrapping.set(facts, methods)
    for (const { node, fn } of facts.calls) {
      const call = facts.nodes[node]
      if (call.kind !== 'call') continue
      const run = runBy(facts, call.callee)
      const method = run && outermost(facts, fn)
      if (!run || method == null) continue
      const { cls } = facts.functions[method]
      if (cls === null || facts.classes[cls].constructor !== run.fn || run.fn === method) continue
      if (handsOn(facts, call, method)) methods.set(method, run.index)
    }
  }
  return methods
}

const wrapping = new WeakMap<FileFacts, Map<FunctionId, number>>()

/** The function around all that one stands in; null at the top level. */
export function outermost({ functions }: FileFacts, fn: FunctionId | null): FunctionId | null {
  let at = fn
  while (at !== null && functions[at].parent !== null) at = functions[at].parent
  return at
}

/**
 * The parameter that a call runs: `run()`, `run.apply(this, …)`, `this.run()` of a field that keeps it, or a method of an
 * object that is made around it, `new Breaker(run).fire()`.
 */
function runBy(facts: FileFacts, callee: NodeId): (ExprNode & { kind: 'param' }) | null {
  const node = untyped(facts, callee)
  return kept(facts, callee) ?? (node.kind === 'member' ? kept(facts, node.of) : null)
}

/** The parameter that a node is, a field of it that keeps it, or an object around it. */
function kept(facts: FileFacts, id: NodeId, depth = 0): (ExprNode & { kind: 'param' }) | null {
  const node = untyped(facts, id)
  if (depth > MAX_UNDER) return null
  switch (node.kind) {
    case 'param':
      return node
    case 'grown':
      return kept(facts, node.of, depth + 1)
    case 'new':
      return node.args.length > 0 && facts.nodes[node.callee].kind !== 'global'
        ? kept(facts, node.args[0], depth + 1)
        : null
    case 'member': {
      const of = untyped(facts, node.of)
      const fields = of.kind === 'this' && of.cls !== null ? facts.classes[of.cls].fields : null
      return fields && Object.hasOwn(fields, node.name) ? kept(facts, fields[node.name], depth + 1) : null
    }
    default:
      return null
  }
}

/** Whether a call hands on what a function gets. */
function handsOn(facts: FileFacts, call: ExprNode & { kind: 'call' }, fn: FunctionId): boolean {
  const callee = facts.nodes[call.callee]
  // `run.apply(this, args)`, `run.call(this, sql)`
  const isOnThis = callee.kind === 'member' && (callee.name === 'apply' || callee.name === 'call')
  // Behind them a callback may stand, as promises are made of those: `run(...args, (error, rows) => …)`.
  const args = (isOnThis ? call.args.slice(1) : call.args).filter(arg => facts.nodes[arg].kind !== 'function')
  return (
    args.length > 0 && args.every((arg, at) => isParam(facts, arg, fn, at) || isArguments(facts, arg, fn))
  )
}

/** `arguments`, spread or handed to `apply`: all that a function gets, in order. */
function isArguments(facts: FileFacts, arg: NodeId, fn: FunctionId): boolean {
  const node = untyped(facts, arg)
  if (node.kind === 'spread') return isArguments(facts, node.of, fn)
  return (
    node.kind === 'array' &&
    node.items.length > 0 &&
    node.items.every((item, at) => isParam(facts, item, fn, at))
  )
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

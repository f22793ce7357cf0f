/**
 * Methods and functions that a call hands over, to be run by what it runs: `retry(pool.query, [text])`,
 * `callback2(db.query.bind(db), { text })`. With which arguments, `evaluator/handed.ts` tells.
 */
import type { CallFacts, FileFacts, NodeId } from '../extract/facts.js'
import { untyped } from '../extract/untyped.js'
import { codeOf } from './evaluator/code-of.js'
import { runsOwnTexts } from './evaluator/handed.js'
import type { Evaluator } from './evaluator/state.js'
import { takesText } from './sinks/index.js'
import { isShown, mayExecute } from './sinks/names.js'
import { calleeOf, type Target, targetsAt } from './targets.js'

/**
 * What a call hands over that executes or may be a wrapper, by the arguments that it is.
 *
 * @param own what the call itself may run
 */
export function handedTargets(e: Evaluator, facts: FileFacts, call: CallFacts, own: Target[]): Target[] {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call' || own.length === 0 || own.some(({ kind }) => kind === 'driver')) return []
  const isSeen = own.some(({ kind }) => kind === 'function')
  if (!isSeen && isShown(codeOf(facts, calleeOf(facts, call)))) return []
  if (node.args.length < 2) return []
  return node.args.flatMap((arg, handed) => {
    const method = methodIn(facts, call, arg)
    if (method === null) return []
    // A helper that can't be seen, and runs what it is given, gets that first and its arguments behind.
    const mayRun = isSeen || handed === 0
    if (own.every(each => each.kind === 'function' && runsOwnTexts(e, each.file, each.fn, handed))) return []
    return targetsAt(e, facts, method)
      .filter(target => (target.kind === 'function' ? mayRun && mayWrap(e, target) : takesText(target)))
      .map(target => ({ ...target, handed }))
  })
}

function mayWrap(e: Evaluator, { file, fn }: Target & { kind: 'function' }): boolean {
  const found = e.program.facts(file)?.functions[fn]
  return found !== undefined && found.params.length > 0 && mayExecute(found.name)
}

const MAX_DEPTH = 4

/** The node of a method or function that an argument is, bound or not, if it may execute; null for all others. */
function methodIn(facts: FileFacts, call: CallFacts, arg: NodeId, depth = 0): NodeId | null {
  if (depth > MAX_DEPTH) return null
  const node = untyped(facts, arg)
  switch (node.kind) {
    case 'member':
    case 'import':
      return mayExecute(node.name) ? arg : null
    case 'variable': {
      if (!Object.hasOwn(facts.variables, node.name)) return null
      const value = facts.variables[node.name]
      return untyped(facts, value).kind === 'function' ? arg : methodIn(facts, call, value, depth + 1)
    }
    case 'function':
      // Functions that are written there are looked at as all others are.
      return call.callbacks.includes(node.fn) ? null : arg
    case 'choice':
      return node.of.some(each => methodIn(facts, call, each, depth + 1) !== null) ? arg : null
    case 'call': {
      const callee = untyped(facts, node.callee)
      const isBound = callee.kind === 'member' && callee.name === 'bind' && node.args.length === 1
      return isBound ? methodIn(facts, call, callee.of, depth + 1) : null
    }
    default:
      return null
  }
}

/** What runs with which arguments, where a call hands a method over to what it runs: `retry(pool.query, [text])`. */

import { isWithin } from '../../extract/enclosing.js'
import type { CallFacts, ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { looksLikeSql } from '../../sql/looks-like-sql.js'
import { mayExecute, mayRunGiven } from '../sinks/names.js'
import { argumentsOf, oneOfEach } from './arguments.js'
import { evaluate, evaluateFresh, evaluateTarget } from './evaluate.js'
import { roughText } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'

/** Functions that hand a method on to each other. */
const MAX_HANDED_ON = 4

/**
 * The arguments with which a method is run that a call hands over as its argument `index`; null where what the call runs
 * does not run it, as far as can be seen. A function that can't be seen runs it with what is handed over behind it, as
 * all helpers do that call what they are given: `callback(query, text, values)`.
 */
export function argumentsOfHanded(
  e: Evaluator,
  facts: FileFacts,
  call: CallFacts,
  index: number,
  frame: Frame | null,
  depth = 0,
): Value[] | null {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call' || depth > MAX_HANDED_ON) return null
  const callee = evaluate(e, facts.file, node.callee, frame)
  const runs = callee.kind === 'choice' ? callee.of : [callee]
  const functions = runs.filter(each => each.kind === 'function')
  if (functions.length === 0) return argumentsOf(e, facts, node.args.slice(index + 1), frame)
  const args = argumentsOf(e, facts, node.args, frame)
  const given = functions.flatMap(fn => argumentsWithin(e, fn, args, index, depth))
  return given.length === 0 ? null : oneOfEach(given)
}

/** For each call of its own parameter within a function, what that is given. */
function argumentsWithin(
  e: Evaluator,
  { file, fn, frame: outer, self }: Value & { kind: 'function' },
  args: Value[],
  index: number,
  depth: number,
): Value[][] {
  const facts = e.program.facts(file)
  if (!facts) return []
  const frame: Frame = { file, fn, args, self, outer }
  return facts.calls.flatMap(call => {
    const node = facts.nodes[call.node]
    if (node.kind !== 'call' || !isWithin(facts, call.fn, fn)) return []
    const run = runOf(facts, node, fn, index)
    if (run) return [argumentsOf(e, facts, run, frame)]
    const at = node.args.findIndex(arg => isParam(facts, arg, fn, index))
    const further = at < 0 ? null : argumentsOfHanded(e, facts, call, at, frame, depth + 1)
    return further ? [further] : []
  })
}

/**
 * Whether a function runs what it gets as this parameter with texts of its own alone, whoever calls it, or hands it on to
 * functions that do: these are told where they do so, if the name or the default of the parameter says that it executes, or the texts do.
 */
export function runsOwnTexts(e: Evaluator, file: string, fn: FunctionId, index: number, depth = 0): boolean {
  const facts = e.program.facts(file)
  const param = facts?.functions[fn]?.params[index]
  if (!facts || !param) return false
  const isTold = param.default !== null || mayExecute(param.name)
  if (!isTold && !mayRunGiven(param.name)) return false
  const { texts, handedOn } = usesOf(facts, fn, index)
  const count = texts.length + handedOn.length
  return (
    count > 0 &&
    count <= MAX_OWN_TEXTS &&
    depth <= MAX_HANDED_ON &&
    texts.every(text => isOwn(evaluateFresh(e, file, text), isTold)) &&
    handedOn.every(({ callee, at }) => {
      const run = evaluateTarget(e, file, callee)
      return run.kind === 'function' && runsOwnTexts(e, run.file, run.fn, at, depth + 1)
    })
  )
}

/** Who runs more texts by what it gets is told where it gets that. */
const MAX_OWN_TEXTS = 20

/** What a function does with the function that is its parameter. */
interface Uses {
  /** What it hands first to it. */
  texts: NodeId[]
  /** What it hands it on to, and as which argument. */
  handedOn: { callee: NodeId; at: number }[]
}

function usesOf(facts: FileFacts, fn: FunctionId, index: number): Uses {
  const known = usesKnown.get(facts) ?? new Map<string, Uses>()
  usesKnown.set(facts, known)
  const key = `${fn} ${index}`
  let uses = known.get(key)
  if (!uses) {
    uses = { texts: [], handedOn: [] }
    for (const call of facts.calls) {
      const node = facts.nodes[call.node]
      if (node.kind !== 'call' || !isWithin(facts, call.fn, fn)) continue
      const run = runOf(facts, node, fn, index)
      const at = run ? -1 : node.args.findIndex(arg => isParam(facts, arg, fn, index))
      if (run) uses.texts.push(...run.slice(0, 1))
      else if (at >= 0) uses.handedOn.push({ callee: node.callee, at })
    }
    known.set(key, uses)
  }
  return uses
}

const usesKnown = new WeakMap<FileFacts, Map<string, Uses>>()

/** Whether callers tell no more of a text than a part of it. `isTold`: it is executed, whatever it says. */
function isOwn(value: Value, isTold: boolean): boolean {
  if (value.kind !== 'text') return false
  const isWhole = isTold && value.pieces.every(({ kind }) => kind !== 'param')
  return isWhole || looksLikeSql(roughText(value.pieces))
}

/** What a call gives to the parameter that it calls: `run(a)`, `run.call(this, a)`, `run.apply(this, args)`. */
function runOf(
  facts: FileFacts,
  { callee: id, args }: ExprNode & { kind: 'call' },
  fn: FunctionId,
  index: number,
): NodeId[] | null {
  if (isParam(facts, id, fn, index)) return args
  const callee = untyped(facts, id)
  if (callee.kind === 'member' && (callee.name === 'call' || callee.name === 'apply'))
    return isParam(facts, callee.of, fn, index) ? args.slice(1) : null
  // `promisify(run)(a)`
  const isOfHelper = callee.kind === 'call' && callee.args.length > 0
  return isOfHelper && isParam(facts, callee.args[0], fn, index) ? args : null
}

const MAX_UNDER = 8

/** Whether a node is a parameter, bound or not, or may be. */
function isParam(facts: FileFacts, id: NodeId, fn: FunctionId, index: number, depth = 0): boolean {
  if (depth > MAX_UNDER) return false
  const node = untyped(facts, id)
  switch (node.kind) {
    case 'param':
      return node.fn === fn && node.index === index
    case 'choice':
      return node.of.some(each => isParam(facts, each, fn, index, depth + 1))
    case 'call': {
      const callee = untyped(facts, node.callee)
      return (
        callee.kind === 'member' && callee.name === 'bind' && isParam(facts, callee.of, fn, index, depth + 1)
      )
    }
    default:
      return false
  }
}

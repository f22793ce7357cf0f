/** Values that passed a test that they are one of a list: what they hold is known where the list is. */
import type { Condition, ExprNode, FileFacts } from '../../extract/facts.js'
import { MAX_ONE_BY_ONE } from './array-methods.js'
import { isMet } from './conditions.js'
import { elementHeld, holding } from './elements.js'
import { evaluate } from './evaluate.js'
import { elementOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { choiceOf, holdsParam, isVague, knownText, textValue, unknown } from './values.js'

/** A value where it is known, or what its caller says; elements of the list where nothing is. */
export function among(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'among' },
  frame: Frame | null,
): Value {
  if (node.when) return amongElements(e, facts, node, frame)
  const { of, set } = node
  const value = evaluate(e, facts.file, of, frame)
  if (e.targetsOnly || holdsParam(value)) return value
  const options = value.kind === 'choice' ? value.of : [value]
  if (!options.every(each => each.kind === 'text' || isVague(each))) return value
  const allowed = textsOf(e, evaluate(e, facts.file, set, frame))
  if (allowed === null) return value
  // What is known to be none of them does not come here.
  // Of a number its text says nothing.
  const known = options.map(each => (each.kind === 'text' && each.number ? null : knownText(each)))
  const open = known.includes(null)
  const left = allowed.filter(each => open || known.includes(knownText(each)))
  return choiceOf(left.length > 0 ? left : allowed)
}

/** What is made of those elements of an iteration for which conditions hold; of all of them, if that seems to be none. */
function amongElements(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'among' },
  frame: Frame | null,
): Value {
  const { set } = node
  const element = facts.nodes[set]
  const conditions: Condition[] = []
  let of = node.of
  for (let at: ExprNode = node; at.kind === 'among' && at.when && at.set === set; at = facts.nodes[of]) {
    conditions.push(at.when)
    of = at.of
  }
  const isAsked = !e.targetsOnly && element.kind === 'element' && elementHeld(facts, set, frame) === null
  const list = isAsked ? evaluate(e, facts.file, element.of, frame) : null
  if (list?.kind !== 'array' || list.items.length > MAX_ONE_BY_ONE) return evaluate(e, facts.file, of, frame)
  const left = list.items
    .map(item => holding(facts, set, item, frame))
    .filter(held => conditions.every(each => isMet(e, facts, each, held) !== false))
  return left.length === 0 || left.length === list.items.length
    ? evaluate(e, facts.file, of, frame)
    : choiceOf(left.map(held => evaluate(e, facts.file, of, held)))
}

/** The list by which a function lets an argument pass; unknown where it does not say one. */
export function admitted(
  e: Evaluator,
  facts: FileFacts,
  { callee, index, answers }: ExprNode & { kind: 'admitted' },
  frame: Frame | null,
): Value {
  const fn = evaluate(e, facts.file, callee, frame)
  if (fn.kind !== 'function' || fn.bound) return unknown('')
  const found = e.program
    .facts(fn.file)
    ?.functions[fn.fn]?.admits?.find(each => each.index === index && each.answers === answers)
  if (!found) return unknown('')
  return evaluate(e, fn.file, found.set, {
    file: fn.file,
    fn: fn.fn,
    args: [],
    self: fn.self,
    outer: fn.frame,
  })
}

/** All texts of a list; null where one of them, or whether there are others, is not known. */
function textsOf(e: Evaluator, list: Value): Value[] | null {
  if (list.kind === 'object' && !list.open && !list.spread)
    return list.entries.has('*') ? null : [...list.entries.keys()].map(key => textValue(key))
  if (list.kind !== 'array' || list.open || list.items.length === 0) return null
  const element = elementOf(e, list)
  const all = element.kind === 'choice' ? element.of : [element]
  return all.every(each => knownText(each) !== null) ? all : null
}

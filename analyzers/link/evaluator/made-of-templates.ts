/**
 * Objects that a project's own tag makes of a template: `sql`SELECT …`` is an object of a class, which a method of it turns
 * into text (`query.parse().text`). How it does so is seldom to be followed; what it is made of is the template.
 */
import type { ExprNode, FileFacts } from '../../extract/facts.js'
import { classMadeBy } from './class-members.js'
import { valueOfTypes } from './declared-types.js'
import { evaluate } from './evaluate.js'
import { memberOf } from './members.js'
import { isMadeByTag } from './parts-of-made.js'
import { paramsOf, piecesOf } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { OF_OBJECT } from './values.js'

/** An object that is only known by its declared class, and the template, or the parameter, that stands for it. */
interface Made {
  method: Value
  cls: Value & { kind: 'instance' }
  of: Value
}

/** The method of such an object that a call runs; null for any other call. */
export function methodOfMade(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  frame: Frame | null,
): Made | null {
  const callee = facts.nodes[node.callee]
  const made = callee.kind === 'member' ? memberOfMade(e, facts, callee, frame) : null
  return made?.method.kind === 'function' ? made : null
}

/** What a getter of such an object gives (`query.text`); null for any other member. */
export function gotOfMade(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'member' },
  frame: Frame | null,
): Value | null {
  if (!GIVES_TEXT.test(node.name)) return null
  const made = memberOfMade(e, facts, node, frame)
  if (made === null || made.method.kind !== 'text') return null
  return isMadeByTag(e, made.cls) || holdsContent(e, made.method) ? made.of : null
}

/** Getters that give the statement, one of them for each way to write placeholders. */
const GIVES_TEXT = /^(?:text|sql|query|statement)$/

/** A member of such an object; null for one of anything else. */
function memberOfMade(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'member' },
  frame: Frame | null,
): Made | null {
  if (e.targetsOnly) return null
  const object = facts.nodes[node.of]
  if (object.kind !== 'typed' || object.of === null) return null
  const of = evaluate(e, facts.file, object.of, frame)
  if (of.kind !== 'param' && !(of.kind === 'text' && of.fragment)) return null
  const declared = valueOfTypes(e, facts, object.types)
  return declared?.kind === 'instance'
    ? { method: memberOf(e, declared, node.name), cls: declared, of }
    : null
}

/** What a method gives: where that is text of what the object's constructor got, the template instead. */
export function madeOf(e: Evaluator, value: Value, of: Value): Value {
  if (value.kind === 'object') {
    const entries = [...value.entries].map(([name, each]) => [name, madeOf(e, each, of)] as const)
    return { ...value, entries: new Map(entries) }
  }
  return holdsContent(e, value) ? of : value
}

/** Whether a text has pieces that objects of a class got when they were made. */
function holdsContent(e: Evaluator, value: Value): boolean {
  if (value.kind !== 'text' && value.kind !== 'param' && value.kind !== 'choice') return false
  return paramsOf(piecesOf(value, '')).some(
    ({ file, fn, index }) => index === OF_OBJECT || classMadeBy(e, file, fn) !== null,
  )
}

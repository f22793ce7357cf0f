/**
 * Statements that one call prepares for each of several texts, to be kept by name: `stmts[name] = db.prepare(sql)` in a loop.
 * Where one of them is run tells more than where all are prepared.
 */
import type { Driver } from '../../drivers/driver.js'
import { drivers, unknownDriver } from '../../drivers/index.js'
import type { ExprNode, FileFacts } from '../../extract/facts.js'
import { elementUnder } from './elements.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { choiceOf } from './values.js'

/** The statement that a call prepares of an element of an iteration; null for any other call. */
export function preparedOfElement(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  callee: Value,
  args: () => Value[],
): Value | null {
  const method = facts.nodes[node.callee]
  if (method.kind !== 'member' || !PREPARING.has(method.name)) return null
  if (node.args.length === 0 || elementUnder(facts, node.args[0]) === null) return null
  if (callee.kind === 'choice') {
    const each = callee.of.flatMap(one => preparedOfElement(e, facts, node, one, args) ?? [])
    return each.length === 0 ? null : choiceOf(each)
  }
  const { driver, origin } = callee.kind === 'method' ? callee : unknownHandle
  const isOfHandle = callee.kind === 'method' || callee.kind === 'unknown' || callee.kind === 'param'
  if (!isOfHandle || !driver.prepares?.by.includes(method.name)) return null
  const preparedAt = `${facts.file}@${node.at}`
  return e.targetsOnly
    ? { kind: 'handle', driver, origin, preparedAt }
    : { kind: 'handle', driver, origin, preparedAt, statement: args()[0] }
}

/** Whether a call of a driver prepares an element of an iteration. */
export function preparesEach({ prepares }: Driver, facts: FileFacts, node: ExprNode): boolean {
  if (!prepares || node.kind !== 'call' || node.args.length === 0) return false
  const method = facts.nodes[node.callee]
  return (
    method.kind === 'member' &&
    prepares.by.includes(method.name) &&
    elementUnder(facts, node.args[0]) !== null
  )
}

/** Asked for at every call. */
const PREPARING = new Set([...drivers, unknownDriver].flatMap(({ prepares }) => prepares?.by ?? []))

const unknownHandle = { driver: unknownDriver, origin: null }

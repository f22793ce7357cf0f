/** Sinks: calls that hand SQL text to a driver, and what in the code says so. */
import { unknownDriver } from '../../drivers/index.js'
import type { CallFacts, ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import type { Target } from '../targets.js'
import { commandSink } from './commands.js'
import { handedSinks } from './handed.js'
import { EXECUTOR_NAME, mayRunGiven, SHARED_NAME } from './names.js'
import { givenStatementSink, preparedSink } from './prepared.js'
import { httpSinks } from './requests.js'
import type { Sink } from './sink.js'
import { isBehindTextTag, isGivenTemplate, isTag, unknownTag } from './tags.js'
import { sinkAt, specOf, type Taker, takerOf } from './taker.js'

export { ownSinkOf } from './own-calls.js'
export { isSameSink, onlyTextTells, type Sink } from './sink.js'
export { takesText } from './taker.js'

/** The sinks that a call is, given what it may run: none for most calls, several where any argument may be SQL. */
export function sinksOf(facts: FileFacts, call: CallFacts, target: Target, own: Target[]): Sink[] {
  if (target.handed !== undefined) return handedSinks(facts, call, target, target.handed, own)
  const requests = httpSinks(facts, call, target)
  if (requests.length > 0) return requests
  const command = commandSink(facts, call, target)
  if (command) return [command]
  return [sinkOf(facts, call, target), givenStatementSink(facts, call, target)].filter(sink => sink !== null)
}

function sinkOf(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  const node = facts.nodes[call.node]
  if (node.kind === 'tagged') {
    if (target.kind !== 'driver') return unknownTag(call, target)
    if (!isTag(target.driver, target.path)) return null
    return {
      driver: target.driver,
      origin: target.origin,
      sql: call.node,
      keys: [],
      values: null,
      certainty: 'known',
      before: '',
    }
  }
  if (node.kind !== 'call') return null
  if (target.kind === 'driver') {
    const method = target.path.at(-1) ?? ''
    if (target.preparedAt !== undefined) {
      // What can't be told here is told where it is prepared.
      const runs = target.driver.prepares?.runBy.includes(method)
      return runs ? preparedSink(facts, node, target, { argument: 'receiver', orBuilder: true }) : null
    }
    const spec = specOf(target)
    if (spec?.argument === 'receiver') return preparedSink(facts, node, target, spec)
    if (isTag(target.driver, target.path) && isGivenTemplate(facts, node.args)) {
      const { driver, origin } = target
      return { driver, origin, sql: node.args[0], keys: [], values: null, certainty: 'handed' }
    }
  }
  const taker = takerOf(target) ?? givenTaker(facts, node, target)
  const sink = taker && sinkAt(facts, call, taker)
  const isAsked =
    sink?.certainty === 'shaped' &&
    (isGivenExecutor(facts, node.callee) ||
      isMissingExecutor(target) ||
      isOpenExecutor(facts, node.callee, target))
  return isAsked ? { ...sink, certainty: 'handed' } : sink
}

/** A function that callers hand over, whatever it is called: a statement that is written there tells that it executes. */
function givenTaker(facts: FileFacts, call: ExprNode & { kind: 'call' }, target: Target): Taker | null {
  if (target.kind !== 'unknown' || !mayRunGiven(target.method) || call.args.length === 0) return null
  const [statement] = call.args
  // `container.all(sql`…`)`: maps and caches have such methods too, but get no statements.
  const isOfDriver = SHARED_NAME.test(target.method) && isBehindTextTag(facts, statement)
  if (!isHandedOver(facts, call.callee) && !(isOfDriver && isGiven(facts, call.callee))) return null
  // What a function gave is rows, though it comes from a statement.
  if (!isWrittenText(facts, statement)) return null
  return { name: '', driver: unknownDriver, origin: null, argument: 0, keys: [], certainty: 'shaped' }
}

/** Whether it is a parameter, or taken out of an object that is one where it is declared: `({ all }) => all(sql`…`)`. */
function isHandedOver(facts: FileFacts, callee: NodeId): boolean {
  const node = untyped(facts, callee)
  if (node.kind === 'param') return true
  const of = node.kind === 'member' ? untyped(facts, node.of) : null
  return of?.kind === 'param' && !facts.functions[of.fn].params[of.index]?.name
}

/** Whether a text is written in the code, there or under a name of the file. */
function isWrittenText(facts: FileFacts, id: NodeId): boolean {
  const node = untyped(facts, id)
  if (node.kind === 'choice') return node.of.some(each => isText(facts, each))
  const isHeld = node.kind === 'variable' && Object.hasOwn(facts.variables, node.name)
  return isText(facts, isHeld ? facts.variables[node.name] : id)
}

function isText(facts: FileFacts, id: NodeId): boolean {
  const node = untyped(facts, id)
  return /^(?:text|concat|tagged)$/.test(node.kind) || givesStatement(facts, node)
}

/** Whether it calls a function of the file that gives a statement of a driver's tag: `all(byOwner(id))`. */
function givesStatement(facts: FileFacts, node: ExprNode): boolean {
  if (node.kind !== 'call') return false
  const named = untyped(facts, node.callee)
  const isHeld = named.kind === 'variable' && Object.hasOwn(facts.variables, named.name)
  const callee = isHeld ? untyped(facts, facts.variables[named.name]) : named
  if (callee.kind !== 'function') return false
  const { returns } = facts.functions[callee.fn]
  return returns.length > 0 && returns.every(each => isBehindTextTag(facts, each))
}

/** What may execute, by its name alone, and is a parameter or kept of one: a function around it gets the statement from its callers. */
function isGivenExecutor(facts: FileFacts, callee: NodeId): boolean {
  const node = untyped(facts, callee)
  const name =
    node.kind === 'param'
      ? facts.functions[node.fn].params[node.index]?.name
      : node.kind === 'member'
        ? node.name
        : ''
  return EXECUTOR_NAME.test(name ?? '') && isGiven(facts, callee)
}

/** What may execute, by its name alone, and is of a module that is not there: the same. */
function isMissingExecutor(target: Target): boolean {
  return target.kind === 'external' && target.module !== '' && EXECUTOR_NAME.test(target.path.at(-1) ?? '')
}

/** What may execute, by its name alone, and is imported from where it is set later: `get query() { return state.query }`. */
function isOpenExecutor(facts: FileFacts, callee: NodeId, target: Target): boolean {
  return target.kind === 'unknown' && isImported(facts, callee) && EXECUTOR_NAME.test(target.method)
}

/** Names that stand for one another, and members of these: code may make circles of them. */
const MAX_UNDER = 8

/** Whether it is what a name at the top of the file stands for, or a member of a module. */
function isImported(facts: FileFacts, id: NodeId, depth = 0): boolean {
  const node = untyped(facts, id)
  if (depth > MAX_UNDER) return false
  switch (node.kind) {
    case 'import':
    case 'module':
      return true
    case 'variable':
      return (
        Object.hasOwn(facts.variables, node.name) && isImported(facts, facts.variables[node.name], depth + 1)
      )
    case 'member':
      return isImported(facts, node.of, depth + 1)
    default:
      return false
  }
}

/** Whether it is a parameter, or a member of one. */
function isGiven(facts: FileFacts, id: NodeId): boolean {
  const node = untyped(facts, id)
  return node.kind === 'param' || (node.kind === 'member' && isGiven(facts, node.of))
}

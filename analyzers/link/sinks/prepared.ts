/** Statements that were made of their text before, and run themselves. */
import type { SqlArgument } from '../../drivers/driver.js'
import { drivers, isPrepared } from '../../drivers/index.js'
import type { CallFacts, ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import type { Target } from '../targets.js'
import { soundsLikeHandle } from './names.js'
import type { Sink } from './sink.js'

/** A statement that was made of its text before: `findUser.run(values, client)`. */
export function preparedSink(
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  { driver, origin }: Target & { kind: 'driver' },
  { keys = [], orBuilder }: SqlArgument,
): Sink | null {
  const callee = facts.nodes[node.callee]
  if (callee.kind !== 'member') return null
  const certainty = !orBuilder ? 'known' : isParameter(facts, callee.of) ? 'handed' : 'shaped'
  return { driver, origin, sql: callee.of, keys, values: null, certainty }
}

/** A statement that runs itself, which a function is given: what its callers hand over has to tell. */
export function givenStatementSink(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  const node = facts.nodes[call.node]
  if (target.kind !== 'unknown' || node.kind !== 'call' || soundsLikeHandle(target.receiver)) return null
  const callee = facts.nodes[node.callee]
  if (callee.kind !== 'member' || !isParameter(facts, callee.of)) return null
  const driver = runningThemselves.find(({ executes }) => Object.hasOwn(executes, callee.name))
  const spec = driver?.executes[callee.name]
  if (!driver || spec?.argument !== 'receiver') return null
  return {
    driver,
    origin: null,
    sql: callee.of,
    keys: spec.keys ?? [],
    values: null,
    certainty: 'handed',
  }
}

const runningThemselves = drivers.filter(isPrepared)

function isParameter(facts: FileFacts, id: NodeId): boolean {
  const node = facts.nodes[id]
  return node.kind === 'param' || (node.kind === 'typed' && node.of !== null && isParameter(facts, node.of))
}

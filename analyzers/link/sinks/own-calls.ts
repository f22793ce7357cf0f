/** Calls of the repository's own functions that are named like a driver's. */
import { engineNamed } from '../../drivers/engines.js'
import { unknownDriver } from '../../drivers/index.js'
import type { CallFacts, FileFacts } from '../../extract/facts.js'
import { codeOf } from '../evaluator/code-of.js'
import type { Target } from '../targets.js'
import { FUNCTION_NAME, METHOD_NAME, soundsLikeHandle } from './names.js'
import type { Sink } from './sink.js'

/**
 * The sink that a call of the repository's own `query` or `execute` is, if nothing else tells how its text reaches a
 * database: SQL that goes out through a queue, a socket, or a client that could not be followed.
 */
export function ownSinkOf(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call' || node.args.length === 0) return null
  if ((target.kind !== 'function' && target.kind !== 'interface') || target.handed !== undefined) return null
  const callee = facts.nodes[node.callee]
  const method =
    callee.kind === 'member' || callee.kind === 'import' || callee.kind === 'variable' ? callee.name : ''
  if (!FUNCTION_NAME.test(method)) return null
  const receiver = callee.kind === 'member' ? codeOf(facts, callee.of) : ''
  const engine = engineNamed(receiver) ?? engineNamed(target.file)
  // A circuit breaker executes too: the receiver has to sound like a database.
  if (!engine && !(METHOD_NAME.test(method) && soundsLikeHandle(receiver))) return null
  return {
    driver: engine ?? unknownDriver,
    origin: null,
    sql: node.args[0],
    keys: ['sql', 'text', 'query'],
    values: node.args[1] ?? null,
    certainty: 'shaped',
  }
}

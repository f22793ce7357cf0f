/** What takes SQL text and is not called but handed over: `retry(pool.query, [text, values])`. */
import type { CallFacts, FileFacts } from '../../extract/facts.js'
import type { Target } from '../targets.js'
import type { Sink } from './sink.js'
import { TEXT_KEYS, takerOf } from './taker.js'

/**
 * The sinks that a call is by what it hands over. Where a function of the repository gets it, that tells what it is run
 * with; elsewhere the texts that are handed over beside it have to tell.
 */
export function handedSinks(
  facts: FileFacts,
  call: CallFacts,
  target: Target,
  handed: number,
  own: Target[],
): Sink[] {
  const node = facts.nodes[call.node]
  const found = takerOf(target)
  if (found === null || node.kind !== 'call') return []
  const { name: _, argument, ...taker } = found
  const isSeen = own.some(({ kind }) => kind === 'function')
  // What only sounds like a database's is not enough where it is not even called.
  const certainty = isSeen && target.kind === 'driver' ? taker.certainty : 'handed'
  if (isSeen)
    return [{ ...taker, certainty, sql: call.node, values: null, argument: { index: argument, handed } }]
  return node.args.flatMap((arg, at): Sink[] => {
    const each = facts.nodes[arg]
    if (at === handed || each.kind === 'function') return []
    // `retry(pool.query, [text, values])`
    const [sql, values = null] = each.kind === 'array' ? each.items : [arg, node.args[at + 1]]
    const keys = [...new Set([...taker.keys, ...TEXT_KEYS])]
    return sql === undefined ? [] : [{ ...taker, sql, values, keys, certainty }]
  })
}

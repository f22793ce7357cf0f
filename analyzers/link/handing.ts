/**
 * What a call hands to what it runs. Of the callers of a wrapper, which may be in most files of a repository, nothing
 * else is asked: so it is kept with what is known of the calls of a file, and the facts of the callers need not be read.
 */
import type { CallFacts, FileFacts, NodeId } from '../extract/facts.js'
import { beginsWithText } from './targets.js'

/** How it is called (an index of `WAYS`), then each argument as its node times 3, and which of `KINDS` it is. */
export type Handing = number[]

const WAYS = ['', 'call', 'apply', 'bind'] as const
const KINDS = ['value', 'spread', 'function'] as const

interface HandedArgument {
  node: NodeId
  kind: (typeof KINDS)[number]
}

/** Empty for `new` and for tags, whose arguments are others than those that are written. */
export function handingOf(facts: FileFacts, call: CallFacts): Handing {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call') return []
  const callee = facts.nodes[node.callee]
  const isWay = callee.kind === 'member' && !beginsWithText(facts, node.args)
  const way = isWay ? Math.max(0, (WAYS as readonly string[]).indexOf(callee.name)) : 0
  return [
    way,
    ...node.args.map(arg => {
      const { kind } = facts.nodes[arg]
      return arg * 3 + Math.max(0, (KINDS as readonly string[]).indexOf(kind))
    }),
  ]
}

/** Whether it calls nothing, but binds what is run to what it hands over. */
export function isBind([way]: Handing): boolean {
  return way !== undefined && WAYS[way] === 'bind'
}

/** The arguments as they are written; null for `new` and for tags. */
export function argumentsWritten([way, ...args]: Handing): HandedArgument[] | null {
  return way === undefined ? null : args.map(arg => ({ node: Math.floor(arg / 3), kind: KINDS[arg % 3] }))
}

/**
 * The arguments that what the call runs gets, see `argumentsHanded`; null for `new` and for tags.
 *
 * @param name of what is run
 */
export function argumentsGiven(handing: Handing, name: string): HandedArgument[] | null {
  const args = argumentsWritten(handing)
  const way = WAYS[handing[0]]
  return args !== null && way && name !== way ? args.slice(1) : args
}

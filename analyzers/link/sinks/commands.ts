/** Programs that are started, which may be a database's client. */
import { commandLine } from '../../drivers/engines.js'
import type { CallFacts, FileFacts } from '../../extract/facts.js'
import type { Target } from '../targets.js'
import type { Sink } from './sink.js'

/** Modules that start programs, and their functions and tags that do. */
const COMMAND_MODULE = /^(?:node:child_process|child_process|execa|zx|shelljs|cross-spawn|tinyexec|bun)$/
const COMMAND_METHOD =
  /^(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|execa|execaSync|execaCommand|execaCommandSync|command|commandSync|sync|default|x|\$)$/

/** A call that starts a program, which may be a database's client. */
export function commandSink(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  if (target.kind !== 'external' || !COMMAND_MODULE.test(target.module)) return null
  if (!COMMAND_METHOD.test(target.path.at(-1) ?? 'default')) return null
  const node = facts.nodes[call.node]
  const [sql, values = null] = node.kind === 'call' ? node.args : node.kind === 'tagged' ? [call.node] : []
  if (sql === undefined) return null
  return { driver: commandLine, origin: null, sql, keys: [], values, certainty: 'handed' }
}

/** Programs that are started, which may be a database's client. */
import { clientIn } from '../../drivers/engines.js'
import type { CallFacts, FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
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
  const driver = clientIn(words(facts, [sql, ...(values === null ? [] : [values])]).join(' '))
  return { driver, origin: null, sql, keys: [], values, certainty: 'handed' }
}

/** What is written there of a command: as a text, a template or a list of words. */
function words(facts: FileFacts, ids: NodeId[], depth = 0): string[] {
  if (depth > 3) return []
  return ids.flatMap(id => {
    const node = untyped(facts, id)
    switch (node.kind) {
      case 'text':
        return [node.text]
      case 'concat':
        return words(facts, node.parts, depth + 1)
      case 'array':
        return words(facts, node.items, depth + 1)
      case 'tagged':
        return words(facts, [node.text], depth + 1)
      default:
        return []
    }
  })
}

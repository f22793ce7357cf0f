/** What a member of a web framework's application, or of a request, is that files of the service share by it: see `extract/shared.ts`. */
import type { FileFacts, NodeId } from '../../extract/facts.js'
import { isHolder, isHolderType } from '../../extract/shared-names.js'
import { untyped } from '../../extract/untyped.js'
import { codeOf } from './code-of.js'
import { valueOfTypes } from './declared-types.js'
import { evaluate } from './evaluate.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { choiceOf } from './values.js'

/** Packages whose applications have what is shared. */
const FRAMEWORK = /^(?:fastify|express|koa|hono|@fastify\/.+|@koa\/.+)$/

/**
 * What is shared under a name, where that executes SQL or leads to what does; null for any other.
 *
 * @param id what it is taken of
 * @param of its value
 */
export function sharedUnder(
  e: Evaluator,
  facts: FileFacts,
  id: NodeId,
  of: Value,
  name: string,
): Value | null {
  if (!mayHold(facts, id, of)) return null
  const found = e.program.shared(facts.file).filter(each => each.name === name)
  const values = found.flatMap(({ file, node }) => (node === null ? [] : [evaluate(e, file, node, null)]))
  const shared = values.filter(leadsToSql)
  if (shared.length > 0) return choiceOf(shared)
  const declared = found.flatMap(({ file, types }): Value[] => {
    const home = types.length > 0 ? e.program.facts(file) : null
    const value = home && valueOfTypes(e, home, types)
    return value ? [value] : []
  })
  const told = declared.filter(leadsToSql)
  return told.length === 0 ? null : choiceOf(told)
}

function mayHold(facts: FileFacts, id: NodeId, of: Value): boolean {
  if (of.kind === 'external' && FRAMEWORK.test(of.module)) return true
  const node = untyped(facts, id)
  // A handler of Fastify that is no method of a class runs on the application.
  if (node.kind === 'this') return node.cls === null
  if (node.kind === 'param' && facts.functions[node.fn].params[node.index]?.types.some(isHolderType))
    return true
  return isHolder(codeOf(facts, id).replace(/\(\)$/, '').split('.').at(-1) ?? '')
}

/** What is shared beside, a user or a body, would hide what callers hand over. */
function leadsToSql(value: Value): boolean {
  switch (value.kind) {
    case 'handle':
    case 'method':
    case 'instance':
    case 'function':
      return true
    case 'object':
      return [...value.entries.values()].some(({ kind }) => kind === 'handle' || kind === 'instance')
    case 'choice':
      return value.of.some(leadsToSql)
    default:
      return false
  }
}

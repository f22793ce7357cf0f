/** Requests that carry SQL: engines such as ClickHouse and Tinybird take it over HTTP. */
import { engineNamed, http } from '../../drivers/engines.js'
import type { CallFacts, FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import type { Target } from '../targets.js'
import type { Sink } from './sink.js'

/** Packages and globals that send requests: engines such as ClickHouse and Tinybird take SQL that way. */
const HTTP_MODULE =
  /^(?:axios|got|ky|undici|node-fetch|cross-fetch|isomorphic-fetch|superagent|needle|request|@nestjs\/axios)$/
const HTTP_METHOD = /^(?:fetch|request|post|put|get|default|axios|got)$/

/** Requests of which some argument may hold SQL; only the text itself can tell. */
export function httpSinks(facts: FileFacts, call: CallFacts, target: Target): Sink[] {
  const node = facts.nodes[call.node]
  if (target.kind !== 'external' || node.kind !== 'call') return []
  const method = target.path.at(-1) ?? 'default'
  const isFetch = target.module === '' && method === 'fetch' && target.path.length <= 2
  if (!isFetch && !(HTTP_MODULE.test(target.module) && HTTP_METHOD.test(method))) return []
  return node.args.slice(0, 3).map(sql => ({
    driver: engineNamed(facts.file) ?? http,
    origin: null,
    sql,
    keys: ['body', 'data', 'json', 'q', 'query', 'sql'],
    values: null,
    // A function around a request that says so gets the text from its callers.
    certainty: namesSql(facts, sql) ? 'handed' : 'shaped',
  }))
}

/** Whether an object has a property `sql`, or is a request with such an object as its body, or with a parameter named so. */
function namesSql(facts: FileFacts, id: NodeId, depth = 0): boolean {
  const node = untyped(facts, id)
  if (depth > 3) return false
  // `JSON.stringify({ sql, params })`
  if (node.kind === 'call') return node.args.length > 0 && namesSql(facts, node.args[0], depth + 1)
  if (node.kind !== 'object') return false
  return node.entries.some(
    ([key, value]) =>
      key === 'sql' ||
      (/^(?:body|data|json|q|query)$/.test(key) &&
        (isNamedSql(facts, value) || namesSql(facts, value, depth + 1))),
  )
}

function isNamedSql(facts: FileFacts, id: NodeId): boolean {
  const node = untyped(facts, id)
  return (
    node.kind === 'param' &&
    /^(?:sql|query(?:String|Text)|sqlQuery)$/i.test(facts.functions[node.fn].params[node.index]?.name ?? '')
  )
}

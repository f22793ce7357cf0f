/** Requests that carry SQL: engines such as ClickHouse and Tinybird take it over HTTP. */
import { engineNamed, http } from '../../drivers/engines.js'
import type { CallFacts, FileFacts } from '../../extract/facts.js'
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
    certainty: 'shaped',
  }))
}

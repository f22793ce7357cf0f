import { crossings, foreignMigrations } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { adviceFor, foreignKeyAdvice, openOwnerAdvice } from './advice.js'
import type { TableExplanation } from './explanation.js'
import { type Forecasts, rewritesOf } from './rewrites.js'
import { dialectOf, statementOf, usesOf } from './uses.js'

/** All about one table: owner and why, who uses it, and what to do about those that don't own it. */
export function explainTable(map: DependencyMap, id: string, forecasts: Forecasts): TableExplanation {
  const table = map.tables.find(each => each.id === id) ?? null
  const uses = usesOf(map).filter(use => use.table === id)
  const crossing = crossings(map).filter(each => each.table === id)
  const foreignKeys = map.foreignKeys.filter(key => key.from === id || key.to === id)
  // Only what is deployed can own a table.
  const deployed = new Set(map.services.flatMap(({ kind, name }) => (kind === 'service' ? [name] : [])))
  const users = uses.filter(use => deployed.has(use.service))
  const writing = users.filter(use => use.writes.length > 0)
  const candidates = (writing.length > 0 ? writing : users).map(use => use.service)
  const definedIn = table?.definedAt?.file ?? ''
  const definer = map.services.find(
    ({ kind, path }) => kind === 'service' && definedIn.startsWith(`${path}/`),
  )
  const likely = definer ? [definer.name, ...candidates.filter(name => name !== definer.name)] : candidates
  return {
    kind: 'table',
    id,
    table,
    dialect: dialectOf(map, table?.datastore ?? null),
    uses,
    crossing: [...new Set(crossing.map(each => each.access))].map(access => statementOf(access, map)),
    foreignKeys,
    transactions: map.transactions.filter(transaction => transaction.tables.includes(id)),
    migrations: foreignMigrations(map).filter(migration => migration.tables.some(each => each.table === id)),
    rewrites: rewritesOf(crossing, forecasts),
    advice: [
      ...openOwnerAdvice(table?.owner === null ? [id] : [], likely),
      ...adviceFor(crossing),
      ...foreignKeyAdvice(foreignKeys),
    ],
  }
}

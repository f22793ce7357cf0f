import { crossings, foreignMigrations } from '../../analyzers/graph/index.js'
import type { DependencyMap, Service } from '../../analyzers/model.js'
import { adviceFor, foreignKeyAdvice, openOwnerAdvice } from './advice.js'
import type { ServiceExplanation } from './explanation.js'
import { type Forecasts, rewritesOf } from './rewrites.js'
import { statementOf, usesOf } from './uses.js'

/** All about one service: what it owns, what it takes from others, what others take from it. */
export function explainService(
  map: DependencyMap,
  service: Service,
  forecasts: Forecasts,
): ServiceExplanation {
  const { name } = service
  const uses = usesOf(map)
  const owns = map.tables.filter(table => table.owner === name).map(table => table.id)
  const owned = new Set(owns)
  const foreignKeys = map.foreignKeys.filter(
    key => key.crossService && (owned.has(key.from) || owned.has(key.to)),
  )
  const openIds = new Set(map.tables.filter(table => table.owner === null).map(table => table.id))
  const open = uses.filter(use => use.service === name && openIds.has(use.table))
  const crossing = crossings(map).filter(each => each.service === name)
  return {
    kind: 'service',
    service,
    owns,
    statements:
      service.kind === 'library'
        ? map.accesses.filter(access => access.service === name).map(access => statementOf(access, map))
        : [],
    reachesInto: uses.filter(use => use.service === name && use.crossService),
    reachedIntoBy: uses.filter(use => use.owner === name && use.crossService),
    open,
    foreignKeys,
    transactions: map.transactions.filter(each => each.service === name || each.owners.includes(name)),
    migrations: foreignMigrations(map).filter(each => each.service === name),
    unresolved: map.unresolved.filter(each => each.service === name),
    rewrites: rewritesOf(crossing, forecasts),
    advice: [
      ...adviceFor(crossing),
      ...foreignKeyAdvice(foreignKeys),
      ...openOwnerAdvice(
        open.map(use => use.table),
        [],
      ),
    ],
  }
}

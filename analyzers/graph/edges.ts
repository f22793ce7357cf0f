import type { DependencyMap, Edge } from '../model.js'
import { crossings, tally } from './crossings.js'
import { groupBy } from './group-by.js'
import { orderBy } from './order-by.js'

/** The `edges` of the contract: crossings summed up by service, owner and table, sorted by these three. */
export function edgesOf(map: Pick<DependencyMap, 'accesses'>): Edge[] {
  const groups = groupBy(crossings(map), crossing =>
    JSON.stringify([crossing.service, crossing.owner, crossing.table]),
  )
  return [...groups.values()]
    .map(group => {
      const { service, owner, table } = group[0]!
      const { reads, writes, ddl, joins } = tally(group)
      return { from: service, to: owner, table, reads, writes, ddl, joins }
    })
    .sort(
      orderBy(
        edge => edge.from,
        edge => edge.to,
        edge => edge.table,
      ),
    )
}

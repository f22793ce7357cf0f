import { crossings, executors, groupBy, orderBy, tally } from '../graph/index.js'
import type { DependencyMap } from '../model.js'
import type { GeneratedCounts } from './operations.js'
import type { MovedTable, ProgressPoint } from './types.js'

/** Counts what is on one map; `moved` needs the maps before it. */
export function measure(
  at: Pick<ProgressPoint, 'label' | 'date'>,
  map: DependencyMap,
  generated: GeneratedCounts,
  moved: MovedTable[],
): ProgressPoint {
  const crossing = crossings(map)
  const owners = new Map(map.tables.map(({ id, owner }) => [id, owner]))
  const keys = map.foreignKeys.filter(({ crossService }) => crossService)
  const tied = new Set([
    ...crossing.flatMap(({ service, owner }) => [service, owner]),
    ...keys.flatMap(({ from, to }) => [owners.get(from), owners.get(to)]),
  ])
  const active = new Set([...map.accesses.flatMap(executors), ...owners.values()])
  const services = map.services.filter(({ kind, name }) => kind === 'service' && active.has(name))
  return {
    label: at.label,
    date: at.date,
    crossings: tally(crossing),
    foreignKeys: keys.length,
    services: services.length,
    separated: services
      .map(({ name }) => name)
      .filter(name => !tied.has(name))
      .sort(),
    tables: map.tables.length,
    openTables: map.tables.filter(({ owner }) => owner === null).length,
    unresolved: map.unresolved.length,
    moved,
    ...generated,
    byService: [...groupBy(crossing, ({ service }) => service)]
      .map(([service, of]) => ({ service, accesses: tally(of).accesses }))
      .sort(orderBy(({ service }) => service)),
  }
}

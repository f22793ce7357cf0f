import type { DependencyMap, Table } from '../model.js'
import { type Crossing, crossings, type Tally, tally } from './crossings.js'
import { groupBy } from './group-by.js'
import { orderBy } from './order-by.js'

/** How much one service reaches into others. */
export interface ServiceRank extends Tally {
  service: string
  /** The owners it reaches into, most accesses first. */
  into: (Tally & { owner: string })[]
}

/** How much one table is used by services that don't own it. */
export interface TableRank extends Tally {
  /** Id of the table; its name where the datastore is open. */
  table: string
  owner: string
  /** Entry of `map.tables`, if there is one. */
  entry: Table | null
  /** The services that use it, most accesses first. */
  by: (Tally & { service: string })[]
}

/** Services that cross, the one with the most crossing accesses first. */
export function rankServices(map: DependencyMap): ServiceRank[] {
  return rankServicesOf(crossings(map))
}

/** The same over some crossings. */
export function rankServicesOf(all: Crossing[]): ServiceRank[] {
  return [...groupBy(all, crossing => crossing.service)]
    .map(([service, group]) => ({
      service,
      ...tally(group),
      into: [...groupBy(group, crossing => crossing.owner)]
        .map(([owner, part]) => ({ owner, ...tally(part) }))
        .sort(
          orderBy(
            part => -part.accesses,
            part => part.owner,
          ),
        ),
    }))
    .sort(
      orderBy(
        rank => -rank.accesses,
        rank => -rank.writes,
        rank => rank.service,
      ),
    )
}

/** Crossed tables, the one that most services use first, then by accesses. */
export function rankTables(map: DependencyMap): TableRank[] {
  return rankTablesOf(crossings(map), map.tables)
}

/** The same over some crossings. */
export function rankTablesOf(all: Crossing[], tables: Table[]): TableRank[] {
  const entries = new Map(tables.map(table => [table.id, table]))
  return [...groupBy(all, crossing => crossing.table)]
    .map(([table, group]) => ({
      table,
      owner: group[0]!.owner,
      entry: entries.get(table) ?? null,
      ...tally(group),
      by: [...groupBy(group, crossing => crossing.service)]
        .map(([service, part]) => ({ service, ...tally(part) }))
        .sort(
          orderBy(
            part => -part.accesses,
            part => part.service,
          ),
        ),
    }))
    .sort(
      orderBy(
        rank => -rank.by.length,
        rank => -rank.accesses,
        rank => rank.table,
      ),
    )
}

import { crossForeignKeys, crossings, groupBy, orderBy, type Tally, tally } from '../analyzers/graph/index.js'
import type { DependencyMap } from '../analyzers/model.js'

/** What a picture of the map shows: only what crosses, since everything else would hide it. */
export interface Drawing {
  /** Services that reach into others, sorted. */
  services: string[]
  /** Tables that are reached into or tied by foreign keys, by owner (null: open); sorted. */
  groups: { owner: string | null; tables: string[] }[]
  /** Service to table; sorted. */
  edges: ({ service: string; owner: string; table: string } & Tally)[]
  /** Table to table, by cross-service foreign keys; each pair once, sorted. */
  foreignKeys: { from: string; to: string }[]
}

/** Selects what to draw. */
export function drawingOf(map: DependencyMap): Drawing {
  const edges = [...groupBy(crossings(map), each => JSON.stringify([each.service, each.table])).values()]
    .map(group => {
      const { service, owner, table } = group[0]!
      return { service, owner, table, ...tally(group) }
    })
    .sort(
      orderBy(
        edge => edge.service,
        edge => edge.table,
      ),
    )
  const keys = crossForeignKeys(map)
  const tables = new Map<string, string | null>([
    ...edges.map(({ table, owner }): [string, string] => [table, owner]),
    ...keys.map(({ key, fromOwner }): [string, string | null] => [key.from, fromOwner]),
    ...keys.map(({ key, toOwner }): [string, string | null] => [key.to, toOwner]),
  ])
  const groups = [...groupBy(tables, ([, owner]) => owner)]
    .map(([owner, entries]) => ({ owner, tables: entries.map(([table]) => table).sort() }))
    .sort(orderBy(group => group.owner ?? '\uffff'))
  const services = [...new Set(edges.map(edge => edge.service))].sort()
  const pairs = new Map(keys.map(({ key: { from, to } }) => [JSON.stringify([from, to]), { from, to }]))
  const foreignKeys = [...pairs.values()].sort(
    orderBy(
      pair => pair.from,
      pair => pair.to,
    ),
  )
  return { services, groups, edges, foreignKeys }
}

/** Names of the nodes in languages that allow few characters: `s0` for services, `t0` for tables. */
export function nodeIds({ services, groups }: Drawing): {
  service: Map<string, string>
  table: Map<string, string>
} {
  const tables = groups.flatMap(group => group.tables)
  return {
    service: new Map(services.map((name, index) => [name, `s${index}`])),
    table: new Map(tables.map((id, index) => [id, `t${index}`])),
  }
}

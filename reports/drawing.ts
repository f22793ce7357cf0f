import { crossForeignKeys, crossings, groupBy, orderBy, type Tally, tally } from '../analyzers/graph/index.js'
import type { DependencyMap } from '../analyzers/model.js'

/** What a picture of the map shows: only what crosses, since everything else would hide it. */
export interface Drawing {
  /** Services with those of their tables that others reach; sorted. `null` groups tables without an owner. */
  groups: { service: string | null; tables: string[] }[]
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
  const services = new Set([...edges.map(edge => edge.service), ...tables.values()])
  const groups = [...services]
    .map(service => ({
      service,
      tables: [...tables]
        .filter(([, owner]) => owner === service)
        .map(([table]) => table)
        .sort(),
    }))
    .sort(orderBy(group => group.service ?? '\uffff'))
  const pairs = new Map(keys.map(({ key: { from, to } }) => [JSON.stringify([from, to]), { from, to }]))
  const foreignKeys = [...pairs.values()].sort(
    orderBy(
      pair => pair.from,
      pair => pair.to,
    ),
  )
  return { groups, edges, foreignKeys }
}

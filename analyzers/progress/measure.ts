import { bool, count, list, nullable, object, oneOf, type Shape, text } from '../cache/shape.js'
import { crossings, executors, groupBy, orderBy, tally } from '../graph/index.js'
import type { DependencyMap, Service, Table } from '../model.js'
import type { ProgressPoint } from './types.js'

/** What one map tells by itself: all that is kept of it. */
export interface Measured {
  numbers: Pick<
    ProgressPoint,
    | 'crossings'
    | 'foreignKeys'
    | 'services'
    | 'separated'
    | 'tables'
    | 'openTables'
    | 'unresolved'
    | 'byService'
  >
  tables: Pick<Table, 'datastore' | 'schema' | 'name' | 'kind'>[]
  services: (Pick<Service, 'name' | 'kind'> & { usesDatabase: boolean })[]
}

export const measuredShape: Shape<Measured> = object<Measured>({
  numbers: object<Measured['numbers']>({
    crossings: object<ProgressPoint['crossings']>({
      accesses: count,
      reads: count,
      writes: count,
      ddl: count,
      joins: count,
    }),
    foreignKeys: count,
    services: count,
    separated: list(text),
    tables: count,
    openTables: count,
    unresolved: count,
    byService: list(object<ProgressPoint['byService'][number]>({ service: text, accesses: count })),
  }),
  tables: list(
    object<Measured['tables'][number]>({
      datastore: text,
      schema: nullable(text),
      name: text,
      kind: oneOf({ table: true, view: true }),
    }),
  ),
  services: list(
    object<Measured['services'][number]>({
      name: text,
      kind: oneOf({ service: true, library: true }),
      usesDatabase: bool,
    }),
  ),
})

/** Counts what is on a map. */
export function measure(map: DependencyMap): Measured {
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
    numbers: {
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
      byService: [...groupBy(crossing, ({ service }) => service)]
        .map(([service, of]) => ({ service, accesses: tally(of).accesses }))
        .sort(orderBy(({ service }) => service)),
    },
    tables: map.tables.map(({ datastore, schema, name, kind }) => ({ datastore, schema, name, kind })),
    services: map.services.map(({ name, kind }) => ({ name, kind, usesDatabase: active.has(name) })),
  }
}

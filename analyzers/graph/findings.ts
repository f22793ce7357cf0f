/** Lists that the reports share, taken from the linked model: each is a plain selection, in a fixed order. */
import type {
  Access,
  AccessTable,
  DependencyMap,
  ForeignKey,
  Table,
  Unresolved,
  UnusedFile,
} from '../model.js'
import { crossings, executors, isJoined, tableKey } from './crossings.js'
import { groupBy } from './group-by.js'
import { orderBy } from './order-by.js'

/** A statement over tables of two owners or more. */
export interface CrossJoin {
  access: Access
  /** The tables that are joined, by owner, both sorted. */
  owners: { owner: string; tables: string[] }[]
}

/** A foreign key between tables of two services. */
export interface CrossForeignKey {
  key: ForeignKey
  /** Owner of the table that holds the key. */
  fromOwner: string | null
  /** Owner of the table that it points to. */
  toOwner: string | null
}

/** A table whose owner is open, with the services that use it at run time. */
export interface OpenTable {
  table: Table
  writers: string[]
  readers: string[]
}

/** A statement of a migration (SQL file or TypeScript) that touches a table of another service. */
export interface ForeignMigration {
  service: string
  file: string
  line: number
  /** Leading verb; for a TypeScript migration the operations. */
  verb: string
  /** The tables of other services only. */
  tables: { table: string; owner: string }[]
}

/** Unresolved places that have the same reason, but for the code that it quotes. */
export interface UnresolvedGroup {
  reason: string
  places: Unresolved[]
}

/** Cross-service joins of code that runs, in the order of `map.accesses`. */
export function crossJoins(map: DependencyMap): CrossJoin[] {
  return map.accesses
    .filter(access => access.crossServiceJoin && !access.migration)
    .map(access => {
      const owned = access.tables.filter(table => table.owner !== null && isJoined(access, table))
      const owners = [...groupBy(owned, table => table.owner!)]
        .map(([owner, tables]) => ({ owner, tables: [...new Set(tables.map(tableKey))].sort() }))
        .sort(orderBy(part => part.owner))
      return { access, owners }
    })
}

/** Foreign keys from a table of one service to a table of another. */
export function crossForeignKeys(map: DependencyMap): CrossForeignKey[] {
  const owners = new Map(map.tables.map(table => [table.id, table.owner]))
  return map.foreignKeys
    .filter(key => key.crossService)
    .map(key => ({ key, fromOwner: owners.get(key.from) ?? null, toOwner: owners.get(key.to) ?? null }))
}

/** Tables without an owner, those that most services write first. */
export function openTables(map: DependencyMap): OpenTable[] {
  const uses = new Map<string, { writers: Set<string>; readers: Set<string> }>()
  for (const access of map.accesses) {
    if (access.migration) continue
    for (const table of access.tables) {
      if (table.id === null) continue
      const use = uses.get(table.id) ?? { writers: new Set(), readers: new Set() }
      for (const service of executors(access)) {
        if (table.op === 'write') use.writers.add(service)
        else if (table.op === 'read') use.readers.add(service)
      }
      uses.set(table.id, use)
    }
  }
  return map.tables
    .filter(table => table.owner === null)
    .map(table => ({
      table,
      writers: [...(uses.get(table.id)?.writers ?? [])].sort(),
      readers: [...(uses.get(table.id)?.readers ?? [])].sort(),
    }))
    .sort(
      orderBy(
        open => -open.writers.length,
        open => -open.readers.length,
        open => open.table.id,
      ),
    )
}

/** Statements of migrations that touch another service's tables, by file and line. */
export function foreignMigrations(map: DependencyMap): ForeignMigration[] {
  const inCode = map.accesses
    .filter(access => access.migration)
    .map(access => ({
      service: access.service,
      file: access.file,
      line: access.line,
      verb: [...new Set(access.tables.map(table => table.op))].join(', '),
      tables: access.tables,
    }))
  return [...map.schemaStatements, ...inCode]
    .map(({ service, file, line, verb, tables }) => {
      // What a library has for all that use it, and no service runs, crosses nothing.
      const foreign = tables.filter(table => table.crossService && !table.system)
      return { service, file, line, verb, tables: distinctTables(foreign) }
    })
    .filter(migration => migration.tables.length > 0)
    .sort(
      orderBy(
        migration => migration.file,
        migration => migration.line,
      ),
    )
}

function distinctTables(tables: AccessTable[]): { table: string; owner: string }[] {
  const byKey = new Map(tables.map(table => [tableKey(table), table.owner!]))
  return [...byKey].map(([table, owner]) => ({ table, owner }))
}

/** Accesses in libraries that no service is known to execute, with the tables that are no system catalogue's. */
export function unreachedAccesses(map: DependencyMap): Access[] {
  return map.accesses
    .filter(access => access.reachedBy.length === 0 && !access.migration)
    .map(access => ({ ...access, tables: access.tables.filter(({ system }) => !system) }))
    .filter(({ tables }) => tables.length > 0)
}

/** A file that nothing is seen to run, with what would go if it were deleted. */
export interface UnusedCode extends UnusedFile {
  accesses: number
  /** How many of these cross. */
  crossing: number
}

/** The files that nothing is seen to run, those with the most crossings first. */
export function unusedCode(map: DependencyMap): UnusedCode[] {
  const accesses = groupBy(map.accesses, access => access.file)
  const crossing = new Set(crossings(map).map(({ access }) => access.id))
  return map.unusedFiles
    .map(unused => {
      const own = accesses.get(unused.file) ?? []
      return { ...unused, accesses: own.length, crossing: own.filter(({ id }) => crossing.has(id)).length }
    })
    .sort(
      orderBy(
        each => -each.crossing,
        each => each.file,
      ),
    )
}

/**
 * Unresolved places by reason, the most frequent first; places in the order of the map. Reasons that differ only in
 * the code that they quote are one, with an ellipsis for it.
 */
export function unresolvedByReason(map: DependencyMap): UnresolvedGroup[] {
  return [...groupBy(map.unresolved, place => withoutCode(place.reason))]
    .map(([general, places]) => {
      const { reason } = places[0]!
      return { reason: places.every(place => place.reason === reason) ? reason : general, places }
    })
    .sort(
      orderBy(
        group => -group.places.length,
        group => group.reason,
      ),
    )
}

/** `the name comes from `x.y`` -> `the name comes from `…``. */
function withoutCode(reason: string): string {
  return reason.replace(/`[^`]*`/g, '`…`')
}

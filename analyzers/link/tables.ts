/** The tables of accesses in the catalogue: which datastore each means, what lies under views and routines. */
import type { Catalogue, PlacedTable, ResolvedTable } from '../catalogue/index.js'
import { UNKNOWN_DATASTORE } from '../catalogue/index.js'
import { compatible } from '../datastores/dialects.js'
import { datastoreOfAccess, qualifierIsDatabase } from '../datastores/index.js'
import { schemasSearched, searchPathOf } from '../datastores/search-path.js'
import type { DatastoreResult } from '../datastores/types.js'
import type { AccessTable, Dialect, Op } from '../model.js'
import { type Parts, partsOf } from '../sql/parts.js'
import type { RoutineRef, TableRef } from '../sql/types.js'
import type { DraftAccess } from './draft.js'
import type { TemporaryTables } from './temporary-tables.js'

/** A table of an access, found. */
export interface FoundTable {
  /** As `Access.tables` has it, without owner. */
  table: AccessTable
  resolved: ResolvedTable | null
}

export interface AccessPlace {
  /** Null where it is open. */
  datastore: string | null
  /** Why it is open. */
  reason: string | null
  tables: FoundTable[]
  /** Which of the tables one statement has together; undefined where one has all. */
  parts: Parts | undefined
  /** Tables whose database is known in part, in a way that tells of none or of several: as they are written. */
  openQualifiers: string[]
  /** Procedures that it calls and no script creates; '' where the name is not known. */
  unknownProcedures: string[]
}

/**
 * Finds the tables of an access. Of temporary ones, those of its file are told as the database's own are, and those that
 * routines make for themselves are not.
 */
export function placeAccess(
  draft: DraftAccess,
  datastores: DatastoreResult,
  catalogue: Catalogue,
  temporary: TemporaryTables,
): AccessPlace {
  const access = { service: draft.service ?? '', reachedBy: draft.reachedBy }
  const hint = { connection: draft.connection, dialect: draft.dialect, client: draft.driver.name }
  const { datastore, reason } = datastoreOfAccess(datastores, access, hint)
  const lookUp = (home: string, schema: string | null, name: string): ResolvedTable => {
    const inSchema = (each: string | null) => catalogue.resolve(home, { schema: each, name }, draft.dialect)
    const named = inSchema(schema)
    if (schema !== null || home !== datastore) return named
    const path = searchPathOf(datastores, access, home, draft.connection).map(inSchema)
    if (path.length > 0) return path.find(each => each.table !== null) ?? path[0]!
    // Where it is open which connection this is, the only table of the name counts.
    const anywhere = [
      named,
      ...schemasSearched(datastores, [access.service, ...access.reachedBy], home).map(inSchema),
    ]
    const known = new Map(anywhere.filter(each => each.table !== null).map(each => [each.id, each]))
    return known.size === 1 ? [...known.values()][0]! : named
  }
  const found = new Map<string, FoundTable>()
  const add = (
    name: string,
    schema: string | null,
    op: Op,
    resolved: ResolvedTable | null,
    via?: string,
  ): string => {
    const key = `${resolved?.id ?? `${schema ?? ''}/${name}`}\0${op}`
    const known = found.get(key)
    // What the statement names itself counts before what lies under a view.
    if (known && (known.table.via === undefined || via !== undefined)) return key
    found.set(key, {
      resolved,
      table: {
        table: name,
        schema,
        id: resolved?.id ?? null,
        op,
        owner: null,
        crossService: false,
        ...(via === undefined ? {} : { via }),
      },
    })
    return key
  }
  /** Adds what is no table of a schema: one of the database's own, or a temporary one. */
  const addOfNoSchema = (
    { name, schema, database, op }: Pick<TableRef, 'name' | 'schema' | 'database' | 'op'>,
    via?: string,
  ): string => {
    const key = `${database ?? ''}.${schema ?? ''}.${name}\0${op}`
    const known = found.get(key)
    if (known && (known.table.via === undefined || via !== undefined)) return key
    const table: AccessTable = {
      table: name,
      schema,
      id: null,
      op,
      owner: null,
      crossService: false,
      system: true,
    }
    found.set(key, { resolved: null, table: via === undefined ? table : { ...table, via } })
    return key
  }
  /** Where a name lies that may be qualified with a database. */
  const homeOf = ({ schema, database, schemaLike }: Qualified): string | null => {
    if (schema !== null || database)
      return datastoreOfAccess(datastores, access, { ...hint, schema, database }).datastore
    return schemaLike !== undefined && isDatabaseInPart(schemaLike, draft.dialect)
      ? databaseLike(datastores, schemaLike, draft.dialect)
      : datastore
  }
  const resolvedOf = (table: Qualified & { name: string }): ResolvedTable | null => {
    const home = homeOf(table)
    return home === null ? onlyOneNamed(catalogue, table.name) : lookUp(home, table.schema, table.name)
  }
  const openQualifiers: string[] = []
  /** Whether scripts create what else the statement names, so that they would create each table of it. */
  const hasScripts = (): boolean =>
    draft.executed.tables.some(table => !table.ofWith && !table.system && resolvedOf(table)?.table)
  /** Adds a table that a statement names, and what lies under it; returns the keys. */
  const addNamed = (ref: TableRef): string[] => {
    const { name, schema, database, schemaLike, op, system, ofWith } = ref
    if (system) return [addOfNoSchema({ name, schema, database, op })]
    if (isToldByAnother(ref, draft.executed.tables)) return []
    const resolved = resolvedOf(ref)
    if (schemaLike !== undefined && resolved === null) openQualifiers.push(`${schemaLike}.${name}`)
    if (isTemporary(resolved, schema, name, temporary.inFile(draft.site.file)))
      return [addOfNoSchema({ name, schema, op })]
    if (ofWith && !resolved?.table && hasScripts()) return []
    const key = add(name, schema, op, resolved)
    if (resolved?.table?.kind !== 'view' || op === 'ddl') return [key]
    const opUnder = resolved.table.materialized ? 'read' : op
    return [
      key,
      ...catalogue.under(resolved.table).map(under => add(under.name, under.schema, opUnder, under, name)),
    ]
  }
  const members: Member[] = draft.executed.tables.map(table => ({ keys: addNamed(table), parts: undefined }))
  const tablesOf = (routine: RoutineRef) =>
    catalogue.routine(homeOf(routine) ?? UNKNOWN_DATASTORE, routine.name)
  for (const routine of draft.executed.routines) {
    const { tables = [], parts } = tablesOf(routine) ?? {}
    const keys = tables.map(({ table, op }) => {
      const { name, schema } = table
      return isTemporary(table, schema, name, temporary.all)
        ? addOfNoSchema({ name, schema, op }, routine.name)
        : add(name, schema, op, table, routine.name)
    })
    members.push({ keys, parts })
  }
  const unknownProcedures = draft.executed.procedures.filter(
    name =>
      !(OF_THE_SERVER.test(name) && (draft.dialect === 'mssql' || draft.dialect === 'unknown')) &&
      !draft.executed.routines.some(routine => routine.name === name && tablesOf(routine) !== null),
  )
  const parts = partsOfAccess(members, draft.executed.parts, [...found.keys()])
  return { datastore, reason, tables: [...found.values()], parts, openQualifiers, unknownProcedures }
}

type Qualified = Pick<TableRef, 'schema' | 'database' | 'schemaLike'>

/** Whether a qualifier of which something is known (`*_billing`) is a database's name. */
function isDatabaseInPart(schemaLike: string, dialect: Dialect): boolean {
  return qualifierIsDatabase(dialect) && /[^*_.-]/.test(schemaLike)
}

/** The only database that a name known in part can be; null where none is, or several are. */
function databaseLike({ datastores }: DatastoreResult, schemaLike: string, dialect: Dialect): string | null {
  const parts = schemaLike.split('*').map(part => part.toLowerCase())
  const [begin, ...between] = parts
  const end = between.pop()!
  const fits = (name: string): boolean => {
    if (name.length < begin.length + end.length || !name.startsWith(begin) || !name.endsWith(end))
      return false
    let at = begin.length
    return between.every(part => {
      const found = name.slice(0, name.length - end.length).indexOf(part, at)
      at = found + part.length
      return found >= 0
    })
  }
  const fitting = datastores.filter(
    item => compatible(item.dialect, dialect) && fits(item.id.replace(/@.*$/, '').toLowerCase()),
  )
  return fitting.length === 1 ? fitting[0]!.id : null
}

/** `${process.env.AUTH_DB || 'auth'}.users`: where a default tells the database, what is not known names no other. */
function isToldByAnother({ name, schemaLike, op }: TableRef, tables: TableRef[]): boolean {
  return (
    schemaLike !== undefined &&
    tables.some(other => other.name === name && other.op === op && other.schema !== null)
  )
}

/** What a table or routine of a statement stands for: keys of tables, and which of these stand together within it. */
interface Member {
  keys: string[]
  parts: Parts | undefined
}

/** Where calls of routines with many parts would make more than these, all of their tables count as together. */
const MAX_PARTS = 10_000

/** @param together which members a statement has, as places among them; undefined where one has all */
function partsOfAccess(members: Member[], together: Parts | undefined, found: string[]): Parts | undefined {
  const all = members.map((_, place) => place)
  if (together === undefined && members.every(({ parts }) => parts === undefined)) return undefined
  const places = new Map(found.map((key, place) => [key, place]))
  const placesOf = (keys: string[]): number[] => keys.map(key => places.get(key)!)
  // What no statement has beside another may stand for several tables itself.
  const statements = together === undefined ? [all] : [...together, ...all.map(place => [place])]
  const withinOf = ({ keys, parts }: Member): number => (parts === undefined ? 0 : parts.length + keys.length)
  const count = statements.flat().reduce((sum, place) => sum + withinOf(members[place]!), 0)
  if (count > MAX_PARTS) return undefined
  return partsOf(
    statements.flatMap(statement => {
      const named = statement.map(place => members[place]!)
      const whole = placesOf(named.flatMap(({ keys, parts }) => (parts === undefined ? keys : [])))
      const within = named.flatMap(({ keys, parts = [] }) =>
        [...parts, ...keys.map((_, place) => [place])].map(part => placesOf(part.map(place => keys[place]!))),
      )
      return [whole, ...within.map(part => [...whole, ...part])]
    }),
    found.length,
  )
}

/** Procedures of SQL Server itself. */
const OF_THE_SERVER = /^(?:sp|xp)_/i

/** Whether a name is that of a temporary table, and of no other. */
function isTemporary(
  resolved: ResolvedTable | null,
  schema: string | null,
  name: string,
  made: ReadonlySet<string>,
): boolean {
  return schema === null && !resolved?.table && made.has(name.toLowerCase())
}

/**
 * Where the datastore is open but only one table of the repository bears the name, it is that one; where none has these
 * letters, the only one that has them as capitals or small ones, which most databases take for the same.
 */
function onlyOneNamed(catalogue: Catalogue, name: string): ResolvedTable | null {
  const exact = catalogue.tables.filter(table => table.name === name)
  const lower = name.toLowerCase()
  const named =
    exact.length > 0 ? exact : catalogue.tables.filter(table => table.name.toLowerCase() === lower)
  return named.length === 1 ? asResolved(named[0]) : null
}

function asResolved(table: PlacedTable): ResolvedTable {
  return { id: table.id, datastore: table.datastore, schema: table.schema, name: table.name, table }
}

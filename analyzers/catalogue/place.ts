/** In which datastore each set of scripts builds its tables. */
import { posix } from 'node:path'
import { compatible } from '../datastores/dialects.js'
import { databaseNamed, datastoreFor, datastoreOfAccess } from '../datastores/lookup.js'
import { overridden } from '../datastores/overridden.js'
import { searchPathOf } from '../datastores/search-path.js'
import type { DatastoreResult } from '../datastores/types.js'
import { own } from '../own.js'
import { defaultSchemaToNull } from './names.js'
import type { SchemaSet } from './types.js'

/** A set with its datastore, and how that is known. */
export interface PlacedSet {
  set: SchemaSet
  /** Null where it is open. */
  datastore: string | null
  reason: string
  /** Schema in which its unqualified names lie: the first of the service's search path; null: the default one. */
  schema: string | null
}

export interface PlacementInput {
  sets: SchemaSet[]
  datastores: DatastoreResult
  /** For each library, the services that reach it: a library's migrations build what they connect to. */
  reachedBy: Record<string, string[]>
  /** Datastores on which accesses name a table, by its name in lower case, and by that behind its schema where they name one. */
  usedOn: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Places each set: by the database that its scripts name; by its folder's name or its own, if that is one of a datastore
 * or of a connection of its service; by its service's connections; and for scripts outside of all services,
 * by the one datastore of the dialect, or the one on which most of its tables are used. Scripts outside of all services
 * that build several databases, each in schemas of its own, are placed schema by schema.
 */
export function placeSets(input: PlacementInput): PlacedSet[] {
  const named = foldersOfNamed(input)
  return input.sets.flatMap(set => {
    const place = placeOf(set, input, named)
    const whole = { set, ...place, schema: schemaOf(set, place.datastore, input) }
    return place.datastore === null && set.service === null ? placedBySchema(whole, input) : [whole]
  })
}

/** The set in parts, where the schemas of its tables are used on datastores; the set itself where none is. */
function placedBySchema(whole: PlacedSet, input: PlacementInput): PlacedSet[] {
  const { set } = whole
  const schemas = new Set(set.tables.flatMap(({ schema }) => schema ?? []))
  const fitting = new Set(
    input.datastores.datastores.filter(({ dialect }) => compatible(dialect, set.dialect)).map(({ id }) => id),
  )
  const found = [...schemas].flatMap(schema => {
    const part = partIn(set, each => each === schema)
    const datastore = mostUsed(part, fitting, input.usedOn, schema)
    const reason = `most tables of its schema ${schema} are used on it`
    return datastore === null ? [] : [{ schema, placed: { set: part, datastore, reason, schema: null } }]
  })
  if (found.length === 0) return [whole]
  const placed = new Set(found.map(({ schema }) => schema))
  const rest = partIn(set, each => each === null || !placed.has(each))
  return [...found.map(each => each.placed), { ...whole, set: rest }]
}

/** What a set makes in some schemas. A statement goes with its first table. */
function partIn(set: SchemaSet, isOne: (schema: string | null) => boolean): SchemaSet {
  const isIn = ({ schema }: { schema: string | null }): boolean => isOne(schema)
  return {
    ...set,
    tables: set.tables.filter(isIn),
    routines: set.routines.filter(isIn),
    triggers: set.triggers.filter(isIn),
    foreignChanges: set.foreignChanges.filter(isIn),
    statements: set.statements.filter(({ tables }) => isOne(tables[0]?.schema ?? null)),
  }
}

function placeOf(
  set: SchemaSet,
  input: PlacementInput,
  named: ReadonlySet<string>,
): Pick<PlacedSet, 'datastore' | 'reason'> {
  const { datastores } = input
  if (set.database !== null) {
    const { database: name, dialect, service } = set
    const meant = overridden(datastores.byService, { name, dialect, service })
    if (meant !== null)
      return { datastore: meant.datastore, reason: `its scripts name ${name}, a default of ${service}` }
    const datastore = databaseNamed(datastores, set.database, set.dialect)
    return { datastore, reason: `its scripts name the database ${set.database}` }
  }
  const byFolder = namedByFolder(set, datastores)
  if (byFolder !== null) {
    const what = isFile(set) ? 'script' : 'folder'
    return { datastore: byFolder, reason: `its ${what} ${set.path} is named after it` }
  }
  const hint = { dialect: set.dialect }
  if (set.service !== null && own(datastores.byService, set.service)) {
    const datastore = datastoreFor(datastores, set.service, hint)
    if (datastore !== null) return { datastore, reason: `${set.service} connects to it` }
  }
  if (set.service !== null) {
    const reachedBy = own(input.reachedBy, set.service) ?? []
    const { datastore } = datastoreOfAccess(datastores, { service: set.service, reachedBy }, hint)
    if (datastore !== null && reachedBy.length > 0) {
      return { datastore, reason: `the services that use ${set.service} connect to it` }
    }
  }
  const fitting = datastores.datastores.filter(item => compatible(item.dialect, set.dialect))
  if (fitting.length === 1) return { datastore: fitting[0]!.id, reason: 'it is the only one of its dialect' }
  const isBesideNamed = isFile(set) && named.has(posix.dirname(set.path))
  const used = isBesideNamed ? null : mostUsed(set, new Set(fitting.map(item => item.id)), input.usedOn)
  if (used !== null) return { datastore: used, reason: 'most of its tables are used on it' }
  return { datastore: null, reason: 'no file tells which database these scripts are for' }
}

function schemaOf(
  { service, dialect }: SchemaSet,
  datastore: string | null,
  { datastores, reachedBy }: PlacementInput,
): string | null {
  if (service === null || datastore === null) return null
  const [first] = searchPathOf(datastores, { service, reachedBy: own(reachedBy, service) ?? [] }, datastore)
  return defaultSchemaToNull(first ?? null, dialect)
}

/** A folder of the set's path that bears the name of a datastore, or of a connection of its service. */
function namedByFolder(set: SchemaSet, { datastores, byService }: DatastoreResult): string | null {
  const stores = set.service === null ? undefined : own(byService, set.service)
  const fitting = datastores.filter(item => compatible(item.dialect, set.dialect))
  const found = new Set<string>()
  for (const folder of set.path
    .toLowerCase()
    .replace(/\.sql$/, '')
    .split('/')) {
    const candidates = stores
      ? fitting.filter(item => stores.some(store => store.datastore === item.id))
      : fitting
    for (const { id } of candidates) if (plain(id) === plain(folder)) found.add(id)
    for (const store of stores ?? []) {
      if (stores!.length > 1 && store.connections.some(name => plainConnection(name) === plain(folder)))
        found.add(store.datastore)
    }
  }
  return found.size === 1 ? [...found][0]! : null
}

/** A script of its own, not the scripts of a folder. */
function isFile({ path }: SchemaSet): boolean {
  return path.endsWith('.sql')
}

/** Folders in which scripts of their own bear the names of their databases: another one there is for another database. */
function foldersOfNamed({ sets, datastores }: PlacementInput): Set<string> {
  return new Set(
    sets
      .filter(set => isFile(set) && namedByFolder(set, datastores) !== null)
      .map(({ path }) => posix.dirname(path)),
  )
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** `productDb`, `PRODUCT`, `product_pool`: the word that tells connections apart; '' if there is none. */
function plainConnection(name: string): string | null {
  if (name.includes('/') || name.includes(':')) return null
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  const kept = words.filter(
    word => !/^(db|database|pool|conn|connection|client|config|sql|url|uri|default|main)$/.test(word),
  )
  return kept.join('') || null
}

/**
 * The datastore on which two thirds or more of those tables are used that are used at all.
 *
 * @param schema in which all of them are; of two datastores on which as many are used, the one of its name is meant
 */
function mostUsed(
  set: SchemaSet,
  fitting: ReadonlySet<string>,
  usedOn: PlacementInput['usedOn'],
  schema?: string,
): string | null {
  const counts = new Map<string, number>()
  let used = 0
  for (const table of set.tables) {
    const key = schema === undefined ? table.name : `${schema}.${table.name}`
    const on = [...(usedOn.get(key.toLowerCase()) ?? [])].filter(id => fitting.has(id))
    if (on.length > 0) used++
    for (const id of on) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const [best] = ranked
  if (!best || best[1] * 3 < used * 2) return null
  const alike = ranked.filter(([, count]) => count === best[1])
  const meant = alike.length === 1 ? alike : alike.filter(([id]) => schema && plain(id) === plain(schema))
  return meant.length === 1 ? meant[0]![0] : null
}

/** Which datastore one access means. */
import type { Dialect } from '../model.js'
import { own } from '../own.js'
import { compatible, hasOwnClient } from './dialects.js'
import type { DatastoreResult, ServiceDatastore } from './types.js'

/** What is known about the connection that executes an access. */
export interface DatastoreHint {
  /** `file:line` or variable of the connection that its receiver was traced to. */
  connection?: string | null
  dialect?: Dialect | null
  /** npm package that runs it. */
  client?: string
  /** Qualifier of the table. */
  schema?: string | null
  /** What stands before that. */
  database?: string | null
}

/** True where `x.t` names a database of the same server, not a schema within the database. */
export function qualifierIsDatabase(dialect: Dialect): boolean {
  return dialect === 'mysql' || dialect === 'clickhouse'
}

/** The database that a name is qualified with; null if with none. */
export function databaseOf(
  { schema, database }: { schema?: string | null; database?: string | null },
  dialect: Dialect,
): string | null {
  return (qualifierIsDatabase(dialect) ? schema : database) || null
}

/**
 * The datastore of an access by a service: by the database that the table is qualified with, else by the
 * connection that executes it, else by dialect, else the service's first.
 * @returns null where it is open. In MySQL a qualifier always is a database: its name is returned although
 * no connection or script may have told of it, and the caller adds the datastore then.
 */
export function datastoreFor(
  result: DatastoreResult,
  service: string,
  hint: DatastoreHint = {},
): string | null {
  const stores = own(result.byService, service) ?? []
  const dialect = hint.dialect && hint.dialect !== 'unknown' ? hint.dialect : null
  const traced = tracedTo(stores, hint)
  if (traced.length > 1) return null
  const fitting = ofClient(
    stores.filter(item => compatible(item.dialect, dialect)),
    hint.client,
  )
  // What runs on a warehouse is seen to, by its client.
  const likely = dialect === null ? fitting.find(item => !hasOwnClient(item.dialect)) : undefined
  const meant = traced[0] ?? likely ?? fitting[0]

  const spoken = dialect ?? meant?.dialect ?? 'unknown'
  const database = databaseOf(hint, spoken)
  if (database !== null) {
    const named = databaseNamed(result, database, spoken, meant?.datastore)
    const isKnown = result.datastores.some(item => item.id === named)
    // PostgreSQL takes no other database than the connected one, unlike those that speak as it does.
    return spoken === 'postgresql' && !isKnown && meant && isInferred(meant) ? meant.datastore : named
  }
  if (hint.schema) {
    // Of an unknown dialect, a qualifier is a database if there is one of that name.
    const named = spoken === 'unknown' ? databaseNamed(result, hint.schema, spoken) : null
    if (result.datastores.some(item => item.id === named)) return named
  }
  if (meant) return meant.datastore
  // The service has connections, but none of this dialect, or none at all.
  const others = result.datastores.filter(datastore => compatible(datastore.dialect, dialect))
  return others.length === 1 ? others[0]!.id : null
}

/** Whether no file tells that the service connects to it. */
export function isInferred({ source }: ServiceDatastore): boolean {
  return source === 'default' || source === 'only-one'
}

/** A package that opens a connection of its own, by its own settings, and runs nothing on those of others. */
const OPENS_ITS_OWN = 'prisma'

/** Where a service has the connection of such a package and others: those that a client can run on, if that leaves any. */
function ofClient(stores: ServiceDatastore[], client: string | undefined): ServiceDatastore[] {
  if (client === undefined) return stores
  const left = stores.filter(({ clients = [] }) =>
    client === OPENS_ITS_OWN
      ? clients.includes(client)
      : clients.length === 0 || clients.some(each => each !== OPENS_ITS_OWN),
  )
  return left.length > 0 ? left : stores
}

/** Those of a service's datastores that the connection of an access may be to: a function may open it to any of several. */
function tracedTo(stores: ServiceDatastore[], { connection }: DatastoreHint): ServiceDatastore[] {
  return connection ? stores.filter(item => item.connections.includes(connection)) : []
}

/**
 * The datastore that a qualifier names: the one of the connection if it is a database of that name (whose id
 * may tell its host too), else the known one, else one of that name that nothing told of before.
 */
export function databaseNamed(
  { datastores }: Pick<DatastoreResult, 'datastores'>,
  name: string,
  dialect: Dialect,
  connected: string | null = null,
): string {
  if (connected === name || connected?.startsWith(`${name}@`) || connected === `${name}-${dialect}`)
    return connected
  const fitting = datastores.filter(item => compatible(item.dialect, dialect))
  // `billing@linked`: on another host than the connection
  const [bare, server] = name.split('@') as [string, string?]
  const named = server === undefined ? fitting : fitting.filter(item => item.id !== connected)
  // Database names compare without case on some systems: a second choice, after the exact one.
  const found =
    named.find(item => item.id === name || item.id === `${name}-${dialect}`) ??
    named.find(item => item.id.toLowerCase() === bare.toLowerCase())
  return found?.id ?? name
}

/**
 * The datastore of an access that several services can execute, because it lies in a library: the one that
 * all of them mean; the library's own connections only where no service reaches it.
 */
export function datastoreOfAccess(
  result: DatastoreResult,
  access: { service: string; reachedBy: string[] },
  hint: DatastoreHint = {},
): { datastore: string | null; reason: string | null } {
  const runners = access.reachedBy.length > 0 ? access.reachedBy : [access.service]
  const byRunner = runners.map(runner => ({ runner, datastore: datastoreFor(result, runner, hint) }))
  const meant = new Set(byRunner.map(item => item.datastore))
  if (meant.size === 1) {
    const datastore = byRunner[0]!.datastore
    if (datastore !== null) return { datastore, reason: null }
    const several = runners.flatMap(runner => tracedTo(own(result.byService, runner) ?? [], hint))
    return {
      datastore,
      reason:
        several.length > 1
          ? `its connection is opened to ${[...new Set(several.map(item => item.datastore))].join(' or ')}`
          : `${access.reachedBy.length === 0 ? 'no service is seen to run this, and ' : ''}no file tells which database ${runners.join(', ')} connects to`,
    }
  }
  const list = byRunner.map(item => `${item.runner} on ${item.datastore ?? 'an unknown database'}`).join(', ')
  return { datastore: null, reason: `the services that reach it use different databases: ${list}` }
}

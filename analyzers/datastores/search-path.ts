/** The schemas in which a connection looks for names without one: PostgreSQL's `search_path`. */

import { own } from '../own.js'
import type { DatastoreResult, SearchPath } from './types.js'

/** Those of start-up options: `-c search_path=shop,public`. Empty where these set none, or one that is not known. */
export function searchPathIn(options: string): string[] {
  const set = /\bsearch_path\s*=\s*([^\s;&]+)/i.exec(options)
  return set ? schemasOf(set[1]!) : []
}

/** The names of a list such as `shop, "Audit"`. Empty where one of them is a variable. */
export function schemasOf(list: string): string[] {
  const names = list.split(',').map(name => name.trim().replace(/^["'](.*)["']$/, '$1'))
  return names.every(name => /^\w+$/.test(name)) ? names : []
}

/** What a connection with these names and this path has to say. */
export function searchPathsOf(connections: string[], schemas: string[]): SearchPath[] {
  return schemas.length === 0 ? [] : [{ connections, schemas }]
}

/**
 * The schemas through which an access looks on a datastore: those of its connection; else those of the package that
 * holds its code; else those of the services that run it, where they agree.
 *
 * @param connection as `DatastoreHint` has it
 * @returns empty where that is open, or is the database's default schema
 */
export function searchPathOf(
  datastores: DatastoreResult,
  { service, reachedBy }: { service: string; reachedBy: string[] },
  datastore: string,
  connection: string | null = null,
): string[] {
  const own = pathOf(datastores, service, datastore, connection)
  if (own.length > 0 || reachedBy.length === 0) return own
  return agreed(reachedBy.map(runner => pathOf(datastores, runner, datastore, connection)))
}

/** That of the connection; of one without (a tool's, a migration's) that which all others have. */
function pathOf(
  result: DatastoreResult,
  service: string,
  datastore: string,
  connection: string | null,
): string[] {
  const paths = pathsOn(result, service, datastore)
  const named = paths.find(path => connection !== null && path.connections.includes(connection))
  return named?.schemas ?? agreed(paths.map(path => path.schemas))
}

/** What all of them are; empty where they differ. */
function agreed(paths: string[][]): string[] {
  const [first = []] = paths
  return paths.every(path => path.join() === first.join()) ? first : []
}

/** All schemas that some connection of the services looks through on a datastore. */
export function schemasSearched(result: DatastoreResult, services: string[], datastore: string): string[] {
  const paths = services.flatMap(service => pathsOn(result, service, datastore))
  return [...new Set(paths.flatMap(path => path.schemas))]
}

function pathsOn({ byService }: DatastoreResult, service: string, datastore: string): SearchPath[] {
  return own(byService, service)?.find(item => item.datastore === datastore)?.searchPaths ?? []
}

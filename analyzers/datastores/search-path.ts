/** The schemas in which a connection looks for names without one: PostgreSQL's `search_path`. */

import { own } from './own.js'
import type { DatastoreResult } from './types.js'

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

/**
 * The schemas that all of some services look through on a datastore.
 * @returns empty where they differ, or look in the default one
 */
export function searchPathOf(
  { byService }: DatastoreResult,
  services: string[],
  datastore: string,
): string[] {
  const paths = services.map(
    service => own(byService, service)?.find(item => item.datastore === datastore)?.searchPath ?? [],
  )
  return paths.every(path => path.join() === paths[0]!.join()) ? (paths[0] ?? []) : []
}

/** Databases that a service's own scripts and defaults name, while what is deployed gives it another. */
import type { Dialect } from '../model.js'
import { own } from '../own.js'
import { compatible } from './dialects.js'
import type { DatastoreResult, ServiceDatastore } from './types.js'

/**
 * The datastore that a service's scripts are for, where they name the one that its code has as a default, settings give
 * it another, and nobody connects to the first; null for all others.
 */
export function overridden(
  byService: DatastoreResult['byService'],
  { name, dialect, service }: { name: string; dialect: Dialect; service: string | null },
): ServiceDatastore | null {
  const stores = service === null ? [] : (own(byService, service) ?? [])
  const meant = stores.find(
    store => store.overridden?.includes(name) === true && compatible(store.dialect, dialect),
  )
  const isUsed =
    meant && Object.values(byService).some(all => all.some(({ datastore }) => datastore === name))
  return meant && !isUsed ? meant : null
}

/** Which datastores programs in languages that are not read connect to: they may write what a service seems to write alone. */
import type { OtherProgram } from '../workspace/types.js'
import { findDatastores } from './index.js'
import type { DatastoreInput, ServiceDatastore } from './types.js'

export interface ProgramDatastores {
  program: OtherProgram
  datastores: ServiceDatastore[]
}

/**
 * By compose files, manifests and `.env` files, as for a service. Found beside the datastores of the services, for which a
 * program that is not read decides nothing. What is only likely, for there is but one database, is not told: the program may
 * have none.
 */
export function programDatastores(
  input: DatastoreInput,
  programs: readonly OtherProgram[],
): ProgramDatastores[] {
  if (programs.length === 0) return []
  const byPath = new Map(input.services.map(service => [service.path, service.name]))
  // A service elsewhere may bear the name of the folder.
  const named = programs.map(program => ({ program, name: byPath.get(program.path) ?? program.path }))
  const added = named
    .filter(({ program }) => !byPath.has(program.path))
    .map(({ program: { path }, name }) => ({ name, path, kind: 'service' as const, evidence: [] }))
  const { byService } = findDatastores({
    ...input,
    services: [...input.services, ...added],
    active: named.map(({ name }) => name),
    apart: [],
  })
  return named.map(({ program, name }) => ({
    program,
    datastores: (byService[name] ?? []).filter(({ source }) => source !== 'only-one' && source !== 'default'),
  }))
}

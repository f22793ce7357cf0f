/** Which datastores programs in languages that are not read connect to: they may write what a service seems to write alone. */
import { isWithin } from '../workspace/paths.js'
import type { OtherProgram } from '../workspace/types.js'
import { findDatastores } from './index.js'
import type { DatastoreInput, ServiceDatastore, Setting } from './types.js'

export interface ProgramDatastores {
  program: OtherProgram
  datastores: ServiceDatastore[]
}

/**
 * By what it is deployed with and by the settings in its folder. Found beside the datastores of the services, for which a
 * program that is not read decides nothing. What is only likely is not told, as a file for all that names every database, or
 * that there is but one: the program may have none.
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
    evidence: { ...input.evidence, settings: input.evidence.settings.filter(isForOne) },
    services: [...input.services, ...added],
    active: named.map(({ name }) => name),
    apart: [],
  })
  return named.map(({ program, name }) => ({
    program,
    datastores: (byService[name] ?? []).filter(({ source }) => source !== 'only-one' && source !== 'default'),
  }))

  function isForOne({ targets, file }: Setting): boolean {
    return targets.length > 0 || programs.some(({ path }) => isWithin(file, path))
  }
}

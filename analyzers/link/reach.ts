/** Which services reach which files, through their imports of libraries. Barrels are followed by name. */
import type { Service } from '../model.js'
import type { WorkspaceFile } from '../workspace/types.js'
import type { ImportScan } from './imports.js'
import { scanImports } from './imports.js'

export interface Reach {
  /** Services that can execute the code of a file, sorted. */
  servicesOf(file: string): string[]
  /** For each service, the libraries of which it reaches some file. */
  libraries: Record<string, string[]>
  /** For each library, the services that reach some file of it. */
  services: Record<string, string[]>
}

/** A chain of barrels longer than this is no one's code; the search goes down it by recursion. */
const MAX_BARRELS = 200

/**
 * A service runs its own files, and of what they import the files that declare the imported names; so on from
 * there. Types are no code: importing one reaches nothing.
 *
 * @param text text of a source file
 * @param resolve file that an import means, or null
 */
export function findReach(
  services: Service[],
  files: WorkspaceFile[],
  text: (path: string) => string | null,
  resolve: (fromFile: string, specifier: string) => string | null,
): Reach {
  const sources = files.filter(file => file.kind === 'source')
  const followImports = createImportFollower(text, resolve)
  const ownFiles = new Map<string, string[]>()
  for (const { path, owner } of sources) {
    if (owner === null) continue
    const own = ownFiles.get(owner)
    if (own) own.push(path)
    else ownFiles.set(owner, [path])
  }

  const reachers = new Map<string, string[]>()
  const deployed = services.filter(service => service.kind === 'service').map(service => service.name)
  for (const service of deployed.sort()) {
    // Importing from another service's folder runs its code here too.
    const seen = new Set(ownFiles.get(service))
    for (const file of seen) for (const next of followImports(file)) seen.add(next)
    for (const file of seen) {
      const names = reachers.get(file)
      if (names) names.push(service)
      else reachers.set(file, [service])
    }
  }

  const libraries: Record<string, Set<string>> = {}
  const byLibrary: Record<string, Set<string>> = {}
  for (const { name: library, kind } of services) {
    if (kind !== 'library') continue
    for (const file of ownFiles.get(library) ?? []) {
      for (const service of reachers.get(file) ?? []) {
        ;(libraries[service] ??= new Set()).add(library)
        ;(byLibrary[library] ??= new Set()).add(service)
      }
    }
  }
  return {
    servicesOf: file => [...(reachers.get(file) ?? [])],
    libraries: sorted(libraries),
    services: sorted(byLibrary),
  }
}

/** Files to which no import leads from where the code of a service is known to begin. */
import { groupBy } from '../../graph/index.js'
import type { Workspace } from '../../workspace/types.js'
import type { ModuleScan } from '../imports.js'
import { entryPointsOf } from './entry-points.js'

/** A source file of a service, and the files that import it, to none of which an entry point leads either; sorted. */
export type OutsideFile = [file: string, importers: string[]]

/**
 * @param scanOf imports and exports of a source file
 * @param resolve file that an import means, or null
 */
export function findOutside(
  workspace: Workspace,
  scanOf: (path: string) => ModuleScan,
  resolve: (fromFile: string, specifier: string) => string | null,
): OutsideFile[] {
  const entryPointAt = entryPointsOf(workspace)
  const sources = workspace.files
    .filter(file => file.kind === 'source')
    .map(({ path, owner }) => ({ path, owner, entry: entryPointAt(path, owner) }))
  // Where no program of a service is known, none of its files can be told to be outside.
  const begun = new Set(sources.filter(({ entry }) => entry === 'program').map(({ owner }) => owner))
  const importsOf = (path: string): string[] => {
    const { imports, stars, reexports } = scanOf(path)
    const modules = [...imports, ...stars, ...reexports.flatMap(([, origins]) => origins)].map(
      each => each.module,
    )
    return [...new Set(modules)].flatMap(module => resolve(path, module) ?? [])
  }
  const inside = new Set(
    sources.filter(({ owner, entry }) => entry !== null || !begun.has(owner)).map(({ path }) => path),
  )
  for (const path of inside) for (const imported of importsOf(path)) inside.add(imported)

  const countOf = groupBy(sources, ({ owner }) => owner)
  const left = groupBy(
    sources.filter(({ path }) => !inside.has(path)),
    ({ owner }) => owner,
  )
  const outside = [...left].flatMap(([owner, files]) =>
    // Where most of a service is left, something begins it that is not known here.
    files.length > countOf.get(owner)!.length / 2 ? [] : files.map(({ path }) => path),
  )
  const importers = new Map(outside.map(path => [path, [] as string[]]))
  for (const path of importers.keys())
    for (const imported of importsOf(path)) if (imported !== path) importers.get(imported)?.push(path)
  return [...importers]
}

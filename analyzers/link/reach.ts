/** Which services reach which files, through their imports of libraries. Barrels are followed by name. */

import { groupBy } from '../graph/index.js'
import type { Service } from '../model.js'
import type { WorkspaceFile } from '../workspace/types.js'
import type { ImportStatement, ModuleScan, Origin } from './imports.js'
import { specifiersOf } from './imports.js'

export interface Reach {
  /** Services that can execute the code of a file, sorted. */
  servicesOf(file: string): string[]
  /** For each service, the libraries of which it reaches some file. */
  libraries: Record<string, string[]>
  /** For each library, the services that reach some file of it. */
  services: Record<string, string[]>
}

/** The same as plain data. */
export interface ReachData extends Omit<Reach, 'servicesOf'> {
  /** Services, and the files whose code just these can execute. */
  reached: [services: string[], files: string[]][]
}

export function reachOf({ reached, ...rest }: ReachData): Reach {
  const servicesOf = new Map(reached.flatMap(([services, files]) => files.map(file => [file, services])))
  return { ...rest, servicesOf: file => [...(servicesOf.get(file) ?? [])] }
}

/** A chain of barrels longer than this is no one's code; the search goes down it by recursion. */
const MAX_BARRELS = 200

/**
 * A service runs its own files, and of what they import the files that declare the imported names; so on from
 * there. Types are no code: importing one reaches nothing.
 *
 * @param scanOf imports and exports of a source file
 * @param resolve file that an import means, or null
 */
export function findReach(
  services: Service[],
  files: WorkspaceFile[],
  scanOf: (path: string) => ModuleScan,
  resolve: (fromFile: string, specifier: string) => string | null,
): ReachData {
  const sources = files.filter(file => file.kind === 'source')
  const ownerOf = new Map(sources.map(file => [file.path, file.owner]))
  const followImports = createImportFollower(scanOf, resolve)
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
    for (const file of seen) {
      for (const next of followImports(file, path => ownerOf.get(path) === service)) seen.add(next)
    }
    for (const file of seen) {
      const names = reachers.get(file)
      if (names) names.push(service)
      else reachers.set(file, [service])
    }
  }

  const libraries = new Map<string, Set<string>>()
  const byLibrary = new Map<string, Set<string>>()
  for (const { name: library, kind } of services) {
    if (kind !== 'library') continue
    for (const file of ownFiles.get(library) ?? []) {
      for (const service of reachers.get(file) ?? []) {
        addTo(libraries, service, library)
        addTo(byLibrary, library, service)
      }
    }
  }
  return {
    reached: groupsOf(reachers),
    libraries: sortedLists(libraries),
    services: sortedLists(byLibrary),
  }
}

/** Files by the services that reach them. */
function groupsOf(reachers: Map<string, string[]>): ReachData['reached'] {
  const groups = groupBy([...reachers], ([, services]) => services.join('\0'))
  return [...groups.values()].map(group => [group[0][1], group.map(([file]) => file)])
}

/** A file, and what was found out about it so far. */
interface Module {
  path: string
  imports: ImportStatement[]
  declared: Map<string, { isType: boolean }>
  reexports: Map<string, Origin[]>
  exportedStars: { module: string; isType: boolean }[]
  /** The files of its `export *`. */
  stars: { target: Module; isType: boolean }[] | null
  /** Files that it imports, with the statements that do. */
  targets: { target: string; statement: ImportStatement }[] | null
  /** Files that running it leads to. */
  next: readonly string[] | null
  /** Files that declare what it exports under a name: see `search`. */
  homes: Map<string, readonly string[] | null>
  /** Names being looked for at this moment. */
  open: Set<string>
}

/**
 * Finds the files that running a file leads to: those that declare what it imports and hands on. Where the file is
 * among those that are known to run, others of them may be left out.
 */
function createImportFollower(
  scanOf: (path: string) => ModuleScan,
  resolve: (fromFile: string, specifier: string) => string | null,
): (file: string, isKnown: (file: string) => boolean) => readonly string[] {
  const modules = new Map<string, Module>()
  let cuts = 0
  return followImports

  function moduleOf(path: string): Module {
    let found = modules.get(path)
    if (!found) {
      const scan = scanOf(path)
      found = {
        path,
        imports: scan.imports,
        declared: new Map(scan.declared),
        reexports: new Map(scan.reexports),
        exportedStars: scan.stars,
        stars: null,
        targets: null,
        next: null,
        homes: new Map(),
        open: new Set<string>(),
      }
      modules.set(path, found)
    }
    return found
  }

  function starsOf(from: Module): { target: Module; isType: boolean }[] {
    from.stars ??= from.exportedStars.flatMap(({ module, isType }) => {
      const target = resolve(from.path, module)
      return target === null ? [] : [{ target: moduleOf(target), isType }]
    })
    return from.stars
  }

  function followImports(file: string, isKnown: (file: string) => boolean): readonly string[] {
    const from = moduleOf(file)
    if (!isKnown(file)) {
      from.next ??= follow(targetsOf(from))
      return from.next
    }
    // Most imports stay among the service's own files, all of which run anyway: no need to follow their names.
    return follow(targetsOf(from).filter(({ target }) => !isKnown(target)))
  }

  function targetsOf(from: Module): { target: string; statement: ImportStatement }[] {
    from.targets ??= from.imports.flatMap(statement => {
      const target = resolve(from.path, statement.module)
      return target === null ? [] : [{ target, statement }]
    })
    return from.targets
  }

  function follow(targets: { target: string; statement: ImportStatement }[]): string[] {
    const next = new Set<string>()
    for (const { target, statement } of targets) {
      for (const { name, isType } of specifiersOf(statement))
        if (!isType) addAll(next, homesOf(target, name, 0))
    }
    return [...next]
  }

  /** Files that declare an export of a file; the file itself as a whole where that can't be told. */
  function homesOf(target: string, name: string, depth: number): readonly string[] {
    return (name === '*' ? null : search(moduleOf(target), name, depth)) ?? [target]
  }

  /** Files that declare an export, none for a type or what comes from outside; null if it isn't found. */
  function search(from: Module, name: string, depth: number): readonly string[] | null {
    const { declared, reexports, exportedStars } = from
    if (exportedStars.length === 0 && !declared.has(name) && !reexports.has(name)) return null
    const known = from.homes.get(name)
    if (known !== undefined) return known
    if (from.open.has(name) || depth > MAX_BARRELS) {
      cuts++
      return null
    }
    const cutsBefore = cuts
    from.open.add(name)
    const found = searchModule(from, name, depth)
    from.open.delete(name)
    // Barrels may import each other: what isn't found from inside of such a circle may be found from outside.
    if (found !== null || depth === 0 || cuts === cutsBefore) from.homes.set(name, found)
    return found
  }

  function searchModule(from: Module, name: string, depth: number): readonly string[] | null {
    const { declared, reexports } = from
    const own = declared.get(name)
    const origins = reexports.get(name)
    const found = new Set<string>()
    if (own && !own.isType) found.add(from.path)
    if (own && !origins) return [...found]
    for (const { module, name: original, isType } of origins ?? []) {
      const target = isType ? null : resolve(from.path, module)
      if (target !== null) addAll(found, homesOf(target, original, depth + 1))
    }
    let isFound = origins !== undefined
    if (!isFound && name !== 'default') {
      for (const { target, isType } of starsOf(from)) {
        const below = search(target, name, depth + 1)
        if (below === null) continue
        isFound = true
        if (!isType) addAll(found, below)
      }
    }
    if (!isFound) return null
    // What a barrel imports for its effects runs on the way.
    for (const { kind, module } of from.imports) {
      const target = kind === 'effect' ? resolve(from.path, module) : null
      if (target !== null) found.add(target)
    }
    return [...found]
  }
}

function addAll(set: Set<string>, more: readonly string[]): void {
  for (const each of more) set.add(each)
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key)
  if (known) known.add(value)
  else sets.set(key, new Set([value]))
}

function sortedLists(sets: Map<string, Set<string>>): Record<string, string[]> {
  return Object.fromEntries([...sets].map(([key, values]) => [key, [...values].sort()]))
}

/** Which file of the workspace an import means. Looks at no disk: it knows the files already. */
import { packageOf } from './deno.js'
import { indexModules, type ModuleFiles, probeModule, sourceCandidates } from './modules.js'
import { folderOf, joinInside, upwards } from './paths.js'
import { bestFirst, firstMatch, type Patterns } from './patterns.js'
import type { Workspace, WorkspacePackage } from './types.js'

/**
 * `specifier` as written in an import of `fromFile`, both as the workspace names them.
 * The answer is a path relative to the root, or null for what lies outside of the workspace.
 */
export type Resolve = (fromFile: string, specifier: string) => string | null

/** The part of a workspace that tells where an import leads. */
export type ResolvableWorkspace = Pick<Workspace, 'files' | 'packages' | 'tsPaths' | 'links'>

/** The package that `specifier` of `fromFile` means where it leads out of the workspace; as it is written, if none. */
export type NamePackage = (fromFile: string, specifier: string) => string

/** A package made ready for look-ups. */
interface Package {
  path: string
  entries: Patterns
  imports: Patterns
  localDependencies: ReadonlyMap<string, string>
}

/** What rules imports of the files in one folder. */
interface Scope {
  folder: string
  /** The package around it. */
  pkg: Package | null
  /** Patterns of the tsconfigs above it, the nearest first. */
  tsPaths: Patterns[]
  /** By specifier: all files of a folder get the same. */
  answers: Map<string, string | null>
}

/** A link may lead to a folder with links of its own. */
const maxLinkHops = 8

/**
 * A resolver that remembers its answers. It knows relative imports (with `.js` for `.ts`, folders with an
 * index file, symbolic links, built files that stand for their sources, names in other letters, which macOS and
 * Windows take for the same), `paths` and `baseUrl` of the nearest
 * tsconfig, workspace packages by name (with and without `exports`, and deep imports of their folders), and
 * `#imports`.
 *
 * @example
 * createResolver(workspace)('apps/api/src/main.ts', '@org/db') // 'packages/db/src/index.ts'
 */
export function createResolver(workspace: ResolvableWorkspace): Resolve {
  const { probe, probeAnyCase } = createProbes(workspace)
  const packagesByName = new Map<string, Package>()
  const packagesByFolder = new Map<string, Package>()
  for (const described of workspace.packages) {
    const pkg = prepare(described)
    if (!packagesByName.has(described.name)) packagesByName.set(described.name, pkg)
    packagesByFolder.set(pkg.path, pkg)
  }
  const tsPaths = new Map<string, Patterns>()
  for (const { folder, paths } of workspace.tsPaths) {
    tsPaths.set(folder, [...(tsPaths.get(folder) ?? []), ...bestFirst(paths)])
  }
  const scopes = new Map<string, Scope>()
  const scopesByFile = new Map<string, Scope>()

  return (fromFile, specifier) => {
    let scope = scopesByFile.get(fromFile)
    if (scope === undefined) {
      scope = scopeOf(folderOf(fromFile))
      scopesByFile.set(fromFile, scope)
    }
    let answer = scope.answers.get(specifier)
    if (answer === undefined) {
      answer = resolve(withoutQuery(specifier), scope)
      scope.answers.set(specifier, answer)
    }
    return answer
  }

  function resolve(specifier: string, scope: Scope): string | null {
    if (specifier === '' || specifier.startsWith('node:') || specifier.startsWith('/')) return null
    if (/^\.\.?(?:\/|$)/.test(specifier)) return resolveRelative(joinInside(scope.folder, specifier))
    const imported = specifier.startsWith('#') ? firstMatch(scope.pkg?.imports ?? [], specifier, probe) : null
    return imported ?? resolveTsPaths(specifier, scope) ?? resolvePackage(specifier, scope)
  }

  /** A file of `bin/` imports `../dist/index.js`, which only a build would make. */
  function resolveRelative(path: string | null): string | null {
    if (path === null) return null
    return probe(path) ?? probeSources(path, scopeOf(folderOf(path)).pkg) ?? probeAnyCase(path)
  }

  /** The nearest config rules; those above it only help with patterns of their own, never with `baseUrl`. */
  function resolveTsPaths(specifier: string, scope: Scope): string | null {
    for (const [distance, patterns] of scope.tsPaths.entries()) {
      const usable = distance === 0 ? patterns : patterns.filter(([pattern]) => pattern !== '*')
      const found = firstMatch(usable, specifier, probe)
      if (found !== null) return found
    }
    return null
  }

  function resolvePackage(specifier: string, scope: Scope): string | null {
    const name = packageNameOf(specifier)
    const rest = specifier.slice(name.length + 1)
    const local = scope.pkg?.localDependencies.get(name)
    const pkg = local === undefined ? packagesByName.get(name) : packagesByFolder.get(local)
    if (pkg === undefined) return local === undefined ? null : probe(joinInside(local, rest))
    const entry = firstMatch(pkg.entries, rest === '' ? '.' : `./${rest}`, probe)
    return entry ?? (rest === '' ? null : resolveDeep(pkg, rest))
  }

  /** A deep import that `exports` does not tell: the file itself, the source of a built file, or `src/`. */
  function resolveDeep(pkg: Package, rest: string): string | null {
    const path = joinInside(pkg.path, rest)
    if (path === null) return null
    return probeSources(path, pkg) ?? probe(joinInside(pkg.path, `src/${rest}`))
  }

  function probeSources(path: string, pkg: Package | null): string | null {
    if (pkg === null) return null
    for (const candidate of sourceCandidates(path, pkg.path, [])) {
      const found = probe(candidate)
      if (found !== null) return found
    }
    return null
  }

  function scopeOf(folder: string): Scope {
    let scope = scopes.get(folder)
    if (scope === undefined) {
      const above = [...upwards(folder)]
      scope = {
        folder,
        pkg: above.map(path => packagesByFolder.get(path)).find(pkg => pkg !== undefined) ?? null,
        tsPaths: above.map(path => tsPaths.get(path)).filter(patterns => patterns !== undefined),
        answers: new Map(),
      }
      scopes.set(folder, scope)
    }
    return scope
  }
}

/** Names of packages as the import maps above a file give them, and as Deno's specifiers do. */
export function createPackageNames({ importAliases }: Pick<Workspace, 'importAliases'>): NamePackage {
  const byFolder = new Map(importAliases.map(({ folder, names }) => [folder, new Map(Object.entries(names))]))
  return (fromFile, specifier) => {
    if (byFolder.size > 0) {
      for (const folder of upwards(folderOf(fromFile))) {
        const name = byFolder.get(folder)?.get(specifier)
        if (name !== undefined) return name
      }
    }
    return packageOf(specifier)
  }
}

function prepare({ path, entries, imports, localDependencies }: WorkspacePackage): Package {
  return {
    path,
    entries: bestFirst(entries),
    imports: bestFirst(imports),
    localDependencies: new Map(Object.entries(localDependencies)),
  }
}

/** Find the module at a path (null: outside of the root). */
interface Probes {
  /** Also behind symbolic links. */
  probe(path: string | null): string | null
  /** The only one whose path differs in capitals and small letters alone. */
  probeAnyCase(path: string): string | null
}

function createProbes(workspace: ResolvableWorkspace): Probes {
  const paths = new Set(workspace.files.map(file => file.path))
  const links = new Map(Object.entries(workspace.links))
  const linkedFiles = new Map([...links].filter(([, target]) => paths.has(target)))
  const modules = indexModules([...paths, ...linkedFiles.keys()])
  let anyCase: { modules: ModuleFiles; asWritten: ReadonlyMap<string, string> } | undefined

  return { probe, probeAnyCase }

  function probe(path: string | null): string | null {
    let place = path
    for (let hops = 0; place !== null && hops < maxLinkHops; hops++) {
      const found = probeModule(place, modules)
      if (found !== null) return linkedFiles.get(found) ?? found
      place = links.size === 0 ? null : behindLink(place)
    }
    return null
  }

  function probeAnyCase(path: string): string | null {
    anyCase ??= indexAnyCase(paths)
    const found = probeModule(path.toLowerCase(), anyCase.modules)
    return found === null ? null : anyCase.asWritten.get(found)!
  }

  /** The same path with a linked folder in it replaced by the folder itself; null if there is none. */
  function behindLink(path: string): string | null {
    for (const above of upwards(path)) {
      const target = links.get(above)
      if (target !== undefined) return target + path.slice(above.length)
    }
    return null
  }
}

/** Files by their paths in small letters, but for those of which several are the same then. */
function indexAnyCase(paths: Iterable<string>): {
  modules: ModuleFiles
  asWritten: ReadonlyMap<string, string>
} {
  const asWritten = new Map<string, string>()
  const several = new Set<string>()
  for (const path of paths) {
    const small = path.toLowerCase()
    if (asWritten.has(small)) several.add(small)
    asWritten.set(small, path)
  }
  for (const path of several) asWritten.delete(path)
  return { modules: indexModules(asWritten.keys()), asWritten }
}

/** Bundlers let an import carry `?raw` and the like. */
function withoutQuery(specifier: string): string {
  const query = specifier.indexOf('?')
  return query === -1 ? specifier : specifier.slice(0, query)
}

/** `@org/lib/deep/file` -> `@org/lib`, `lib/deep` -> `lib`. */
function packageNameOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!
}

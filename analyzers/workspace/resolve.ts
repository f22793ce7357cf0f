/** Which file of the workspace an import means. Looks at no disk: it knows the files already. */
import { probeFile, probeModule, sourceCandidates } from './modules.js'
import { folderOf, joinInside, upwards } from './paths.js'
import type { Workspace, WorkspacePackage } from './types.js'

/**
 * `specifier` as written in an import of `fromFile`, both as the workspace names them.
 * The answer is a path relative to the root, or null for what lies outside of the workspace.
 */
export type Resolve = (fromFile: string, specifier: string) => string | null

/** A link may lead to a folder with links of its own. */
const maxLinkHops = 8

/** The part of a workspace that tells where an import leads. */
export type ResolvableWorkspace = Pick<Workspace, 'files' | 'packages' | 'tsPaths' | 'links'>

/**
 * A resolver that remembers its answers. It knows relative imports (with `.js` for `.ts`, folders with an
 * index file, symbolic links), `paths` and `baseUrl` of the nearest tsconfig, workspace packages by name
 * (with and without `exports`, and deep imports of their folders), and `#imports`.
 *
 * @example
 * createResolver(workspace)('apps/api/src/main.ts', '@org/db') // 'packages/db/src/index.ts'
 */
export function createResolver(workspace: ResolvableWorkspace): Resolve {
  const files = new Set(workspace.files.map(file => file.path))
  const tsPaths = new Map(workspace.tsPaths.map(({ folder, paths }) => [folder, bestPatternsFirst(paths)]))
  const packagesByName = new Map<string, WorkspacePackage>()
  const packagesByFolder = new Map<string, WorkspacePackage>()
  for (const pkg of workspace.packages) {
    if (!packagesByName.has(pkg.name)) packagesByName.set(pkg.name, pkg)
    packagesByFolder.set(pkg.path, pkg)
  }
  const linkedFiles = new Map(Object.entries(workspace.links).filter(([, target]) => files.has(target)))
  for (const link of linkedFiles.keys()) files.add(link)
  const answers = new Map<string, string | null>()

  return (fromFile, specifier) => {
    const folder = folderOf(fromFile)
    const key = `${folder}\0${specifier}`
    let answer = answers.get(key)
    if (answer === undefined) {
      answer = resolve(folder, withoutQuery(specifier))
      answers.set(key, answer)
    }
    return answer
  }

  function resolve(folder: string, specifier: string): string | null {
    if (specifier === '' || specifier.startsWith('node:') || specifier.startsWith('/')) return null
    if (/^\.\.?(?:\/|$)/.test(specifier)) return resolveRelative(joinInside(folder, specifier))
    if (specifier.startsWith('#')) {
      const imported = resolveImports(folder, specifier)
      if (imported !== null) return imported
    }
    return resolveTsPaths(folder, specifier) ?? resolvePackage(folder, specifier)
  }

  /** A file of `bin/` imports `../dist/index.js`, which only a build would make. */
  function resolveRelative(path: string | null): string | null {
    if (path === null) return null
    return probePath(path) ?? probeSources(path, packageAround(folderOf(path)))
  }

  function probeSources(path: string, pkg: WorkspacePackage | null): string | null {
    if (pkg === null) return null
    for (const candidate of sourceCandidates(path, pkg.path, [])) {
      const found = probePath(candidate)
      if (found !== null) return found
    }
    return null
  }

  function probePath(path: string | null): string | null {
    let place = path
    for (let hops = 0; place !== null && hops < maxLinkHops; hops++) {
      const found = probeModule(place, files)
      if (found !== null) return linkedFiles.get(found) ?? found
      place = behindLink(place)
    }
    return null
  }

  /** The same path with a linked folder in it replaced by the folder itself; null if there is none. */
  function behindLink(path: string): string | null {
    for (const above of upwards(path)) {
      const target = workspace.links[above]
      if (target !== undefined) return target + path.slice(above.length)
    }
    return null
  }

  /** `#name` by the `imports` of the package around the importing file. */
  function resolveImports(folder: string, specifier: string): string | null {
    const pkg = packageAround(folder)
    return pkg === null ? null : resolveSubpath(pkg.imports, specifier)
  }

  function packageAround(folder: string): WorkspacePackage | null {
    for (const above of upwards(folder)) {
      const pkg = packagesByFolder.get(above)
      if (pkg !== undefined) return pkg
    }
    return null
  }

  /** The nearest config rules; those above it only help with patterns of their own, never with `baseUrl`. */
  function resolveTsPaths(folder: string, specifier: string): string | null {
    let isNearest = true
    for (const above of upwards(folder)) {
      const config = tsPaths.get(above)
      if (config === undefined) continue
      const found = resolveIn(config, specifier, isNearest)
      if (found !== null) return found
      isNearest = false
    }
    return null
  }

  function resolveIn(patterns: Pattern[], specifier: string, withBaseUrl: boolean): string | null {
    for (const [pattern, targets] of patterns) {
      if (pattern === '*' && !withBaseUrl) continue
      const rest = matchPattern(pattern, specifier)
      if (rest === null) continue
      for (const target of targets) {
        const found = probePath(target.replace('*', () => rest))
        if (found !== null) return found
      }
    }
    return null
  }

  function resolvePackage(folder: string, specifier: string): string | null {
    const name = packageNameOf(specifier)
    const local = packageAround(folder)?.localDependencies[name]
    const pkg = local === undefined ? packagesByName.get(name) : packagesByFolder.get(local)
    const rest = specifier.slice(name.length + 1)
    if (pkg === undefined) return local === undefined ? null : probePath(joinInside(local, rest))
    const subpath = rest === '' ? '.' : `./${rest}`
    return resolveSubpath(pkg.entries, subpath) ?? (rest === '' ? null : resolveDeep(pkg, rest))
  }

  /** A deep import that `exports` does not tell: the file itself, the source of a built file, or `src/`. */
  function resolveDeep(pkg: WorkspacePackage, rest: string): string | null {
    const path = joinInside(pkg.path, rest)
    if (path === null) return null
    return probeSources(path, pkg) ?? probePath(joinInside(pkg.path, `src/${rest}`))
  }

  function resolveSubpath(entries: Record<string, string[]>, subpath: string): string | null {
    const exact = Object.hasOwn(entries, subpath) ? entries[subpath]![0] : undefined
    if (exact !== undefined && !exact.includes('*')) return exact
    for (const [pattern, targets] of bestPatternsFirst(entries)) {
      const rest = pattern.includes('*') ? matchPattern(pattern, subpath) : null
      if (rest === null) continue
      for (const target of targets) {
        const path = target.replaceAll('*', () => rest)
        const found = probeFile(path, files) ?? probePath(path)
        if (found !== null) return found
      }
    }
    return null
  }
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

/** What the `*` of a pattern stands for in `text`; '' for an equal text without one; null for no match. */
function matchPattern(pattern: string, text: string): string | null {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === text ? '' : null
  const prefix = pattern.slice(0, star)
  const suffix = pattern.slice(star + 1)
  const fits =
    text.startsWith(prefix) && text.endsWith(suffix) && text.length >= prefix.length + suffix.length
  return fits ? text.slice(prefix.length, text.length - suffix.length) : null
}

type Pattern = [pattern: string, targets: string[]]

/** As TypeScript and Node choose: a literal before a pattern, a longer prefix before a shorter one. */
function bestPatternsFirst(paths: Record<string, string[]>): Pattern[] {
  const prefixLength = (pattern: string): number => {
    const star = pattern.indexOf('*')
    return star === -1 ? Number.MAX_SAFE_INTEGER : star
  }
  return Object.entries(paths).sort(([a], [b]) => prefixLength(b) - prefixLength(a))
}

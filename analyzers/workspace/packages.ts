/** The npm packages of the repository, so that an import by package name finds its source file. */
import { isObject, type JsonFile, type JsonObject, objectAt, stringAt, stringMembers } from './json.js'
import { type BuildOutput, type ModuleFiles, probeModule, sourceCandidates } from './modules.js'
import { folderOf, joinInside } from './paths.js'
import type { WorkspacePackage } from './types.js'

/** What a package's entries are resolved against. */
export interface PackageContext {
  files: ModuleFiles
  /** See `TsConfigs.outputs`. */
  outputs: Map<string, BuildOutput[]>
}

/** A package.json that names or builds something; `{ "type": "module" }` alone only marks a folder. */
export function describesPackage(manifest: JsonFile): boolean {
  const keys = ['name', 'scripts', 'dependencies', 'devDependencies', 'main', 'exports', 'bin', 'workspaces']
  return keys.some(key => Object.hasOwn(manifest.value, key))
}

/** The package that a package.json describes; null if it has no name to import it by. */
export function readPackage(manifest: JsonFile, context: PackageContext): WorkspacePackage | null {
  const name = stringAt(manifest.value, 'name')
  if (name === null || name === '') return null
  const path = folderOf(manifest.path)
  const locate = (target: string): string[] => locateEntry(target, path, context)
  return {
    name,
    path,
    entries: entriesOf(manifest.value, path, context, locate),
    imports: mapTargets(objectAt(manifest.value, 'imports'), locate),
    localDependencies: localDependenciesOf(manifest.value, path),
    dependencies: dependenciesOf(manifest.value).map(([dependency]) => dependency),
    versions: Object.fromEntries(dependenciesOf(manifest.value)),
  }
}

const dependencyKeys = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']

function dependenciesOf(manifest: JsonObject): [name: string, version: string][] {
  const all = dependencyKeys.flatMap(key => stringMembers(objectAt(manifest, key)))
  return [...new Map(all)]
}

function localDependenciesOf(manifest: JsonObject, path: string): Record<string, string> {
  const local = dependenciesOf(manifest).flatMap(([name, version]): [string, string][] => {
    const target = /^(?:file|link|portal):(.+)$/.exec(version)?.[1]
    const folder = target === undefined ? null : joinInside(path, target)
    return folder === null ? [] : [[name, folder]]
  })
  return Object.fromEntries(local)
}

/** Fields of package.json that name the entry of a package without `exports`, the one nearest to source first. */
const entryFields = ['source', 'main', 'module', 'types', 'typings']
/** Where an entry lies when package.json names none that is there. */
const conventionalEntries = ['src/index', 'index', 'src/main', 'lib/index']

function entriesOf(
  manifest: JsonObject,
  path: string,
  context: PackageContext,
  locate: (target: string) => string[],
): Record<string, string[]> {
  const entries = mapTargets(subpathsOf(manifest.exports), locate)
  const main = [
    ...(entries['.'] ?? []),
    ...entryFields.flatMap(field => locate(stringAt(manifest, field) ?? '')),
    ...conventionalEntries.flatMap(entry => located(joinInside(path, entry), context)),
  ]
  if (main.length > 0) entries['.'] = [...new Set(main)]
  return entries
}

/** `exports` in its three forms (a string, conditions, subpaths) as subpaths. */
function subpathsOf(exports: unknown): JsonObject {
  const isSubpaths = isObject(exports) && Object.keys(exports).some(key => key.startsWith('.'))
  return isSubpaths ? exports : { '.': exports }
}

function mapTargets(targets: JsonObject, locate: (target: string) => string[]): Record<string, string[]> {
  const mapped = Object.entries(targets).map(([subpath, target]): [string, string[]] => {
    const files = targetsOf(target, 0).flatMap(locate)
    return [subpath, [...new Set(files)]]
  })
  return Object.fromEntries(mapped.filter(([, files]) => files.length > 0))
}

/** Conditions in the order in which they lead to sources; others come between `import` and `types`. */
const conditionOrder = ['source', 'development', 'import', 'module', 'require', 'node', 'default']

/** Deeper conditions than this are no package's. */
const maxConditionDepth = 8

/** All files that a target of `exports` can mean, under whatever conditions. */
function targetsOf(target: unknown, depth: number): string[] {
  if (typeof target === 'string') return [target]
  if (depth > maxConditionDepth) return []
  if (Array.isArray(target)) return target.flatMap(item => targetsOf(item, depth + 1))
  if (!isObject(target)) return []
  const rank = (condition: string): number => {
    const at = conditionOrder.indexOf(condition)
    return at !== -1 ? at : condition === 'types' ? conditionOrder.length + 1 : conditionOrder.length
  }
  return Object.keys(target)
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(condition => targetsOf(target[condition], depth + 1))
}

/** The source files that an entry can mean. A pattern (`./dist/*.js`) gives all its candidates, unproven. */
function locateEntry(target: string, folder: string, context: PackageContext): string[] {
  const path = target === '' ? null : joinInside(folder, target)
  if (path === null) return []
  const candidates = sourceCandidates(path, folder, context.outputs.get(folder) ?? [])
  if (path.includes('*')) return candidates
  return candidates.flatMap(candidate => located(candidate, context)).slice(0, 1)
}

function located(path: string | null, context: PackageContext): string[] {
  const file = path === null ? null : probeModule(path, context.files)
  return file === null ? [] : [file]
}

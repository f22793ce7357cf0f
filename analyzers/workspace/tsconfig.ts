/** Module paths and build folders of every tsconfig and jsconfig, `extends` followed inside the root. */
import { isObject, type JsonFile, type JsonObject, objectAt, stringAt, stringsOf } from './json.js'
import type { BuildOutput } from './modules.js'
import { baseName, folderOf, joinInside } from './paths.js'
import type { TsPaths } from './types.js'

export interface TsConfigs {
  tsPaths: TsPaths[]
  /** By the folder of the tsconfig. */
  outputs: Map<string, BuildOutput[]>
}

/** Options that decide where modules lie, as folders relative to the root. */
interface ModuleOptions {
  baseUrl: string | null
  /** Already joined with baseUrl or the folder of the config that holds them. */
  paths: Record<string, string[]> | null
  outDir: string | null
  rootDir: string | null
}

const noOptions: ModuleOptions = { baseUrl: null, paths: null, outDir: null, rootDir: null }

/** `extends` chains longer than this are taken to be loops. */
const maxExtends = 16

/** Reads what these tsconfig and jsconfig files say; `byPath` also serves what they extend. */
export function readTsConfigs(files: readonly JsonFile[]): TsConfigs {
  const byPath = new Map(files.map(file => [file.path, file]))
  const tsPaths = new Map<string, TsPaths>()
  const outputs = new Map<string, BuildOutput[]>()
  for (const file of [...files].sort(mainConfigFirst)) {
    const folder = folderOf(file.path)
    const options = optionsOf(file, folder, byPath, 0)
    addPaths(tsPaths, folder, options)
    if (options.outDir !== null && options.outDir !== folder) {
      const rootDirs = options.rootDir === null ? [`${folder}/src`, folder] : [options.rootDir]
      const known = outputs.get(folder) ?? []
      known.push(
        ...rootDirs.map(rootDir => ({ outDir: options.outDir!, rootDir: rootDir.replace(/^\.\//, '') })),
      )
      outputs.set(folder, known)
    }
  }
  return { tsPaths: [...tsPaths.values()], outputs }
}

/** Of the configs in one folder, `tsconfig.json` is the editor's and comes first; the rest only add to it. */
function mainConfigFirst(a: JsonFile, b: JsonFile): number {
  const isMain = (file: JsonFile): number => (/^[jt]sconfig\.json$/.test(baseName(file.path)) ? 0 : 1)
  return isMain(a) - isMain(b) || (a.path < b.path ? -1 : 1)
}

function addPaths(all: Map<string, TsPaths>, folder: string, options: ModuleOptions): void {
  const paths = { ...options.paths }
  if (options.baseUrl !== null && paths['*'] === undefined) paths['*'] = [join(options.baseUrl, '*')]
  const known = all.get(folder)
  if (known !== undefined) known.paths = { ...paths, ...known.paths }
  else if (Object.keys(paths).length > 0) all.set(folder, { folder, paths })
}

/** `home` is the folder of the config that the chain began with: what `${configDir}` stands for. */
function optionsOf(
  file: JsonFile,
  home: string,
  byPath: Map<string, JsonFile>,
  depth: number,
): ModuleOptions {
  let inherited = noOptions
  for (const base of stringsOf(file.value.extends)) {
    const parent = depth < maxExtends ? findExtended(file, base, byPath) : undefined
    if (parent !== undefined) inherited = merged(inherited, optionsOf(parent, home, byPath, depth + 1))
  }
  return merged(inherited, ownOptions(file, home))
}

function merged(base: ModuleOptions, over: ModuleOptions): ModuleOptions {
  return {
    baseUrl: over.baseUrl ?? base.baseUrl,
    paths: over.paths ?? base.paths,
    outDir: over.outDir ?? base.outDir,
    rootDir: over.rootDir ?? base.rootDir,
  }
}

function findExtended(file: JsonFile, base: string, byPath: Map<string, JsonFile>): JsonFile | undefined {
  const path = base.startsWith('.') ? joinInside(folderOf(file.path), base) : null
  if (path === null) return undefined
  return byPath.get(path) ?? byPath.get(`${path}.json`) ?? byPath.get(`${path}/tsconfig.json`)
}

function ownOptions(file: JsonFile, home: string): ModuleOptions {
  const folder = folderOf(file.path)
  const options = objectAt(file.value, 'compilerOptions')
  const locate = (path: string): string | null =>
    path.startsWith('${configDir}')
      ? joinInside(home, `.${path.slice('${configDir}'.length)}`)
      : joinInside(folder, path)
  const folderAt = (key: string): string | null => {
    const path = stringAt(options, key)
    return path === null ? null : locate(path)
  }
  const baseUrl = folderAt('baseUrl')
  return {
    baseUrl,
    paths: pathsOf(options, path => (baseUrl === null ? locate(path) : joinInside(baseUrl, path))),
    outDir: folderAt('outDir'),
    rootDir: folderAt('rootDir'),
  }
}

function pathsOf(
  options: JsonObject,
  locate: (path: string) => string | null,
): Record<string, string[]> | null {
  if (!isObject(options.paths)) return null
  const located = Object.entries(options.paths).map(([pattern, targets]): [string, string[]] => [
    pattern,
    stringsOf(targets)
      .map(locate)
      .filter(target => target !== null),
  ])
  return Object.fromEntries(located)
}

function join(folder: string, rest: string): string {
  return folder === '.' ? rest : `${folder}/${rest}`
}

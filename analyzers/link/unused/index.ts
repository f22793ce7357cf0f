/** Files with accesses that nothing is seen to run: dead code, unless it is begun in a way that can't be seen. */
import { groupBy } from '../../graph/index.js'
import type { UnusedFile } from '../../model.js'
import { programWords } from '../../workspace/program-words.js'
import type { ReadFile, Workspace } from '../../workspace/types.js'
import { foldersWithin } from './entry-points.js'
import { createLoadedBy, createMayLoad, isProgram, type Wanted } from './loaders.js'
import type { OutsideFile } from './outside.js'
import { pathWords } from './path-words.js'

export { createLoadedBy, type Wanted } from './loaders.js'
export { findOutside, type OutsideFile } from './outside.js'

export interface UnusedInput {
  outside: OutsideFile[]
  /** Files with accesses. */
  files: string[]
  workspace: Workspace
  read: ReadFile
  resolve: (fromFile: string, specifier: string) => string | null
  /** Those of some source files whose texts have something. The key tells what. */
  search: (key: string, paths: string[], hasIt: (path: string) => boolean) => string[]
}

/** What was found, and what else may change it. */
export interface Unused {
  files: UnusedFile[]
  /** Files that any other file may start by naming them. */
  wanted: Wanted[]
  /** Files whose texts counted: the wanted ones, and those that start some of them. */
  because: string[]
}

/**
 * The files with accesses that neither an import nor a text of their service leads to: none that names the path of a
 * program in it, and none of code that loads modules by names which it puts together.
 */
export function findUnused(input: UnusedInput): Unused {
  const importers = new Map(input.outside)
  const used = [...new Set(input.files)].filter(file => importers.has(file)).sort()
  // Whatever may lead to them.
  const above = new Set(used)
  for (const file of above) for (const importer of importers.get(file) ?? []) above.add(importer)
  const imports = new Map([...above].map(file => [file, [] as string[]]))
  for (const file of above) for (const importer of importers.get(file)!) imports.get(importer)!.push(file)

  const wanted = above.size === 0 ? [] : wantedAmong(above, importers, input.workspace)
  const { started, starters } = startedAmong(wanted, input)
  for (const file of started) for (const imported of imports.get(file)!) started.add(imported)
  const ownerOf = new Map(wanted.map(({ path, owner }) => [path, owner]))
  return {
    files: used
      .filter(file => !started.has(file))
      .map(file => ({ file, service: ownerOf.get(file)!, importedBy: importers.get(file)! })),
    wanted,
    because: [...above, ...starters],
  }
}

/** Those of some files that a text starts, or that say that they are programs; and where they are started. */
function startedAmong(
  wanted: Wanted[],
  { workspace, read, resolve, search }: UnusedInput,
): { started: Set<string>; starters: string[] } {
  const textOf = (path: string): string => {
    const result = read(path)
    return 'text' in result ? result.text : ''
  }
  const started = new Set(wanted.map(({ path }) => path).filter(path => isProgram(textOf(path))))
  const starters: string[] = []
  if (wanted.length === 0) return { started, starters }
  const byOwner = new Map(
    [...groupBy(wanted, ({ owner }) => owner)].map(([owner, own]) => [owner, startersOf(own)]),
  )
  const all = startersOf(wanted)
  const deployed = new Set(
    workspace.services.filter(({ kind }) => kind === 'service').map(({ name }) => name),
  )
  const mayLoad = createMayLoad(wanted)
  const sources = workspace.files.filter(({ kind }) => kind === 'source').map(({ path }) => path)
  const loading = new Set(
    search(`may load ${JSON.stringify(wanted.map(({ path }) => path))}`, sources, path =>
      mayLoad(textOf(path)),
    ),
  )
  for (const { path, kind, owner } of workspace.files) {
    if (kind === 'sql' || kind === 'data' || (kind === 'source' && !loading.has(path))) continue
    // A library runs in the folder of the service that uses it; what belongs to nobody may start anything.
    const isOfService = kind === 'source' && owner !== null && deployed.has(owner)
    const possible = isOfService ? byOwner.get(owner) : all
    if (possible === undefined) continue
    const text = textOf(path)
    const loaded =
      kind === 'source'
        ? possible.loadedBy(path, text, specifier => resolve(path, specifier))
        : namedBy(programWords(text), possible.wanted)
    if (loaded.length > 0) starters.push(path)
    for (const each of loaded) started.add(each.path)
  }
  return { started, starters }
}

function wantedAmong(
  paths: Set<string>,
  importers: Map<string, string[]>,
  { files, services }: Workspace,
): Wanted[] {
  const folders = new Map(services.map(({ name, path }) => [name, path]))
  return files.flatMap(({ path, owner }) => {
    if (owner === null || !paths.has(path)) return []
    const between = foldersWithin(folders.get(owner)!, path).filter(each => each !== 'src')
    return [{ path, owner, folders: between, importedBy: importers.get(path)! }]
  })
}

function startersOf(wanted: Wanted[]) {
  return { wanted, loadedBy: createLoadedBy(wanted) }
}

function namedBy(programs: string[], wanted: Wanted[]): Wanted[] {
  const words = pathWords(programs)
  return wanted.filter(({ path }) => words.name(path))
}

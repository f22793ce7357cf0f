/** The repository's source files, and the facts of those that matter, looked up when they are asked for. */
import type { FileFacts } from '../extract/facts.js'
import { lineStartsOf } from '../extract/positions.js'
import type { Diagnostic } from '../model.js'
import type { ReadFile, WorkspaceFile } from '../workspace/types.js'
import type { FirstLook, Seen } from './first-look.js'
import { type ModuleScan, scanModule } from './imports.js'
import { interfaceKey } from './interfaces.js'
import type { Program, SharedAt } from './program.js'
import { type FileScan, scanFile } from './scan.js'
import { sharedByOwner } from './shared.js'

export interface SourceFiles extends Program {
  /** Whether a path is that of a module of the workspace: a source file, or JSON. */
  isModule(path: string): boolean
  /** Text of a file of the workspace; null where it can't be read. */
  text(path: string): string | null
  /** What the text of a source file tells; that of an empty one where it can't be read. */
  scan(path: string): FileScan
  /** What it imports and exports by its text. */
  module(path: string): ModuleScan
  /** The same for the same imports and exports. */
  moduleKey(path: string): string
  /**
   * Those of some files that were scanned whose text has something.
   *
   * @param key tells what is looked for
   */
  search(key: string, paths: string[], hasIt: (path: string) => boolean): string[]
  /** Offsets at which the lines of a file start. */
  lineStarts(path: string): number[]
  /**
   * Looks at many files of which nothing is known yet, before they are asked for.
   *
   * @param isWanted whether the facts of a file are wanted whatever its text tells
   * @param onDone called with how many it looked at so far
   */
  lookAt(paths: string[], isWanted: (path: string) => boolean, onDone: (count: number) => void): Promise<void>
  /** Makes sure that the facts of many files are there, before they are asked for. */
  prepare(paths: string[]): Promise<void>
  /**
   * Counts a file as read, as asking for its facts does: who extends and implements what is looked for in these.
   *
   * @returns false where there are no facts of it
   */
  touch(path: string): boolean
  /** Tells which classes extend which; known only once enough files are read. */
  setSubclasses(found: Map<string, { file: string; cls: number }[]>): void
  /** The same of classes that implement an interface (`file#name`). */
  setImplementers(found: Map<string, { file: string; cls: number }[]>): void
  /** The same of what files share by applications and requests. */
  setShared(found: SharedAt[]): void
  /** Files read so far, in the order in which they were first asked for. */
  touched(): string[]
  /** What could not be read. */
  unreadable(): Diagnostic[]
}

/** What the texts of source files tell, from the cache or made. */
export interface ScansOf {
  scan(path: string, source: string): FileScan
  /** Whether an earlier run scanned this text. */
  isKnown(path: string, source: string): boolean
  /** Adds what was found elsewhere. */
  add(path: string, source: string, scan: FileScan, module: ModuleScan): void
  module(path: string, source: string): ModuleScan
  /** The same for the same imports and exports. */
  moduleKey(path: string, source: string): string
  /**
   * The files of those that were scanned whose text has something.
   *
   * @param key tells what is looked for
   */
  search(key: string, paths: string[], hasIt: (path: string) => boolean): string[]
}

/** Facts of source files, from the cache or made. */
export interface FactsOf {
  one(path: string, source: string): FileFacts
  /** What is told of many files, made together. */
  look(files: Iterable<Seen>, onDone: (count: number) => void): Promise<FirstLook[]>
  /** Those of many files that the cache does not have, made together; null for the others. */
  many(files: { path: string; source: string }[]): Promise<(FileFacts | null)[]>
}

/**
 * @param files source files of the workspace
 * @param resolve finds the file that an import means
 * @param packageName names the package that an import means which is no file
 * @param scans what the texts of files tell, from the cache or made
 * @param libraries names of the owners of files that are libraries
 */
export function createSourceFiles(
  files: WorkspaceFile[],
  read: ReadFile,
  resolve: (fromFile: string, specifier: string) => string | null,
  packageName: (fromFile: string, specifier: string) => string,
  factsOf: FactsOf,
  scans: ScansOf,
  libraries: Set<string>,
): SourceFiles {
  const modules = new Set(
    files.filter(({ kind, path }) => kind === 'source' || path.endsWith('.json')).map(({ path }) => path),
  )
  const known = new Map<string, FileFacts>()
  // Made, but not asked for: what is looked for in all files that were must not depend on this.
  const prepared = new Map<string, FileFacts>()
  const touched = new Set<string>()
  const unreadable = new Map<string, Diagnostic>()
  const lineStarts = new Map<string, number[]>()
  const ownerOf = new Map(files.map(file => [file.path, file.owner]))
  let shared: (owner: string) => SharedAt[] = () => []
  let subclasses = new Map<string, { file: string; cls: number }[]>()
  let implementers = new Map<string, { file: string; cls: number }[]>()
  const text = (path: string): string | null => {
    const result = read(path)
    if ('text' in result) {
      if (result.warning) unreadable.set(path, result.warning)
      return result.text
    }
    unreadable.set(path, result.diagnostic)
    return null
  }
  const touch = (path: string): boolean => {
    if (touched.has(path)) return true
    if (!modules.has(path) || text(path) === null) return false
    touched.add(path)
    return true
  }
  return {
    isModule: path => modules.has(path),
    text,
    scan(path) {
      const source = text(path)
      return source === null ? scanFile(path, '') : scans.scan(path, source)
    },
    module(path) {
      const source = text(path)
      return source === null ? scanModule('') : scans.module(path, source)
    },
    moduleKey(path) {
      const source = text(path)
      return source === null ? '' : scans.moduleKey(path, source)
    },
    search: scans.search,
    lineStarts(path) {
      let found = lineStarts.get(path)
      if (found === undefined) {
        found = lineStartsOf(text(path) ?? '')
        lineStarts.set(path, found)
      }
      return found
    },
    resolve,
    packageName,
    exportMemo: new Map(),
    subclasses: (file, cls) => subclasses.get(`${file}#${cls}`),
    implementers: (file, name) => implementers.get(interfaceKey(file, name)),
    setSubclasses(found) {
      subclasses = found
    },
    setImplementers(found) {
      implementers = found
    },
    shared: file => shared(ownerOf.get(file) ?? ''),
    setShared(found) {
      shared = sharedByOwner(found, path => ownerOf.get(path) ?? '', libraries)
    },
    async lookAt(paths, isWanted, onDone) {
      const seen: Seen[] = []
      function* unknown(): Generator<Seen> {
        for (const path of paths) {
          const source = text(path)
          if (source === null || scans.isKnown(path, source)) continue
          const each = { path, source, isWanted: isWanted(path) }
          seen.push(each)
          yield each
        }
      }
      const found = await factsOf.look(unknown(), onDone)
      for (const [at, { path, source }] of seen.entries()) {
        const { scan, module, facts } = found[at]
        scans.add(path, source, scan, module)
        if (facts !== null) prepared.set(path, facts)
      }
    },
    async prepare(paths) {
      const inputs = paths.flatMap(path => {
        const source = modules.has(path) && !known.has(path) && !prepared.has(path) ? text(path) : null
        return source === null ? [] : [{ path, source }]
      })
      const made = await factsOf.many(inputs)
      for (const [at, { path }] of inputs.entries()) {
        const facts = made[at]
        if (facts !== null) prepared.set(path, facts)
      }
    },
    touch,
    facts(path) {
      const found = known.get(path)
      if (found !== undefined) return found
      if (!touch(path)) return null
      const facts = prepared.get(path) ?? factsOf.one(path, text(path)!)
      known.set(path, facts)
      return facts
    },
    touched: () => [...touched],
    unreadable: () => [...unreadable.values()],
  }
}

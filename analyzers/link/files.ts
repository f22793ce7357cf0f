/** The facts of the repository's files, extracted when first asked for. */
import type { FileFacts } from '../extract/facts.js'
import type { Diagnostic } from '../model.js'
import type { ReadFile, WorkspaceFile } from '../workspace/types.js'
import type { Program } from './program.js'

export interface SourceFiles extends Program {
  /** Whether a path is that of a source file of the workspace. */
  isSource(path: string): boolean
  /** Text of a file of the workspace; null where it can't be read. */
  text(path: string): string | null
  /** Extracts the facts of many files together, before they are asked for. */
  prepare(paths: string[]): Promise<void>
  /** Tells which classes extend which; known only once enough files are read. */
  setSubclasses(found: Map<string, { file: string; cls: number }[]>): void
  /** Facts extracted so far. */
  extracted(): FileFacts[]
  /** Lines of all source files that were read. */
  linesRead(): number
  /** What could not be read or parsed. */
  diagnostics(): Diagnostic[]
}

/**
 * @param files source files of the workspace
 * @param resolve finds the file that an import means
 * @param extract facts of one file
 * @param extractAll facts of many files
 */
export function createSourceFiles(
  files: WorkspaceFile[],
  read: ReadFile,
  resolve: (fromFile: string, specifier: string) => string | null,
  extract: (path: string, source: string) => FileFacts,
  extractAll: (files: { path: string; source: string }[]) => Promise<FileFacts[]>,
): SourceFiles {
  const sources = new Set(files.filter(file => file.kind === 'source').map(file => file.path))
  const known = new Map<string, FileFacts | null>()
  // Files count as read when they are asked for: what is looked for in all of them must not depend on this.
  const prepared = new Map<string, FileFacts>()
  const unreadable = new Map<string, Diagnostic>()
  const lines = new Map<string, number>()
  let subclasses = new Map<string, { file: string; cls: number }[]>()
  const text = (path: string): string | null => {
    const result = read(path)
    if ('text' in result) {
      if (result.warning) unreadable.set(path, result.warning)
      if (!lines.has(path) && sources.has(path)) lines.set(path, countLines(result.text))
      return result.text
    }
    unreadable.set(path, result.diagnostic)
    return null
  }
  return {
    isSource: path => sources.has(path),
    text,
    resolve,
    exportMemo: new Map(),
    subclasses: (file, cls) => subclasses.get(`${file}#${cls}`),
    setSubclasses(found) {
      subclasses = found
    },
    async prepare(paths) {
      const inputs = paths.flatMap(path => {
        const source = sources.has(path) && !known.has(path) ? text(path) : null
        return source === null ? [] : [{ path, source }]
      })
      const made = await extractAll(inputs)
      for (const [at, { path }] of inputs.entries()) prepared.set(path, made[at])
    },
    facts(path) {
      const found = known.get(path)
      if (found !== undefined) return found
      const source = sources.has(path) ? text(path) : null
      const facts = source === null ? null : (prepared.get(path) ?? extract(path, source))
      known.set(path, facts)
      return facts
    },
    extracted: () => [...known.values()].filter(facts => facts !== null),
    linesRead: () => [...lines.values()].reduce((sum, count) => sum + count, 0),
    diagnostics: () => [
      ...unreadable.values(),
      ...[...known.values()].flatMap(facts => facts?.diagnostics ?? []),
    ],
  }
}

function countLines(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1))
    count++
  return count
}

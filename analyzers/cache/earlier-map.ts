/**
 * The map of an earlier run, where nothing changed since but source files that it did not read, and what a first look at
 * these tells is the same: the usual edit, for most files of a repository have no SQL. To link would give that map again.
 */
import { scanModule } from '../link/imports.js'
import type { MapSources } from '../link/index.js'
import { seek, spokenOf } from '../link/named/mentions.js'
import { scanFile } from '../link/scan.js'
import { callsSome, type SoughtCalls } from '../link/sought-calls.js'
import { createLoadedBy, type Wanted } from '../link/unused/index.js'
import type { DependencyMap } from '../model.js'
import type { ReadFile, Workspace } from '../workspace/types.js'
import type { Cache } from './cache.js'
import { hashOfContent, keyOfWorkspace } from './cached-map.js'
import { mapShape } from './map-shape.js'
import { createScanTable, moduleKeyOf } from './scan-table.js'
import { count, list, object, type Shape, text } from './shape.js'

/** What the map of the last run that linked was made from. */
interface Basis {
  /** Key of the map. */
  map: string
  workspace: string
  /** Hash of each file of the workspace. */
  hashes: string[]
  /** Which of the files were not read. */
  unread: number[]
  sought: SoughtCalls[]
  named: string[]
  wanted: Wanted[]
}

const name = ((value: unknown) => typeof value === 'string' && /^[\w$]+$/.test(value)) as Shape<string>

const basisShape = object<Basis>({
  map: text,
  workspace: text,
  hashes: list(text),
  unread: list(count),
  sought: list(
    object<SoughtCalls>({
      rare: list(name),
      common: list(name),
      classes: list(name),
      made: list(name),
      ofKept: list(name),
      keys: list(text),
    }),
  ),
  named: list(name),
  wanted: list(object<Wanted>({ path: text, owner: text, folders: list(text), importedBy: list(text) })),
})

const KEY = 'last'

/** @param map key of the map that was made */
export function keepBasis(
  cache: Cache,
  map: string,
  workspace: Workspace,
  read: ReadFile,
  { unread, sought, named, wanted }: MapSources,
): void {
  const isUnread = new Set(unread)
  const basis: Basis = {
    map,
    workspace: keyOfWorkspace(workspace),
    hashes: workspace.files.map(({ path }) => hashOfContent(read(path))),
    unread: workspace.files.flatMap(({ path }, at) => (isUnread.has(path) ? [at] : [])),
    sought,
    named,
    wanted,
  }
  cache.put('basis', KEY, basis)
}

export function earlierMap(cache: Cache, workspace: Workspace, read: ReadFile): DependencyMap | null {
  const basis = cache.get('basis', KEY, basisShape)
  if (basis === null || basis.workspace !== keyOfWorkspace(workspace)) return null
  const unread = new Set(basis.unread)
  const seeks = basis.sought.map(callsSome)
  const named = seek(new Set(basis.named))
  const loadedBy = basis.wanted.length === 0 ? null : createLoadedBy(basis.wanted)
  const scans = createScanTable(cache, path => hashOfContent(read(path)))
  let addedLines = 0
  for (const [at, { path }] of workspace.files.entries()) {
    const content = read(path)
    if (hashOfContent(content) === basis.hashes[at]) continue
    if (!unread.has(at) || !('text' in content) || content.warning) return null
    const before = scans.earlier(path, basis.hashes[at])
    if (before === null || moduleKeyOf(scanModule(content.text)) !== before.moduleKey) return null
    const scan = scanFile(path, content.text)
    if (JSON.stringify({ ...scan, lines: before.scan.lines }) !== JSON.stringify(before.scan)) return null
    if (seeks.some(isCaller => isCaller(content.text)) || spokenOf(content.text, named).words.size > 0)
      return null
    // What its texts mean as imports is not asked: more may seem to be started, at the cost of linking.
    if (loadedBy !== null && loadedBy(path, content.text, () => null).length > 0) return null
    addedLines += scan.lines - before.scan.lines
  }
  const map = cache.get('map', basis.map, mapShape)
  return map && { ...map, coverage: { ...map.coverage, lines: map.coverage.lines + addedLines } }
}

/**
 * What the texts of all source files tell, kept as one value: thousands of small ones would take longer to read. Imports
 * and exports are kept as hashes: where one is another, all are looked for again, which takes no longer than to read them.
 */
import type { BuiltTable, ModelTable } from '../catalogue/index.js'
import type { Setting } from '../datastores/index.js'
import { groupBy } from '../graph/index.js'
import type { ScansOf } from '../link/files.js'
import { type ModuleScan, scanModule } from '../link/imports.js'
import { type FileScan, scanFile } from '../link/scan.js'
import { type Cache, keyOf, noCache } from './cache.js'
import { builtTableShape, modelTableShape } from './scan-shape.js'
import { settingShape } from './settings-shape.js'
import { count, list, object, type Shape, text } from './shape.js'

export interface ScanTable extends ScansOf {
  /** Whether there was an earlier run. */
  hasEarlier(): boolean
  /** What the earlier run found out about a file whose text had this hash; null where it looked at another text. */
  earlier(path: string, hash: string): { scan: FileScan; moduleKey: string } | null
  /** Keeps what was found for the next run. */
  save(): void
}

/** A column for each thing that is told of a file. */
interface Columns {
  paths: string[]
  hashes: string[]
  lines: number[]
  /** Sums of `TOUCHES_SQL`, `MAKES_PREPARED` and `RUNS_PREPARED`. */
  signs: number[]
  modules: string[]
  /** Few files have some. */
  defaults: Setting[]
  builtTables: BuiltTable[]
  modelTables: ModelTable[]
  searches: KeptSearch[]
}

/** Files by their rows. */
interface KeptSearch {
  key: string
  found: number[]
  /** Those that were not looked at. */
  left: number[]
}

const columnsShape: Shape<Columns> = object<Columns>({
  paths: list(text),
  hashes: list(text),
  lines: list(count),
  signs: list(count),
  modules: list(text),
  defaults: list(settingShape),
  builtTables: list(builtTableShape),
  modelTables: list(modelTableShape),
  searches: list(object<KeptSearch>({ key: text, found: list(count), left: list(count) })),
})

const [TOUCHES_SQL, MAKES_PREPARED, RUNS_PREPARED] = [1, 2, 4]
const KEY = 'all files'

/** What is known of a file in this run. */
interface Row {
  source: string
  scan: FileScan
  /** Made when it is asked for, or for the next run. */
  moduleKey: string | null
  /** Which of the earlier run's rows it is; null where the text is another. */
  before: number | null
}

/** The same for the same imports and exports. */
export function moduleKeyOf(module: ModuleScan): string {
  return keyOf(JSON.stringify(module)).slice(0, 22)
}

/** @param hashOf hash of a file's text */
export function createScanTable(cache: Cache, hashOf: (path: string) => string): ScanTable {
  let before: Before | null = null
  const rows = new Map<string, Row>()
  const modules = new Map<string, ModuleScan>()
  const searches = new Map<string, { found: Set<string>; asked: Set<string> }>()
  let isChanged = false

  function earlierRun(): Before {
    before ??= readColumns(cache.get('scans', KEY, columnsShape))
    return before
  }

  function knownRow(path: string, source: string): Row | null {
    let row = rows.get(path) ?? null
    if (row === null && cache !== noCache) {
      row = earlierRun().row(path, source, hashOf(path))
      if (row !== null) rows.set(path, row)
    }
    return row
  }

  function rowOf(path: string, source: string): Row {
    return knownRow(path, source) ?? addRow(path, source, scanFile(path, source))
  }

  function addRow(path: string, source: string, scan: FileScan): Row {
    const row: Row = { source, scan, moduleKey: null, before: null }
    isChanged = true
    rows.set(path, row)
    return row
  }

  function module(path: string, source: string): ModuleScan {
    let found = modules.get(path)
    if (found === undefined) {
      found = scanModule(source)
      modules.set(path, found)
    }
    return found
  }

  function moduleKey(path: string, source: string): string {
    const row = rowOf(path, source)
    row.moduleKey ??= moduleKeyOf(module(path, source))
    return row.moduleKey
  }

  return {
    hasEarlier: () => cache.has('scans', KEY),
    earlier(path, hash) {
      const row = earlierRun().row(path, '', hash)
      return row === null ? null : { scan: row.scan, moduleKey: row.moduleKey! }
    },
    scan: (path, source) => rowOf(path, source).scan,
    isKnown: (path, source) => knownRow(path, source) !== null,
    add(path, source, scan, found) {
      addRow(path, source, scan)
      modules.set(path, found)
    },
    module,
    moduleKey,
    search(key, paths, hasIt) {
      if (cache === noCache) return paths.filter(hasIt)
      const known = before?.searches.get(key)
      isChanged ||= known === undefined
      const found = paths.filter(path => {
        const row = rows.get(path)?.before ?? null
        return row === null || known === undefined || known.left.has(row) ? hasIt(path) : known.found.has(row)
      })
      searches.set(key, { found: new Set(found), asked: new Set(paths) })
      return found
    },
    save() {
      if (cache === noCache) return
      if (!isChanged && rows.size === before?.size && searches.size === before.searches.size) return
      const paths = [...rows.keys()]
      const all = [...rows.values()]
      const rowsOf = (isOne: (path: string) => boolean): number[] =>
        paths.flatMap((path, at) => (isOne(path) ? [at] : []))
      const columns: Columns = {
        paths,
        hashes: paths.map(hashOf),
        lines: all.map(({ scan }) => scan.lines),
        signs: all.map(({ scan }) => signsOf(scan)),
        modules: paths.map((path, at) => moduleKey(path, all[at].source)),
        defaults: all.flatMap(({ scan }) => scan.defaults),
        builtTables: all.flatMap(({ scan }) => scan.builtTables),
        modelTables: all.flatMap(({ scan }) => scan.modelTables),
        searches: [...searches].map(([key, { found, asked }]) => ({
          key,
          found: rowsOf(path => found.has(path)),
          left: rowsOf(path => !asked.has(path)),
        })),
      }
      cache.put('scans', KEY, columns)
    },
  }
}

function signsOf({ touchesSql, makesPrepared, runsPrepared }: FileScan): number {
  return (
    (touchesSql ? TOUCHES_SQL : 0) + (makesPrepared ? MAKES_PREPARED : 0) + (runsPrepared ? RUNS_PREPARED : 0)
  )
}

/** What an earlier run knew. */
interface Before {
  size: number
  /** Null where the text is another. */
  row(path: string, source: string, hash: string): Row | null
  searches: Map<string, { found: Set<number>; left: Set<number> }>
}

function readColumns(columns: Columns | null): Before {
  if (columns === null) return { size: 0, row: () => null, searches: new Map() }
  const { paths, hashes, lines, signs, modules, defaults, builtTables, modelTables, searches } = columns
  const places = new Map(paths.map((path, at) => [path, at]))
  const defaultsOf = groupBy(defaults, ({ file }) => file)
  const tablesOf = groupBy(builtTables, ({ file }) => file)
  const modelsOf = groupBy(modelTables, ({ file }) => file)
  return {
    size: paths.length,
    row(path, source, hash) {
      const at = places.get(path)
      if (at === undefined || hashes[at] !== hash) return null
      const sign = signs[at]
      if (modules[at] === undefined || lines[at] === undefined || sign === undefined) return null
      const scan: FileScan = {
        lines: lines[at],
        touchesSql: (sign & TOUCHES_SQL) !== 0,
        makesPrepared: (sign & MAKES_PREPARED) !== 0,
        runsPrepared: (sign & RUNS_PREPARED) !== 0,
        defaults: defaultsOf.get(path) ?? [],
        builtTables: tablesOf.get(path) ?? [],
        modelTables: modelsOf.get(path) ?? [],
      }
      return { source, scan, moduleKey: modules[at], before: at }
    },
    searches: new Map(
      searches.map(({ key, found, left }) => [key, { found: new Set(found), left: new Set(left) }]),
    ),
  }
}

/**
 * What the texts of all source files tell, kept as one value: thousands of small ones would take longer to read. Imports
 * and exports are kept as hashes: where one is another, all are looked for again, which takes no longer than to read them.
 */
import type { BuiltTable } from '../catalogue/index.js'
import type { Setting } from '../datastores/index.js'
import { type ModuleScan, scanModule } from '../link/imports.js'
import { type FileScan, scanFile } from '../link/scan.js'
import { type Cache, keyOf } from './cache.js'
import { builtTableShape, settingShape } from './scan-shape.js'
import { count, list, object, type Shape, text } from './shape.js'

export interface ScanTable {
  scan(path: string, source: string): FileScan
  /** Whether it is known what a text tells. */
  isKnown(path: string, source: string): boolean
  /** Adds what was found of a text by another thread. */
  add(path: string, source: string, scan: FileScan, module: ModuleScan): void
  module(path: string, source: string): ModuleScan
  /** The same for the same imports and exports. */
  moduleKey(path: string, source: string): string
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
}

const columnsShape = object<Columns>({
  paths: list(text),
  hashes: list(text),
  lines: list(count),
  signs: list(count),
  modules: list(text),
  defaults: list(settingShape),
  builtTables: list(builtTableShape),
}) as Shape<Columns>

const [TOUCHES_SQL, MAKES_PREPARED, RUNS_PREPARED] = [1, 2, 4]
const KEY = 'all files'

interface Row {
  scan: FileScan
  /** Made when it is asked for, or for the next run. */
  moduleKey: string | null
}

/** @param hashOf hash of a file's text */
export function createScanTable(cache: Cache, hashOf: (path: string) => string): ScanTable {
  let before: Map<string, Row> | null = null
  const rows = new Map<string, Row & { source: string }>()
  const modules = new Map<string, ModuleScan>()
  let isChanged = false

  function knownRow(path: string, source: string): Row | undefined {
    let row = rows.get(path)
    if (row === undefined) {
      before ??= readColumns(cache.get('scans', KEY, columnsShape))
      const kept = before.size === 0 ? undefined : before.get(keyOfFile(path))
      if (kept === undefined) return undefined
      row = { ...kept, source }
      rows.set(path, row)
    }
    return row
  }

  function rowOf(path: string, source: string): Row {
    const known = knownRow(path, source)
    if (known !== undefined) return known
    const row = { scan: scanFile(path, source), moduleKey: null, source }
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
    row.moduleKey ??= keyOf(JSON.stringify(module(path, source))).slice(0, 22)
    return row.moduleKey
  }

  function keyOfFile(path: string): string {
    return `${path}\0${hashOf(path)}`
  }

  return {
    scan: (path, source) => rowOf(path, source).scan,
    isKnown: (path, source) => knownRow(path, source) !== undefined,
    add(path, source, scan, found) {
      isChanged = true
      rows.set(path, { scan, moduleKey: null, source })
      modules.set(path, found)
    },
    module,
    moduleKey,
    save() {
      if (!isChanged && rows.size === before?.size) return
      const files = [...rows]
      const scans = files.map(([, { scan }]) => scan)
      const columns: Columns = {
        paths: files.map(([path]) => path),
        hashes: files.map(([path]) => hashOf(path)),
        lines: scans.map(({ lines }) => lines),
        signs: scans.map(
          each =>
            (each.touchesSql ? TOUCHES_SQL : 0) +
            (each.makesPrepared ? MAKES_PREPARED : 0) +
            (each.runsPrepared ? RUNS_PREPARED : 0),
        ),
        modules: files.map(([path, { source }]) => moduleKey(path, source)),
        defaults: scans.flatMap(each => each.defaults),
        builtTables: scans.flatMap(each => each.builtTables),
      }
      cache.put('scans', KEY, columns)
    },
  }
}

function readColumns(columns: Columns | null): Map<string, Row> {
  const rows = new Map<string, Row>()
  if (columns === null) return rows
  const { paths, hashes, lines, signs, modules, defaults, builtTables } = columns
  for (const [at, path] of paths.entries()) {
    const sign = signs[at]
    if (modules[at] === undefined || lines[at] === undefined || sign === undefined) continue
    rows.set(`${path}\0${hashes[at]}`, {
      scan: {
        lines: lines[at],
        touchesSql: (sign & TOUCHES_SQL) !== 0,
        makesPrepared: (sign & MAKES_PREPARED) !== 0,
        runsPrepared: (sign & RUNS_PREPARED) !== 0,
        defaults: [],
        builtTables: [],
      },
      moduleKey: modules[at],
    })
  }
  const hashOf = new Map(paths.map((path, at) => [path, hashes[at]]))
  const scanOf = (file: string) => rows.get(`${file}\0${hashOf.get(file)}`)?.scan
  for (const setting of defaults) scanOf(setting.file)?.defaults.push(setting)
  for (const table of builtTables) scanOf(table.file)?.builtTables.push(table)
  return rows
}

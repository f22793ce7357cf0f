/** Finds every executed statement of the repository: reads what can matter, and what turns out to. */

import { createBreath } from '../breath.js'
import type { Driver } from '../drivers/driver.js'
import type { CallIndex, FileCalls } from './calls.js'
import { isNotThere } from './evaluator/made-of-sql.js'
import type { Piece } from './evaluator/pieces.js'
import type { SourceFiles } from './files.js'
import { findImplementers, findInterfaces, findSubclasses } from './interfaces.js'
import { callsSome, type SoughtCalls, soughtCalls } from './sought-calls.js'
import type { SqlFiles } from './sql-files.js'
import type { Execution, Trace } from './trace/executions.js'
import { createSearch } from './trace/search.js'
import type { FileUnits } from './units/file-units.js'

const MAX_ROUNDS = 4

export interface FoundExecutions extends Trace {
  /** What files that were not read yet were searched for, round by round. */
  sought: SoughtCalls[]
}

/**
 * @param paths source files of the workspace
 * @param index gets the calls that are found
 * @param hasUnknownTable whether a text leaves a table's name open
 * @param onExecution called with each that is found, and with whether it stays as it is
 * @param onProgress called with files read so far
 */
export async function findExecutions(
  paths: string[],
  source: SourceFiles,
  sqlFiles: SqlFiles,
  index: CallIndex,
  units: FileUnits,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
  onExecution: (execution: Execution, isSettled: boolean) => void,
  onProgress: (done: number, total: number) => void,
): Promise<FoundExecutions> {
  const hasSqlBeside = (path: string): boolean =>
    sqlFiles.blocks(path.replace(/\.[cm]?[jt]sx?$/, '.sql')).some(block => block.text !== '')
  // Modules that are made of `.sql` files, and are not there: what they export runs wherever it is called.
  const importsMade = (path: string): boolean =>
    source
      .module(path)
      .imports.some(
        ({ module }) => sqlFiles.madeInto(module, path) !== null && isNotThere(source.resolve(path, module)),
      )
  await source.lookAt(paths, hasSqlBeside, count => onProgress(count, paths.length))
  const texts = new Map<string, string>()
  let batch: string[] = []
  for (const path of paths) {
    const text = source.text(path)
    if (text === null) continue
    texts.set(path, text)
    if (source.scan(path).touchesSql || hasSqlBeside(path) || importsMade(path)) batch.push(path)
  }
  const scans = [...texts.keys()].map(path => ({ path, scan: source.scan(path) }))
  if (scans.some(({ scan }) => scan.makesPrepared)) {
    const known = new Set(batch)
    for (const { path, scan } of scans) if (scan.runsPrepared && !known.has(path)) batch.push(path)
  }

  const search = createSearch(index, units, hasUnknownTable, onExecution)
  const breath = createBreath()
  const chosen = new Set<string>()
  const sought: SoughtCalls[] = []
  for (let round = 0; round < MAX_ROUNDS && batch.length > 0; round++) {
    for (const path of batch) chosen.add(path)
    await source.prepare(batch)
    const read = batch.filter(path => source.touch(path) && !index.files.has(path))
    source.setSubclasses(findSubclasses(source.touched().map(units.outline)))
    source.setImplementers(findImplementers(findInterfaces(source.touched().map(units.outline))))
    source.setShared(source.touched().flatMap(path => units.outline(path).shared))
    units.forgetRelations()
    const added: FileCalls[] = []
    for (const path of read) {
      await breath()
      added.push(units.calls(path))
    }
    for (const calls of added) index.add(calls)
    units.setInterfaces(findInterfaces(source.touched().map(units.outline)))
    await search.add(added)
    // Functions whose calls tell of a database.
    const openers = [...index.files.values()].flatMap(units.openers)
    const wrappers = new Map([...openers, ...search.wrapperNames()])
    const calls = soughtCalls(wrappers, search.runningKept(), source, units.outline)
    const isCaller = callsSome(calls)
    const unread = [...texts.keys()].filter(path => !chosen.has(path))
    batch = source.search(JSON.stringify(calls), unread, path => isCaller(texts.get(path)!))
    sought.push(calls)
  }
  return { ...(await search.result()), sought }
}

/** Finds every executed statement of the repository: reads what can matter, and what turns out to. */

import type { Driver } from '../drivers/driver.js'
import type { CallIndex } from './calls.js'
import type { Piece } from './evaluator/pieces.js'
import type { SourceFiles } from './files.js'
import { findInterfaces, findSubclasses } from './interfaces.js'
import type { FileOutline } from './outline.js'
import type { SqlFiles } from './sql-files.js'
import type { Execution, Trace, WrapperKind } from './trace/executions.js'
import { createSearch } from './trace/search.js'
import type { FileUnits } from './units/file-units.js'

const MAX_ROUNDS = 4

/**
 * @param paths source files of the workspace
 * @param index gets the calls that are found
 * @param hasUnknownTable whether a text leaves a table's name open
 * @param onExecution called with each that is found and stays as it is
 * @param onProgress called with files read so far
 */
export async function findExecutions(
  paths: string[],
  source: SourceFiles,
  sqlFiles: SqlFiles,
  index: CallIndex,
  units: FileUnits,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
  onExecution: (execution: Execution) => void,
  onProgress: (done: number, total: number) => void,
): Promise<Trace> {
  const hasSqlBeside = (path: string): boolean =>
    sqlFiles.blocks(path.replace(/\.[cm]?[jt]sx?$/, '.sql')).some(block => block.text !== '')
  await source.lookAt(paths, hasSqlBeside, count => onProgress(count, paths.length))
  const texts = new Map<string, string>()
  let batch: string[] = []
  for (const path of paths) {
    const text = source.text(path)
    if (text === null) continue
    texts.set(path, text)
    if (source.scan(path).touchesSql || hasSqlBeside(path)) batch.push(path)
  }
  const scans = [...texts.keys()].map(path => ({ path, scan: source.scan(path) }))
  if (scans.some(({ scan }) => scan.makesPrepared)) {
    const known = new Set(batch)
    for (const { path, scan } of scans) if (scan.runsPrepared && !known.has(path)) batch.push(path)
  }

  const search = createSearch(index, units, hasUnknownTable, onExecution)
  const chosen = new Set<string>()
  for (let round = 0; round < MAX_ROUNDS && batch.length > 0; round++) {
    for (const path of batch) chosen.add(path)
    await source.prepare(batch)
    const read = batch.filter(path => source.touch(path) && !index.files.has(path))
    source.setSubclasses(findSubclasses(source.touched().map(units.outline)))
    units.forgetRelations()
    const added = read.map(units.calls)
    for (const calls of added) index.add(calls)
    units.setInterfaces(findInterfaces(source.touched().map(units.outline)))
    search.add(added)
    batch = callersToRead(texts, chosen, search.wrapperNames(), source, units.outline)
  }
  return search.result()
}

/** A method's name that many things bear: calls of it are worth reading only where SQL or its class is spoken of. */
const COMMON_NAME = /^[a-z]{1,8}$/
const SPEAKS_OF_SQL = /quer(?:y|ies)|sql|statement|stmt/i

/** Files not read yet in which a wrapper is called. */
function callersToRead(
  texts: Map<string, string>,
  chosen: Set<string>,
  wrappers: Map<string, WrapperKind>,
  source: SourceFiles,
  outlineOf: (file: string) => FileOutline,
): string[] {
  const names = [...wrappers].filter(
    ([name]) => /^[\w$]{2,}$/.test(name) && name !== 'constructor' && name !== 'default',
  )
  const isCommon = ([name, kind]: [string, WrapperKind]): boolean =>
    kind === 'method' && COMMON_NAME.test(name)
  const called = names.filter(([, kind]) => kind !== 'class')
  const rare = callPattern(called.filter(each => !isCommon(each)).map(([name]) => name))
  const common = callPattern(called.filter(isCommon).map(([name]) => name))
  const itsClass = namePattern(
    classesWith(new Set(called.filter(isCommon).map(([name]) => name)), source, outlineOf),
  )
  const made = makingPattern(names.filter(([, kind]) => kind === 'class').map(([name]) => name))
  const isCaller = (path: string): boolean => {
    const text = texts.get(path)!
    return (
      rare?.test(text) ||
      made?.test(text) ||
      (common?.test(text) && (SPEAKS_OF_SQL.test(text) || itsClass?.test(text))) ||
      false
    )
  }
  const unread = [...texts.keys()].filter(path => !chosen.has(path))
  return source.search([rare, made, common, itsClass].join('\n'), unread, isCaller)
}

/** Names of the classes that have one of these methods, and of those that extend them. */
function classesWith(
  methods: Set<string>,
  source: SourceFiles,
  outlineOf: (file: string) => FileOutline,
): Set<string> {
  const names = new Set<string>()
  const add = ({ file, cls }: { file: string; cls: number }, depth = 0): void => {
    const name = outlineOf(file).classes[cls]?.name
    if (name) names.add(name)
    if (depth < 10) for (const each of source.subclasses(file, cls) ?? []) add(each, depth + 1)
  }
  for (const { file, classes } of source.touched().map(outlineOf)) {
    classes.forEach((each, cls) => {
      if (each.methods.some(method => methods.has(method))) add({ file, cls })
    })
  }
  return names
}

/** Classes, and what is usually called like one of their objects: `UserRepository`, `userRepository`. */
function namePattern(names: Set<string>): RegExp | null {
  const known = [...names].filter(name => /^\w{3,}$/.test(name))
  return known.length === 0 ? null : new RegExp(`\\b(?:${known.join('|')})\\b`, 'i')
}

function callPattern(names: string[]): RegExp | null {
  return names.length === 0 ? null : new RegExp(`\\b(?:${oneOf(names)})\\s*[(<\`]`)
}

/** Text that makes an object of a class, or extends it. */
function makingPattern(names: string[]): RegExp | null {
  return names.length === 0 ? null : new RegExp(`\\b(?:new|extends)\\s+(?:\\w+\\.)?(?:${oneOf(names)})\\b`)
}

function oneOf(names: string[]): string {
  return names.map(name => name.replaceAll('$', '\\$')).join('|')
}

/** Finds every executed statement of the repository: reads what can matter, and what turns out to. */

import type { Driver } from '../drivers/driver.js'
import type { FileFacts } from '../extract/facts.js'
import { mayTouchSql } from '../extract/relevance.js'
import type { CallIndex, CallSite } from './calls.js'
import { addCalls, createCallIndex } from './calls.js'
import type { Evaluator } from './evaluate.js'
import { createEvaluator, evaluateFresh } from './evaluate.js'
import type { SourceFiles } from './files.js'
import type { Resolution } from './program.js'
import { resolveImport } from './program.js'
import type { SqlFiles } from './sql-files.js'
import type { Trace } from './trace.js'
import { traceSinks } from './trace.js'
import type { Piece } from './values.js'

const MAX_ROUNDS = 4

export interface ExecutionSearch {
  trace: Trace
  index: CallIndex
  evaluator: Evaluator
}

/**
 * @param paths source files of the workspace
 * @param hasUnknownTable whether a text leaves a table's name open
 * @param onProgress called with files read so far
 */
export function findExecutions(
  paths: string[],
  source: SourceFiles,
  sqlFiles: SqlFiles,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
  onProgress: (done: number, total: number) => void,
): ExecutionSearch {
  const sqlBeside = new Set<string>()
  const texts = new Map<string, string>()
  let batch: string[] = []
  paths.forEach((path, at) => {
    const text = source.text(path)
    if (text === null) return
    texts.set(path, text)
    if (
      mayTouchSql(text) ||
      sqlFiles.blocks(path.replace(/\.[cm]?[jt]sx?$/, '.sql')).some(block => block.text !== '')
    ) {
      sqlBeside.add(path)
      batch.push(path)
    }
    if (at % 100 === 0) onProgress(at, paths.length)
  })

  const evaluator = createEvaluator(source, sqlFiles)
  let index = createCallIndex()
  let trace: Trace = { executions: new Map(), untold: new Map(), wrapperNames: new Set() }
  const chosen = new Set<string>()
  for (let round = 0; round < MAX_ROUNDS && batch.length > 0; round++) {
    for (const path of batch) chosen.add(path)
    const facts = [...chosen]
      .sort()
      .map(path => source.facts(path))
      .filter((each): each is FileFacts => each !== null)
    // Classes read later may implement an interface of files read before, so the index is made anew.
    index = createCallIndex()
    const sites = addCalls(evaluator, index, facts, implementersOf(evaluator, source.extracted()))
    trace = traceSinks(evaluator, index, sites, hasUnknownTable)
    batch = callersToRead(texts, chosen, trace)
  }
  return { trace, index, evaluator }
}

/** Files not read yet in which the name of a wrapper stands. */
function callersToRead(texts: Map<string, string>, chosen: Set<string>, trace: Trace): string[] {
  const names = [...trace.wrapperNames].filter(name => /^[\w$]{2,}$/.test(name) && name !== 'constructor')
  if (names.length === 0) return []
  const pattern = new RegExp(`\\b(?:${names.map(name => name.replaceAll('$', '\\$')).join('|')})\\s*[(<\`]`)
  return [...texts].filter(([path, text]) => !chosen.has(path) && pattern.test(text)).map(([path]) => path)
}

/** Classes by the interfaces (`file#name`) that they or their parents say they implement. */
function implementersOf(e: Evaluator, facts: FileFacts[]): Map<string, { file: string; cls: number }[]> {
  const found = new Map<string, { file: string; cls: number }[]>()
  const add = (home: FileFacts, name: string, cls: { file: string; cls: number }, depth: number): void => {
    const interfaceAt = locate(e, home, name)
    if (!interfaceAt || depth > 5) return
    const key = `${interfaceAt.file}#${interfaceAt.name}`
    found.set(key, [...(found.get(key) ?? []), cls])
    const declaring = e.program.facts(interfaceAt.file)
    for (const parent of declaring?.interfaces[interfaceAt.name] ?? []) {
      if (declaring && parent !== name) add(declaring, parent, cls, depth + 1)
    }
  }
  for (const file of facts) {
    file.classes.forEach((cls, id) => {
      for (const name of cls.implements) add(file, name, { file: file.file, cls: id }, 0)
    })
  }
  return found
}

function locate(e: Evaluator, facts: FileFacts, name: string): (Resolution & { kind: 'interface' }) | null {
  if (Object.hasOwn(facts.interfaces, name)) return { kind: 'interface', file: facts.file, name }
  const resolution = Object.hasOwn(facts.imports, name) ? resolveImport(e.program, facts.file, name) : null
  return resolution?.kind === 'interface' ? resolution : null
}

/** Where the handle of an execution was made, when that can be told. */
export function originOf(e: Evaluator, site: CallSite): string | null {
  const node = site.facts.nodes[site.call.node]
  const callee = node.kind === 'call' ? node.callee : node.kind === 'tagged' ? node.tag : null
  if (callee === null) return null
  const value = evaluateFresh(e, site.facts.file, callee)
  return value.kind === 'method' || value.kind === 'handle' ? value.origin : null
}

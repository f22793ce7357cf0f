/** What executions do, of those of each file in one value. */
import { groupBy } from '../graph/index.js'
import { type ExecutedSql, readTexts } from '../link/statements.js'
import type { Execution } from '../link/trace/executions.js'
import { textsKeyOf } from '../link/trace/texts-key.js'
import type { Dialect } from '../model.js'
import type { SqlAnalyzer } from '../sql/index.js'
import type { Threads } from '../threads/index.js'
import { type Cache, noCache } from './cache.js'
import { type ExecutedTexts, executedShape } from './statement-shape.js'

/** An execution, and the dialect that its driver speaks. */
export interface ExecutionIn {
  execution: Execution
  dialect: Dialect
}

/**
 * Work that the texts of an execution are, compared with the characters of a source file. Most of it is the loading of
 * the parsers and statements of a shape not met before, and each thread has both for itself.
 */
const SIZE_OF_A_TEXT = 100

/**
 * What executions do, shared among threads; null for one whose texts are no statements.
 *
 * @param dialects whose parsers are there
 * @param sql reads texts on this thread
 */
export async function readExecutions(
  all: ExecutionIn[],
  cache: Cache,
  threads: Threads,
  dialects: Dialect[],
  sql: () => SqlAnalyzer,
): Promise<(ExecutedSql | null)[]> {
  const makeAll = (missing: ExecutionIn[]): Promise<(ExecutedSql | null)[]> =>
    threads.run({
      task: 'read',
      inputs: missing.map(({ execution, dialect }) => ({ texts: execution.texts, dialect })),
      sizeOf: ({ texts }) => texts.length * SIZE_OF_A_TEXT,
      here: ({ texts, dialect }) => readTexts(texts, sql(), dialect),
    })
  if (cache === noCache) return makeAll(all)

  const results = new Map<ExecutionIn, ExecutedSql | null>()
  const files = [...groupBy(all, ({ execution }) => execution.site.file)].map(([file, executions]) => {
    const key = `${file}\0${dialects.join()}`
    const before = cache.get('executed', key, executedShape)
    const known = new Map(before?.keys.map((each, at) => [each, before.found[at]]))
    for (const each of executions) {
      const found = known.get(keyOfTexts(each))
      if (found !== undefined) results.set(each, found)
    }
    const isKept = executions.every(each => results.has(each)) && executions.length === before?.keys.length
    return { key, executions, isKept }
  })
  const missing = all.filter(each => !results.has(each))
  const made = await makeAll(missing)
  for (const [at, each] of missing.entries()) results.set(each, made[at])
  const resultOf = (each: ExecutionIn): ExecutedSql | null => results.get(each) ?? null
  for (const { key, executions, isKept } of files) {
    if (isKept) continue
    const value: ExecutedTexts = { keys: executions.map(keyOfTexts), found: executions.map(resultOf) }
    cache.put('executed', key, value)
  }
  return all.map(resultOf)
}

function keyOfTexts({ execution, dialect }: ExecutionIn): string {
  return `${dialect} ${textsKeyOf(execution)}`
}

/** What executions do, of those of each file in one value. */
import { groupBy } from '../graph/index.js'
import type { Reading } from '../link/reading.js'
import type { ExecutedSql } from '../link/statements.js'
import type { Execution } from '../link/trace/executions.js'
import { textsKeyOf } from '../link/trace/texts-key.js'
import type { Dialect } from '../model.js'
import { type Cache, noCache } from './cache.js'
import { type ExecutedTexts, executedShape, type KeptSql } from './statement-shape.js'

/** An execution, and the dialect that its driver speaks. */
export interface ExecutionIn {
  execution: Execution
  dialect: Dialect
}

/**
 * What executions do, shared among threads; null for one whose texts are no statements.
 *
 * @param dialects whose parsers are there
 */
export async function readExecutions(
  all: ExecutionIn[],
  cache: Cache,
  reading: Reading,
  dialects: Dialect[],
): Promise<(ExecutedSql | null)[]> {
  const makeAll = (missing: ExecutionIn[]): Promise<(ExecutedSql | null)[]> =>
    reading.all(
      missing.map(({ execution, dialect }) => {
        return { texts: execution.texts, dialect, key: () => textsKeyOf(execution) }
      }),
    )
  if (cache === noCache) return makeAll(all)

  const results = new Map<ExecutionIn, ExecutedSql | null>()
  const files = [...groupBy(all, ({ execution }) => execution.site.file)].map(([file, executions]) => {
    const key = keyOfFile(file, dialects)
    const before = cache.get('executed', key, executedShape)
    const known = new Map(before?.keys.map((each, at) => [each, before.found[at]]))
    for (const each of executions) {
      const found = known.get(keyOfTexts(each))
      if (found !== undefined) results.set(each, found && unkept(found))
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
    const value: ExecutedTexts = {
      keys: executions.map(keyOfTexts),
      found: executions.map(resultOf).map(kept),
    }
    cache.put('executed', key, value)
  }
  return all.map(resultOf)
}

/** Whether the cache has something of the executions of a file. */
export function hasExecuted(cache: Cache, file: string, dialects: Dialect[]): boolean {
  return cache.has('executed', keyOfFile(file, dialects))
}

function keyOfFile(file: string, dialects: Dialect[]): string {
  return `${file}\0${dialects.join()}`
}

function kept(executed: ExecutedSql | null): KeptSql | null {
  if (!executed?.onlyText || executed.onlyText.text !== executed.sql) return executed
  return { ...executed, onlyText: { ...executed.onlyText, text: null } }
}

function unkept({ onlyText, ...rest }: KeptSql): ExecutedSql {
  return { ...rest, onlyText: onlyText && { ...onlyText, text: onlyText.text ?? rest.sql } }
}

function keyOfTexts({ execution, dialect }: ExecutionIn): string {
  return `${dialect} ${textsKeyOf(execution)}`
}

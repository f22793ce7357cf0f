/** Steps of the analysis that depend on one text alone, each with its results of earlier runs. */
import { readSchemaChanges } from '../catalogue/index.js'
import type { ScriptReading } from '../catalogue/statement.js'
import type { SchemaScript } from '../catalogue/types.js'
import type { FileFacts } from '../extract/facts.js'
import { extractFacts } from '../extract/index.js'
import { groupBy } from '../graph/index.js'
import { bareTextsOf } from '../link/bare-texts.js'
import type { FactsOf } from '../link/files.js'
import type { ReachData } from '../link/reach.js'
import { type ExecutedSql, readTexts } from '../link/statements.js'
import type { Execution } from '../link/trace/executions.js'
import { textsKeyOf } from '../link/trace/texts-key.js'
import type { Dialect } from '../model.js'
import type { SqlAnalyzer } from '../sql/index.js'
import type { SqlStatement } from '../sql/types.js'
import type { Threads } from '../threads/index.js'
import { type Cache, keyOf, type Namespace, noCache } from './cache.js'
import { factsShape } from './facts-shape.js'
import { reachShape } from './scan-shape.js'
import { createScanTable, type ScanTable } from './scan-table.js'
import { scriptShape } from './script-shape.js'
import { list, type Shape, text } from './shape.js'
import { executedShape, statementsShape } from './statement-shape.js'

/**
 * Work that the texts of an execution are, compared with the characters of a source file. Most of it is the loading of
 * the parsers and statements of a shape not met before, and each thread has both for itself.
 */
const SIZE_OF_A_TEXT = 100

export interface CachedSteps {
  /** Facts of source files; those of many are made by several threads. */
  facts: FactsOf
  /** What the texts of source files tell. */
  scans: ScanTable
  /** @param inputs texts of all that it depends on */
  reach(inputs: () => string[], find: () => ReachData): ReachData
  readScript(script: SchemaScript): ScriptReading
  /** What executions do, shared among threads. */
  readAll(executions: { execution: Execution; dialect: Dialect }[]): Promise<(ExecutedSql | null)[]>
  /** All that the texts of an execution may be, as far as they are known, in the writing of `bareText`. */
  bareTexts(execution: Execution): string[]
  /** @param key the text and all else that the statements depend on */
  statements(key: string, analyze: () => SqlStatement[]): SqlStatement[]
}

/**
 * @param hashOf hash of a file's text
 * @param dialects whose parsers are there: they have a say in what is found
 * @param sql reads texts on this thread; it may use these steps
 */
export function cachedSteps(
  cache: Cache,
  hashOf: (path: string) => string,
  threads: Threads,
  dialects: Dialect[],
  sql: () => SqlAnalyzer,
): CachedSteps {
  const remember = <T>(namespace: Namespace, keyOfInput: () => string, shape: Shape<T>, make: () => T): T => {
    if (cache === noCache) return make()
    const key = keyOfInput()
    const known = cache.get(namespace, key, shape)
    if (known !== null) return known
    const made = make()
    cache.put(namespace, key, made)
    return made
  }
  /** Those that are not known are made together. */
  const rememberAll = async <I, T>(
    namespace: Namespace,
    inputs: I[],
    keyOfInput: (input: I) => string,
    shape: Shape<T>,
    makeAll: (inputs: I[]) => Promise<T[]>,
  ): Promise<T[]> => {
    if (cache === noCache) return makeAll(inputs)
    const keys = inputs.map(keyOfInput)
    const results = keys.map(key => cache.get(namespace, key, shape))
    const missing = inputs.flatMap((_, at) => (results[at] === null ? [at] : []))
    const made = await makeAll(missing.map(at => inputs[at]))
    for (const [index, at] of missing.entries()) {
      results[at] = made[index]
      cache.put(namespace, keys[at], made[index])
    }
    return results as T[]
  }
  const keyOfFile = (path: string): string => `${path}\0${hashOf(path)}`
  return {
    facts: {
      one: (path, source) =>
        remember(
          'facts',
          () => keyOfFile(path),
          factsShape,
          () => extractFacts(path, source),
        ),
      async many(files) {
        const missing = files.filter(({ path }) => cache === noCache || !cache.has('facts', keyOfFile(path)))
        const made = await threads.run({
          task: 'extract',
          inputs: missing,
          sizeOf: ({ source }) => source.length,
          here: ({ path, source }) => extractFacts(path, source),
        })
        const byPath = new Map<string, FileFacts>()
        for (const [at, { path }] of missing.entries()) {
          byPath.set(path, made[at])
          if (cache !== noCache) cache.put('facts', keyOfFile(path), made[at])
        }
        return files.map(({ path }) => byPath.get(path) ?? null)
      },
    },
    scans: createScanTable(cache, hashOf),
    reach: (inputs, find) => remember('reach', () => keyOf(...inputs()), reachShape, find),
    readScript: script =>
      remember(
        'scripts',
        () => keyOf(script.file, script.dialect, String(script.line), script.text),
        scriptShape,
        () => readSchemaChanges(script),
      ),
    async readAll(executions) {
      const files = [...groupBy(executions, ({ execution }) => execution.site.file).values()]
      const read = await rememberAll(
        'executed',
        files,
        inOne => {
          const texts = inOne.flatMap(({ execution, dialect }) => [dialect, textsKeyOf(execution)])
          return `${inOne[0].execution.site.file}\0${keyOf(dialects.join(), ...texts).slice(0, 22)}`
        },
        executedShape,
        async missing => {
          const made = await threads.run({
            task: 'read',
            inputs: missing.flat().map(({ execution, dialect }) => ({ texts: execution.texts, dialect })),
            sizeOf: ({ texts }) => texts.length * SIZE_OF_A_TEXT,
            here: ({ texts, dialect }) => readTexts(texts, sql(), dialect),
          })
          return missing.map(({ length }) => made.splice(0, length))
        },
      )
      const found = new Map<object, ExecutedSql | null>()
      for (const [file, inOne] of files.entries())
        for (const [at, each] of inOne.entries()) found.set(each, read[file][at] ?? null)
      return executions.map(each => found.get(each) ?? null)
    },
    bareTexts: execution =>
      remember(
        'bare',
        () => textsKeyOf(execution),
        list(text),
        () => bareTextsOf(execution),
      ),
    statements: (key, analyze) => remember('sql', () => keyOf(key), statementsShape, analyze),
  }
}

/** Steps of the analysis that depend on one text alone, each with its results of earlier runs. */
import { readSchemaChanges } from '../catalogue/index.js'
import type { ScriptReading } from '../catalogue/statement.js'
import type { SchemaScript } from '../catalogue/types.js'
import { type FileEvidence, readSettingsFiles, type SettingsFile } from '../datastores/index.js'
import type { FileFacts } from '../extract/facts.js'
import { extractFacts } from '../extract/index.js'
import type { FactsOf } from '../link/files.js'
import { lookAt } from '../link/first-look.js'
import type { ReachData } from '../link/reach.js'
import { createReading } from '../link/reading.js'
import type { ExecutedSql } from '../link/statements.js'
import type { Execution } from '../link/trace/executions.js'
import { textsKeyOf } from '../link/trace/texts-key.js'
import type { OutsideFile } from '../link/unused/index.js'
import type { Dialect } from '../model.js'
import type { SqlAnalyzer } from '../sql/index.js'
import type { SqlStatement } from '../sql/types.js'
import type { Threads } from '../threads/index.js'
import { type Cache, keyOf, type Namespace, noCache } from './cache.js'
import { type ExecutionIn, hasExecuted, readExecutions } from './executed-texts.js'
import { factsShape } from './facts-shape.js'
import { outsideShape, reachShape } from './scan-shape.js'
import { createScanTable, type ScanTable } from './scan-table.js'
import { scriptShape } from './script-shape.js'
import { fileEvidenceShape } from './settings-shape.js'
import type { Shape } from './shape.js'
import { statementsShape } from './statement-shape.js'

export interface CachedSteps {
  /** Facts of source files; those of many are made by several threads. */
  facts: FactsOf
  /** What the texts of source files tell. */
  scans: ScanTable
  /** @param inputs texts of all that it depends on */
  reach(inputs: () => string[], find: () => ReachData): ReachData
  /** @param inputs texts of all that it depends on */
  outside(inputs: () => string[], find: () => OutsideFile[]): OutsideFile[]
  /** What settings files say: most runs change none of them. */
  readSettings(files: SettingsFile[]): FileEvidence
  readScript(script: SchemaScript): ScriptReading
  /**
   * An execution that was found is read by a thread that has nothing to do.
   *
   * @param guess the dialect where the driver does not tell it
   * @param isSettled whether its texts stay as they are
   */
  readAhead(execution: Execution, guess: Dialect, isSettled: boolean): void
  /** What executions do, shared among threads. */
  readAll(executions: ExecutionIn[]): Promise<(ExecutedSql | null)[]>
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
  const reading = createReading(threads, sql)
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
      async look(files, onDone) {
        const job = threads.begin({ task: 'look', sizeOf: ({ source }) => source.length, here: lookAt })
        const paths: string[] = []
        for (const file of files) {
          paths.push(file.path)
          job.add(file)
        }
        const made = await job.results(undefined, onDone)
        // They have nothing to do until the first texts are found.
        threads.each('warmUp', null)
        for (const [at, { facts }] of made.entries())
          if (cache !== noCache && facts !== null) cache.put('facts', keyOfFile(paths[at]), facts)
        return made
      },
      async many(files) {
        const missing = files.filter(({ path }) => cache === noCache || !cache.has('facts', keyOfFile(path)))
        const job = threads.begin({
          task: 'extract',
          sizeOf: ({ source }) => source.length,
          here: ({ path, source }) => extractFacts(path, source),
        })
        for (const file of missing) job.add(file)
        const made = await job.results()
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
    outside: (inputs, find) => remember('outside', () => keyOf(...inputs()), outsideShape, find),
    readSettings: files =>
      remember(
        'settings',
        () => keyOf(JSON.stringify(files)),
        fileEvidenceShape,
        () => readSettingsFiles(files),
      ),
    readScript: script =>
      remember(
        'scripts',
        () => keyOf(script.file, script.dialect, String(script.line), script.text),
        scriptShape,
        () => readSchemaChanges(script),
      ),
    readAhead(execution, guess, isSettled) {
      const { driver, site } = execution
      const dialect = driver.dialect === 'unknown' ? guess : driver.dialect
      // To put texts together that an earlier run read would take longer than all else that is done with them.
      if (dialect !== 'unknown' && !hasExecuted(cache, site.file, dialects))
        reading.ahead({ texts: execution.texts, dialect, key: () => textsKeyOf(execution) }, isSettled)
    },
    readAll: executions => readExecutions(executions, cache, reading, dialects),
    statements: (key, analyze) => remember('sql', () => keyOf(key), statementsShape, analyze),
  }
}

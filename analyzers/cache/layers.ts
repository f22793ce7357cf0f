/** Steps of the analysis that depend on one text alone, each with its results of earlier runs. */
import { readSchemaChanges } from '../catalogue/index.js'
import type { ScriptReading } from '../catalogue/statement.js'
import type { SchemaScript } from '../catalogue/types.js'
import type { FileFacts } from '../extract/facts.js'
import { extractFacts } from '../extract/index.js'
import type { ExecutedSql } from '../link/statements.js'
import type { SqlStatement } from '../sql/types.js'
import { type Cache, keyOf, type Namespace, noCache } from './cache.js'
import { factsShape } from './facts-shape.js'
import { scriptShape } from './script-shape.js'
import type { Shape } from './shape.js'
import { executedShape, statementsShape } from './statement-shape.js'

export interface CachedSteps {
  extract(path: string, source: string): FileFacts
  readScript(script: SchemaScript): ScriptReading
  /** @param key the texts and all else that it depends on */
  executed(key: () => string, read: () => ExecutedSql | null): ExecutedSql | null
  /** @param key the text and all else that the statements depend on */
  statements(key: string, analyze: () => SqlStatement[]): SqlStatement[]
}

export function cachedSteps(cache: Cache): CachedSteps {
  const remember = <T>(namespace: Namespace, key: string, shape: Shape<T>, make: () => T): T => {
    if (cache === noCache) return make()
    const known = cache.get(namespace, key, shape)
    if (known !== null) return known
    const made = make()
    cache.put(namespace, key, made)
    return made
  }
  return {
    extract: (path, source) =>
      remember('facts', keyOf(path, source), factsShape, () => extractFacts(path, source)),
    readScript: script =>
      remember(
        'scripts',
        keyOf(script.file, script.dialect, String(script.line), script.text),
        scriptShape,
        () => readSchemaChanges(script),
      ),
    executed: (key, read) =>
      cache === noCache
        ? read()
        : remember('executed', keyOf(key()), executedShape, () => ({ executed: read() })).executed,
    statements: (key, analyze) => remember('sql', keyOf(key), statementsShape, analyze),
  }
}

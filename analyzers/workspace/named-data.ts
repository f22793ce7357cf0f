/** Which JSON files are modules: those that a source file names. */
import type { ReadFile } from './types.js'

/** The last part of a path in a string: `import tables from '../tables.json'`, `require('./queries/orders.json')`. */
const NAMED = /([^/\\'"`\s]+\.json)['"`]/g

/**
 * Tells whether some source has a string that ends in a file's name. Which file an import means is found out when it is
 * followed; this only keeps thousands of others, translations and test data, from being read.
 *
 * @param sources paths of source files
 */
export function namedData(sources: readonly string[], read: ReadFile): (path: string) => boolean {
  let names: Set<string> | undefined
  return path => {
    names ??= new Set(sources.flatMap(source => namesIn(read(source))))
    return names.has(path.slice(path.lastIndexOf('/') + 1))
  }
}

function namesIn(content: ReturnType<ReadFile>): string[] {
  if (!('text' in content) || !content.text.includes('.json')) return []
  return [...content.text.matchAll(NAMED)].map(([, name]) => name!)
}

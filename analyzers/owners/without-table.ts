import type { Diagnostic } from '../model.js'
import { didYouMean } from '../workspace/suggest.js'
import type { Config } from '../workspace/types.js'
import { matchesTable } from './patterns.js'

/** Entries of `owners` that are about no table: a misspelt one would leave its table open without a word. */
export function ownersWithoutTable(
  { owners, file, lines }: Pick<Config, 'owners' | 'file' | 'lines'>,
  tables: readonly string[],
): Diagnostic[] {
  return Object.keys(owners)
    .filter(pattern => !tables.some(id => matchesTable(pattern, id)))
    .map(pattern => ({
      severity: 'warning',
      code: 'owner-without-table',
      message: `owners has "${pattern}", and no table of the map is called so.${didYouMean(pattern, tables)}`,
      file: file ?? 'seamripper.yml',
      line: lines[`owners.${pattern}`] ?? 1,
    }))
}

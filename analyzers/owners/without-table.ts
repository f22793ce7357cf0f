import type { Diagnostic, Table } from '../model.js'
import { didYouMean } from '../workspace/suggest.js'
import type { Config } from '../workspace/types.js'
import { matchesTable } from './patterns.js'

/** Entries of `owners` that are about no table: one that is misspelt, or has a former name, would leave its table open without a word. */
export function ownersWithoutTable(
  { owners, file, lines }: Pick<Config, 'owners' | 'file' | 'lines'>,
  tables: readonly Pick<Table, 'id' | 'formerIds'>[],
): Diagnostic[] {
  return Object.keys(owners)
    .filter(pattern => !tables.some(({ id }) => matchesTable(pattern, id)))
    .map(pattern => ({
      severity: 'warning',
      code: 'owner-without-table',
      message: `owners has "${pattern}", and no table of the map is called so.${hint(pattern, tables)}`,
      file: file ?? 'seamripper.yml',
      line: lines[`owners.${pattern}`] ?? 1,
    }))
}

function hint(pattern: string, tables: readonly Pick<Table, 'id' | 'formerIds'>[]): string {
  const renamed = tables.filter(({ formerIds = [] }) => formerIds.some(id => matchesTable(pattern, id)))
  if (renamed.length === 0)
    return didYouMean(
      pattern,
      tables.map(({ id }) => id),
    )
  return ` Migrations renamed it: write ${renamed.map(({ id }) => `"${id}"`).join(', ')}.`
}

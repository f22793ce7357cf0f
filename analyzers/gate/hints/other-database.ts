import { groupBy } from '../../graph/index.js'
import type { GateResult, Hint, StaleEntry } from '../types.js'

/**
 * What a baseline accepts and is a use of another database now: the service moved to a database of its own, or a setting
 * that says which one it connects to is not found any more, under its new name for instance. Which of these, nobody says.
 */
export function inOtherDatabase({ stale }: Pick<GateResult, 'stale'>): Hint[] {
  const changes = stale.flatMap(entry =>
    entry.reasons.flatMap(({ reason, count, to }) =>
      reason === 'other-database' && to !== undefined ? [{ entry, count, to: datastoreOf(to) }] : [],
    ),
  )
  return [
    ...groupBy(changes, ({ entry, to }) =>
      JSON.stringify([entry.file, datastoreOf(entry.table), to]),
    ).values(),
  ].map(([first, ...more]): Hint => {
    const { entry, to } = first!
    const total = [first!, ...more].reduce((sum, { count }) => sum + count, 0)
    return {
      file: entry.file,
      message: hintMessage(entry, total, to),
      violations: [],
      git: null,
      command: ['baseline', '--prune'],
    }
  })
}

function hintMessage({ service, table }: StaleEntry, total: number, to: string): string {
  const before = datastoreOf(table)
  const uses = total === 1 ? '1 use of' : `${total} uses of`
  return `${uses} ${before} that it accepts ${total === 1 ? 'is' : 'are'} of ${to} now, as it seems. If ${service} connects to ${before} as before, say so in seamripper.yml: \`datastore: ${before}\` under the service. If it has another database now, take them off:`
}

/** The first part of a table's id. */
function datastoreOf(table: string | null): string {
  return table?.split('/')[0] ?? ''
}

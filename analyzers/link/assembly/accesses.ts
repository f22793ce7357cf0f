/** Accesses as the map has them. */
import { hash } from 'node:crypto'
import { columnAt, lineAt } from '../../extract/positions.js'
import { groupBy } from '../../graph/index.js'
import type { Access } from '../../model.js'
import type { Parts } from '../../sql/parts.js'
import { isMigrationFile } from '../code-schema.js'
import type { ExecutedSql } from '../statements.js'
import { siteKey } from '../trace/executions.js'
import type { AssemblyInput } from './index.js'

/** Names of tables that an access adds rows to, and of those that it does more to than to delete rows. */
export type Written = Pick<ExecutedSql, 'added' | 'changed'>

/**
 * @param transactions for the key of a call, `file:line` of the begin of the transaction around it
 * @param elsewhere the same for transactions that another function begins, and that hand over their connection
 * @returns beside the accesses, of those in a transaction the begin of each
 */
export function accessesOf(
  input: AssemblyInput,
  transactions: Map<string, string>,
  elsewhere: Map<string, Set<string>>,
): {
  accesses: Access[]
  writtenBy: Map<Access, Written>
  partsBy: Map<Access, Parts>
  runIn: Map<Access, string[]>
} {
  const libraries = new Set(
    input.workspace.services.filter(each => each.kind === 'library').map(each => each.name),
  )
  const migrations = migrationFiles(input)
  const seen = new Map<string, number>()
  const accesses: Access[] = []
  const writtenBy = new Map<Access, Written>()
  const partsBy = new Map<Access, Parts>()
  const runIn = new Map<Access, string[]>()
  for (const { draft, place } of input.accesses) {
    const { site, driver, executed, start, service, reachedBy } = draft
    // Statements that touch no table (`SELECT 1`, BEGIN) are no accesses, unless a table of theirs is not known.
    if (place.tables.length === 0) continue
    const { file } = site
    const lineStarts = input.lineStarts(file)
    const same = `${file}\0${executed.sql}`
    const count = seen.get(same) ?? 0
    seen.set(same, count + 1)
    const line = lineAt(lineStarts, site.start)
    const id = hash('sha256', `${same}\0${count}`, 'hex').slice(0, 12)
    input.onAccess(id, draft)
    const key = siteKey(site)
    const transaction = transactions.get(key) ?? null
    const access: Access = {
      id,
      service: service ?? '.',
      reachedBy,
      reachedVia: service === null || libraries.has(service) ? 'import' : 'own',
      file,
      line,
      column: columnAt(lineStarts, site.start),
      endLine: lineAt(lineStarts, Math.max(site.start, site.end - 1)),
      sqlLine: start?.line ?? line,
      sqlFile: start?.file ?? file,
      driver: driver.name,
      kind: place.tables.every(({ table }) => table.via !== undefined) ? 'proc' : 'sql',
      sql: executed.sql,
      confidence: executed.confidence,
      transaction,
      datastore: place.datastore,
      ...(migrations.has(file) ? { migration: true as const } : {}),
      crossServiceJoin: false,
      tables: place.tables.map(({ table }) => ({ ...table })),
    }
    accesses.push(access)
    const begins = transaction === null ? [...(elsewhere.get(key) ?? [])] : [transaction]
    if (begins.length > 0) runIn.set(access, begins)
    writtenBy.set(access, executed)
    if (place.parts) partsBy.set(access, place.parts)
  }
  return { accesses, writtenBy, partsBy, runIn }
}

/** Files with accesses that are migrations: DDL in them counts for it, and functions that take a migration back. */
function migrationFiles({ accesses, index }: AssemblyInput): Set<string> {
  const byFile = groupBy(accesses, ({ draft }) => draft.site.file)
  const migrations = [...byFile].filter(([file, own]) => {
    const hasDdl = own.some(({ draft }) => draft.executed.tables.some(({ op }) => op === 'ddl'))
    return isMigrationFile(file, { hasDdl, isUndoing: index.files.get(file)!.undoing.length > 0 })
  })
  return new Set(migrations.map(([file]) => file))
}

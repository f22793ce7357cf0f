/** The old statement and the new call on the same rows: what each gives, and the fewest rows on which they differ. */
import { isDeepStrictEqual } from 'node:util'
import type { Table } from '../../analyzers/model.js'
import type { Operation } from '../operation.js'
import { NotVerified, type Session } from './databases.js'
import type { Connected } from './generated.js'
import { oldStatement, type Values } from './parameters.js'
import type { Row } from './rows.js'
import { quoteName, tableName } from './schema.js'

/** Rows, or the database's code for why there are none. */
export type Outcome = { rows: Record<string, unknown>[] } | { error: string }

export interface Difference {
  values: Values
  /** The fewest rows that show it. */
  rows: Row[]
  before: Outcome
  after: Outcome
}

export interface Comparison {
  operation: Operation
  tables: Table[]
  rows: Row[]
  sets: Values[]
  /** Of the consumer's driver. */
  old: Session
  connected: Connected
}

/**
 * What the database refuses the one way and the code or the database the other, is left out: it proves nothing.
 *
 * @returns how many calls gave the same, or the first difference
 * @throws NotVerified where that would prove nothing
 */
export async function compare(comparison: Comparison): Promise<Difference | number> {
  const { rows, sets } = comparison
  await fill(comparison, rows)
  const refused: string[] = []
  let hasRows = false
  for (const values of sets) {
    const before = await runOld(comparison, values)
    if (!isDeepStrictEqual(before, await runOld(comparison, values))) {
      throw new NotVerified('the statement gives other rows each time that it runs')
    }
    const after = await runNew(comparison, values)
    if (!isSame(before, after)) return shrink(comparison, values)
    if ('error' in before) refused.push(before.error)
    else hasRows ||= before.rows.length > 0
  }
  if (refused.length === sets.length) {
    throw new NotVerified(`the database refused the statement with all values (${refused[0]})`)
  }
  if (!hasRows) throw new NotVerified('no generated row matched the statement, so no value was compared')
  return sets.length - refused.length
}

function isSame(before: Outcome, after: Outcome): boolean {
  return 'error' in before ? 'error' in after : isDeepStrictEqual(before, after)
}

async function shrink(comparison: Comparison, values: Values): Promise<Difference> {
  const differs = async (rows: Row[]): Promise<boolean> => {
    await fill(comparison, rows)
    return !isSame(await runOld(comparison, values), await runNew(comparison, values))
  }
  let rows = comparison.rows
  for (const row of comparison.rows) {
    const fewer = rows.filter(each => each !== row)
    if (await differs(fewer)) rows = fewer
  }
  await fill(comparison, rows)
  return { values, rows, before: await runOld(comparison, values), after: await runNew(comparison, values) }
}

async function fill({ operation: { dialect }, tables, old }: Comparison, rows: Row[]): Promise<void> {
  for (const table of tables) {
    const name = tableName(table, dialect)
    await old.rows(`DELETE FROM ${name}`, [])
    const columns = table.columns.map(column => quoteName(column.name, dialect)).join(', ')
    const marks = table.columns.map((_, at) => (dialect === 'mysql' ? '?' : `$${at + 1}`)).join(', ')
    for (const { cells } of rows.filter(row => row.table === table.id)) {
      const values = table.columns.map(column => cells.get(column.name) ?? null)
      await old.rows(`INSERT INTO ${name} (${columns}) VALUES (${marks})`, values)
    }
  }
}

async function runOld({ operation, old }: Comparison, values: Values): Promise<Outcome> {
  const statement = oldStatement(operation, values)
  try {
    return plainRows(await old.rows(statement.text, statement.values, operation.method))
  } catch (error) {
    return { error: (error as { code?: string }).code ?? (error as Error).message }
  }
}

async function runNew({ operation, connected }: Comparison, values: Values): Promise<Outcome> {
  try {
    return plainRows((await connected.client()[operation.name]!(values)) as Record<string, unknown>[])
  } catch (error) {
    return { error: (error as { code?: string }).code ?? (error as Error).message }
  }
}

/** Drivers give rows classes of their own, which no code looks at. */
function plainRows(rows: Record<string, unknown>[]): Outcome {
  return { rows: rows.map(row => ({ ...row })) }
}

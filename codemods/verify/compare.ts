/** The old way and the new on the same rows: what each gives, and the fewest rows on which they differ. */
import { isDeepStrictEqual } from 'node:util'
import { NotVerified } from './not-verified.js'
import { compareRows, type Order, sorted, type Verdict } from './order.js'
import type { Values } from './parameters.js'
import type { Row } from './rows.js'

type PlainRow = Record<string, unknown>

export interface Given {
  rows: PlainRow[]
  /** Of a write: what the driver tells about it. Null where nobody looks at that. */
  told: PlainRow | null
  /** Of a write: rows of its tables afterwards, by table. */
  tables: Record<string, PlainRow[]>
  /** Rows that were found or changed: where there are none, nothing was compared. */
  touched: number
}

/**
 * What a way gives, or the database's code for why there is nothing. `refused`: the client did not send it, and says
 * so.
 */
export type Outcome = Given | { error: string; refused?: true }

export type Side = 'before' | 'after'

/** How a statement ran, and how it runs now, each on databases of its own. */
export interface Way {
  writes: boolean
  /** What its rows are ordered by; null: the database may give them in any order. */
  order: Order | null
  /** Nobody is told of what the database refuses: it is set aside after some time. */
  isLater: boolean
  fill(side: Side, rows: Row[]): Promise<void>
  run(side: Side, values: Values): Promise<Outcome>
}

export interface Difference {
  values: Values
  /** The fewest rows that show it. */
  rows: Row[]
  before: Outcome
  after: Outcome
}

/**
 * PostgreSQL's, for `name = 1`: where a driver writes values into the text, code that has handed over a number never
 * worked. The owner's binds them, and compares texts.
 */
const NO_SUCH_OPERATOR = /^42(?:883|804)$/

/**
 * What the database refuses the one way and the code or the database the other, is left out: it proves nothing.
 *
 * @returns how many calls gave the same, or the first difference
 * @throws NotVerified where that would prove nothing
 */
export async function compare(way: Way, rows: Row[], sets: Values[]): Promise<Difference | number> {
  await way.fill('before', rows)
  await way.fill('after', rows)
  const refused: string[] = []
  let equal = 0
  let touched = 0
  let cut = 0
  for (const values of sets) {
    const before = await run(way, 'before', rows, values)
    const changing = changingColumns(way, before, await run(way, 'before', rows, values))
    if ('error' in before) {
      refused.push(before.error)
      if (way.isLater) continue
    }
    const after = await run(way, 'after', rows, values)
    if ('refused' in after) continue
    if ('error' in before && NO_SUCH_OPERATOR.test(before.error)) continue
    const verdict = verdictOn(way, before, after, changing)
    if (verdict === 'different') {
      const difference = await shrink(way, rows, values, changing)
      if (difference) return difference
      throw unstable()
    }
    if (verdict === 'open') {
      throw new NotVerified('its rows came in another order, by what is not all among its columns')
    }
    if (verdict === 'cut') cut++
    if ('error' in before || verdict === 'cut') continue
    equal++
    // Some drivers don't tell.
    touched += Math.max(before.touched, 'touched' in after ? after.touched : 0)
  }
  if (equal === 0 && refused.length > 0) {
    throw new NotVerified(`the database refused the statement with all values (${refused[0]})`)
  }
  if (equal === 0 && cut > 0) {
    throw new NotVerified('its LIMIT leaves some of the rows out that are equal in what they are ordered by')
  }
  if (touched === 0) {
    throw new NotVerified(
      way.writes
        ? 'no generated row was changed by the statement, so nothing was compared'
        : 'no generated row matched the statement, so no value was compared',
    )
  }
  return equal
}

async function run(way: Way, side: Side, rows: Row[], values: Values): Promise<Outcome> {
  if (way.writes) await way.fill(side, rows)
  return way.run(side, values)
}

/** The rows that a statement gives stand among its tables under this name, which no table has. */
const RESULT = ''

function rowsByTable({ rows, tables }: Given): Record<string, PlainRow[]> {
  return { [RESULT]: rows, ...tables }
}

/**
 * Columns that a write gives other values each time that it runs (`NOW()`, `UUID()`), as `table.column`.
 *
 * @throws NotVerified where more than that is different
 */
function changingColumns({ writes, order }: Way, first: Outcome, second: Outcome): Set<string> {
  if (isDeepStrictEqual(first, second)) return new Set()
  if ('error' in first || 'error' in second || first.rows.length !== second.rows.length) throw unstable()
  if (!isDeepStrictEqual(first.told, second.told)) throw unstable()
  if (!writes) {
    // It may have other rows altogether, of which nothing could be compared; ties may come in another order.
    if (compareRows(first.rows, second.rows, order) === 'different') throw unstable()
    return new Set()
  }
  const again = rowsByTable(second)
  const changing = Object.entries(rowsByTable(first)).flatMap(([table, rows]) => {
    const isOrdered = table === RESULT && order !== null
    const valuesIn = (of: PlainRow[], column: string): unknown[] => {
      const values = of.map(row => row[column])
      return isOrdered ? values : sorted(values)
    }
    const others = again[table] ?? []
    return Object.keys(rows[0] ?? {})
      .filter(column => !isDeepStrictEqual(valuesIn(rows, column), valuesIn(others, column)))
      .map(column => `${table}.${column}`)
  })
  return new Set(changing)
}

function unstable(): NotVerified {
  return new NotVerified('the statement gives other rows each time that it runs')
}

function verdictOn(way: Way, before: Outcome, after: Outcome, changing: Set<string>): Verdict {
  if ('error' in before || 'error' in after) {
    return 'error' in before && 'error' in after ? 'same' : 'different'
  }
  if (!isTold(before.told, after.told)) return 'different'
  const { [RESULT]: rows, ...tables } = contents(before, changing)
  const { [RESULT]: rowsAfter, ...tablesAfter } = contents(after, changing)
  const sort = (all: Record<string, PlainRow[]>): [string, PlainRow[]][] =>
    Object.entries(all).map(([table, each]) => [table, sorted(each)])
  if (!isDeepStrictEqual(sort(tables), sort(tablesAfter))) return 'different'
  return compareRows(rows!, rowsAfter!, way.order)
}

/** What the driver told; the client may tell more. */
function isTold(before: PlainRow | null, after: PlainRow | null): boolean {
  if (before === null || after === null) return true
  return Object.entries(before).every(([name, value]) => isDeepStrictEqual(value, after[name]))
}

/** What it gave and left behind; of columns that change each time only whether there is a value, and its type. */
function contents(given: Given, changing: Set<string>): Record<string, PlainRow[]> {
  return Object.fromEntries(
    Object.entries(rowsByTable(given)).map(([table, rows]) => [
      table,
      rows.map(row =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column,
            changing.has(`${table}.${column}`) ? typeOf(value) : value,
          ]),
        ),
      ),
    ]),
  )
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : value instanceof Object ? value.constructor.name : typeof value
}

/** @returns null for a difference that is not there a second time */
async function shrink(
  way: Way,
  all: Row[],
  values: Values,
  changing: Set<string>,
): Promise<Difference | null> {
  const both = async (rows: Row[]): Promise<[Outcome, Outcome]> => {
    await way.fill('before', rows)
    await way.fill('after', rows)
    return [await way.run('before', values), await way.run('after', values)]
  }
  const differs = async (rows: Row[]): Promise<boolean> => {
    const [before, after] = await both(rows)
    return !('refused' in after) && verdictOn(way, before, after, changing) === 'different'
  }
  if (!(await differs(all))) return null
  let rows = all
  for (const row of all) {
    const fewer = rows.filter(each => each !== row)
    if (await differs(fewer)) rows = fewer
  }
  const [before, after] = await both(rows)
  return verdictOn(way, before, after, changing) === 'different' ? { values, rows, before, after } : null
}

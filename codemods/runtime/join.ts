/** Rows of this service's database, joined in memory with those that another service has for their keys. */

export interface Join {
  /** Asks the other service: one call for all keys. */
  // biome-ignore lint/suspicious/noExplicitAny: keys are what the driver gave
  fetch: (keys: any[]) => Promise<object[]>
  /** inner: rows without a counterpart go. left: they get NULLs. */
  kind: 'inner' | 'left'
  /** Column that holds the key, in the rows and in those of the other service. */
  key: string
  foreignKey: string
  /** The key is there for the join only. */
  dropKey?: boolean
  /** Columns that are added, and what they are called at the other service. */
  columns: Record<string, string>
}

type Row = Record<string, unknown>

/** Keys in one call: a longer list is asked for in pieces. */
const MOST_KEYS = 5000

/**
 * Joins the rows of a query's result, whatever form the driver gives it: rows, `[rows, fields]`, `{ rows, rowCount }`.
 *
 * @throws Error for keys that the database might take for equal and JavaScript does not (`a` and `A`)
 */
export async function joinRows<Result>(query: Promise<Result>, join: Join): Promise<Result> {
  const result = await query
  const rows = rowsOf(result)
  const joined = await joinedRows(rows, join)
  rows.splice(0, rows.length)
  for (const row of joined) rows.push(row)
  if (typeof result === 'object' && result !== null && 'rowCount' in result) result.rowCount = rows.length
  return result
}

function rowsOf(result: unknown): Row[] {
  if (Array.isArray(result)) return Array.isArray(result[0]) ? (result[0] as Row[]) : (result as Row[])
  if (typeof result === 'object' && result !== null && 'rows' in result) return result.rows as Row[]
  throw new TypeError('The query gave no rows')
}

async function joinedRows(rows: Row[], join: Join): Promise<Row[]> {
  const keys = new Map<string, unknown>()
  for (const row of rows) {
    const key = row[join.key]
    if (key !== null && key !== undefined) keys.set(String(key), key)
  }
  const foreign = new Map<string, Row>()
  const all = [...keys.values()]
  for (let from = 0; from < all.length; from += MOST_KEYS) {
    for (const found of await join.fetch(all.slice(from, from + MOST_KEYS))) {
      const row = found as Row
      foreign.set(String(row[join.foreignKey]), row)
    }
  }
  refuseSpellings(keys, foreign)
  return rows.flatMap(row => {
    const key = row[join.key]
    const found = key === null || key === undefined ? undefined : foreign.get(String(key))
    if (found === undefined && join.kind === 'inner') return []
    if (join.dropKey) delete row[join.key]
    for (const [name, column] of Object.entries(join.columns)) row[name] = found?.[column] ?? null
    return [row]
  })
}

/** A database may compare without case, accents and trailing blanks: where that could matter, nobody guesses. */
function refuseSpellings(keys: Map<string, unknown>, foreign: Map<string, Row>): void {
  const folded = new Set([...foreign.keys()].map(fold))
  const isOdd =
    [...foreign.keys()].some(key => !keys.has(key)) ||
    [...keys.keys()].some(key => !foreign.has(key) && folded.has(fold(key)))
  if (isOdd) throw new Error('Keys that differ in their spelling only can not be joined in memory')
}

function fold(key: string): string {
  return key.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd()
}

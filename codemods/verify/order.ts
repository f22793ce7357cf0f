/** What rows are ordered by, and whether two results are the same as far as that tells. */
import { inspect, isDeepStrictEqual } from 'node:util'
import type { Expr, Query } from '../sql/tree.js'

type PlainRow = Record<string, unknown>

/** Rows that are equal in all that they are ordered by come in any order. */
export interface Order {
  /** Columns of the result, the most important first. */
  keys: string[]
  /** No: it is also ordered by something that is not in the result. */
  isWhole: boolean
  /** LIMIT or OFFSET: of rows that are equal at either end, any may be given. */
  isCut: boolean
}

/**
 * `open`: in another order, of which the result does not tell whether it is right. `cut`: other rows at an end, where
 * any of several may be given.
 */
export type Verdict = 'same' | 'different' | 'open' | 'cut'

/** @param columns the names of its result, in order */
export function orderOf(query: Query, columns: string[]): Order | null {
  if (query.orderBy.length === 0) return null
  const found = query.orderBy.map(expr => keyOf(expr, query, columns))
  const end = found.indexOf(null)
  return {
    keys: (end === -1 ? found : found.slice(0, end)).filter(key => key !== null),
    isWhole: end === -1,
    isCut: query.limit !== null || query.offset !== null,
  }
}

function keyOf(expr: Expr, { branches }: Query, columns: string[]): string | null {
  if (expr.kind === 'literal' && expr.type === 'integer') return columns[Number(expr.text) - 1] ?? null
  const items = branches[0]?.items ?? []
  const name = expr.kind === 'column' ? expr.name.toLowerCase() : null
  const only = (wanted: string): string | null => {
    const named = columns.filter(column => column.toLowerCase() === wanted)
    return named.length === 1 ? named[0]! : null
  }
  const isAlias =
    expr.kind === 'column' &&
    expr.table === null &&
    items.some(({ alias }) => alias !== null && alias.toLowerCase() === name)
  if (isAlias) return only(name!)
  const item = items.find(each => isDeepStrictEqual(each.expr, expr))
  if (item?.alias) return only(item.alias.toLowerCase())
  if (expr.kind !== 'column') return null
  const isGiven =
    item !== undefined ||
    items.some(({ expr: each }) => {
      if (each.kind === 'star') return each.table === null || each.table === expr.table
      // With and without its table's name; where another table has one of the name there are two.
      return each.kind === 'column' && each.name.toLowerCase() === name && expr.table === null
    })
  return isGiven ? only(name!) : null
}

/** @param order null: rows come in any order */
export function compareRows(before: PlainRow[], after: PlainRow[], order: Order | null): Verdict {
  if (isDeepStrictEqual(before, after)) return 'same'
  if (order === null) return isDeepStrictEqual(sorted(before), sorted(after)) ? 'same' : 'different'
  const keys = before.map(row => keyText(row, order))
  if (
    !isDeepStrictEqual(
      keys,
      after.map(row => keyText(row, order)),
    )
  )
    return 'different'
  let isCut = false
  for (let begin = 0; begin < keys.length; ) {
    const end = keys.lastIndexOf(keys[begin]!) + 1
    if (!isDeepStrictEqual(sorted(before.slice(begin, end)), sorted(after.slice(begin, end)))) {
      if (!order.isCut || (begin > 0 && end < keys.length)) return 'different'
      isCut = true
    }
    begin = end
  }
  if (!order.isWhole) return 'open'
  return isCut ? 'cut' : 'same'
}

/** Texts that a collation may take for equal are equal here, so that they count as rows in any order. */
function keyText(row: PlainRow, { keys }: Order): string {
  return inspect(
    keys.map(key => {
      const value = row[key]
      if (typeof value !== 'string') return value
      return value
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .replace(/[\u{10000}-\u{10ffff}]/gu, '?')
        .toLowerCase()
        .trimEnd()
    }),
  )
}

/** In an order that depends on the values alone. */
export function sorted<T>(items: T[]): T[] {
  const keys = new Map(items.map(item => [item, inspect(item, { depth: 8, sorted: true })]))
  return items.toSorted((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : keys.get(a)! > keys.get(b)! ? 1 : 0))
}

/** Rows that reach the edges: NULLs, duplicates, keys that meet and keys that don't. The same at every run. */
import type { ForeignKey, Table } from '../../analyzers/model.js'
import type { RewriteDialect } from '../wire.js'
import type { Literals } from './literals.js'
import { type Inserted, isNumbered } from './schema.js'
import { type Cell, isValueOf, valuesOf } from './values.js'

export interface Row {
  /** Id of its table. */
  table: string
  cells: Map<string, Cell>
}

const ROWS = 12
/** Columns that are no key repeat these values, so that one of them matches many rows. */
const FEW = 5

/**
 * @param inserted what the statement inserts, if it does: what is unique to it differs in all rows
 * @param literals what it compares columns with
 * @param held columns that have a key of the table that they refer to in every row
 * @throws Error for a column that must have a value of a type that is not known
 */
export function rowsOf(
  tables: Table[],
  foreignKeys: ForeignKey[],
  dialect: RewriteDialect,
  inserted: Inserted | null = null,
  literals: Literals = new Map(),
  held: { table: string; column: string }[] = [],
): Row[] {
  const next = random(20240229)
  return tables.flatMap(table => {
    const rows = Array.from({ length: ROWS }, (_, position) => {
      const cells = table.columns.map((column): [string, Cell] => {
        const at = table.primaryKey.indexOf(column.name)
        if (isNumbered(column, table, inserted)) return [column.name, position + 1]
        const holding = held.some(each => each.table === table.id && each.column === column.name)
        const target = at === -1 ? foreignTarget(table, column.name, foreignKeys, tables) : undefined
        const values = valuesOf(target?.column ?? column, dialect)
        if (values === null) {
          if (column.nullable) return [column.name, null]
          throw new Error(`no values are known of the type ${column.type} of ${table.name}.${column.name}`)
        }
        if (holding && target) {
          const key = Math.floor(next() * FEW)
          const isCounted = isNumbered(target.column, target.table, inserted)
          return [column.name, isCounted ? key + 1 : values(key)]
        }
        if (at !== -1) return [column.name, values(digit(position, at, table.primaryKey.length))]
        if (inserted?.unique.includes(column.name)) return [column.name, values(position)]
        if (column.nullable && next() < 0.2) return [column.name, null]
        const spoken = (literals.get(column.name.toLowerCase()) ?? []).filter(text =>
          isValueOf(text, column, dialect),
        )
        if (spoken.length > 0 && next() < 0.4)
          return [column.name, spoken[Math.floor(next() * spoken.length)]!]
        // Some meet nothing: no key is declared in the database, and not all that is joined is declared as one.
        return [column.name, values(next() < 0.15 ? ROWS + FEW : Math.floor(next() * FEW))]
      })
      return { table: table.id, cells: new Map(cells) }
    })
    return differing(differing(rows, table.primaryKey), inserted?.unique ?? [])
  })
}

/** Without rows that have the key of one before: of a truth, or of a list of words, there are fewer values than rows. */
function differing(rows: Row[], key: readonly string[]): Row[] {
  const seen = new Set<string>()
  return rows.filter(({ cells }) => {
    const values = key.map(name => cells.get(name))
    if (key.length === 0 || values.some(value => value === undefined || value === null)) return true
    const written = JSON.stringify(values.map(String))
    return !seen.has(written) && seen.add(written)
  })
}

/** A key of several columns is different in all of them together. */
function digit(position: number, at: number, length: number): number {
  if (at === length - 1) return Math.floor(position / 2 ** at)
  return Math.floor(position / 2 ** at) % 2
}

function foreignTarget(table: Table, column: string, foreignKeys: ForeignKey[], tables: Table[]) {
  const key = foreignKeys.find(each => each.from === table.id && each.fromColumns.includes(column))
  const name = key?.toColumns[key.fromColumns.indexOf(column)]
  const to = tables.find(each => each.id === key?.to)
  const found = to?.columns.find(each => each.name === name)
  return to && found && { table: to, column: found }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

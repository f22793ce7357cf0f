/** Values for the parameters of an operation: those of rows, others that match none, NULL. */
import type { Table } from '../../analyzers/model.js'
import type { Operation, Parameter, StatementPart } from '../operation.js'
import { wireTypeOf } from '../sql/column-types.js'
import type { RewriteDialect, WireType } from '../wire.js'
import type { Row } from './rows.js'
import { type Cell, valuesOf } from './values.js'

export type Values = Record<string, unknown>

/** Rows from which values are taken: enough to meet every edge of a column. */
const TAKEN = 8

/** What parameters are of: an operation, or a statement that has none. */
export type Parameterised = Pick<Operation, 'parameters' | 'dialect'> &
  Partial<Pick<Operation, 'statement'>> & {
    /** What of a date a parameter meets, by its name: `year`. */
    dateParts?: ReadonlyMap<string, string>
    /** Parameters that are a part of a new row's key. */
    newKeys?: ReadonlySet<string>
  }

/**
 * Sets of values, optional ones given and left out; and values of other kinds, which a call site may hand over too.
 *
 * @param same names that have one value, because one expression is handed over for them
 */
export function parameterSets(
  operation: Parameterised,
  tables: Table[],
  rows: Row[],
  same: string[][] = [],
): Values[] {
  const sets = ownKinds(operation, tables, rows)
  return [...sets, ...otherKinds(operation, sets)].map(set => withSame(set, same))
}

function withSame(set: Values, same: string[][]): Values {
  const result = { ...set }
  for (const [first, ...others] of same) {
    for (const name of others) if (first! in result && name in result) result[name] = result[first!]
  }
  return result
}

const MOMENT = new Date(2024, 1, 29, 12)

/** A value for each parameter in turn that is not of its kind: the database compares it as it does. */
function otherKinds({ parameters }: Parameterised, sets: Values[]): Values[] {
  const [first] = sets.filter(set => parameters.every(({ name }) => name in set))
  if (!first) return []
  return parameters.slice(0, 6).flatMap(({ name, type }) => {
    const given = first[name]
    return othersOf(type.kind, given).map(value => ({ ...first, [name]: value }))
  })
}

function othersOf(kind: Parameter['type']['kind'], given: unknown): unknown[] {
  switch (kind) {
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
      return [String(given), `${String(given)}abc`, true]
    case 'text':
    case 'uuid':
      return [1, true]
    case 'date':
    case 'timestamp':
    case 'instant':
      return [MOMENT]
    case 'boolean':
      return [1, 'true']
    default:
      return []
  }
}

function ownKinds(operation: Parameterised, tables: Table[], rows: Row[]): Values[] {
  if (operation.parameters.length === 0) return [{}]
  const sets = Array.from({ length: TAKEN }, (_, position) => setOf(operation, tables, rows, position))
  const optional = operation.parameters.filter(
    parameter => parameter.optional || parameter.type.kind === 'flag',
  )
  if (optional.length === 0) return [...sets, noMatch(operation)]
  const names = new Set(optional.map(({ name }) => name))
  const without = sets
    .slice(0, 2)
    .map(set => Object.fromEntries(Object.entries(set).filter(([name]) => !names.has(name))))
  const single = optional.flatMap(({ name }) =>
    sets.slice(0, 3).map((set, at) => ({
      ...without[at % without.length],
      ...Object.fromEntries((givenWith(name, operation.statement) ?? [name]).map(each => [each, set[each]])),
    })),
  )
  return [...without, ...single, ...sets]
}

/**
 * A parameter and those of the same optional part, which a call site gives together or leaves out together.
 *
 * @returns null where it is in none
 */
function givenWith(name: string, parts: StatementPart[] = []): string[] | null {
  const own = parts.flatMap(part =>
    part.kind === 'parameter' || part.kind === 'choice' ? [part.parameter] : [],
  )
  if (own.includes(name)) return own
  for (const part of parts) {
    const found = part.kind === 'optional' || part.kind === 'joined' ? givenWith(name, part.parts) : null
    if (found) return found
  }
  return null
}

function setOf(operation: Parameterised, tables: Table[], rows: Row[], position: number): Values {
  return Object.fromEntries(
    operation.parameters.map(parameter => [
      parameter.name,
      valueFor(parameter, operation, tables, rows, position),
    ]),
  )
}

function valueFor(
  parameter: Parameter,
  operation: Parameterised,
  tables: Table[],
  rows: Row[],
  position: number,
): unknown {
  const { type } = parameter
  if (type.kind === 'flag') return position % 2 === 0
  if (type.kind === 'choice') return type.values[position % type.values.length]
  if (type.kind === 'list') {
    return [0, 1, position].map(each => single(type.of, parameter, operation, tables, rows, position + each))
  }
  if (type.kind === 'rows') {
    return [0, 1].map(row =>
      type.columns.map(each => {
        const asOne: Parameter = { ...each, optional: false }
        return valueFor(asOne, { dialect: operation.dialect, parameters: [] }, tables, rows, position + row)
      }),
    )
  }
  if (type.kind === 'array') {
    // Compared with a column of one value each, as in `= ANY($1)`, or with an array.
    const values = [0, 1, 2].map(each => single(type.of, parameter, operation, tables, rows, position + each))
    return values.some(isArrayText) ? null : values
  }
  return single(type, parameter, operation, tables, rows, position)
}

/** A value of a column that holds arrays itself. */
function isArrayText(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{')
}

function single(
  type: WireType,
  { name, column }: Parameter,
  { dialect, dateParts, newKeys }: Parameterised,
  tables: Table[],
  rows: Row[],
  position: number,
): unknown {
  const part = dateParts?.get(name)
  if (part !== undefined) {
    const dates = rows.map(({ cells }) => cells.get(column ?? '')).filter(each => each !== undefined)
    return dates.length === 0
      ? fallback(type, dialect, position)
      : datePart(part, dates[position % dates.length]!)
  }
  if (newKeys?.has(name) && position % 2 === 0) return newKey(column, dialect, tables, position)
  // Only the column's name is known: one of that name in another table may have numbers where this one has text.
  const holders = tables.filter(table =>
    table.columns.some(each => each.name === column && wireTypeOf(each.type, dialect)?.kind === type.kind),
  )
  const found = holders.flatMap(({ id }) => rows.filter(row => row.table === id))
  const cell = column === null ? undefined : found[position % Math.max(found.length, 1)]?.cells.get(column)
  const value = cell === undefined ? fallback(type, dialect, position) : cell
  if (typeof value !== 'string') return value
  if (type.kind === 'boolean') return value === 'true'
  return value
}

/** One that no row has: with those that are there an INSERT says nothing but that it is refused. */
function newKey(name: string | null, dialect: RewriteDialect, tables: Table[], position: number): Cell {
  const column = tables.flatMap(({ columns }) => columns).find(each => each.name === name)
  return (column && valuesOf(column, dialect)?.(BEYOND_ROWS + position)) ?? null
}

const BEYOND_ROWS = 30

/** A part of a date as the database has it, in whatever zone that is. */
function datePart(part: string, cell: Cell): number | null {
  const [year, month, day, hour, minute, second] = String(cell).match(/\d+/g)?.map(Number) ?? []
  const all: Record<string, number | undefined> = { year, month, day, hour, minute, second }
  if (cell === null || month === undefined) return null
  return (part === 'quarter' ? Math.ceil(month / 3) : all[part]) ?? 1
}

/** Of a parameter that meets no column: `LIMIT ?` among them. */
function fallback(type: WireType, dialect: RewriteDialect, position: number): unknown {
  if (type.kind === 'integer') return [5, 1, 0, 2][position % 4]
  const name = type.kind === 'instant' ? 'timestamptz' : type.kind === 'bytes' ? 'varbinary(4)' : type.kind
  return valuesOf({ name: '', type: name, nullable: true }, dialect)?.(position) ?? 'a'
}

function noMatch(operation: Parameterised): Values {
  return Object.fromEntries(
    operation.parameters.map(({ name, type }) => [
      name,
      type.kind === 'list'
        ? [null]
        : type.kind === 'choice'
          ? type.values[0]
          : type.kind === 'rows'
            ? [type.columns.map(() => null)]
            : null,
    ]),
  )
}

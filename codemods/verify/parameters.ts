/** Values for the parameters of an operation: those of rows, others that match none, NULL. */
import type { Table } from '../../analyzers/model.js'
import type { Operation, Parameter, StatementPart } from '../operation.js'
import { wireTypeOf } from '../sql/column-types.js'
import type { RewriteDialect, WireType } from '../wire.js'
import type { Row } from './rows.js'
import { valuesOf } from './values.js'

export type Values = Record<string, unknown>

/** Rows from which values are taken: enough to meet every edge of a column. */
const TAKEN = 8

/** Sets of values, optional ones given and left out. */
export function parameterSets(operation: Operation, tables: Table[], rows: Row[]): Values[] {
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
    sets.slice(0, 3).map((set, at) => ({ ...without[at % without.length], [name]: set[name] })),
  )
  return [...without, ...single, ...sets]
}

function setOf(operation: Operation, tables: Table[], rows: Row[], position: number): Values {
  return Object.fromEntries(
    operation.parameters.map(parameter => [
      parameter.name,
      valueFor(parameter, operation, tables, rows, position),
    ]),
  )
}

function valueFor(
  parameter: Parameter,
  { dialect }: Operation,
  tables: Table[],
  rows: Row[],
  position: number,
): unknown {
  const { type } = parameter
  if (type.kind === 'flag') return position % 2 === 0
  if (type.kind === 'list') {
    return [0, 1, position].map(each => single(type.of, parameter, dialect, tables, rows, position + each))
  }
  if (type.kind === 'array') {
    // Compared with a column of one value each, as in `= ANY($1)`, or with an array.
    const values = [0, 1, 2].map(each => single(type.of, parameter, dialect, tables, rows, position + each))
    return values.some(isArrayText) ? null : values
  }
  return single(type, parameter, dialect, tables, rows, position)
}

/** A value of a column that holds arrays itself. */
function isArrayText(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{')
}

function single(
  type: WireType,
  { column }: Parameter,
  dialect: RewriteDialect,
  tables: Table[],
  rows: Row[],
  position: number,
): unknown {
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

/** Of a parameter that meets no column: `LIMIT ?` among them. */
function fallback(type: WireType, dialect: RewriteDialect, position: number): unknown {
  if (type.kind === 'integer') return [5, 1, 0, 2][position % 4]
  const name = type.kind === 'instant' ? 'timestamptz' : type.kind === 'bytes' ? 'varbinary(4)' : type.kind
  return valuesOf({ name: '', type: name, nullable: true }, dialect)?.(position) ?? 'a'
}

function noMatch(operation: Operation): Values {
  return Object.fromEntries(
    operation.parameters.map(({ name, type }) => [name, type.kind === 'list' ? [null] : null]),
  )
}

/** The statement as the consumer's driver took it, with its values. */
export function oldStatement(operation: Operation, values: Values): { text: string; values: unknown[] } {
  let text = ''
  const bound: unknown[] = []
  const numbers = new Map<string, number>()
  const bind = (value: unknown): string => {
    bound.push(value)
    return operation.dialect === 'mysql' ? '?' : `$${bound.length}`
  }
  const write = (parts: StatementPart[]): void => {
    for (const part of parts) {
      if (part.kind === 'text') text += part.text
      else if (part.kind === 'optional') {
        if (values[part.when] !== undefined && values[part.when] !== false) write(part.parts)
      } else if (part.list) text += (values[part.parameter] as unknown[]).map(bind).join(', ')
      else if (operation.dialect === 'mysql') text += bind(values[part.parameter] ?? null)
      else {
        if (!numbers.has(part.parameter)) {
          bind(values[part.parameter] ?? null)
          numbers.set(part.parameter, bound.length)
        }
        text += `$${numbers.get(part.parameter)}`
      }
    }
  }
  write(operation.statement)
  return { text, values: bound }
}

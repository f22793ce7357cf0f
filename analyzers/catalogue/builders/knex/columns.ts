/**
 * The DDL that knex writes for the columns of a table, by the method that names their type. From knex's documentation
 * (https://knexjs.org/guide/schema-builder.html) and what knex 3.3 writes; test/catalogue/knex.test.ts compares them.
 */

import { quotedName } from '../ddl.js'
import { isEntries, type Literal } from '../literals.js'

/** A column's type; null where it can't be told. */
type TypeOf = (args: Literal[]) => string | null

interface ColumnMethod {
  postgresql: TypeOf
  mysql: TypeOf
}

const both = (type: TypeOf | string): ColumnMethod => {
  const of = typeof type === 'string' ? () => type : type
  return { postgresql: of, mysql: of }
}
const each = (postgresql: TypeOf | string, mysql: TypeOf | string): ColumnMethod => ({
  postgresql: both(postgresql).postgresql,
  mysql: both(mysql).mysql,
})

/** `int(5)`: MySQL keeps the width that is asked for. */
const wide =
  (type: string): TypeOf =>
  ([width]) =>
    typeof width === 'number' ? `${type}(${width})` : type

/** `decimal(8, 2)`: what is not given has its default, and null leaves it to the database. */
const exact: TypeOf = ([digits, scale]) => {
  if (digits === null) return 'decimal'
  const given = [digits ?? 8, scale ?? 2]
  return given.every(number => typeof number === 'number') ? `decimal(${given.join(', ')})` : null
}

/** `timestamp(name, { useTz, precision })`, `timestamp(name, withoutTz, precision)`. */
const moment = (zoned: string, plain: string, takesPosition: boolean): TypeOf => {
  return ([first, second]) => {
    const options = isEntries(first) ? first : {}
    const isPlain = takesPosition && (first === true || options.useTz === false)
    const precision = isEntries(first) ? options.precision : takesPosition ? second : undefined
    return `${isPlain ? plain : zoned}${typeof precision === 'number' ? `(${precision})` : ''}`
  }
}

const text: TypeOf = ([length]) => `varchar(${typeof length === 'number' ? length : 255})`

const oneOf: TypeOf = ([values]) =>
  Array.isArray(values) && values.every(value => typeof value === 'string')
    ? `enum(${values.map(value => `'${value.replaceAll("'", "''")}'`).join(', ')})`
    : null

/** Methods that add one column, by their name. */
export const columnMethods: Record<string, ColumnMethod> = {
  increments: each('serial', 'int unsigned'),
  bigIncrements: each('bigserial', 'bigint unsigned'),
  integer: each('integer', wide('int')),
  tinyint: each('smallint', wide('tinyint')),
  smallint: both('smallint'),
  mediumint: each('integer', 'mediumint'),
  bigint: both('bigint'),
  bigInteger: both('bigint'),
  text: each('text', ([type]) =>
    typeof type === 'string' && /^(?:medium|long)text$/.test(type) ? type : 'text',
  ),
  string: both(text),
  float: each('real', ([digits, scale]) => `float(${digits ?? 8}, ${scale ?? 2})`),
  double: each('double precision', ([digits, scale]) =>
    typeof digits === 'number' ? `double(${digits}, ${scale ?? 2})` : 'double',
  ),
  decimal: both(exact),
  boolean: both('boolean'),
  bool: both('boolean'),
  date: both('date'),
  datetime: each(moment('timestamptz', 'timestamp', true), moment('datetime', 'datetime', false)),
  dateTime: each(moment('timestamptz', 'timestamp', true), moment('datetime', 'datetime', false)),
  timestamp: each(moment('timestamptz', 'timestamp', true), moment('timestamp', 'timestamp', false)),
  time: each('time', wide('time')),
  binary: each('bytea', ([length]) => (typeof length === 'number' ? `varbinary(${length})` : 'blob')),
  enu: each(pgEnum, oneOf),
  enum: each(pgEnum, oneOf),
  json: both('json'),
  jsonb: each('jsonb', 'json'),
  uuid: each('uuid', ([options]) =>
    isEntries(options) && options.useBinaryUuid ? 'binary(16)' : 'char(36)',
  ),
  specificType: both(([type]) => (typeof type === 'string' ? type : null)),
}

/** Methods whose column is a key, unless `{ primaryKey: false }` says otherwise. */
export const NUMBERING = new Set(['increments', 'bigIncrements'])

/** With `useNative` a type of its own. */
function pgEnum([, options]: Literal[]): string | null {
  if (!isEntries(options) || !options.useNative) return 'text'
  return typeof options.enumName === 'string' ? quotedName(options.enumName) : null
}

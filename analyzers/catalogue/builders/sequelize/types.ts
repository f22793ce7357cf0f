/**
 * The types that Sequelize writes for its `DataTypes`. From what Sequelize 6 writes; test/catalogue/sequelize.test.ts compares
 * them.
 */
import { type BuilderDialect, quotedName, type TableName } from '../ddl.js'
import { isEntries, type Literal } from '../literals.js'

/** `DataTypes.STRING(50).BINARY`: its name, what it is called with, and the names behind it. */
export interface DataType {
  name: string
  /** Undefined for what is not written out. */
  args: (Literal | undefined)[]
  behind: string[]
  /** Of `ARRAY`: what it is a list of. */
  item: DataType | null
}

type TypeOf = (type: DataType) => string | null

const withArgs =
  (name: string): TypeOf =>
  ({ args }) => {
    if (args.length === 0) return name
    return args.every(arg => typeof arg === 'number') ? `${name}(${args.join(',')})` : null
  }

/** MySQL keeps the width and `UNSIGNED`. */
const whole =
  (name: string): TypeOf =>
  type => {
    const wide = withArgs(name)(type)
    return wide === null ? null : `${wide}${type.behind.includes('UNSIGNED') ? ' UNSIGNED' : ''}`
  }

/** `TEXT('long')` */
const sized =
  (name: string): TypeOf =>
  ({ args: [size] }) =>
    typeof size === 'string' ? `${size.toUpperCase()}${name}` : name

const oneOf: TypeOf = ({ args }) => {
  const [first] = args
  const values = isEntries(first) ? first.values : Array.isArray(first) ? first : args
  if (!Array.isArray(values) || !values.every(value => typeof value === 'string')) return null
  return `ENUM(${values.map(value => `'${value.replaceAll("'", "''")}'`).join(', ')})`
}

const text =
  (isBytes: boolean): TypeOf =>
  type => {
    const isBinary = type.behind.includes('BINARY')
    if (isBytes && isBinary) return 'BYTEA'
    const { args } = type
    const length = args[0] ?? 255
    return typeof length === 'number' ? `VARCHAR(${length})${isBinary ? ' BINARY' : ''}` : null
  }

const fixed: TypeOf = ({ args: [length = 255] }) => (typeof length === 'number' ? `CHAR(${length})` : null)

const always =
  (type: string): TypeOf =>
  () =>
    type

const TYPES: Record<string, Record<BuilderDialect, TypeOf>> = {
  STRING: { postgresql: text(true), mysql: text(false) },
  CHAR: { postgresql: fixed, mysql: fixed },
  TEXT: { postgresql: always('TEXT'), mysql: sized('TEXT') },
  CITEXT: { postgresql: always('CITEXT'), mysql: always('CITEXT') },
  TINYINT: { postgresql: always('TINYINT'), mysql: whole('TINYINT') },
  SMALLINT: { postgresql: always('SMALLINT'), mysql: whole('SMALLINT') },
  MEDIUMINT: { postgresql: always('MEDIUMINT'), mysql: whole('MEDIUMINT') },
  INTEGER: { postgresql: always('INTEGER'), mysql: whole('INTEGER') },
  BIGINT: { postgresql: always('BIGINT'), mysql: whole('BIGINT') },
  FLOAT: { postgresql: always('FLOAT'), mysql: whole('FLOAT') },
  REAL: { postgresql: always('REAL'), mysql: whole('REAL') },
  DOUBLE: { postgresql: always('DOUBLE PRECISION'), mysql: whole('DOUBLE PRECISION') },
  DECIMAL: { postgresql: withArgs('DECIMAL'), mysql: whole('DECIMAL') },
  NUMERIC: { postgresql: withArgs('DECIMAL'), mysql: whole('DECIMAL') },
  NUMBER: { postgresql: withArgs('NUMBER'), mysql: whole('NUMBER') },
  BOOLEAN: { postgresql: always('BOOLEAN'), mysql: always('TINYINT(1)') },
  DATE: { postgresql: always('TIMESTAMP WITH TIME ZONE'), mysql: withArgs('DATETIME') },
  DATEONLY: { postgresql: always('DATE'), mysql: always('DATE') },
  TIME: { postgresql: always('TIME'), mysql: always('TIME') },
  UUID: { postgresql: always('UUID'), mysql: always('CHAR(36) BINARY') },
  JSON: { postgresql: always('JSON'), mysql: always('JSON') },
  JSONB: { postgresql: always('JSONB'), mysql: always('JSONB') },
  BLOB: { postgresql: always('BYTEA'), mysql: sized('BLOB') },
  INET: { postgresql: always('INET'), mysql: always('INET') },
  CIDR: { postgresql: always('CIDR'), mysql: always('CIDR') },
  MACADDR: { postgresql: always('MACADDR'), mysql: always('MACADDR') },
  HSTORE: { postgresql: always('HSTORE'), mysql: always('HSTORE') },
  TSVECTOR: { postgresql: always('TSVECTOR'), mysql: always('TSVECTOR') },
}

/** Integers that PostgreSQL numbers by itself. */
const SERIAL: Record<string, string> = { SMALLINT: 'SMALLSERIAL', INTEGER: 'SERIAL', BIGINT: 'BIGSERIAL' }

/** The column's type as it is written; null where it is not known. */
export function typeIn(
  dialect: BuilderDialect,
  type: DataType,
  of: { table: TableName; column: string; isNumbered: boolean },
): string | null {
  const isPostgres = dialect === 'postgresql'
  if (type.name === 'ARRAY') {
    const item = type.item && typeIn(dialect, type.item, of)
    return item && isPostgres ? `${item}[]` : null
  }
  if (type.name === 'ENUM') {
    const values = oneOf(type)
    // A type of its own, which Sequelize makes before the table.
    return isPostgres && values !== null
      ? `${quotedName(of.table.schema ?? 'public')}.${quotedName(`enum_${of.table.name}_${of.column}`)}`
      : values
  }
  if (isPostgres && of.isNumbered && Object.hasOwn(SERIAL, type.name)) return SERIAL[type.name]!
  return Object.hasOwn(TYPES, type.name) ? TYPES[type.name]![dialect](type) : null
}

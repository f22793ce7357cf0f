/** Types as the catalogue writes them, to the form in which their values travel. */
import type { NativeType, RewriteDialect, ScalarKind, WireType } from '../wire.js'

const MYSQL: Record<string, ScalarKind> = {
  tinyint: 'integer',
  bool: 'integer',
  boolean: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  integer: 'integer',
  year: 'integer',
  bigint: 'bigint',
  serial: 'bigint',
  float: 'float',
  double: 'float',
  real: 'float',
  'double precision': 'float',
  char: 'text',
  varchar: 'text',
  nchar: 'text',
  nvarchar: 'text',
  character: 'text',
  'character varying': 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'text',
  set: 'text',
  uuid: 'text',
  date: 'date',
  time: 'time',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  bit: 'bytes',
  json: 'json',
}

/** What node-postgres has no parser for, it gives as text; `interval`, `point` and `circle` it makes objects of. */
const POSTGRESQL: Record<string, ScalarKind> = {
  bool: 'boolean',
  boolean: 'boolean',
  int2: 'integer',
  smallint: 'integer',
  smallserial: 'integer',
  serial2: 'integer',
  int: 'integer',
  int4: 'integer',
  integer: 'integer',
  serial: 'integer',
  serial4: 'integer',
  oid: 'integer',
  int8: 'bigint',
  bigint: 'bigint',
  bigserial: 'bigint',
  serial8: 'bigint',
  float4: 'float',
  real: 'float',
  float8: 'float',
  float: 'float',
  'double precision': 'float',
  char: 'text',
  bpchar: 'text',
  character: 'text',
  varchar: 'text',
  'character varying': 'text',
  text: 'text',
  citext: 'text',
  name: 'text',
  inet: 'text',
  cidr: 'text',
  macaddr: 'text',
  money: 'text',
  xml: 'text',
  tsvector: 'text',
  uuid: 'uuid',
  date: 'date',
  time: 'time',
  timetz: 'time',
  'time without time zone': 'time',
  'time with time zone': 'time',
  timestamp: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamptz: 'instant',
  'timestamp with time zone': 'instant',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
}

const NATIVE = new Set<string>(['bit', 'set', 'oid', 'money', 'macaddr', 'tsvector'] satisfies NativeType[])

const DECIMAL = new Set(['decimal', 'numeric', 'dec', 'fixed'])

/** The wire type of a column, or null for a type that is not known here. */
export function wireTypeOf(type: string, dialect: RewriteDialect): WireType | null {
  const plain = type.toLowerCase().trim()
  const element = /^(.*?)\s*(?:\[\s*\d*\s*\])+$/.exec(plain)?.[1]
  if (element !== undefined) {
    const of = dialect === 'postgresql' ? wireTypeOf(element, dialect) : null
    return of ? { kind: 'array', of } : null
  }
  const size = /\(([^)]*)\)/.exec(plain)?.[1]?.split(',')
  const bare = plain
    .replace(/\([^)]*\)/g, '')
    .replace(/\b(?:unsigned|signed|zerofill)\b/g, '')
    .replace(/^pg_catalog\./, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (DECIMAL.has(bare)) {
    // MySQL's bare DECIMAL is DECIMAL(10,0); PostgreSQL's keeps every digit.
    const scale = size?.[1] ?? (size || dialect === 'mysql' ? '0' : null)
    return { kind: 'decimal', scale: scale === null ? null : Number(scale) }
  }
  const kinds = dialect === 'mysql' ? MYSQL : POSTGRESQL
  if (!Object.hasOwn(kinds, bare)) return null
  return { kind: kinds[bare]!, ...(NATIVE.has(bare) ? { native: bare as NativeType } : {}) }
}

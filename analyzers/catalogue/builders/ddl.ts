/** Writes what a call of a schema builder does as DDL. */

export type BuilderDialect = 'postgresql' | 'mysql'

/** One call of a builder. */
export interface BuilderCall {
  /** Offset of the method's name. */
  at: number
  /** Whether it stands in a function that takes a migration back. */
  isUndone: boolean
  table: TableName
  creates: boolean
  /** What it does; null where something in it is not understood, so that the table's columns are not known. */
  sql: Record<BuilderDialect, string | null>
}

/** What a function does to the table that it gets, in no order. */
export interface TableChanges {
  columns: { name: string; types: Record<BuilderDialect, string>; nullable: boolean; isChange: boolean }[]
  /** Null where nothing is said of it, empty where it is dropped. */
  primaryKey: string[] | null
  foreignKeys: { name: string | null; columns: string[]; to: TableName; toColumns: string[] }[]
  dropped: string[]
  renamed: [from: string, to: string][]
  nullability: { column: string; nullable: boolean }[]
  /** Foreign keys that are dropped. */
  constraints: string[]
}

export interface TableName {
  schema: string | null
  name: string
}

type Quote = (name: string) => string

/** A name as PostgreSQL quotes it. */
export const quotedName: Quote = name => `"${name.replaceAll('"', '""')}"`

const QUOTES: Record<BuilderDialect, Quote> = {
  postgresql: quotedName,
  mysql: name => `\`${name.replaceAll('`', '``')}\``,
}

export function createTable(table: TableName, changes: TableChanges, dialect: BuilderDialect): string {
  const quote = QUOTES[dialect]
  const columns = changes.columns.map(each => columnOf(each, dialect))
  return `CREATE TABLE ${quoted(table, quote)} (${[...columns, ...keysOf(changes, quote)].join(', ')})`
}

/** Null where it would say more than is known: MySQL's MODIFY repeats the column's type. */
export function alterTable(table: TableName, changes: TableChanges, dialect: BuilderDialect): string | null {
  const quote = QUOTES[dialect]
  const isMysql = dialect === 'mysql'
  if (isMysql && changes.nullability.length > 0) return null
  const actions = [
    ...changes.renamed.map(([from, to]) => `RENAME COLUMN ${quote(from)} TO ${quote(to)}`),
    ...changes.dropped.map(name => `DROP COLUMN ${quote(name)}`),
    ...changes.constraints.map(name => `DROP ${isMysql ? 'FOREIGN KEY' : 'CONSTRAINT'} ${quote(name)}`),
    ...changes.columns.flatMap(column => {
      if (!column.isChange) return [`ADD COLUMN ${columnOf(column, dialect)}`]
      if (isMysql) return [`MODIFY COLUMN ${columnOf(column, dialect)}`]
      const { name, types, nullable } = column
      return [`ALTER COLUMN ${quote(name)} TYPE ${types[dialect]}`, required(quote(name), !nullable)]
    }),
    ...changes.nullability.map(({ column, nullable }) => required(quote(column), !nullable)),
    ...keysOf(changes, quote).map(key => `ADD ${key}`),
  ]
  return actions.map(action => `ALTER TABLE ${quoted(table, quote)} ${action};`).join(' ')
}

export function renameTable(table: TableName, to: string, dialect: BuilderDialect): string {
  const quote = QUOTES[dialect]
  return `ALTER TABLE ${quoted(table, quote)} RENAME TO ${quote(to)}`
}

export function dropTable(table: TableName, dialect: BuilderDialect): string {
  return `DROP TABLE IF EXISTS ${quoted(table, QUOTES[dialect])}`
}

function columnOf(
  { name, types, nullable }: TableChanges['columns'][number],
  dialect: BuilderDialect,
): string {
  return `${QUOTES[dialect](name)} ${types[dialect]}${nullable ? '' : ' NOT NULL'}`
}

function required(column: string, isRequired: boolean): string {
  return `ALTER COLUMN ${column} ${isRequired ? 'SET' : 'DROP'} NOT NULL`
}

function keysOf({ primaryKey, foreignKeys }: TableChanges, quote: Quote): string[] {
  const list = (names: string[]) => names.map(quote).join(', ')
  return [
    ...(primaryKey?.length ? [`PRIMARY KEY (${list(primaryKey)})`] : []),
    ...foreignKeys.map(
      ({ name, columns, to, toColumns }) =>
        `${name === null ? '' : `CONSTRAINT ${quote(name)} `}FOREIGN KEY (${list(columns)}) REFERENCES ${quoted(to, quote)} (${list(toColumns)})`,
    ),
  ]
}

function quoted({ schema, name }: TableName, quote: Quote): string {
  return schema === null ? quote(name) : `${quote(schema)}.${quote(name)}`
}

export function noChanges(): TableChanges {
  return {
    columns: [],
    primaryKey: null,
    foreignKeys: [],
    dropped: [],
    renamed: [],
    nullability: [],
    constraints: [],
  }
}

export function eachDialect(write: (dialect: BuilderDialect) => string | null): BuilderCall['sql'] {
  return { postgresql: write('postgresql'), mysql: write('mysql') }
}

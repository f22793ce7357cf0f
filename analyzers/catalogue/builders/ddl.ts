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
  /** Without columns to refer to it is the primary key. */
  foreignKeys: { name: string | null; columns: string[]; to: TableName; toColumns: string[] }[]
  dropped: string[]
  renamed: [from: string, to: string][]
  nullability: { column: string; nullable: boolean }[]
  /** Columns that get another type, and nothing else (PostgreSQL). */
  retyped: { column: string; type: string }[]
  /** Foreign keys that are dropped. */
  constraints: string[]
  /** Constraints that are added, as they are written in SQL. */
  added: string[]
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

function createTable(table: TableName, changes: TableChanges, dialect: BuilderDialect): string {
  const quote = QUOTES[dialect]
  const columns = changes.columns.map(each => columnOf(each, dialect))
  return `CREATE TABLE ${quoted(table, quote)} (${[...columns, ...keysOf(changes, quote)].join(', ')})`
}

/** Null where it would say more than is known: MySQL's MODIFY repeats the column's type. */
function alterTable(table: TableName, changes: TableChanges, dialect: BuilderDialect): string | null {
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
    ...changes.retyped.map(({ column, type }) => `ALTER COLUMN ${quote(column)} TYPE ${type}`),
    ...changes.nullability.map(({ column, nullable }) => required(quote(column), !nullable)),
    ...[...keysOf(changes, quote), ...changes.added].map(key => `ADD ${key}`),
  ]
  return actions.map(action => `ALTER TABLE ${quoted(table, quote)} ${action};`).join(' ')
}

function renameTable(table: TableName, to: string, dialect: BuilderDialect): string {
  const quote = QUOTES[dialect]
  return `ALTER TABLE ${quoted(table, quote)} RENAME TO ${quote(to)}`
}

function dropTable(table: TableName, dialect: BuilderDialect): string {
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
        `${name === null ? '' : `CONSTRAINT ${quote(name)} `}FOREIGN KEY (${list(columns)}) REFERENCES ${quoted(to, quote)}${toColumns.length > 0 ? ` (${list(toColumns)})` : ''}`,
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
    retyped: [],
    constraints: [],
    added: [],
  }
}

function eachDialect(write: (dialect: BuilderDialect) => string | null): BuilderCall['sql'] {
  return { postgresql: write('postgresql'), mysql: write('mysql') }
}

/**
 * What a call does to a table.
 *
 * @param method `dropTable…`, `renameTable`, `createTable…`, or one that alters
 * @param renamedTo the new name; null where it is not known
 * @param changesOf null where they are not understood
 */
export function ddlOf(
  method: string,
  table: TableName,
  renamedTo: () => string | null,
  changesOf: (dialect: BuilderDialect) => TableChanges | null,
): BuilderCall['sql'] {
  if (method.startsWith('dropTable')) return eachDialect(dialect => dropTable(table, dialect))
  if (method === 'renameTable') {
    const to = renamedTo()
    return eachDialect(dialect => (to === null ? null : renameTable(table, to, dialect)))
  }
  const write = method.startsWith('createTable') ? createTable : alterTable
  return eachDialect(dialect => {
    const changes = changesOf(dialect)
    return changes && write(table, changes, dialect)
  })
}

import { buildCatalogue, findMigrations, readSchemaChanges } from '../../analyzers/catalogue/index.js'
import type { CatalogueTable, SchemaChange, SchemaSet } from '../../analyzers/catalogue/types.js'
import type { Dialect } from '../../analyzers/model.js'

export const read = (text: string, dialect: Dialect = 'mysql') =>
  readSchemaChanges({ file: 'x.sql', text, dialect, line: 1 })

/** The only change of a text. */
export function change<K extends SchemaChange['kind']>(kind: K, text: string, dialect: Dialect = 'mysql') {
  const { changes } = read(text, dialect)
  const found = changes.filter(item => item.kind === kind)
  if (found.length !== 1) throw new Error(`${found.length} of ${kind}: ${JSON.stringify(changes)}`)
  return found[0] as Extract<SchemaChange, { kind: K }>
}

export function migrationsOf(files: Record<string, string>, dialect: Dialect = 'mysql') {
  return findMigrations(
    Object.keys(files)
      .sort()
      .map(path => ({ path, kind: 'sql' as const, owner: /^services\/([^/]+)\//.exec(path)?.[1] ?? null })),
    path => ({ text: files[path]! }),
    () => dialect,
  )
}

export function setsOf(files: Record<string, string>, dialect: Dialect = 'mysql'): SchemaSet[] {
  return buildCatalogue(migrationsOf(files, dialect).folders).sets
}

/** `users(id int!, name varchar(50)) pk(id) fk(org_id -> orgs.id)`; `!`: not null. */
export function show(
  table: Pick<
    CatalogueTable,
    'name' | 'schema' | 'kind' | 'columns' | 'primaryKey' | 'foreignKeys' | 'reads'
  >,
): string {
  const name = `${table.schema === null ? '' : `${table.schema}.`}${table.name}`
  if (table.kind === 'view') return `${name} = view of ${table.reads.map(read => read.name).join(', ')}`
  const columns = table.columns
    .map(column => `${column.name} ${column.type}${column.nullable ? '' : '!'}`)
    .join(', ')
  const keys = table.primaryKey.length > 0 ? ` pk(${table.primaryKey.join(', ')})` : ''
  const foreign = table.foreignKeys.map(
    item =>
      ` fk(${item.columns.join(', ')} -> ${item.toSchema === null ? '' : `${item.toSchema}.`}${item.to}${item.toColumns.length > 0 ? `.${item.toColumns.join(', ')}` : ''})`,
  )
  return `${name}(${columns})${keys}${foreign.join('')}`
}

/** All tables of the sets of some scripts in order, a text as one file. */
export function tables(files: string | Record<string, string>, dialect: Dialect = 'mysql'): string[] {
  return setsOf(typeof files === 'string' ? { 'migrations/1.sql': files } : files, dialect).flatMap(set =>
    set.tables.map(show),
  )
}

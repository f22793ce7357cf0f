/** Tables as the catalogue has them, in a database that is there for nothing else. */
import type { Table } from '../../analyzers/model.js'
import type { RewriteDialect } from '../wire.js'

export function quoteName(name: string, dialect: RewriteDialect): string {
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

export function tableName({ schema, name }: Table, dialect: RewriteDialect): string {
  return [...(schema === null ? [] : [schema]), name].map(part => quoteName(part, dialect)).join('.')
}

/** Statements that create a table. Foreign keys are left out: rows go away one at a time, and in any order. */
export function createTable(table: Table, dialect: RewriteDialect): string[] {
  const columns = table.columns.map(
    ({ name, type, nullable }) => `${quoteName(name, dialect)} ${type}${nullable ? ' NULL' : ' NOT NULL'}`,
  )
  const key = table.primaryKey.map(name => quoteName(name, dialect)).join(', ')
  const body = [...columns, ...(key === '' ? [] : [`PRIMARY KEY (${key})`])].join(', ')
  const schema =
    table.schema === null ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteName(table.schema, dialect)}`]
  return [...schema, `CREATE TABLE ${tableName(table, dialect)} (${body})`]
}

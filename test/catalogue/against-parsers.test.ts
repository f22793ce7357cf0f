/**
 * The token reader beside the grammars of the servers: for each CREATE TABLE of the fixture that libpg-query or
 * sqlparser-rs takes, both must see the same columns and foreign keys.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadParsers, type Parsers, splitScript } from '../../analyzers/sql/index.js'
import { read } from './helpers.js'

const ROOT = 'fixtures/nilecare'
const FILES = (readdirSync(ROOT, { recursive: true }) as string[])
  .filter(file => file.endsWith('.sql'))
  .sort()
const POSTGRESQL = /(device-integration|notification|ehr)-service/

let parsers: Parsers
beforeAll(async () => {
  parsers = await loadParsers(['postgresql', 'mysql'])
})

describe.each(FILES)('%s', file => {
  const dialect = POSTGRESQL.test(file) ? 'postgresql' : 'mysql'
  const created = splitScript(readFileSync(`${ROOT}/${file}`, 'utf8'), dialect).filter(({ text }) =>
    /^\s*(--[^\n]*\n\s*)*create\s+table/i.test(text),
  )
  test.runIf(created.length > 0)('tables', () => {
    for (const { text } of created) {
      const parsed = dialect === 'postgresql' ? parsers.postgres(text) : parsers.sqlparser(text, 'mysql')
      if ('error' in parsed) continue
      const expected = dialect === 'postgresql' ? ofPostgres(parsed.ast) : ofSqlparser(parsed.ast)
      expect(ours(text, dialect)).toEqual(expected)
    }
  })
})

/** Columns in order, then foreign keys sorted. */
function ours(text: string, dialect: 'mysql' | 'postgresql'): string[] {
  const change = read(text, dialect).changes.find(item => item.kind === 'create-table')!
  const keys = change.foreignKeys.map(key => `${key.columns} -> ${key.to}(${key.toColumns})`)
  return [change.name, ...change.columns.map(column => column.name), ...keys.sort()]
}

function ofPostgres(ast: unknown): string[] {
  const table = get(ast, 'stmts.0.stmt.CreateStmt')
  const columns = list(table, 'tableElts').flatMap(item => list(item, 'ColumnDef'))
  const names = (tree: unknown, path: string) => list(tree, path).map(item => get(item, 'String.sval'))
  const foreign = (key: unknown, own: unknown) =>
    `${own} -> ${get(key, 'pktable.relname')}(${names(key, 'pk_attrs')})`
  const keys = [
    ...list(table, 'tableElts')
      .flatMap(item => list(item, 'Constraint'))
      .filter(key => get(key, 'pktable'))
      .map(key => foreign(key, names(key, 'fk_attrs'))),
    ...columns.flatMap(column =>
      list(column, 'constraints')
        .map(item => get(item, 'Constraint'))
        .filter(key => get(key, 'pktable'))
        .map(key => foreign(key, get(column, 'colname'))),
    ),
  ]
  return [
    String(get(table, 'relation.relname')),
    ...columns.map(column => String(get(column, 'colname'))),
    ...keys.sort(),
  ]
}

function ofSqlparser(ast: unknown): string[] {
  const table = get(ast, '0.CreateTable')
  const columns = list(table, 'columns')
  const names = (tree: unknown, path: string) => list(tree, path).map(item => get(item, 'value'))
  const last = (tree: unknown, path: string) => get(list(tree, path).at(-1), 'Identifier.value')
  const foreign = (key: unknown, own: unknown) =>
    `${own} -> ${last(key, 'foreign_table')}(${names(key, 'referred_columns')})`
  const keys = [
    ...list(table, 'constraints')
      .flatMap(item => list(item, 'ForeignKey'))
      .map(key => foreign(key, names(key, 'columns'))),
    ...columns.flatMap(column =>
      list(column, 'options')
        .flatMap(item => list(item, 'option.ForeignKey'))
        .map(key => foreign(key, get(column, 'name.value'))),
    ),
  ]
  return [
    String(last(table, 'name')),
    ...columns.map(column => String(get(column, 'name.value'))),
    ...keys.sort(),
  ]
}

/** What lies at a path of a syntax tree; undefined where it ends before. */
function get(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], tree)
}

/** The list at a path; one node as a list of one, nothing as an empty one. */
function list(tree: unknown, path: string): unknown[] {
  const found = get(tree, path)
  return Array.isArray(found) ? found : found === undefined ? [] : [found]
}

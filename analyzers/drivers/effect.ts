/** Effect's SQL client: a tag for all databases, and a package for each. https://effect-ts.github.io/effect/docs/sql */
import type { Dialect } from '../model.js'
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

/** Packages by the database that they connect to. */
const PACKAGES: [Dialect, string[]][] = [
  [
    'unknown',
    ['@effect/sql', '@effect/sql/SqlClient', 'effect/unstable/sql', 'effect/unstable/sql/SqlClient'],
  ],
  ['postgresql', ['@effect/sql-pg', '@effect/sql-pg/PgClient']],
  ['mysql', ['@effect/sql-mysql2', '@effect/sql-mysql2/MysqlClient']],
  ['mssql', ['@effect/sql-mssql', '@effect/sql-mssql/MssqlClient']],
  ['clickhouse', ['@effect/sql-clickhouse', '@effect/sql-clickhouse/ClickhouseClient']],
  [
    'sqlite',
    ['node', 'bun', 'do', 'wasm', 'react-native'].flatMap(host => [
      `@effect/sql-sqlite-${host}`,
      `@effect/sql-sqlite-${host}/SqliteClient`,
    ]),
  ],
  ['sqlite', ['@effect/sql-libsql', '@effect/sql-libsql/LibsqlClient']],
  ['sqlite', ['@effect/sql-d1', '@effect/sql-d1/D1Client']],
]

const CLIENTS = [
  'SqlClient',
  'PgClient',
  'MysqlClient',
  'MssqlClient',
  'ClickhouseClient',
  'SqliteClient',
  'LibsqlClient',
  'D1Client',
]

export const effect: Driver[] = PACKAGES.map(([dialect, modules]) => ({
  name: 'effect',
  dialect,
  modules,
  handles: CLIENTS,
  factories: CLIENTS.flatMap(client => [`${client}.layer`, `${client}.make`]),
  executes: firstArgument('unsafe'),
  tags: [''],
  texts: [],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}))

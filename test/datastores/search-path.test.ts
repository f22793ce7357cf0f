import { expect, test } from 'vitest'
import { schemasOf, searchPathIn } from '../../analyzers/datastores/search-path.js'
import { parseDatabaseUrl } from '../../analyzers/datastores/url.js'
import { mapOf } from '../link/helper.js'

test.each([
  ['-c search_path=shop,public', ['shop', 'public']],
  ['-c statement_timeout=5s -c search_path=shop', ['shop']],
  ['-c search_path=${tenant}', []],
  ['-c statement_timeout=5s', []],
])('options %s', (options, path) => {
  expect(searchPathIn(options)).toEqual(path)
})

test('names may be quoted', () => {
  expect(schemasOf('shop, "Audit"')).toEqual(['shop', 'Audit'])
})

test.each([
  ['postgres://u:p@db:5432/oas?options=-c%20search_path%3Dshop,public', ['shop', 'public']],
  ['postgres://u:p@db:5432/oas?sslmode=require&schema=shop', ['shop']],
  ['jdbc:postgresql://db/oas?currentSchema=shop', ['shop']],
  ['postgres://u:p@db:5432/oas?sslmode=require', []],
  ['postgres://u:p@db:5432/oas', []],
])('url %s', (url, path) => {
  expect(parseDatabaseUrl(url)?.searchPath).toEqual(path)
})

/** A service with a schema of its own in the database `shop`, by its pool's options. */
const service = (name: string, options: string, files: Record<string, string>) => ({
  [`services/${name}/package.json`]: JSON.stringify({ name, dependencies: { pg: '8' } }),
  [`services/${name}/src/db.ts`]: `import { Pool } from 'pg'\nexport const pool = new Pool({ database: 'shop'${options} })\n`,
  ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`services/${name}/${path}`, text])),
})
const run = (sql: string) => `import { pool } from './db'\nexport const f = () => pool.query('${sql}')\n`

test('services of one database, each with a schema of its own', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*'] }),
    ...service('orders', ", options: '-c search_path=orders,public'", {
      'migrations/1.sql':
        'CREATE TABLE orders (id int PRIMARY KEY);\nCREATE TABLE log (order_id int REFERENCES orders(id));\n',
      'src/a.ts': run('SELECT id FROM orders'),
    }),
    ...service('payments', ", options: '-c search_path=payments,orders,public'", {
      'migrations/1.sql': 'CREATE TABLE log (id int);\n',
      'src/a.ts': run('SELECT l.id FROM log l JOIN orders o ON o.id = l.id'),
    }),
    ...service('audit', '', { 'src/a.ts': run('SELECT order_id FROM orders.log') }),
  })
  expect(map.tables.map(({ id, owner }) => `${id} ${owner}`)).toEqual([
    'shop/orders/log orders',
    'shop/orders/orders orders',
    'shop/payments/log payments',
  ])
  const crossing = map.accesses.flatMap(({ service, tables }) =>
    tables.filter(table => table.crossService).map(({ id }) => `${service} -> ${id}`),
  )
  expect(crossing).toEqual(['audit -> shop/orders/log', 'payments -> shop/orders/orders'])
  expect(map.foreignKeys.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
    'shop/orders/log -> shop/orders/orders',
  ])
})

test('libraries of one database, each with a connection and a schema of its own, used by one service', async () => {
  const library = (name: string, files: Record<string, string>) => ({
    [`packages/${name}/package.json`]: JSON.stringify({
      name: `@shop/${name}`,
      main: 'src/index.ts',
      dependencies: { knex: '3' },
    }),
    [`packages/${name}/src/index.ts`]: `import knex from 'knex'
export const ${name} = knex({ client: 'pg', connection: { database: 'shop' }, searchPath: '${name}' })
`,
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/${name}/${path}`, text])),
  })
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*', 'packages/*'] }),
    ...library('records', {
      'migrations/1.sql': 'CREATE TABLE jobs (id int);\nCREATE TABLE records (id int);\n',
      'src/count.ts': `import type { Knex } from 'knex'
export const count = (db: Knex) => db.raw('SELECT count(*) FROM jobs')
`,
    }),
    ...library('scheduler', {
      'migrations/1.sql': 'CREATE TABLE jobs (id int);\nCREATE TABLE tasks (id int);\n',
    }),
    'services/api/package.json': JSON.stringify({ name: 'api', scripts: { start: 'node .' } }),
    'services/api/src/a.ts': `import type { Knex } from 'knex'
import { records } from '@shop/records'
import { count } from '@shop/records/src/count'
import { scheduler } from '@shop/scheduler'
export const f = () => records.raw('SELECT id FROM jobs')
export const g = () => scheduler.raw('DELETE FROM jobs')
export const h = (trx: Knex) => trx.raw('SELECT id FROM tasks')
export const i = (trx: Knex) => trx.raw('SELECT 1 FROM jobs')
void count
`,
  })
  expect(
    map.accesses.map(({ file, line, tables }) => `${file}:${line} ${tables.map(({ id }) => id)}`),
  ).toEqual([
    'packages/records/src/count.ts:2 shop/records/jobs',
    'services/api/src/a.ts:5 shop/records/jobs',
    'services/api/src/a.ts:6 shop/scheduler/jobs',
    // One schema alone has it.
    'services/api/src/a.ts:7 shop/scheduler/tasks',
    // Two have one, and nothing tells which connection this is.
    'services/api/src/a.ts:8 shop/jobs',
  ])
})

test("a path of knex that falls back to a name, imported from the file of the connection's package", async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*', 'packages/*'] }),
    'packages/db/package.json': JSON.stringify({ name: '@shop/db', dependencies: { knex: '3' } }),
    'packages/db/src/schema.ts': "export const defaultSchema = process.env['DB_SCHEMA'] || 'orders'\n",
    'packages/db/src/index.ts': `import knex from 'knex'
import { defaultSchema } from './schema.js'
export const db = knex({ client: 'pg', connection: { database: 'shop' }, searchPath: [defaultSchema] })
`,
    'services/api/package.json': JSON.stringify({ name: 'api', scripts: { start: 'node .' } }),
    'services/api/src/a.ts': `import { db } from '@shop/db'
export const f = () => db.raw('SELECT id FROM jobs')
export const g = () => db.raw('DELETE FROM orders.jobs')
`,
  })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/orders/jobs'])
})

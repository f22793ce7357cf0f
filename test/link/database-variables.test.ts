/** Which variables a connection's database is read from, and what is no database. */
import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const service = (name: string, dependency: string, code: string) => ({
  [`${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node a.js' },
    dependencies: { [dependency]: '3' },
  }),
  [`${name}/a.js`]: code,
})

const withPg = (options: string) =>
  service(
    'auth',
    'pg',
    `const { Pool } = require('pg')\nconst pool = new Pool({ ${options} })\npool.query('SELECT id FROM users')\n`,
  )

const compose = (environment: string) => ({
  'docker-compose.yml': `services:\n  auth:\n    build: ./auth\n    environment:\n      - ${environment}\n`,
})

const NAME = "database: process.env.DATABASE_NAME || process.env.PGDATABASE || 'railway'"
const URL = 'connectionString: process.env.MAIN_URL ?? process.env.DATABASE_URL'

test.each([
  ['the one asked first is set', NAME, 'DATABASE_NAME=shop', 'shop'],
  ['the one asked second is set', NAME, 'PGDATABASE=shop', 'shop'],
  ['none is set', NAME, 'PORT=1', 'railway'],
  ['a URL, the one asked first is set', URL, 'MAIN_URL=postgres://u:p@db/shop', 'shop'],
  ['a URL, the one asked second is set', URL, 'DATABASE_URL=postgres://u:p@db/shop', 'shop'],
])('of two variables %s', async (_, options, environment, expected) => {
  const map = await mapOf({ ...withPg(options), ...compose(environment) })
  expect(map.tables.map(({ id }) => id)).toEqual([`${expected}/users`])
})

test('of two that are set, the one asked first', async () => {
  const both = compose('PGDATABASE=other\n      - DATABASE_NAME=shop')
  const map = await mapOf({ ...withPg(NAME), ...both })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/users'])
})

test("a table's name that knex's package itself is called with is no database", async () => {
  const map = await mapOf({
    ...service(
      'auth',
      'knex',
      `const knex = require('knex')
const db = knex({ client: 'pg', connection: process.env.DATABASE_URL })
db.raw('SELECT id FROM users')
exports.layouts = () => knex('user_layouts').where({ id: 1 }).first()
`,
    ),
    ...compose('DATABASE_URL=postgres://u:p@db/shop'),
  })
  expect(map.datastores.map(({ id }) => id)).toEqual(['shop'])
})

const CHOSEN = `const { Pool } = require('pg')
for (const each of [{ env: 'STOCK_URL' }, { env: 'SHOP_URL' }]) {
  const pool = new Pool({ connectionString: process.env[each.env] })
  pool.query('SELECT id FROM users')
}
`

test.each([
  ['by itself', ''],
  ['beside a connection that is known', 'const own = new Pool({ connectionString: process.env.SHOP_URL })\n'],
])('of variables that a list chooses each tells a database, %s', async (_, beside) => {
  const both = compose('STOCK_URL=postgres://u:p@db/stock\n      - SHOP_URL=postgres://u:p@db/shop')
  const map = await mapOf({ ...service('auth', 'pg', CHOSEN + beside), ...both })
  expect(map.datastores.map(({ id }) => id)).toEqual(['shop', 'stock'])
  expect(map.unresolved).toEqual([
    expect.objectContaining({ line: 4, reason: 'its connection is opened to shop or stock' }),
  ])
})

test.each([
  ["process.env.NODE_ENV === 'test' ? process.env.TEST_DATABASE_URL : process.env.DATABASE_URL"],
  ["process.env.NODE_ENV !== 'test' ? process.env.DATABASE_URL : process.env.TEST_DATABASE_URL"],
])('of two that a test chooses, the one that is not for tests: %s', async url => {
  const both = compose(
    'TEST_DATABASE_URL=postgres://u:p@db/other\n      - DATABASE_URL=postgres://u:p@db/shop',
  )
  const map = await mapOf({ ...withPg(`connectionString: ${url}`), ...both })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/users'])
})

import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

/** Two services and a library that holds the scripts; each service imports what is given. */
const platform = (orders: string, billing: string) => ({
  'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*', 'packages/*'] }),
  'packages/store/package.json': JSON.stringify({ name: '@shop/store', dependencies: { pg: '8' } }),
  'packages/store/migrations/001_init.sql': 'CREATE TABLE orders (id integer PRIMARY KEY);\n',
  'packages/store/index.ts':
    "import { Pool } from 'pg'\nexport const pool = new Pool({ database: 'shop' })\nexport const find = () => pool.query('SELECT id FROM orders')\n",
  'services/orders/package.json': JSON.stringify({ name: 'orders', scripts: { start: 'node a.js' } }),
  'services/orders/Dockerfile': 'FROM node\n',
  'services/orders/a.ts': `${orders}await find()\n`,
  'services/billing/package.json': JSON.stringify({
    name: 'billing',
    scripts: { start: 'node b.js' },
    dependencies: { pg: '8' },
  }),
  'services/billing/Dockerfile': 'FROM node\n',
  'services/billing/b.ts': `${billing}await pool.query('UPDATE orders SET paid = true')\n`,
})

const ownPool = "import { Pool } from 'pg'\nconst pool = new Pool({ database: 'shop' })\n"

test("scripts of a library that only one service uses are that service's", async () => {
  const map = await mapOf(platform("import { find } from '@shop/store'\n", ownPool))
  const [{ owner, ownerConfidence, evidence }] = map.tables
  expect([owner, ownerConfidence]).toEqual(['orders', 'migration'])
  expect(evidence).toEqual([
    {
      file: 'packages/store/migrations/001_init.sql',
      line: 1,
      reason: 'created by a script of store, a library that only orders uses',
    },
  ])
})

test('those of one that several use tell no owner', async () => {
  const map = await mapOf(
    platform("import { find } from '@shop/store'\n", "import { pool } from '@shop/store'\n"),
  )
  const [{ owner, ownerConfidence }] = map.tables
  expect([owner, ownerConfidence]).toEqual(['billing', 'only-writer'])
})

test('one that several run, and one of them has as well, tells no owner', async () => {
  const create = 'CREATE TABLE IF NOT EXISTS invoices (id integer)'
  const imports = "import { find, pool } from '@shop/store'\n"
  const write = "await pool.query('INSERT INTO invoices VALUES (1)')\n"
  const files = platform(
    `${imports}${write}`,
    `${imports}${write}await find()\nawait pool.query('${create}')\n`,
  )
  const index = 'packages/store/index.ts' as const
  const map = await mapOf({
    ...files,
    [index]: files[index].replace('() =>', `async () => (await pool.query('${create}'), null) ??`),
  })
  const { owner, evidence } = map.tables.find(({ name }) => name === 'invoices')!
  expect(owner).toBeNull()
  expect(evidence.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
    'services/billing/b.ts: created by a script of billing too',
    'packages/store/index.ts: created by store too, which billing, orders run',
    'services/billing/b.ts: open: billing writes it',
    'services/orders/a.ts: open: orders writes it',
  ])
})

test('a script that lies outside of all services is central, whichever of them runs it', async () => {
  const service = (name: string, code: string) => ({
    [`${name}/package.json`]: JSON.stringify({
      name,
      scripts: { start: 'node a.js' },
      dependencies: { mysql2: '3' },
    }),
    [`${name}/Dockerfile`]: 'FROM node\n',
    [`${name}/a.ts`]: `import mysql from 'mysql2/promise'\nconst pool = mysql.createPool({ database: 'shop' })\n${code}`,
  })
  const map = await mapOf({
    'database/schema.sql':
      'USE shop;\nCREATE TABLE sessions (id integer);\nCREATE TABLE orders (id integer);\nCREATE TABLE notes (id integer);\n',
    ...service('site', "await pool.query('INSERT INTO sessions VALUES (1)')\n"),
    ...service('api', "await pool.query('INSERT INTO orders VALUES (1)')\n"),
    'api/import.ts': `import fs from 'fs'
import path from 'path'
import mysql from 'mysql2/promise'
const connection = await mysql.createConnection({ database: 'shop' })
await connection.query(fs.readFileSync(path.join(__dirname, '..', 'database', 'schema.sql'), 'utf8').replace(/USE shop;/, ''))
`,
  })
  expect(map.tables.map(({ id, owner }) => `${id} ${owner}`)).toEqual([
    'shop/notes null',
    'shop/orders api',
    'shop/sessions site',
  ])
  expect(map.tables[0]!.evidence).toEqual([
    {
      file: 'database/schema.sql',
      line: 4,
      reason: 'created by a central script, which belongs to no service',
    },
  ])
})

import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const service = (name: string, table: string) => ({
  [`${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node a.js' },
    dependencies: { mysql2: '3' },
  }),
  [`${name}/Dockerfile`]: 'FROM node\n',
  [`${name}/a.ts`]: `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ database: process.env.DB_NAME || '${name}_db' })
await pool.query('SELECT id FROM ${table}')
`,
  [`${name}/docs/schema.sql`]: `USE ${name}_db;\nCREATE TABLE ${table} (id integer PRIMARY KEY);\n`,
})

const platform = { ...service('orders', 'orders'), ...service('users', 'users') }

const compose = (...given: string[]) => ({
  'docker-compose.yml': `services:\n${given
    .map(name => `  ${name}:\n    build: ./${name}\n    environment:\n      DB_NAME: shop\n`)
    .join('')}`,
})

test.each([
  ['a database each, as code has it', {}, ['orders_db/orders orders', 'users_db/users users']],
  [
    'one that is deployed: the scripts are for that one',
    compose('orders', 'users'),
    ['shop/orders orders', 'shop/users users'],
  ],
  ['deployed for one of them', compose('orders'), ['shop/orders orders', 'users_db/users users']],
])('scripts that name the default of their service: %s', async (_, more, expected) => {
  const map = await mapOf({ ...platform, ...more })
  expect(map.tables.map(({ id, owner }) => `${id} ${owner}`)).toEqual(expected)
})

test('not where another service connects to it', async () => {
  const map = await mapOf({
    ...platform,
    ...compose('orders'),
    'audit/package.json': JSON.stringify({ name: 'audit', scripts: { start: 'node a.js' } }),
    'audit/Dockerfile': 'FROM node\n',
    'audit/a.ts': platform['orders/a.ts']!.replace("process.env.DB_NAME || 'orders_db'", "'orders_db'"),
  })
  expect(map.tables.map(({ id }) => id)).toEqual(['orders_db/orders', 'shop/orders', 'users_db/users'])
})

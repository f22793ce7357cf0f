import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const service = (name: string, code: string): Record<string, string> => ({
  [`${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node a.js' },
    dependencies: { pg: '8' },
  }),
  [`${name}/Dockerfile`]: 'FROM node\n',
  [`${name}/a.ts`]: `import pg from 'pg'\n${code}`,
})

const pool = (variable: string) => `new pg.Pool({ connectionString: process.env.${variable} })`

/** A database a service, all of which the scripts of one folder build, each in a schema of its own. */
const platform: Record<string, string> = {
  '.env': 'ORDERS_URL=postgresql://p@h:1/orders\nUSERS_URL=postgresql://p@h:2/users_db\n',
  ...service(
    'orders',
    `const pool = ${pool('ORDERS_URL')}
export const a = () => pool.query('INSERT INTO orders.orders (id) VALUES (1)')
export const b = () => pool.query('INSERT INTO orders.seen (id) VALUES (1)')
`,
  ),
  ...service(
    'users',
    `const pool = ${pool('USERS_URL')}
export const a = () => pool.query('INSERT INTO accounts.users (id) VALUES (1)')
export const b = () => pool.query('INSERT INTO accounts.seen (id) VALUES (1)')
`,
  ),
  'infra/db/01-orders.sql': 'CREATE TABLE orders.orders (id int);\nCREATE TABLE orders.outbox (id int);\n',
  'infra/db/01-users-schema.sql': 'CREATE TABLE accounts.users (id int);\n',
  'infra/db/02-seen.sql': 'CREATE TABLE orders.seen (id int);\nCREATE TABLE accounts.seen (id int);\n',
}

const tablesOf = async (files: Record<string, string>) =>
  (await mapOf(files)).tables.map(({ id, owner }) => `${id} ${owner}`)

test('scripts of one folder for several databases lie where their schemas are used', async () => {
  expect(await tablesOf(platform)).toEqual([
    'orders/orders/orders orders',
    'orders/orders/outbox orders',
    'orders/orders/seen orders',
    'users_db/accounts/seen users',
    'users_db/accounts/users users',
  ])
})

test('a second connection, of a variable that is cleaned, is to the other database', async () => {
  const reading = `
const url = process.env.USERS_URL?.trim()
const users = url ? new pg.Pool({ connectionString: url }) : null
export const c = () => users?.query('SELECT id FROM accounts.users')
`
  const map = await mapOf({ ...platform, 'orders/a.ts': platform['orders/a.ts'] + reading })
  const crossings = map.accesses.flatMap(({ service, tables }) =>
    tables.filter(({ crossService }) => crossService).map(({ id }) => `${service} ${id}`),
  )
  expect(crossings).toEqual(['orders users_db/accounts/users'])
  expect(map.tables.map(({ id }) => id)).toContain('orders/orders/outbox')
})

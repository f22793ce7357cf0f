/** What a first run moved away must not make the rest look clearer than it was. */
import { rmSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'

const root = writeFolder({
  ...platformFiles('postgresql'),
  'shop/src/reader.ts': `import pgPromise from 'pg-promise'

const reader = pgPromise()('postgres://localhost/platform')

export const named = (name: string) => reader.any('SELECT mrn FROM patients WHERE last_name = $1', [name])
`,
  'shop/src/orders.ts': `import { db } from './db'

export const orders = () => db.query('SELECT id FROM orders')
`,
  'shop/src/touch.ts': `import { store } from 'some-store'

export async function touch(id: string) {
  await store.query('UPDATE patients SET visits = 0 WHERE id = $1', [id])
}
`,
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('leaves a statement whose driver was open while the service had two', async () => {
  const first = await rewrite({ root, inTransactions: false })
  const open = ({ plan }: typeof first) => plan.accesses.find(({ file }) => file === 'shop/src/touch.ts')!
  expect(open(first).reason).toBe('the driver that executes it is not known')
  expect(first.rewritten.map(({ file }) => file)).toEqual(['shop/src/reader.ts'])
  writeChanges(root, first.changes, first.removals)
  const second = await rewrite({ root, inTransactions: false })
  expect(second.repository.map.accesses.find(({ file }) => file === 'shop/src/touch.ts')!.driver).toBe('pg')
  expect(open(second).reason).toBe('the driver that executes it is not known')
  expect(second.changes).toEqual([])
})

/**
 * `migrator` creates all tables, and they are the services' that its files are named after, for others write most of
 * them. Once these writes have moved, nobody but the owners uses the tables.
 */
const pack = (name: string) =>
  JSON.stringify({ name, scripts: { start: 'node src/index.js' }, dependencies: { pg: '*', express: '*' } })
const pool = `import { Pool } from 'pg'

export const db = new Pool({ host: 'localhost', database: 'platform' })
`
const platform = writeFolder({
  'package.json': JSON.stringify({ name: 'platform', private: true, workspaces: ['services/*'] }),
  ...Object.fromEntries(
    ['migrator', 'orders', 'billing'].flatMap(name => [
      [`services/${name}/package.json`, pack(name)],
      [`services/${name}/Dockerfile`, 'FROM node\n'],
      [`services/${name}/src/db.ts`, pool],
    ]),
  ),
  'services/migrator/migrations/V1__orders.sql': `CREATE TABLE orders (id integer PRIMARY KEY, state text NOT NULL);
CREATE TABLE order_lines (id integer PRIMARY KEY, price integer NOT NULL);
`,
  'services/migrator/migrations/V2__billing.sql': `CREATE TABLE invoices (id integer PRIMARY KEY, total integer NOT NULL);
CREATE TABLE dunnings (id integer PRIMARY KEY, level integer NOT NULL);
`,
  'services/orders/src/orders.ts': `import { db } from './db'

export const states = () => db.query('SELECT state FROM orders')
export const prices = () => db.query('SELECT price FROM order_lines')
export const bill = async (id: number, total: number) => {
  await db.query('UPDATE invoices SET total = $2 WHERE id = $1', [id, total])
}
`,
  'services/billing/src/billing.ts': `import { db } from './db'

export const totals = () => db.query('SELECT total FROM invoices')
export const levels = () => db.query('SELECT level FROM dunnings')
export const paid = async (id: number) => {
  await db.query("UPDATE orders SET state = 'paid' WHERE id = $1", [id])
}
export const reduce = async (id: number) => {
  await db.query('UPDATE order_lines SET price = 0 WHERE id = $1', [id])
}
`,
})
afterAll(() => rmSync(platform, { recursive: true, force: true }))

it('leaves the tables with their owners when what told them was moved', async () => {
  const ownersOf = ({ repository }: Awaited<ReturnType<typeof rewrite>>) =>
    Object.fromEntries(repository.map.tables.map(({ name, owner }) => [name, owner]))
  const owners = { orders: 'orders', order_lines: 'orders', invoices: 'billing', dunnings: 'billing' }
  const first = await rewrite({ root: platform, inTransactions: false })
  expect(ownersOf(first)).toEqual(owners)
  expect(first.rewritten).toHaveLength(3)
  writeChanges(platform, first.changes, first.removals)
  const second = await rewrite({ root: platform, inTransactions: false })
  expect(ownersOf(second)).toEqual(owners)
  expect(second.changes).toEqual([])
})

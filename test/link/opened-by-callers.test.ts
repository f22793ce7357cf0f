import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

/** A library that opens connections, and services, each with a file that opens one by it and a file of statements. */
async function datastoresOf(library: string, services: Record<string, { db: string; code: string }>) {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*', 'packages/*'] }),
    'packages/db/package.json': JSON.stringify({ name: '@shop/db', dependencies: { mysql2: '3' } }),
    'packages/db/index.ts': `import mysql from 'mysql2/promise'\n${library}`,
  }
  for (const [name, { db, code }] of Object.entries(services)) {
    files[`services/${name}/package.json`] = JSON.stringify({ name, scripts: { start: 'node a.js' } })
    files[`services/${name}/Dockerfile`] = 'FROM node\n'
    files[`services/${name}/db.ts`] = `import * as opening from '@shop/db'\n${db}`
    files[`services/${name}/a.ts`] = `import * as db from './db'\n${code}`
  }
  const map = await mapOf(files)
  const told = map.accesses.map(({ service, tables, datastore }) => [service, tables[0]!.table, datastore])
  return { map, told }
}

const FACTORY = `export function createPool({ database, host }: { database: string; host?: string }) {
  return mysql.createPool({ host: host ?? 'localhost', database })
}
`

test('each service has the database that it hands to the function which opens the connection', async () => {
  const { map, told } = await datastoresOf(FACTORY, {
    orders: {
      db: "export const pool = opening.createPool({ database: 'orders_db' })\n",
      code: "db.pool.query('SELECT * FROM events')\n",
    },
    billing: {
      db: "export const pool = opening.createPool({ database: 'billing_db' })\n",
      code: "db.pool.query('SELECT * FROM events')\n",
    },
  })
  expect(told).toEqual([
    ['billing', 'events', 'billing_db'],
    ['orders', 'events', 'orders_db'],
  ])
  expect(map.datastores.map(({ id, evidence }) => [id, evidence[0]])).toEqual([
    ['billing_db', { file: 'services/billing/db.ts', line: 2, reason: 'billing connects to billing_db' }],
    ['orders_db', { file: 'services/orders/db.ts', line: 2, reason: 'orders connects to orders_db' }],
  ])
  expect(map.accesses.some(({ tables }) => tables[0]!.crossService)).toBe(false)
})

test('a service that opens two has each statement on its own', async () => {
  const { told } = await datastoresOf(FACTORY, {
    orders: {
      db: "export const pool = opening.createPool({ database: 'orders_db' })\nexport const facts = opening.createPool({ database: 'facts_db' })\n",
      code: "db.pool.query('SELECT * FROM events')\ndb.facts.query('SELECT * FROM visits')\n",
    },
  })
  expect(told).toEqual([
    ['orders', 'events', 'orders_db'],
    ['orders', 'visits', 'facts_db'],
  ])
})

test.each([
  {
    how: 'through a second function, by position, and by a variable of the environment with a default',
    library: `export const connect = (name: string) => mysql.createPool({ database: name })
export const connectTo = (what: string) => connect(\`\${what}_db\`)
`,
    orders: "opening.connectTo('orders')",
    billing: "opening.connect(process.env.BILLING_DB || 'billing_db')",
  },
  {
    how: 'by a class whose constructor opens it',
    library: `export class Store {
  pool: mysql.Pool
  constructor(database: string) {
    this.pool = mysql.createPool({ database })
  }
  query(text: string) {
    return this.pool.query(text)
  }
}
`,
    orders: "new opening.Store('orders_db')",
    billing: "new opening.Store('billing_db')",
  },
  {
    how: 'by a class that keeps the settings in a field first',
    library: `export class Store {
  private readonly settings: mysql.PoolOptions
  readonly pool: mysql.Pool
  constructor({ database, max = 10 }: { database: string; max?: number }) {
    this.settings = { database, connectionLimit: max }
    this.pool = mysql.createPool(this.settings)
  }
  query(text: string) {
    return this.pool.query(text)
  }
}
`,
    orders: "new opening.Store({ database: 'orders_db' })",
    billing: "new opening.Store({ database: 'billing_db' })",
  },
])('$how', async ({ library, orders, billing }) => {
  const { told } = await datastoresOf(library, {
    orders: { db: `export const store = ${orders}\n`, code: "db.store.query('SELECT * FROM a')\n" },
    billing: { db: `export const store = ${billing}\n`, code: "db.store.query('SELECT * FROM b')\n" },
  })
  expect(told).toEqual([
    ['billing', 'b', 'billing_db'],
    ['orders', 'a', 'orders_db'],
  ])
})

test('which of two an object of a class has is told as open', async () => {
  const { map, told } = await datastoresOf(
    `export class Store {
  pool: mysql.Pool
  constructor(database: string) {
    this.pool = mysql.createPool({ database })
  }
}
`,
    {
      orders: {
        db: "export const a = new opening.Store('orders_db')\nexport const b = new opening.Store('facts_db')\n",
        code: "db.a.pool.query('SELECT * FROM events')\n",
      },
    },
  )
  expect(told).toEqual([['orders', 'events', null]])
  expect(map.unresolved.map(({ file, line, reason }) => ({ file, line, reason }))).toEqual([
    {
      file: 'services/orders/a.ts',
      line: 2,
      reason: 'its connection is opened to orders_db or facts_db',
    },
  ])
})

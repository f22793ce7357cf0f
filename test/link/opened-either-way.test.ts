import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

/** A connection that is opened in one of two ways, and what tests run with beside. */
const DATABASE = `import { Sequelize } from 'sequelize'
function options() {
  if (process.env.NODE_ENV === 'test') return { dialect: 'sqlite', storage: ':memory:' }
  if (process.env.DATABASE_URL) return { dialect: 'postgres' }
  return { dialect: 'postgres', host: process.env.DB_HOST, database: process.env.DB_NAME || 'orders_dev' }
}
export const db = process.env.DATABASE_URL
  ? new Sequelize(process.env.DATABASE_URL, options())
  : new Sequelize(options())
`

test.each<[string, Record<string, string>, string, string]>([
  ['by the URL that is deployed', { '.env': 'DATABASE_URL=postgres://db/shop' }, 'shop', 'postgresql'],
  ['by the name that is deployed', { '.env': 'DB_NAME=orders_live' }, 'orders_live', 'postgresql'],
  ['by the default in code, where nothing is', {}, 'orders_dev', 'postgresql'],
])('%s', async (_, settings, id, dialect) => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { sequelize: '6' } }),
    'src/config/database.ts': DATABASE,
    'src/index.ts': "import { db } from './config/database'\ndb.query('SELECT id FROM orders')\n",
    ...settings,
  })
  expect(map.datastores.map(store => [store.id, store.dialect])).toEqual([[id, dialect]])
  expect(map.accesses.map(({ datastore }) => datastore)).toEqual([id])
})

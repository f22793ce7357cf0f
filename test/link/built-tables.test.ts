import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const pool = "import { Pool } from 'pg'\nconst pool = new Pool({ database: 'shop' })\n"

test('a table belongs to the service whose migrations build it, whoever writes it', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*'] }),
    'services/orders/package.json': JSON.stringify({ name: 'orders', dependencies: { knex: '3', pg: '8' } }),
    'services/orders/migrations/001_orders.ts':
      "export const up = knex => knex.schema.createTable('orders', t => t.increments())\n  .createTable('unused', t => t.increments())\n" +
      "export const down = knex => knex.schema.dropTable('orders')\n",
    'services/orders/src/a.ts': `${pool}await pool.query('SELECT id FROM orders')\n`,
    'services/billing/package.json': JSON.stringify({ name: 'billing', dependencies: { pg: '8' } }),
    'services/billing/src/b.ts': `${pool}await pool.query('UPDATE orders SET paid = true WHERE id = $1', [1])\n`,
  })
  expect(
    map.tables.map(({ name, owner, ownerConfidence, columns }) => ({
      name,
      owner,
      ownerConfidence,
      columns,
    })),
  ).toEqual([{ name: 'orders', owner: 'orders', ownerConfidence: 'migration', columns: [] }])
  expect(map.tables[0]!.definedAt).toEqual({ file: 'services/orders/migrations/001_orders.ts', line: 1 })
  const crossing = map.accesses.filter(access => access.tables.some(table => table.crossService))
  expect(crossing.map(access => access.file)).toEqual(['services/billing/src/b.ts'])
})

test('what a script makes as well is as the script says', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { knex: '3', pg: '8' } }),
    'migrations/001_orders.sql': 'CREATE TABLE orders (id integer PRIMARY KEY);\n',
    'src/setup.ts': "await knex.schema.createTable('orders', t => t.increments())\n",
    'src/a.ts': `${pool}await pool.query('SELECT id FROM orders')\n`,
  })
  expect(map.tables.map(({ name, columns }) => [name, columns.length])).toEqual([['orders', 1]])
})

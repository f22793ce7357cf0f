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
  ).toEqual([
    {
      name: 'orders',
      owner: 'orders',
      ownerConfidence: 'migration',
      columns: [{ name: 'id', type: 'serial', nullable: false }],
    },
  ])
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

test('columns of a builder, and of SQL that migrations run beside it', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { knex: '3', pg: '8' } }),
    'migrations/001.ts':
      "export const up = async knex => {\n  await knex.schema.createTable('orders', t => {\n    t.uuid('id').primary()\n" +
      "    t.integer('customer').references('id').inTable('customers')\n  })\n}\n",
    'migrations/002.ts':
      "export const up = async knex => {\n  await knex.schema.alterTable('orders', t => { t.string('note', 80) })\n" +
      "  await knex.raw('ALTER TABLE orders ADD COLUMN paid boolean NOT NULL')\n}\n",
    'migrations/003.ts': "export const up = knex => knex.schema.renameTable('orders', 'purchases')\n",
    'src/a.ts': `${pool}await pool.query('SELECT * FROM purchases JOIN customers ON true')\n`,
  })
  expect(map.tables.find(({ name }) => name === 'purchases')!.columns).toEqual([
    { name: 'id', type: 'uuid', nullable: false },
    { name: 'customer', type: 'integer', nullable: true },
    { name: 'note', type: 'varchar(80)', nullable: true },
    { name: 'paid', type: 'boolean', nullable: false },
  ])
  expect(
    map.foreignKeys.map(({ from, to, toColumns, file, line }) => [from, to, toColumns, file, line]),
  ).toEqual([['shop/purchases', 'shop/customers', ['id'], 'migrations/001.ts', 2]])
})

test('of columns that are not all known none is told, whatever a script adds to them', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { knex: '3', pg: '8' } }),
    'migrations/001.ts':
      "export const up = async knex => {\n  await knex.schema.createTable('orders', t => { t.increments(); audit(t) })\n" +
      "  await knex.raw('ALTER TABLE orders ADD COLUMN paid boolean')\n}\n",
    'src/a.ts': `${pool}await pool.query('SELECT * FROM orders')\n`,
  })
  expect(map.tables.map(({ name, columns }) => [name, columns])).toEqual([['orders', []]])
})

test('columns of a builder whose dialect only the connection states', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { typeorm: '1' } }),
    'src/orm.ts':
      "import { DataSource } from 'typeorm'\nexport const source = new DataSource({ type: 'postgres', database: 'shop' })\n",
    'migrations/1-orders.ts':
      "import { QueryRunner, Table, TableColumn } from 'typeorm'\nexport class Orders1 {\n  async up(queryRunner: QueryRunner) {\n" +
      "    await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true }],\n" +
      "      foreignKeys: [{ columnNames: ['id'], referencedTableName: 'carts', referencedColumnNames: ['id'] }] }))\n" +
      "    await queryRunner.addColumn('orders', new TableColumn({ name: 'note', type: 'varchar', length: '80', isNullable: true }))\n  }\n" +
      "  async down(queryRunner: QueryRunner) {\n    await queryRunner.dropTable('orders')\n  }\n}\n",
    'src/a.ts':
      "import { source } from './orm'\nexport const orders = () => source.query('SELECT * FROM orders JOIN carts USING (id)')\n",
  })
  expect(map.tables.find(({ name }) => name === 'orders')!.columns).toEqual([
    { name: 'id', type: 'serial', nullable: false },
    { name: 'note', type: 'varchar(80)', nullable: true },
  ])
  expect(map.foreignKeys.map(({ from, to }) => [from, to])).toEqual([['shop/orders', 'shop/carts']])
})

import { expect, test } from 'vitest'
import { readBuiltTables } from '../../analyzers/catalogue/builders/built-tables.js'

const made = (text: string) =>
  readBuiltTables('a.ts', text).map(
    ({ schema, name, line }) => `${line} ${schema === null ? '' : `${schema}.`}${name}`,
  )

test.each([
  [
    'knex',
    "await knex.schema\n  .createTable('users', t => {})\n  .createTable('orders', t => {})",
    ['2 users', '3 orders'],
  ],
  ['knex, with a schema', "knex.schema.withSchema('shop').createTable('users', t => {})", ['1 shop.users']],
  ['a constant', "const TABLE: string = 'users'\n\nknex.schema.createTable(TABLE, t => {})", ['3 users']],
  ['Kysely', "await db.schema.createTable('users').ifNotExists().addColumn('id', 'integer')", ['1 users']],
  ['Sequelize', "await queryInterface.createTable('users', { id: {} })", ['1 users']],
  [
    'Sequelize, with a schema',
    "qi.createTable({ tableName: 'users', schema: 'shop' }, {})",
    ['1 shop.users'],
  ],
  [
    'TypeORM',
    "await queryRunner.createTable(\n  new Table({\n    name: 'users',\n    columns: [{ name: 'id' }] }))",
    ['1 users'],
  ],
  ['TypeORM, qualified', 'runner.createTable(new Table({ name: "shop.users" }))', ['1 shop.users']],
  ['node-pg-migrate', "pgm.createTable({ schema: 'shop', name: 'users' }, { id: 'id' })", ['1 shop.users']],
  ['a name that the file does not tell', 'knex.schema.createTable(tableOf(config), t => {})', []],
  ['no builder', "createTable('users'); aws.createTable({ TableName: 'users' })", []],
])('%s', (_, text, expected) => {
  expect(made(text)).toEqual(expected)
})

import { expect, test } from 'vitest'
import type { DependencyMap } from '../../analyzers/model.js'
import { mapOf } from './helper.js'

const UP = "await knex.raw('CREATE TABLE orders (id int)')"
const DOWN = "await knex.raw('DROP TABLE orders')"

/** What takes a migration back is no part of the schema, however it is exported. */
test.each([
  [
    'export function',
    `export async function up(knex) { ${UP} }\nexport async function down(knex) { ${DOWN} }`,
  ],
  [
    'export const',
    `export const up = async knex => { ${UP} }\nexport const down = async knex => { ${DOWN} }`,
  ],
  [
    'exports.x',
    `exports.up = async function (knex) { ${UP} }\nexports.down = async function (knex) { ${DOWN} }`,
  ],
  [
    'module.exports.x',
    `module.exports.up = async knex => { ${UP} }\nmodule.exports.down = async knex => { ${DOWN} }`,
  ],
  ['module.exports', `module.exports = { async up(knex) { ${UP} }, down: async knex => { ${DOWN} } }`],
  [
    'a map of names',
    `const up = async knex => { ${UP} }\nconst down = async knex => { ${DOWN} }\nmodule.exports = { up, down }`,
  ],
  ['export default', `export default { up: async knex => { ${UP} }, down: async knex => { ${DOWN} } }`],
  ['a class', `export class Orders1 { async up(knex) { ${UP} }\n async down(knex) { ${DOWN} } }`],
])('undone by %s', async (_, text) => {
  const map = await mapOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node .' },
      dependencies: { knex: '3', pg: '8' },
    }),
    'migrations/1_orders.js': text,
    'src/a.js': "const knex = require('knex')({ client: 'pg' })\nknex.raw('SELECT id FROM orders')\n",
  })
  expect(map.tables.map(({ id, evidence }) => `${id} ${evidence.map(each => each.reason)}`)).toEqual([
    'default/orders created by a script of shop',
  ])
})

const shop = { 'package.json': JSON.stringify({ name: 'shop', dependencies: { knex: '3', pg: '8' } }) }
const knex = "const knex = require('knex')({ client: 'pg', connection: { database: 'shop' } })\n"

test('a routine that code makes, without a table of its own', async () => {
  const map = await mapOf({
    ...shop,
    'migrations/1.js':
      'exports.up = knex => knex.raw(`CREATE OR REPLACE FUNCTION next_number(kind text) RETURNS int AS $$ BEGIN\n' +
      '  UPDATE counters SET value = value + 1 WHERE name = kind; RETURN 1; END; $$ LANGUAGE plpgsql`)\n',
    'src/a.js': `${knex}knex.raw('SELECT next_number(?)', ['orders'])\n`,
  })
  const called = map.accesses.find(({ file }) => file === 'src/a.js')!
  expect(called.tables.map(({ table, op, via }) => [table, op, via])).toEqual([
    ['counters', 'write', 'next_number'],
  ])
})

test('archived migrations tell of what nothing else makes', async () => {
  const map = await mapOf({
    ...shop,
    'migrations/2_baseline.js':
      "exports.up = async knex => { await knex.schema.createTable('orders', t => { t.increments() })\n" +
      "  await knex.raw('CREATE TABLE items (id int PRIMARY KEY)') }\n",
    'migrations/archived/1.js':
      "exports.up = async knex => { await knex.schema.createTable('orders', t => { t.integer('old').references('id').inTable('users') })\n" +
      "  await knex.raw('CREATE TABLE items (old int)')\n" +
      "  await knex.schema.createTable('legacy', t => { t.uuid('id').primary() }) }\n",
    'migrations/archive/0.sql': 'CREATE TABLE orders (older int);\nCREATE TABLE oldest (id int);\n',
    'src/a.js': `${knex}knex.raw('SELECT * FROM orders, items, legacy, oldest')\n`,
  })
  expect(
    map.tables.map(({ name, columns, definedAt }) => [
      name,
      columns.map(({ name }) => name),
      definedAt!.file,
    ]),
  ).toEqual([
    ['items', ['id'], 'migrations/2_baseline.js'],
    ['legacy', ['id'], 'migrations/archived/1.js'],
    ['oldest', ['id'], 'migrations/archive/0.sql'],
    ['orders', ['id'], 'migrations/2_baseline.js'],
  ])
  expect(map.foreignKeys).toEqual([])
})

const pool = "const pool = require('mysql2/promise').createPool({ database: 'shop' })\n"

/** What a map knows of each table, and where it is defined. */
const definedIn = (map: DependencyMap): string[] =>
  map.tables.map(
    ({ name, columns, definedAt }) =>
      `${name}(${columns.map(column => column.name)}) ${definedAt ? `${definedAt.file}:${definedAt.line}` : 'nowhere'}`,
  )

/** Each text of a list that a loop runs is a statement of its own. */
test.each([
  [
    'a loop over a list',
    `const all = [
  'CREATE TABLE a (id int, b int)',
  'CREATE TABLE c (id int)',
  'ALTER TABLE c ADD COLUMN d int',
  'INSERT INTO c (id) VALUES (1)',
]
for (const each of all) pool.query(each)
`,
    ['a(id,b) src/a.js:3', 'c(id,d) src/a.js:4'],
  ],
  [
    'without the first ones',
    `const all = ['CREATE DATABASE shop', 'USE shop',
  'CREATE TABLE a (id int)',
  'CREATE TABLE c (id int, a_id int, FOREIGN KEY (a_id) REFERENCES a(id))']
for (const each of all.slice(2)) pool.query(each)
`,
    ['a(id) src/a.js:3', 'c(id,a_id) src/a.js:4'],
  ],
  [
    'behind a wrapper',
    `const run = text => pool.query(text)
;['CREATE TABLE a (id int)', 'CREATE TABLE c (id int)'].forEach(each => run(each))
`,
    ['a(id) src/a.js:3', 'c(id) src/a.js:3'],
  ],
  [
    // Of the two choices, which column goes with which table is not known.
    'a name from a list',
    `pool.query('CREATE TABLE a (id int)')
const add = (table, column) => pool.query('ALTER TABLE ' + table + ' ADD COLUMN ' + column + ' int')
add('a', 'b')
add('c', 'd')
pool.query('SELECT id FROM c')
`,
    ['a(id,b) src/a.js:2', 'c() nowhere'],
  ],
  [
    'what empties the database',
    `pool.query('CREATE TABLE a (id int)')
pool.query('CREATE TABLE c (id int)')
for (const each of ['DROP TABLE d', 'DROP TABLE c']) pool.query(each)
`,
    ['a(id) src/a.js:2', 'c(id) src/a.js:3', 'd() nowhere'],
  ],
])('DDL of %s', async (_, text, expected) => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { mysql2: '3' } }),
    'src/a.js': `${pool}${text}`,
  })
  expect(definedIn(map)).toEqual(expected)
})

test('who makes the tables of several services has them not, nor what it puts into them', async () => {
  const insert = (name: string): string => `pool.query('INSERT INTO ${name} (id) VALUES (1)')\n`
  const map = await mapOf({
    'package.json': JSON.stringify({
      name: 'platform',
      scripts: { start: 'node schema.js' },
      dependencies: { mysql2: '3' },
    }),
    'schema.js': `${pool}for (const each of [
  'CREATE TABLE orders (id int)',
  'CREATE TABLE items (id int)',
  'CREATE TABLE settings (id int)',
  'INSERT INTO settings (id) VALUES (1)',
]) pool.query(each)
`,
    ...Object.fromEntries(
      Object.entries({ sales: ['orders', 'items'], config: ['settings'] }).flatMap(([name, tables]) => [
        [`${name}/package.json`, JSON.stringify({ name, scripts: { start: 'node server.js' } })],
        [`${name}/server.js`, pool + tables.map(insert).join('')],
      ]),
    ),
  })
  expect(map.tables.map(({ name, owner }) => `${name} of ${owner}`)).toEqual([
    'items of sales',
    'orders of sales',
    'settings of config',
  ])
})

test('a migration of a builder makes what code creates if it is not there', async () => {
  const map = await mapOf({
    ...shop,
    'migrations/1_orders.js':
      "exports.up = knex => knex.schema.createTable('orders', t => { t.integer('id'); t.text('note') })",
    'migrations/archived/0_items.js':
      "exports.up = knex => knex.schema.createTable('items', t => { t.integer('id'); t.text('old') })",
    'src/a.js': `${knex}for (const each of [
  'CREATE TABLE IF NOT EXISTS orders (id int)',
  'CREATE TABLE IF NOT EXISTS items (id int)',
]) knex.raw(each)
`,
  })
  expect(definedIn(map)).toEqual(['items(id) src/a.js:4', 'orders(id,note) migrations/1_orders.js:1'])
})

const UPDATE = `${knex}export const run = (id: number) => knex.raw('UPDATE orders SET state = ? WHERE id = ?', ['moved', id])\n`
const CREATE = `${knex}export const run = () => knex.raw('CREATE TABLE orders (id int)')\n`

/** What moves data between products is what the service is there for. */
test.each([
  ['src/migrations/20240101_move.ts', UPDATE, true],
  ['src/migrations/backfill.ts', UPDATE, true],
  ['src/migration/1700000000-Move.ts', UPDATE, true],
  ['src/migration/orders.ts', CREATE, true],
  ['src/migration/jira.processor.ts', UPDATE, false],
  ['src/migration/jira.ts', UPDATE, false],
  ['src/modules/migrations/migrations.service.ts', UPDATE, false],
  ['src/migration.ts', UPDATE, false],
  ['src/migration.ts', CREATE, true],
  ['src/orders.ts', CREATE, false],
])('%s is a migration: %#', async (file, text, isMigration) => {
  const map = await mapOf({ ...shop, [file]: text })
  expect(map.accesses.map(({ migration = false }) => migration)).toEqual([isMigration])
})

test('a package that is called after migrations runs them, and has statements of its own', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['apps/*', 'packages/*'] }),
    'packages/migrations/package.json': JSON.stringify({
      name: '@shop/migrations',
      dependencies: { pg: '8' },
    }),
    'packages/migrations/src/index.ts': `import pg from 'pg'
const pool = new pg.Pool({ database: 'shop' })
export async function migrate() {
  await pool.query('CREATE TABLE IF NOT EXISTS done (name text)')
  await pool.query('SELECT name FROM done')
}
`,
    'packages/migrations/src/20240101_first.ts': `import pg from 'pg'
const pool = new pg.Pool({ database: 'shop' })
export const first = () => pool.query('UPDATE done SET name = 1')
`,
    'apps/desk/package.json': JSON.stringify({ name: 'desk', scripts: { start: 'node .' } }),
    'apps/desk/src/index.ts': "import { migrate } from '@shop/migrations'\nawait migrate()\n",
  })
  expect(map.accesses.map(({ line, migration, reachedBy }) => ({ line, migration, reachedBy }))).toEqual([
    { line: 3, migration: true, reachedBy: expect.anything() },
    { line: 4, migration: undefined, reachedBy: ['desk'] },
    { line: 5, migration: undefined, reachedBy: ['desk'] },
  ])
})

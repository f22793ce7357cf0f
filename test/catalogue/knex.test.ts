/** Calls of knex's schema builder, read from their code, against the SQL that knex itself writes for them. */
import knex from 'knex'
import { expect, test } from 'vitest'
import { readBuiltTables } from '../../analyzers/catalogue/builders/built-tables.js'
import { expectColumnsUnknown, schemaOf, schemaOfCode } from './builder-schema.js'

const clients = { postgresql: knex({ client: 'pg' }), mysql: knex({ client: 'mysql2' }) }
type Builder = typeof clients.postgresql
type Dialect = keyof typeof clients

const ours = (code: string, dialect: Dialect) => schemaOfCode(`export const up = (knex) => ${code}`, dialect)

function theirs(code: string, dialect: Dialect) {
  // The code is that of this file.
  const build = new Function('knex', `return ${code}`) as (knex: Builder) => { toSQL(): { sql: string }[] }
  const statements = build(clients[dialect]).toSQL()
  return schemaOf([statements.map(({ sql }) => `${sql};`).join('\n')], dialect)
}

const table = (...lines: string[]) => `knex.schema.createTable('t', t => { ${lines.join('; ')} })`
const altered = (...lines: string[]) =>
  `${table(
    "t.increments('id')",
    "t.integer('a').notNullable()",
    "t.string('b')",
    "t.integer('c').references('id').inTable('u')",
  )}.alterTable('t', function (it) { ${lines.join('; ')} })`

const cases: [name: string, code: string][] = [
  ['an id without a name', table('t.increments()')],
  ['ids that are no key', table("t.increments('n', { primaryKey: false })", "t.bigIncrements('b')")],
  [
    'whole numbers',
    table(
      "t.integer('a')",
      "t.integer('b', 5)",
      "t.tinyint('c', 1)",
      "t.smallint('d')",
      "t.mediumint('e')",
      "t.bigint('f')",
      "t.bigInteger('g').unsigned()",
      "t.integer('h').unsigned().notNullable()",
    ),
  ],
  [
    'texts',
    table("t.text('a')", "t.text('b', 'longtext')", "t.string('c')", "t.string('d', 50)", "t.uuid('e')"),
  ],
  [
    'fractions',
    table(
      "t.float('a')",
      "t.float('b', 5, 1)",
      "t.double('c')",
      "t.double('d', 5, 1)",
      "t.decimal('e')",
      "t.decimal('f', 10, 4)",
      "t.decimal('g', 5)",
    ),
  ],
  [
    'moments',
    table(
      "t.date('b')",
      "t.datetime('c')",
      "t.dateTime('d', { precision: 3 })",
      "t.timestamp('e')",
      "t.timestamp('f', { useTz: false })",
      "t.timestamp('g', { precision: 6 }).notNullable().defaultTo(knex.fn.now())",
      "t.time('h')",
      "t.datetime('i', true)",
    ),
  ],
  [
    'others',
    table(
      "t.boolean('a').defaultTo(false)",
      "t.binary('b')",
      "t.binary('c', 16)",
      "t.json('e')",
      "t.jsonb('f')",
      "t.specificType('h', 'inet')",
      "t.enu('i', ['x', 'y z'])",
    ),
  ],
  ['moments of change', table('t.timestamps()')],
  ['moments of change, set by the database', table('t.timestamps(true, true)')],
  ['moments of change, by names', table('t.timestamps({ useCamelCase: true, defaultToNow: true })')],
  [
    'keys',
    table(
      "t.uuid('id').primary()",
      "t.integer('u').notNullable().references('id').inTable('users').onDelete('CASCADE')",
      "t.integer('v').references('users.id')",
      "t.integer('w').references('id').inTable('s.users').withKeyName('kk')",
      "t.string('n').nullable(false)",
      "t.string('m').nullable()",
      "t.foreign(['u', 'v']).references(['x', 'y']).inTable('z')",
      "t.foreign('n', 'my_fk').references('w.r')",
      "t.index(['n'])",
      "t.unique(['m'])",
    ),
  ],
  ['a key of two', table("t.integer('a')", "t.integer('b')", "t.primary(['a', 'b'])")],
  ['two tables', `${table("t.integer('a')")}.createTable('u', t => t.integer('b').primary())`],
  [
    'a schema',
    "knex.schema.withSchema('s').createTable('t', t => { t.integer('a').references('id').inTable('s.u') })",
  ],
  ['columns come and go', altered("it.dropColumn('b')", "it.string('d').notNullable()", 'it.timestamps()')],
  ['columns by a list', altered("it.dropColumns('a', 'b')")],
  ['a column has another type', altered("it.text('a').alter()", "it.bigint('b').notNullable().alter()")],
  ['a key goes', altered("it.dropForeign('c')")],
  ['an index', altered("it.index(['a'])", "it.unique('b')")],
  ['a key comes', altered("it.integer('e').references('id').inTable('v')")],
  ['a table has another name', `${table("t.integer('a')")}.renameTable('t', 'u')`],
  ['a table goes', `${table("t.integer('a')")}.createTable('u', t => { t.integer('b') }).dropTable('t')`],
]

test.each(cases)('postgresql: %s', (_, code) => {
  expect(ours(code, 'postgresql')).toEqual(theirs(code, 'postgresql'))
})

test.each(cases)('mysql: %s', (_, code) => {
  expect(ours(code, 'mysql')).toEqual(theirs(code, 'mysql'))
})

test('a column has another name, for which knex asks MySQL first', () => {
  const code = altered("it.renameColumn('b', 'z')")
  expect(ours(code, 'postgresql')).toEqual(theirs(code, 'postgresql'))
  expect(ours(code, 'mysql')[0]!.columns.map(({ name }) => name)).toEqual(['id', 'a', 'z', 'c'])
})

test('required or not, which MySQL can not be told without the type', () => {
  const code = altered("it.setNullable('a')", "it.dropNullable('b')")
  expect(ours(code, 'postgresql')).toEqual(theirs(code, 'postgresql'))
  const [, change] = readBuiltTables('a.ts', code)
  expect(change).toMatchObject({ name: 't', creates: false, sql: { mysql: null } })
})

test.each([
  ['a loop', "for (const name of ['a', 'b']) t.string(name)"],
  ['a condition', "if (isNew) t.string('a')"],
  ['a helper', 'addTimestamps(t)'],
  ['a name that is made', 't.string(prefix + name)'],
  ['a method that is not known', "t.geography('place')"],
  ['an argument that is made', "t.enu('a', Object.values(Kind))"],
])('%s: the columns are not known', (_, line) => {
  expectColumnsUnknown(table("t.increments('id')", line))
})

test('what takes a migration back is left out', () => {
  const code = [
    "exports.up = async knex => { await knex.schema.createTable('t', t => { t.increments() }) }",
    "exports.down = async knex => { await knex.schema.dropTable('t'); await knex.schema.createTable('u', t => {}) }",
  ]
  expect(readBuiltTables('a.js', code.join('\n')).map(({ name, line }) => [name, line])).toEqual([['t', 1]])
})

test.each([
  [
    'a chain of thousands of calls',
    `${table('t.increments()')}${".createTable('u', t => {})".repeat(5_000)}`,
  ],
  ['a sum of thousands', `${table('t.increments()')}; const sum = ${'1 + '.repeat(20_000)}1`],
  ['lists in lists', `${table('t.increments()')}; const list = ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
])('%s: the table is told by its name', (_, code) => {
  expect(readBuiltTables('a.ts', code)[0]).toMatchObject({ name: 't', creates: true, sql: { mysql: null } })
})

test('names of columns and tables are text, never SQL', () => {
  const hostile = 'a"); DROP TABLE users; --'
  const [change] = readBuiltTables(
    'a.ts',
    `knex.schema.createTable(${JSON.stringify(hostile)}, t => { t.string(${JSON.stringify(hostile)}) })`,
  )
  expect(schemaOf([change!.sql.postgresql!], 'postgresql')).toEqual([
    {
      schema: null,
      name: hostile,
      columns: [{ name: hostile, type: 'varchar(255)', nullable: true }],
      primaryKey: [],
      foreignKeys: [],
    },
  ])
})

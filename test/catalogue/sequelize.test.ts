/** Calls of Sequelize's query interface, read from their code, against the SQL that Sequelize itself writes for them. */
import { DataTypes, type QueryInterface, Sequelize } from 'sequelize'
import { expect, test } from 'vitest'
import { readBuiltTables } from '../../analyzers/catalogue/builders/built-tables.js'
import type { BuilderDialect } from '../../analyzers/catalogue/builders/ddl.js'
import { expectColumnsUnknown, schemaOf, schemaOfCode } from './builder-schema.js'

const ours = (code: string, dialect: BuilderDialect) =>
  schemaOfCode(`module.exports = { up: async (queryInterface, Sequelize) => { ${code} } }`, dialect)

/** With a database that answers nothing. */
async function theirs(code: string, dialect: BuilderDialect) {
  const sequelize = new Sequelize('x', 'y', 'z', {
    dialect: dialect === 'mysql' ? 'mysql' : 'postgres',
    logging: false,
  })
  const written: string[] = []
  sequelize.query = async (sql: string | { query: string }) => {
    const text = typeof sql === 'string' ? sql : sql.query
    if (!/^(?:SELECT|SHOW)\b/.test(text)) written.push(text)
    return [[], []] as never
  }
  sequelize.transaction = ((run: (transaction: unknown) => unknown) => run(null)) as never
  // The code is that of this file.
  const run = new Function(
    'queryInterface',
    'DataTypes',
    'Sequelize',
    `return (async () => { ${code} })()`,
  ) as (queryInterface: QueryInterface, types: unknown, sequelize: unknown) => Promise<void>
  await run(sequelize.getQueryInterface(), DataTypes, Sequelize)
  return schemaOf([written.map(sql => `${sql.replace(/;*$/, '')};`).join('\n')], dialect)
}

const table = (columns: string, more = '') => `await queryInterface.createTable('t', { ${columns} }${more});`
const base = table(
  "id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, a: { type: DataTypes.INTEGER, allowNull: false }, b: DataTypes.STRING, c: { type: DataTypes.INTEGER, references: { model: 'u', key: 'id' } }",
)

const cases: [name: string, code: string][] = [
  ['whole numbers', table('a: DataTypes.INTEGER, b: { type: Sequelize.BIGINT }, c: DataTypes.SMALLINT')],
  [
    'texts',
    table(
      "a: DataTypes.STRING, b: DataTypes.STRING(50), c: DataTypes.TEXT, d: DataTypes.CHAR(3), e: 'VARCHAR(20)', f: Sequelize.DataTypes.UUID, g: DataTypes.STRING.BINARY, h: DataTypes.CHAR",
    ),
  ],
  [
    'fractions',
    table(
      'a: DataTypes.FLOAT, b: DataTypes.DOUBLE, c: DataTypes.DECIMAL, d: DataTypes.DECIMAL(10, 2), e: DataTypes.REAL, f: DataTypes.DECIMAL(5)',
    ),
  ],
  ['moments', table('a: DataTypes.DATE, b: DataTypes.DATE(6), c: DataTypes.DATEONLY, d: DataTypes.TIME')],
  [
    'others',
    table(
      "a: DataTypes.BOOLEAN, b: DataTypes.JSON, c: DataTypes.BLOB, e: { type: DataTypes.ENUM('x', 'y z') }",
    ),
  ],
  [
    'a list of values',
    table("a: { type: DataTypes.ENUM({ values: ['x'] }) }, b: { type: DataTypes.ENUM(['x', 'y']) }"),
  ],
  [
    'keys',
    table(
      "id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, b: { type: DataTypes.BIGINT, field: 'b_id', allowNull: false, unique: true, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' }, c: { type: DataTypes.UUID, references: { model: { tableName: 'v' }, key: 'k' } }",
    ),
  ],
  [
    'a key of two',
    table(
      'a: { type: DataTypes.INTEGER, primaryKey: true }, b: { type: DataTypes.STRING, primaryKey: true }',
    ),
  ],
  [
    'names and columns in constants',
    `const T = 't'; const times = { created: DataTypes.DATE, 'up-dated': { type: DataTypes.DATE, allowNull: false } }; await queryInterface.createTable(T, { id: DataTypes.INTEGER, ...times });`,
  ],
  [
    'in a transaction',
    `await queryInterface.sequelize.transaction(async transaction => { ${table('a: DataTypes.INTEGER', ', { transaction }')} })`,
  ],
  [
    'columns come and go',
    `${base} await queryInterface.addColumn('t', 'd', { type: DataTypes.STRING(9), allowNull: false }); await queryInterface.addColumn('t', 'e', DataTypes.DATE); await queryInterface.removeColumn('t', 'b')`,
  ],
  [
    'a column with a key comes',
    `${base} await queryInterface.addColumn('t', 'd', { type: DataTypes.INTEGER, references: { model: 'v', key: 'id' } })`,
  ],
  [
    'a column has another type',
    `${base} await queryInterface.changeColumn('t', 'a', { type: DataTypes.TEXT }); await queryInterface.changeColumn('t', 'b', { type: DataTypes.STRING(9), allowNull: false })`,
  ],
  [
    'a column becomes a key',
    `${base} await queryInterface.changeColumn('t', 'a', { type: DataTypes.BIGINT, references: { model: 'w', key: 'id' } })`,
  ],
  [
    'constraints come',
    `${base} await queryInterface.addConstraint('t', { type: 'foreign key', fields: ['a', 'b'], references: { table: 'u', fields: ['x', 'y'] }, name: 'k' }); await queryInterface.addConstraint('t', { type: 'FOREIGN KEY', fields: ['a'], references: { table: 'w', field: 'x' } }); await queryInterface.addConstraint('t', { type: 'unique', fields: ['a'] })`,
  ],
  [
    'a table has another name',
    `${base} await queryInterface.renameTable('t', 'z'); await queryInterface.addColumn('z', 'd', DataTypes.DATE)`,
  ],
  ['a table goes', `${base} await queryInterface.dropTable('t'); await queryInterface.createTable('v', {})`],
]

test.each(cases)('postgresql: %s', async (_, code) => {
  expect(ours(code, 'postgresql')).toEqual(await theirs(code, 'postgresql'))
})

test.each(cases)('mysql: %s', async (_, code) => {
  expect(ours(code, 'mysql')).toEqual(await theirs(code, 'mysql'))
})

test('types and schemas of PostgreSQL', async () => {
  const code = `await queryInterface.createTable({ tableName: 't', schema: 's' }, { a: DataTypes.JSONB, b: DataTypes.ARRAY(DataTypes.STRING), c: DataTypes.INET }); await queryInterface.createTable('u', { a: DataTypes.CITEXT }, { schema: 's' })`
  expect(ours(code, 'postgresql')).toEqual(await theirs(code, 'postgresql'))
})

test('widths and signs of MySQL', async () => {
  const code = table(
    "a: Sequelize.BIGINT.UNSIGNED, b: { type: Sequelize.INTEGER(5) }, c: DataTypes.TINYINT(1), d: DataTypes.TEXT('long'), e: DataTypes.BLOB('medium')",
  )
  expect(ours(code, 'mysql')).toEqual(await theirs(code, 'mysql'))
})

test('a column has another name, for which Sequelize asks the database first', () => {
  const code = `${base} await queryInterface.renameColumn('t', 'b', 'z')`
  for (const dialect of ['postgresql', 'mysql'] as const)
    expect(ours(code, dialect)[0]!.columns.map(({ name }) => name)).toEqual(['id', 'a', 'z', 'c'])
})

test('a key goes', () => {
  const code = `${base} await queryInterface.addConstraint('t', ['a'], { type: 'foreign key', name: 'k', references: { table: 'w', field: 'id' } }); await queryInterface.removeConstraint('t', 'k')`
  expect(ours(code, 'postgresql')[0]!.foreignKeys.map(({ columns }) => columns)).toEqual([['c']])
})

test.each([
  ['a helper', '...columns()'],
  ['a type that is made', 'a: { type: typeOf(name) }'],
  ['a type that is not known', 'a: { type: DataTypes.VIRTUAL }'],
  ['a name that is made', '[name]: DataTypes.INTEGER'],
  ['whether it may be absent depends', 'a: { type: DataTypes.INTEGER, allowNull: isNew }'],
])('%s: the columns are not known', (_, columns) => {
  expectColumnsUnknown(`const { DataTypes } = require('sequelize'); ${table(columns)}`)
})

test('what takes a migration back is left out', () => {
  const code = `module.exports = { up: async (queryInterface, Sequelize) => { ${base} }, down: async q => { await q.dropTable('t'); await q.removeColumn('u', 'a') } }`
  expect(readBuiltTables('a.js', code).map(({ name }) => name)).toEqual(['t'])
})

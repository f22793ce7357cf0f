/** Calls of TypeORM's query runner, read from their code, against the SQL that TypeORM itself writes for them. */
import * as typeorm from 'typeorm'
import { expect, test } from 'vitest'
import { readBuiltTables } from '../../analyzers/catalogue/builders/built-tables.js'
import type { BuilderDialect } from '../../analyzers/catalogue/builders/ddl.js'
import { schemaOf, schemaOfCode } from './builder-schema.js'

const migration = (code: string) =>
  `import { MigrationInterface, QueryRunner, Table } from 'typeorm'
export class M1 implements MigrationInterface { async up(queryRunner: QueryRunner) { ${code} } }`
const ours = (code: string, dialect: BuilderDialect) => schemaOfCode(migration(code), dialect)

/** With a database that has nothing: what is asked of a table is what the code made of it. */
async function theirs(code: string, dialect: BuilderDialect) {
  const source = new typeorm.DataSource({ type: dialect === 'mysql' ? 'mysql' : 'postgres' })
  const runner = source.createQueryRunner()
  runner.query = async () => [{ current_schema: 'public' }] as never
  runner.enableSqlMemory()
  const { Table, TableColumn, TableForeignKey } = typeorm
  // The code is that of this file.
  const run = new Function(
    'queryRunner',
    'Table',
    'TableColumn',
    'TableForeignKey',
    `return (async () => { ${code} })()`,
  ) as (...args: unknown[]) => Promise<void>
  await run(runner, Table, TableColumn, TableForeignKey)
  const written = runner.getMemorySql().upQueries.map(({ query }) => `${query.trim().replace(/;*$/, '')};`)
  return schemaOf([written.join('\n')], dialect)
}

const table = (columns: string, more = '') =>
  `const t = new Table({ name: 't', columns: [${columns}]${more} }); await queryRunner.createTable(t);`
const base = table(
  "{ name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }, { name: 'a', type: 'varchar', length: '50' }, { name: 'b', type: 'int', isNullable: true }",
)

const cases: [name: string, code: string][] = [
  [
    'numbers',
    table(
      "{ name: 'a', type: 'int' }, { name: 'b', type: 'bigint', isNullable: true }, { name: 'c', type: 'decimal', precision: 10, scale: 2 }, { name: 'd', type: 'int', unsigned: true }, { name: 'e', type: 'double precision' }, { name: 'f', type: 'numeric', precision: 5 }",
    ),
  ],
  [
    'numbered by the database',
    table(
      "{ name: 'a', type: 'bigint', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }",
    ),
  ],
  [
    'texts',
    table(
      "{ name: 'a', type: 'varchar' }, { name: 'b', type: 'varchar', length: '50' }, { name: 'c', type: 'text' }, { name: 'd', type: 'character varying', length: '5' }, { name: 'e', type: 'VARCHAR(255)' }, { name: 'f', type: 'char', length: '2' }",
    ),
  ],
  [
    'moments',
    table(
      "{ name: 'a', type: 'timestamp', default: 'now()' }, { name: 'b', type: 'timestamp', precision: 3 }, { name: 'c', type: 'date' }, { name: 'd', type: 'timestamp without time zone' }, { name: 'e', type: 'timestamp with time zone' }",
    ),
  ],
  [
    'others',
    table(
      "{ name: 'a', type: 'boolean', default: false }, { name: 'b', type: 'json' }, { name: 'c', type: 'enum', enum: ['x', 'y z'] }, { name: 'd', type: 'enum', enum: ['x'], enumName: 'kind' }",
    ),
  ],
  [
    'keys',
    table(
      "new TableColumn({ name: 'id', type: 'varchar', length: '36', isPrimary: true }), { name: 'a', type: 'int' }, { name: 'b', type: 'int' }",
      ", foreignKeys: [{ columnNames: ['a'], referencedTableName: 'users', referencedColumnNames: ['id'], onDelete: 'CASCADE' }, new TableForeignKey({ name: 'fk', columnNames: ['a', 'b'], referencedTableName: 'v', referencedColumnNames: ['x', 'y'] })], uniques: [{ columnNames: ['a'] }], indices: [{ columnNames: ['b'] }]",
    ),
  ],
  [
    'a key of two',
    table("{ name: 'a', type: 'int', isPrimary: true }, { name: 'b', type: 'int', isPrimary: true }"),
  ],
  [
    'columns in constants',
    `const id = new TableColumn({ name: 'id', type: 'int', isPrimary: true }); const times = [{ name: 'created', type: 'timestamp' }]; ${table("id, ...times, { name: 'z', type: 'int' }")}`,
  ],
  [
    'a schema',
    "await queryRunner.createTable(new Table({ name: 's.t', columns: [{ name: 'a', type: 'int' }] }))",
  ],
  [
    'columns come and go',
    `${base} await queryRunner.addColumn(t, new TableColumn({ name: 'c', type: 'date', isNullable: true })); await queryRunner.addColumns(t, [new TableColumn({ name: 'd', type: 'int' }), new TableColumn({ name: 'e', type: 'text' })]); await queryRunner.dropColumn(t, 'b'); await queryRunner.dropColumns(t, ['a'])`,
  ],
  ['a column has another name', `${base} await queryRunner.renameColumn(t, 'b', 'z')`],
  [
    'a column may be absent',
    `${base} await queryRunner.changeColumn(t, 'a', new TableColumn({ name: 'a', type: 'varchar', length: '50', isNullable: true }))`,
  ],
  [
    'keys come',
    `${base} await queryRunner.createForeignKey(t, new TableForeignKey({ columnNames: ['b'], referencedTableName: 'u', referencedColumnNames: ['id'] })); await queryRunner.createForeignKeys(t, [new TableForeignKey({ columnNames: ['a'], referencedTableName: 'w', referencedColumnNames: ['k'] })])`,
  ],
  ['a table has another name', `${base} await queryRunner.renameTable(t, 'z')`],
]

test.each(cases)('postgresql: %s', async (_, code) => {
  expect(ours(code, 'postgresql')).toEqual(await theirs(code, 'postgresql'))
})

test.each(cases)('mysql: %s', async (_, code) => {
  expect(ours(code, 'mysql')).toEqual(await theirs(code, 'mysql'))
})

test('types of PostgreSQL', async () => {
  const code = table(
    "{ name: 'a', type: 'uuid', isPrimary: true, isGenerated: true, generationStrategy: 'uuid' }, { name: 'b', type: 'text', isArray: true }, { name: 'c', type: 'jsonb' }, { name: 'd', type: 'timestamptz', precision: 6 }, { name: 'e', type: 'timestamp with time zone', precision: 3 }",
  )
  expect(ours(code, 'postgresql')).toEqual(await theirs(code, 'postgresql'))
})

test('a column has another type, for which TypeORM drops it and adds it anew', () => {
  const code = `${base} await queryRunner.changeColumn('t', 'a', new TableColumn({ name: 'z', type: 'text' }))`
  for (const dialect of ['postgresql', 'mysql'] as const)
    expect(ours(code, dialect)[0]!.columns.map(({ name, type }) => `${name} ${type}`)).toContain('z text')
})

test('tables that are asked for, each where it is used; a key goes by its name, and one that is looked for is left', () => {
  const code = migration(`${base}
    const table = await queryRunner.getTable('t')
    await queryRunner.addColumn(table!, new TableColumn({ name: 'c', type: 'int' }))
    await queryRunner.createForeignKey(table, new TableForeignKey({ name: 'k', columnNames: ['c'], referencedTableName: 'u', referencedColumnNames: ['id'] }))
    await queryRunner.createForeignKey('t', new TableForeignKey({ columnNames: ['b'], referencedTableName: 'w', referencedColumnNames: ['id'] }))
    await queryRunner.dropForeignKey('t', 'k')
    await queryRunner.dropForeignKey(table, table.foreignKeys.find(key => key.columnNames[0] === 'b'))
  }
  async down(queryRunner: QueryRunner) {
    const table = await queryRunner.getTable('other')
    await queryRunner.dropTable('t')`)
  const [t, ...others] = schemaOfCode(code, 'postgresql')
  expect(others).toEqual([])
  expect(t!.columns.map(({ name }) => name)).toEqual(['id', 'a', 'b', 'c'])
  expect(t!.foreignKeys.map(({ columns }) => columns)).toEqual([['b']])
})

test('a length that is not known is left out', () => {
  const code = table("{ name: 'a', type: 'varchar', length: `${LENGTH}`, isNullable: true }")
  expect(ours(code, 'mysql')[0]!.columns).toEqual([{ name: 'a', type: 'varchar', nullable: true }])
})

test.each([
  ['a helper', '...columns()'],
  ['a type that is made', "{ name: 'a', type: typeOf(x) }"],
  ['a name that is made', "{ name: prefix + 'a', type: 'int' }"],
  ['whether it may be absent depends', "{ name: 'a', type: 'int', isNullable: isNew }"],
])('%s: the columns are not known', (_, columns) => {
  expect(readBuiltTables('a.ts', migration(table(columns)))).toMatchObject([
    { schema: null, name: 't', creates: true, sql: { postgresql: null, mysql: null } },
  ])
})

/** Calls of node-pg-migrate's builder, read from their code, against the SQL that node-pg-migrate 9 writes for them. */
import { expect, test } from 'vitest'
import { expectColumnsUnknown, schemaOf, schemaOfCode } from './builder-schema.js'

test.each<[name: string, code: string, written: string]>([
  [
    'columns by a text or by options',
    "pgm.createTable('t', { id: 'id', a: 'text', b: { type: 'varchar(50)', notNull: true }, c: { type: 'timestamptz', notNull: true, default: pgm.func('now()') } })",
    'CREATE TABLE "t" ( "id" serial PRIMARY KEY, "a" text, "b" varchar(50) NOT NULL, "c" timestamptz DEFAULT now() NOT NULL );',
  ],
  [
    'names of its own for types',
    "pgm.createTable('t', { a: 'int', b: 'string', c: 'float', d: { type: 'double' }, e: 'datetime', f: 'bool' })",
    'CREATE TABLE "t" ( "a" integer, "b" text, "c" real, "d" double precision, "e" timestamp, "f" boolean );',
  ],
  [
    'lists',
    "pgm.createTable('t', { a: { type: 'uuid', array: true, notNull: true }, b: { type: 'int', array: 3 }, c: 'text[]' })",
    'CREATE TABLE "t" ( "a" uuid ARRAY NOT NULL, "b" integer ARRAY[3], "c" text[] );',
  ],
  [
    'a key of one column',
    "pgm.createTable('t', { id: { type: 'uuid', primaryKey: true, default: pgm.func('gen_random_uuid()') } })",
    'CREATE TABLE "t" ( "id" uuid DEFAULT gen_random_uuid() PRIMARY KEY );',
  ],
  [
    'a key of several',
    "pgm.createTable('t', { a: { type: 'int', primaryKey: true }, b: { type: 'int', primaryKey: true } })",
    'CREATE TABLE "t" ( "a" integer, "b" integer, CONSTRAINT "t_pkey" PRIMARY KEY ("a", "b") );',
  ],
  [
    'references',
    `pgm.createTable('t', { a: { type: 'uuid', references: 'u', onDelete: 'CASCADE' }, b: { type: 'uuid', references: '"u"' }, c: { type: 'uuid', references: 'v(id)', referencesConstraintName: 'c_of_v' }, d: { type: 'uuid', references: { schema: 'shop', name: 'w' } }, e: { type: 'uuid', references: 'shop.w (id)' } })`,
    'CREATE TABLE "t" ( "a" uuid REFERENCES "u" ON DELETE CASCADE, "b" uuid REFERENCES "u", "c" uuid CONSTRAINT "c_of_v" REFERENCES v(id), "d" uuid REFERENCES "shop"."w", "e" uuid REFERENCES shop.w (id) );',
  ],
  [
    'constraints of the table',
    "pgm.createTable('t', { a: 'int', b: 'int', c: 'int' }, { constraints: { primaryKey: ['a', 'b'], unique: ['c'], foreignKeys: [{ columns: ['b', 'c'], references: 'u (x, y)' }, { columns: 'a', references: 'v' }] } })",
    'CREATE TABLE "t" ( "a" integer, "b" integer, "c" integer, CONSTRAINT "t_uniq_c" UNIQUE ("c"), CONSTRAINT "t_pkey" PRIMARY KEY ("a", "b"), CONSTRAINT "t_fk_b_c" FOREIGN KEY ("b", "c") REFERENCES u (x, y), CONSTRAINT "t_fk_a" FOREIGN KEY ("a") REFERENCES "v" );',
  ],
  [
    'a table in a schema',
    "pgm.createTable({ schema: 'shop', name: 't' }, { id: 'id' }, { ifNotExists: true })",
    'CREATE TABLE IF NOT EXISTS "shop"."t" ( "id" serial PRIMARY KEY );',
  ],
  [
    'columns that come and go',
    "pgm.createTable('t', { a: 'int', b: 'int', c: 'int', d: 'int' }); pgm.addColumns('t', { e: { type: 'int', notNull: true, references: 'u' } }); pgm.addColumn('t', { f: 'text' }); pgm.dropColumns('t', ['a', 'b']); pgm.dropColumn('t', 'c'); pgm.dropColumns('t', { d: 'int' })",
    'CREATE TABLE "t" ( "a" integer, "b" integer, "c" integer, "d" integer ); ALTER TABLE "t" ADD "e" integer NOT NULL REFERENCES "u"; ALTER TABLE "t" ADD "f" text; ALTER TABLE "t" DROP "a", DROP "b"; ALTER TABLE "t" DROP "c"; ALTER TABLE "t" DROP "d";',
  ],
  [
    'other names',
    "pgm.createTable('t', { a: 'int' }); pgm.renameColumn('t', 'a', 'b'); pgm.renameTable('t', 'u')",
    'CREATE TABLE "t" ( "a" integer ); ALTER TABLE "t" RENAME "a" TO "b"; ALTER TABLE "t" RENAME TO "u";',
  ],
  [
    'changed columns',
    "pgm.createTable('t', { a: 'int', b: { type: 'int', notNull: true }, c: 'int' }); pgm.alterColumn('t', 'a', { type: 'bigint', notNull: true }); pgm.alterColumn('t', 'b', { notNull: false }); pgm.alterColumn('t', 'c', { type: 'string', using: 'c::text' })",
    'CREATE TABLE "t" ( "a" integer, "b" integer NOT NULL, "c" integer ); ALTER TABLE "t" ALTER "a" SET DATA TYPE bigint, ALTER "a" SET NOT NULL; ALTER TABLE "t" ALTER "b" DROP NOT NULL; ALTER TABLE "t" ALTER "c" SET DATA TYPE text USING c::text;',
  ],
  [
    'constraints by their SQL and by options',
    "pgm.createTable('t', { a: 'int', b: 'int' }); pgm.addConstraint('t', 't_b_unique', 'UNIQUE (a, b)'); pgm.addConstraint('t', 't_b', 'FOREIGN KEY (b) REFERENCES u (id)'); pgm.createConstraint('t', 't_a', { foreignKeys: { columns: 'a', references: 'v' } }); pgm.addConstraint('t', 't_key', { primaryKey: ['a', 'b'] }); pgm.dropConstraint('t', 't_b')",
    'CREATE TABLE "t" ( "a" integer, "b" integer ); ALTER TABLE "t" ADD CONSTRAINT "t_b_unique" UNIQUE (a, b); ALTER TABLE "t" ADD CONSTRAINT "t_b" FOREIGN KEY (b) REFERENCES u (id); ALTER TABLE "t" ADD CONSTRAINT "t_a" FOREIGN KEY ("a") REFERENCES "v"; ALTER TABLE "t" ADD CONSTRAINT "t_key" PRIMARY KEY ("a", "b"); ALTER TABLE "t" DROP CONSTRAINT "t_b";',
  ],
  [
    'tables that go',
    "pgm.createTable('t', { a: 'int' }); pgm.createTable('u', { a: 'int' }); pgm.dropTable('t', { ifExists: true, cascade: true })",
    'CREATE TABLE "t" ( "a" integer ); CREATE TABLE "u" ( "a" integer ); DROP TABLE IF EXISTS "t" CASCADE;',
  ],
])('%s', (_, code, written) => {
  expect(schemaOfCode(`exports.up = pgm => { ${code} }`, 'postgresql')).toEqual(
    schemaOf([written], 'postgresql'),
  )
})

test('names of constants, spreads, and what is taken back', () => {
  const code = `import type { MigrationBuilder } from 'node-pg-migrate'
const table = 't'
const stamps = { created_at: { type: 'timestamptz', notNull: true } }
export const shorthands = undefined
export async function up(builder: MigrationBuilder) {
  builder.createTable(table, { id: 'id', ...stamps })
}
export async function down(builder: MigrationBuilder) {
  builder.dropTable(table)
}`
  expect(schemaOfCode(code, 'postgresql')).toEqual(
    schemaOf(['CREATE TABLE t (id serial PRIMARY KEY, created_at timestamptz NOT NULL)'], 'postgresql'),
  )
})

test.each([
  [
    'a type of the project',
    "exports.shorthands = { money: { type: 'numeric(12,2)', notNull: true } }; pgm.createTable('t', { a: 'money' })",
  ],
  [
    'types of the project that are not all known',
    "exports.shorthands = shared; pgm.createTable('t', { a: 'money' })",
  ],
  ['columns from elsewhere', "pgm.createTable('t', columnsOf('t'))"],
  ['a type from elsewhere', "pgm.createTable('t', { a: { type: kind } })"],
  [
    'an identity',
    "pgm.createTable('t', { a: { type: 'int', sequenceGenerated: { precedence: 'ALWAYS' } } })",
  ],
  ['what another table gives', "pgm.createTable('t', { a: 'int' }, { inherits: 'u' })"],
])('no columns are told of %s', (_, code) => expectColumnsUnknown(code))

import { describe, expect, test } from 'vitest'
import { compareVersions, onlyUp, roleOf } from '../../analyzers/catalogue/versions.js'
import { migrationsOf } from './helpers.js'

const ddl = 'CREATE TABLE t (a INT);'

describe('the name of a script', () => {
  test.each<[string, string]>([
    ['m/V1__init.sql', 'versioned 1'],
    ['m/V1.2__x.sql', 'versioned 1.2'],
    ['m/V1_2_3__x.sql', 'versioned 1.2.3'],
    ['m/V20230101__x.sql', 'versioned 20230101'],
    ['m/V007__x.sql', 'versioned 7'],
    ['m/B5__baseline.sql', 'versioned 5'],
    ['m/U1__x.sql', 'undo'],
    ['m/R__views.sql', 'repeatable'],
    ['m/001_init.sql', 'versioned 1'],
    ['m/1-init.sql', 'versioned 1'],
    ['m/2023_01_31_120000_create_users.sql', 'versioned 2023.1.31.120000'],
    ['m/2023-01-31T10.00.00.users.sql', 'versioned 2023.1.31.10.0.0'],
    ['m/20230131120000-users-up.sql', 'versioned 20230131120000'],
    ['m/20230131120000-users-down.sql', 'undo'],
    ['m/000001_init.up.sql', 'versioned 1'],
    ['m/000001_init.down.sql', 'undo'],
    ['m/20230101_init/migration.sql', 'versioned 20230101'],
    ['m/2023-01-01-000000_init/up.sql', 'versioned 2023.1.1.0'],
    ['m/2023-01-01-000000_init/down.sql', 'undo'],
    ['m/001_2fa.sql', 'versioned 1'],
    ['deploy/users.sql', 'plain'],
    ['revert/users.sql', 'undo'],
    ['verify/users.sql', 'check'],
    ['m/003_rollback.sql', 'undo'],
    ['m/003.undo.users.sql', 'undo'],
    ['m/003.do.users.sql', 'versioned 3'],
    ['m/down/001_init.sql', 'undo'],
    ['m/up/001_init.sql', 'versioned 1'],
    ['schema.sql', 'plain'],
    ['countdown.sql', 'plain'],
    ['tables/users.sql', 'plain'],
    ['seeds/users.sql', 'seed'],
    ['db/seed.sql', 'seed'],
    ['db/sampledata/dbo.users.Table.sql', 'seed'],
    ['db/demo_data.sql', 'seed'],
    ['m/02_users.seed.sql', 'seed'],
    ['v2.sql', 'versioned 2'],
    ['v2ray.sql', 'plain'],
    ['2fa.sql', 'plain'],
  ])('%s: %s', (path, expected) => {
    const role = roleOf(path)
    expect(role.kind === 'versioned' ? `versioned ${role.version.join('.')}` : role.kind).toBe(expected)
  })

  test.each<[string, string, number]>([
    ['2', '10', -1],
    ['1.2', '1.10', -1],
    ['1', '1.1', -1],
    ['1.0.1', '1.0', 1],
    ['20230101120000123', '20230101120000124', -1],
    ['3', '3', 0],
  ])('version %s and %s: %i', (a, b, expected) =>
    expect(Math.sign(compareVersions(a.split('.'), b.split('.')))).toBe(expected),
  )
})

describe('order', () => {
  const order = (...names: string[]) =>
    migrationsOf(Object.fromEntries(names.map(name => [name, ddl]))).folders.map(folder =>
      folder.scripts.map(script => script.file),
    )

  test.each<[string, string[], string[]]>([
    [
      'numbers, not text',
      ['m/V10__a.sql', 'm/V9__b.sql', 'm/V1.10__c.sql', 'm/V1.9__d.sql'],
      ['m/V1.9__d.sql', 'm/V1.10__c.sql', 'm/V9__b.sql', 'm/V10__a.sql'],
    ],
    [
      'repeatable ones last',
      ['m/R__v.sql', 'm/V2__a.sql', 'm/V1__b.sql'],
      ['m/V1__b.sql', 'm/V2__a.sql', 'm/R__v.sql'],
    ],
    [
      'schema first, data last',
      ['migrations/2.sql', 'migrations/schema.sql', 'migrations/seed.sql', 'migrations/1.sql'],
      ['migrations/schema.sql', 'migrations/1.sql', 'migrations/2.sql', 'migrations/seed.sql'],
    ],
    [
      'folders of their own',
      ['p/migrations/20230201_b/migration.sql', 'p/migrations/20230101_a/migration.sql'],
      ['p/migrations/20230101_a/migration.sql', 'p/migrations/20230201_b/migration.sql'],
    ],
    [
      'folders by year',
      ['migrations/2024/003_c.sql', 'migrations/2023/001_a.sql', 'migrations/002_b.sql'],
      ['migrations/2023/001_a.sql', 'migrations/002_b.sql', 'migrations/2024/003_c.sql'],
    ],
  ])('%s', (_, names, expected) => expect(order(...names)).toEqual([expected]))
})

describe('what belongs together', () => {
  const folders = (files: Record<string, string>) =>
    migrationsOf(files).folders.map(folder => `${folder.path} (${folder.service}): ${folder.scripts.length}`)

  test.each<[string, string[], string[]]>([
    [
      'schema.sql beside migrations of a service',
      ['services/a/schema.sql', 'services/a/migrations/1.sql'],
      ['services/a/migrations (a): 2'],
    ],
    [
      'two services',
      ['services/a/migrations/1.sql', 'services/b/migrations/1.sql'],
      ['services/a/migrations (a): 1', 'services/b/migrations (b): 1'],
    ],
    [
      'two folders of migrations',
      ['services/a/db/migrations/1.sql', 'services/a/product/migrations/1.sql'],
      ['services/a/db/migrations (a): 1', 'services/a/product/migrations (a): 1'],
    ],
    [
      'tables and views of a service',
      ['services/a/sql/tables/t.sql', 'services/a/sql/views/v.sql'],
      ['services/a/sql/tables (a): 2'],
    ],
    [
      'outside of services, a folder each',
      ['db/mysql/a.sql', 'db/other/b.sql'],
      ['db/mysql (null): 1', 'db/other (null): 1'],
    ],
    [
      'scripts named after databases, a set each',
      ['db/auth_db.sql', 'db/users-db.sql', 'db/geo.sql'],
      ['db/auth_db.sql (null): 1', 'db/geo.sql (null): 1', 'db/users-db.sql (null): 1'],
    ],
    ['what is done to a database', ['db/create_db.sql', 'db/seed-db.sql', 'db/initdb.sql'], ['db (null): 3']],
    ['one such script', ['db/auth_db.sql', 'db/geo.sql'], ['db (null): 2']],
    [
      'nearest migrations',
      ['services/a/x/migrations/1.sql', 'services/a/y/migrations/1.sql', 'services/a/y/schema.sql'],
      ['services/a/x/migrations (a): 1', 'services/a/y/migrations (a): 2'],
    ],
    [
      'db-migrate',
      ['services/a/migrations/sqls/1-x-up.sql', 'services/a/migrations/sqls/1-x-down.sql'],
      ['services/a/migrations (a): 1'],
    ],
  ])('%s', (_, names, expected) =>
    expect(folders(Object.fromEntries(names.map(name => [name, ddl])))).toEqual(expected),
  )

  test('undo scripts are listed, not applied', () => {
    const [folder] = migrationsOf({ 'm/V1__a.sql': ddl, 'm/U1__a.sql': 'DROP TABLE t;' }).folders
    expect(folder!.scripts.map(script => script.file)).toEqual(['m/V1__a.sql'])
    expect(folder!.skipped).toEqual([{ file: 'm/U1__a.sql', reason: 'undo migration (U)' }])
  })

  test('dialects of two folders', () => {
    const found = migrationsOf({
      'services/a/migrations/postgres/1.sql': ddl,
      'services/a/migrations/mysql/1.sql': ddl,
    })
    expect(found.folders.map(folder => folder.dialect)).toEqual(['mysql', 'postgresql'])
  })
})

describe('the dialect of scripts that no connection tells', () => {
  test.each<[string, string]>([
    ['CREATE TABLE `t` (a INT)', 'mysql'],
    ['CREATE TABLE t (id INT AUTO_INCREMENT) ENGINE=InnoDB', 'mysql'],
    ['CREATE TABLE t (id BIGSERIAL, d JSONB, at TIMESTAMPTZ)', 'postgresql'],
    ["CREATE TABLE t (a text default '{}'::jsonb)", 'postgresql'],
    ['/* see `users` */\nCREATE TABLE t (id SERIAL)', 'postgresql'],
    ['CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)', 'sqlite'],
    ['CREATE TABLE [dbo].[t] ([id] INT IDENTITY(1,1), n NVARCHAR(9))\nGO', 'mssql'],
    ['CREATE TABLE t (a INT)', 'unknown'],
  ])('%s: %s', (text, expected) => {
    expect(migrationsOf({ 'migrations/1.sql': text }, 'unknown').folders[0]!.dialect).toBe(expected)
  })

  test('one file tells it for its folder', () => {
    const found = migrationsOf(
      {
        'migrations/1.sql': 'CREATE TABLE t (a INT)',
        'migrations/2.sql': 'CREATE TABLE u (id SERIAL, a JSONB)',
      },
      'unknown',
    )
    expect(found.folders.map(folder => `${folder.dialect} ${folder.scripts.length}`)).toEqual([
      'postgresql 2',
    ])
  })
})

describe('schema scripts and query files', () => {
  const isQuery = (path: string, text: string) => migrationsOf({ [path]: text }).queryFiles.length === 1
  test.each<[string, string, boolean]>([
    ['src/sql/find.sql', 'SELECT * FROM t WHERE id = ?', true],
    ['src/queries.sql', '-- name: find\nSELECT * FROM t;\n-- name: drop\nDROP TABLE t;', true],
    ['src/queries.sql', '-- BLOCK find_user\nSELECT * FROM t', true],
    ['src/tmp.sql', 'CREATE TEMP TABLE x AS SELECT 1; SELECT * FROM x', true],
    ['src/insert.sql', 'INSERT INTO t VALUES ($1)', true],
    ['src/text.sql', "SELECT 'create table x' FROM t", true],
    ['db/schema.sql', ddl, false],
    ['db/views.sql', '-- all views\ncreate or replace view v as select 1', false],
    ['db/patch.sql', 'SET NAMES utf8;\nALTER TABLE t ADD a INT;', false],
    ['db/types.sql', "/* order 1 */\n\ncreate type e as enum ('a');", false],
    ['migrations/5_backfill.sql', 'UPDATE t SET a = 1', false],
    ['seeds/users.sql', 'INSERT INTO users VALUES (1)', false],
    ['docker/docker-entrypoint-initdb.d/init.sql', 'GRANT ALL ON x.* TO y;', false],
    ['db/empty.sql', '', true],
    ['src/sql/404.sql', 'SELECT * FROM t', true],
    ['src/sql/1_day_active.sql', 'SELECT * FROM t', true],
    ['db/V2__backfill.sql', 'UPDATE t SET a = 1', false],
    ['db/02_tables.sql', ddl, false],
  ])('%s %j: query %s', (path, text, expected) => expect(isQuery(path, text)).toBe(expected))
})

test('a numbered file without definitions runs in its turn beside those that define', () => {
  const found = migrationsOf({
    'db/01_schema.sql': ddl,
    'db/02_data.sql': 'INSERT INTO t VALUES (1)',
    'q/01_x.sql': 'SELECT 1',
  })
  expect(found.folders.map(folder => folder.scripts.map(script => script.file))).toEqual([
    ['db/01_schema.sql', 'db/02_data.sql'],
  ])
  expect(found.queryFiles).toEqual(['q/01_x.sql'])
})

describe('both directions in one file', () => {
  test.each<[string, string, string]>([
    ['goose', '-- +goose Up\nA\n-- +goose Down\nB', '-- +goose Up\nA\n\n'],
    ['dbmate', '-- migrate:up\nA\n-- migrate:down transaction:false\nB', '-- migrate:up\nA\n\n'],
    [
      'sql-migrate',
      '-- +migrate Up\nA\n-- +migrate Down\nB\n-- +migrate Up\nC',
      '-- +migrate Up\nA\n\n\n-- +migrate Up\nC',
    ],
    ['node-pg-migrate', '-- Up Migration\nA\n-- Down Migration\nB', '-- Up Migration\nA\n\n'],
    ['rambler', '-- rambler up\nA\n-- rambler down\nB', '-- rambler up\nA\n\n'],
    ['tern', 'A\n---- create above / drop below ----\nB', 'A\n\n'],
    ['by hand', '-- UP:\nA\n---- Down ----\nB', '-- UP:\nA\n\n'],
    ['by hand, only down', 'A\n-- rollback\nB', 'A\n\n'],
    ['liquibase', 'A\n--rollback drop table x;\nB', 'A\n--rollback drop table x;\nB'],
    ['none', 'A -- down\nB', 'A -- down\nB'],
    ['a word', '-- break down\nA', '-- break down\nA'],
    ['a comment', '-- to bring it down again\nA', '-- to bring it down again\nA'],
  ])('%s', (_, text, expected) => expect(onlyUp(text)).toBe(expected))
})

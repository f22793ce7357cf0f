import { beforeAll, describe, expect, test } from 'vitest'
import type { Dialect } from '../../analyzers/model.js'
import { createSqlAnalyzer, loadParsers, type SqlAnalyzer } from '../../analyzers/sql/index.js'
import { allDialects, noParsers, parts, summary } from './helper.js'

const tokens = createSqlAnalyzer(noParsers)
let chain: SqlAnalyzer
beforeAll(async () => {
  chain = createSqlAnalyzer(await loadParsers(allDialects))
})

// biome-ignore format: one case a line
const verbs: [sql: string, verb: string][] = [
  ['select 1', 'SELECT'],
  ['(select 1) union (select 2)', 'SELECT'],
  ['((select 1))', 'SELECT'],
  ['with x as (select 1) select * from x', 'SELECT'],
  ['with x as (select 1) insert into a select * from x', 'INSERT'],
  ['with x as (select 1), y as (delete from a returning *) update b set c = 1', 'UPDATE'],
  ['insert into a values (1)', 'INSERT'],
  ['-- x\nupdate a set b = 1', 'UPDATE'],
  ['delete from a', 'DELETE'],
  ['merge into a using b on 1 = 1 when matched then delete', 'MERGE'],
  ['replace into a values (1)', 'REPLACE'],
  ['truncate table a', 'TRUNCATE'],
  ['create table a (b int)', 'CREATE TABLE'],
  ['create temp table a (b int)', 'CREATE TABLE'],
  ['create table if not exists a (b int)', 'CREATE TABLE'],
  ['create or replace view v as select 1', 'CREATE VIEW'],
  ['create materialized view v as select 1', 'CREATE MATERIALIZED VIEW'],
  ['create unique index i on a (b)', 'CREATE INDEX'],
  ['create or replace function f() returns int language sql as $$ select 1 $$', 'CREATE FUNCTION'],
  ['create trigger t before insert on a for each row execute function f()', 'CREATE TRIGGER'],
  ['alter table a add b int', 'ALTER TABLE'],
  ['drop table if exists a', 'DROP TABLE'],
  ['drop index i', 'DROP INDEX'],
  ['refresh materialized view v', 'REFRESH MATERIALIZED VIEW'],
  ['explain select 1', 'EXPLAIN'],
  ['call p()', 'CALL'],
  ['set x = 1', 'SET'],
  ['begin', 'BEGIN'],
  ['«verb» a set b = 1', ''],
]

describe('verb', () => {
  test.each(verbs)('%s', (sql, verb) => {
    expect(chain.analyze(parts(sql), 'postgresql')[0]!.verb).toBe(verb)
  })
  test('of MySQL', () => {
    const sql = 'create definer = `root`@`localhost` sql security definer view v as select 1'
    expect(chain.analyze([sql], 'mysql')[0]!.verb).toBe('CREATE VIEW')
  })
})

// biome-ignore format: one case a line
const transactions: [sql: string, dialect: Dialect, transaction: 'begin' | 'commit' | 'rollback' | null][] = [
  ['begin', 'postgresql', 'begin'],
  ['BEGIN;', 'mysql', 'begin'],
  ['begin work', 'postgresql', 'begin'],
  ['begin transaction isolation level serializable', 'postgresql', 'begin'],
  ['begin isolation level repeatable read', 'postgresql', 'begin'],
  ['begin immediate', 'sqlite', 'begin'],
  ['begin exclusive transaction', 'sqlite', 'begin'],
  ['begin tran', 'mssql', 'begin'],
  ['BEGIN TRANSACTION t1', 'mssql', 'begin'],
  ['start transaction', 'mysql', 'begin'],
  ['START TRANSACTION READ ONLY', 'mysql', 'begin'],
  ['set autocommit = 0', 'mysql', 'begin'],
  ['SET autocommit=0', 'mysql', 'begin'],
  ['set session autocommit = off', 'mysql', 'begin'],
  ['set @@autocommit = 0', 'mysql', 'begin'],
  ['set autocommit = 1', 'mysql', 'commit'],
  ['commit', 'postgresql', 'commit'],
  ['COMMIT WORK', 'mysql', 'commit'],
  ['commit tran t1', 'mssql', 'commit'],
  ['end', 'postgresql', 'commit'],
  ['end transaction', 'sqlite', 'commit'],
  ['rollback', 'mysql', 'rollback'],
  ['ROLLBACK WORK', 'mysql', 'rollback'],
  ['abort', 'postgresql', 'rollback'],
  ['rollback to savepoint a', 'postgresql', null],
  ['rollback to a', 'mysql', null],
  ['ROLLBACK WORK TO SAVEPOINT a', 'postgresql', null],
  ['savepoint a', 'mysql', null],
  ['release savepoint a', 'postgresql', null],
  ['select 1', 'postgresql', null],
  ['set autocommit_x = 0', 'mysql', null],
  ['begin update a set b = 1 end', 'mssql', null],
]

describe('transaction', () => {
  test.each(transactions)('%s (%s)', (sql, dialect, expected) => {
    const [statement] = chain.analyze([sql], dialect)
    expect(statement!.transaction).toBe(expected)
    if (expected) expect(statement!.tables).toEqual([])
  })
})

// biome-ignore format: one case a line
const confidences: [sql: string, dialect: Dialect, confidence: string, parser: string][] = [
  ['select * from a where x = $1', 'postgresql', 'exact', 'libpg-query'],
  ['select * from a where x = ?', 'postgresql', 'exact', 'libpg-query'],
  ['select * from a where x in $$ids and y = $y!', 'postgresql', 'exact', 'libpg-query'],
  ['insert into a (x, y) values $$rows(x!, y)', 'postgresql', 'exact', 'libpg-query'],
  ['select * from a where x = $(x) and y in ($(y:csv))', 'postgresql', 'exact', 'libpg-query'],
  ['select * from a where x = ? limit ?', 'mysql', 'exact', 'sqlparser-rs'],
  ['insert into a set ?', 'mysql', 'exact', 'sqlparser-rs'],
  ['alter table a add b int', 'mysql', 'exact', 'sqlparser-rs'],
  ['select * from a where x = «x»', 'postgresql', 'partial', 'libpg-query'],
  ["select * from a where x = '«x»'", 'postgresql', 'partial', 'libpg-query'],
  ['select * from a «rest»', 'mysql', 'partial', 'sqlparser-rs'],
  ['select * from «t»', 'mysql', 'partial', 'sqlparser-rs'],
  ['select * from $(t:name)', 'postgresql', 'partial', 'libpg-query'],
  ['select $(columns:name) from a', 'postgresql', 'exact', 'libpg-query'],
  ['select * from a $(where:raw)', 'postgresql', 'partial', 'libpg-query'],
  ['select * from ??', 'mysql', 'partial', 'sqlparser-rs'],
  ['/* «comment» */ select * from a', 'postgresql', 'exact', 'libpg-query'],
  ['select * from a where )', 'postgresql', 'tokens', 'tokens'],
  ['select * from a where', 'mysql', 'tokens', 'tokens'],
  ['select «a» from «b» where «c» group «d» from', 'mysql', 'tokens', 'tokens'],
  ['select * from a where x = $1 and y::int = 2', 'unknown', 'exact', 'libpg-query'],
  ['select * from `a` on duplicate key', 'unknown', 'tokens', 'tokens'],
  ['insert into a (x) values (1) on duplicate key update x = 2', 'unknown', 'exact', 'sqlparser-rs'],
  ['select top 5 * from [a]', 'unknown', 'exact', 'sqlparser-rs'],
  ['select * from a', 'unknown', 'exact', 'libpg-query'],
  ['select * from a where x = {x:UInt32} and y in {«n»_1:Array(String)}', 'clickhouse', 'partial', 'sqlparser-rs'],
  ['insert into a ? returning *', 'postgresql', 'exact', 'libpg-query'],
  ['insert into a (x) ? on conflict (x) do nothing', 'postgresql', 'exact', 'libpg-query'],
  ['with d as (?) select * from a join d on d.x = a.x', 'postgresql', 'exact', 'libpg-query'],
]

describe('confidence and parser', () => {
  test.each(confidences)('%s (%s)', (sql, dialect, confidence, parser) => {
    const [statement] = chain.analyze(parts(sql), dialect)
    expect(statement).toMatchObject({ confidence, parser })
  })
})

describe('text and offset', () => {
  test('holes are shown as code, offsets count in the shown text', () => {
    const statements = chain.analyze(
      parts('select «one» from a; -- «two»\n delete from «three» where x = 1'),
      'postgresql',
    )
    const shown = 'select ${one} from a; -- ${two}\n delete from ${three} where x = 1'
    expect(statements.map(statement => statement.text)).toEqual([
      'select ${one} from a',
      'delete from ${three} where x = 1',
    ])
    for (const { text, offset } of statements) expect(shown.slice(offset, offset + text.length)).toBe(text)
  })

  test('a character that stands for holes inside may come in the text too', () => {
    const statements = chain.analyze(['select \uE000x from a where b = ', { code: 'b' }], 'mysql')
    expect(statements[0]!.text).toBe('select \uE000x from a where b = ${b}')
    expect(summary(statements)).toBe('read a')
  })

  test('the same input is read once', () => {
    const first = chain.analyze(['select * from a where b = ', { code: 'b' }], 'mysql')
    expect(chain.analyze(['select * from a where b = ', { code: 'b' }], 'mysql')).toBe(first)
    expect(chain.analyze(['select * from a where b = ', { code: 'c' }], 'mysql')).not.toBe(first)
    expect(chain.analyze(['select * from a where b = b'], 'mysql')).not.toBe(first)
  })
})

describe('tables', () => {
  test('each table and op once, in order of appearance', () => {
    const [statement] = chain.analyze(
      ['insert into z select * from y join x on true where a in (select 1 from y)'],
      'postgresql',
    )
    expect(statement!.tables).toEqual([
      { name: 'z', schema: null, op: 'write', system: false },
      { name: 'y', schema: null, op: 'read', system: false },
      { name: 'x', schema: null, op: 'read', system: false },
    ])
  })

  test('names keep the case of the text', () => {
    for (const dialect of allDialects) {
      const [statement] = chain.analyze(['select * from MySchema.MyTable join otherTable on 1 = 1'], dialect)
      expect(statement!.tables.map(table => [table.schema, table.name])).toEqual([
        ['MySchema', 'MyTable'],
        [null, 'otherTable'],
      ])
    }
  })

  test('unknown tables carry the code of their hole', () => {
    const [statement] = chain.analyze(
      parts('select * from «a.table» join x_«suffix» on 1 = 1 join «a.table» b on 1 = 1'),
      'mysql',
    )
    expect(statement!.unknownTables).toEqual([{ code: 'a.table' }, { code: 'suffix' }])
  })

  test('a hole in a quoted body is no table with a strange name', () => {
    for (const analyzer of [chain, tokens]) {
      const sql = parts("do $$ begin execute 'x'; insert into «t» values (1); delete from u_«s»; end $$")
      const [statement] = analyzer.analyze(sql, 'postgresql')
      expect(statement!.tables).toEqual([])
      expect(statement!.unknownTables.length).toBeGreaterThan(0)
    }
  })
})

// biome-ignore format: one case a line
const routines: [sql: string, dialect: Dialect, names: string][] = [
  ['select f(x) from a', 'postgresql', 'f'],
  ['select * from s.f(1) x', 'postgresql', 's.f'],
  ['select * from a join lateral g(a.x) h on true', 'postgresql', 'g'],
  ['call p(1)', 'postgresql', 'p'],
  ['call db.p(?)', 'mysql', 'db.p'],
  ['exec dbo.p @x = 1', 'mssql', 'dbo.p'],
  ['exec @r = p 1', 'mssql', 'p'],
  ['do $$ begin perform s.f(1); call q(); end $$', 'postgresql', 's.f, q'],
  ['create trigger t before insert on a for each row execute function touch()', 'postgresql', 'touch'],
  ['select x from a where y in (1, 2) and z = 3', 'mysql', ''],
  ['insert into a (x) values (1)', 'mysql', ''],
  ['create table a (x varchar(10), y decimal(1, 2))', 'mysql', ''],
]

describe('routines', () => {
  test.each(routines)('%s (%s)', (sql, dialect, names) => {
    for (const analyzer of [chain, tokens]) {
      const found = analyzer.analyze([sql], dialect).flatMap(statement => statement.routines)
      expect(found.map(({ name, schema }) => (schema === null ? name : `${schema}.${name}`)).join(', ')).toBe(
        names,
      )
    }
  })
})

describe('hostile text', () => {
  const deep = 10_000
  const long = 5_000_000
  const texts: [name: string, text: string][] = [
    ['parentheses', `select ${'('.repeat(deep)}1${')'.repeat(deep)} from a`],
    ['subqueries', `select * from ${'(select * from '.repeat(deep)}a${') x'.repeat(deep)}`],
    ['not closed', `select * from a where ${'('.repeat(deep)}`],
    ['OR', `select 1 from a where x = 1${' or x = 1'.repeat(deep)}`],
    ['plus', `select 1${' + 1'.repeat(deep)} from a`],
    ['CASE', `select ${'case when 1 then '.repeat(deep)}1${' end'.repeat(deep)} from a`],
    ['UNION', `select 1 from a${' union select 1 from a'.repeat(deep)}`],
    ['CTEs', `${'with recursive x as ('.repeat(deep)}select 1 from a${') select * from x'.repeat(deep)}`],
    ['long string', `select * from a where x = '${'x'.repeat(long)}'`],
    ['rows', `select 1 from a; insert into a values ${'(1, 2, 3),'.repeat(long / 10)}(1)`],
    ['quote not closed', `select * from a where x = '${'x'.repeat(long)}`],
    ['comment not closed', `select * from a /*${'x'.repeat(long)}`],
    ['NUL', 'select \0 * from\0a'],
    ['lone surrogates', "select '\ud800' from a where x = '\udc00'"],
    ['strays', `select * from a ${'['.repeat(50_000)}${')'.repeat(50_000)}`],
  ]
  test.each(texts)('%s', (_name, text) => {
    for (const dialect of ['postgresql', 'mysql', 'mssql'] as const) {
      expect(summary(chain.analyze([text], dialect))).toMatch(/^read a(?:; write a)?$/)
    }
  })
  test('the parsers still answer after all of that', () => {
    expect(chain.analyze(['select 1 from still'], 'postgresql')[0]!.parser).toBe('libpg-query')
    expect(chain.analyze(['select 1 from still'], 'mysql')[0]!.parser).toBe('sqlparser-rs')
  })
})

import { describe, expect, test } from 'vitest'
import { makeTree, outcomeOf } from './helper.js'

/** SQL that is deep or long, for each chain of parsers, in code and in scripts. */
const N = 10_000
const nested = (open: string, middle: string, close: string, depth = N): string =>
  `${open.repeat(depth)}${middle}${close.repeat(depth)}`

const drivers = {
  pg: "import pg from 'pg'\nconst db = new pg.Pool()",
  mysql: "import mysql from 'mysql2/promise'\nconst db = mysql.createPool({})",
  unknown: "import { db } from './nowhere'\n",
}

const statements: [string, string][] = [
  ['subqueries', `SELECT * FROM ${nested('(SELECT * FROM ', 'last', ') x')}`],
  [
    'subqueries in WHERE',
    `SELECT * FROM last WHERE ${nested('id IN (SELECT id FROM last WHERE ', '1 = 1', ')')}`,
  ],
  ['parentheses', `SELECT * FROM last WHERE ${nested('(', '1 = 1', ')')}`],
  ['parentheses around', nested('(', 'SELECT * FROM last', ')')],
  ['ands', `SELECT * FROM last WHERE ${'a = 1 AND '.repeat(N)} b = 1`],
  ['nots', `SELECT * FROM last WHERE ${'NOT '.repeat(N)} b`],
  ['pluses', `SELECT ${'1 + '.repeat(N)} 1 FROM last`],
  ['minus', `SELECT ${'- '.repeat(N)} 1 FROM last`],
  ['functions', `SELECT ${nested('f(', '1', ')')} FROM last`],
  ['cases', `SELECT ${nested('CASE WHEN a THEN ', '1', ' END')} FROM last`],
  ['casts', `SELECT 1${'::int'.repeat(N)} FROM last`],
  ['unions', `${'SELECT 1 UNION ALL '.repeat(N)} SELECT * FROM last`],
  ['joins', `SELECT * FROM last ${Array.from({ length: 500 }, (_, i) => `JOIN t${i} ON true`).join(' ')}`],
  ['commas', `SELECT ${'1, '.repeat(100_000)} 1 FROM last`],
  ['a list of values', `SELECT * FROM last WHERE id IN (${'1, '.repeat(100_000)} 1)`],
  [
    'rows',
    `INSERT INTO other (a, b) SELECT a, b FROM last WHERE (a, b) IN (${'(1, 2), '.repeat(30_000)} (1, 2))`,
  ],
  [
    'CTEs',
    `WITH ${Array.from({ length: 500 }, (_, i) => `c${i} AS (SELECT 1)`).join(', ')} SELECT * FROM last`,
  ],
  ['nested CTEs', `${nested('WITH x AS (', 'SELECT * FROM last', ') SELECT * FROM x', 2_000)}`],
  ['comments', `${'/* x */ '.repeat(N)} SELECT * FROM last`],
  ['line comments', `${'-- x\n'.repeat(N)} SELECT * FROM last`],
  ['blanks', `SELECT * FROM ${' '.repeat(500_000)} last`],
  ['line ends', `${'\n'.repeat(500_000)} SELECT * FROM last`],
  ['quotes', `SELECT '${"''".repeat(100_000)}' FROM last`],
  ['statements', `${'SELECT 1; '.repeat(5_000)} SELECT * FROM last`],
  ['a long name', `SELECT * FROM last WHERE ${'x'.repeat(300_000)} = 1`],
  ['placeholders', `SELECT * FROM last WHERE id IN (${'?, '.repeat(50_000)} ?)`],
]

describe.each(Object.entries(drivers))('in code, %s', (_name, header) => {
  test.each(statements)('%s', async (_case, sql) => {
    const root = makeTree({ 'src/a.ts': `${header}\ndb.query(${JSON.stringify(sql)})\n` })
    const { lines, diagnostics } = await outcomeOf(root)
    const fate = [...lines, ...diagnostics].join('\n')
    expect(fate).toMatch(/src\/a\.ts:\d+ (?:read .*\blast\b|\?)|nested-too-deep src\/a\.ts:\d+/)
  })
})

describe('not closed', () => {
  test.each(["'", '"', '`', '(', '/*', '$$', '$a$', '[', 'CASE ', "E'", '--', '{', '${', 'BEGIN '])(
    '%s',
    async open => {
      const sql = `SELECT * FROM last WHERE x = ${open.repeat(2_001)}`
      const root = makeTree({ 'src/a.ts': `${drivers.pg}\ndb.query(${JSON.stringify(sql)})\n` })
      const { lines } = await outcomeOf(root)
      expect(lines).toEqual([expect.stringMatching(/^src\/a\.ts:3 (read last|\?)/)])
    },
  )
})

describe('in a script', () => {
  test.each([
    ...statements.map(([name, sql]): [string, string] => [name, `CREATE VIEW v AS ${sql}`]),
    [
      'a dollar-quoted body',
      `CREATE FUNCTION f() RETURNS int AS $$ BEGIN ${'IF a THEN '.repeat(2_000)} $$ LANGUAGE plpgsql`,
    ],
    ['delimiters', 'DELIMITER $$\n'.repeat(N)],
    ['begins', 'BEGIN '.repeat(N)],
    ['columns', `CREATE TABLE t (${Array.from({ length: 5_000 }, (_, i) => `c${i} INT`).join(', ')})`],
    ['checks', `CREATE TABLE t (a INT CHECK ${nested('(', 'a > 1', ')')})`],
    ['types', `CREATE TABLE t (a ${nested('ARRAY(', 'INT', ')')})`],
  ])('%s', async (_case, sql) => {
    const root = makeTree({
      'migrations/V1__first.sql': 'CREATE TABLE users (id INT);',
      'migrations/V2__deep.sql': `${sql};\nCREATE TABLE behind (id INT);`,
      'migrations/V3__third.sql': 'CREATE TABLE last_one (id INT);',
    })
    const { map } = await outcomeOf(root)
    const names = map.tables.map(({ name }) => name)
    expect(names).toContain('users')
    expect(names).toContain('last_one')
  })
})

describe('texts that are hard for patterns', () => {
  // biome-ignore format: one case a line
  test.each([
    ['update and blanks', `update ${' '.repeat(200_000)}x`],
    ['update and words', `update ${'a '.repeat(100_000)}`],
    ['delete and blanks', `delete ${' '.repeat(200_000)}`],
    ['insert into', 'insert into '.repeat(30_000)],
    ['with as', 'with x as '.repeat(30_000)],
    ['create', `create ${'or replace '.repeat(30_000)}`],
    ['join on', `join ${'a as '.repeat(30_000)}`],
    ['names with dots', `select * from ${'a.'.repeat(50_000)}b`],
    ['quotes', `select * from ${'"a".'.repeat(30_000)}"b"`],
    ['holes', `select * from ${'${x}'.repeat(30_000)}`],
    ['placeholders of pg-promise', '$('.repeat(100_000)],
    ['dollars', '$'.repeat(200_000)],
    ['percent', '%'.repeat(200_000)],
    ['at signs', '@'.repeat(200_000)],
    ['dashes', `select ${'-'.repeat(200_000)}`],
    ['-- name:', '-- name: '.repeat(50_000)],
  ])('%s', async (_case, text) => {
    const code = `${drivers.pg}\nconst text = ${JSON.stringify(text)}\ndb.query(text)\ndb.query('select * from last where x = ' + text)\nfoo(text)\n`
    const { lines } = await outcomeOf(makeTree({ 'src/a.ts': code, 'src/b.sql': text, 'src/c.ts': text }))
    expect(lines.join('\n')).toMatch(/src\/a\.ts:5 read .*\blast\b/)
  })
})

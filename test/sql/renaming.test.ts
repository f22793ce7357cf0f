import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Dialect } from '../../analyzers/model.js'
import { dialects } from '../../analyzers/sql/dialects/index.js'
import { createSqlAnalyzer, loadParsers, type Parsers } from '../../analyzers/sql/index.js'
import { PARSER_KEYWORDS } from '../../analyzers/sql/parser-keywords.js'
import { renamingOf } from '../../analyzers/sql/renaming.js'
import { templateOf } from '../../analyzers/sql/render.js'
import { tokenize } from '../../analyzers/sql/tokenizer.js'

let parsers: Parsers
beforeAll(async () => {
  parsers = await loadParsers(['postgresql', 'mysql', 'sqlite', 'mssql'])
})

/** The text that is parsed; null where names stay. */
function numbered(sql: string, dialect: Dialect): string | null {
  const tokens = tokenize(sql, dialects[dialect])
  const verb = tokens[0]!.upper
  const renaming = renamingOf(tokens, 0, tokens.length, verb, sql, dialects[dialect])
  if (renaming === null) return null
  const { pieces } = templateOf(tokens, 0, tokens.length, sql, dialects[dialect], renaming.written)
  return pieces.map(piece => (typeof piece === 'string' ? piece : '?')).join('')
}

describe('names are numbered, values alike', () => {
  test.each<[sql: string, dialect: Dialect, expected: string | null]>([
    [
      "SELECT o.sku, o.qty FROM orders o WHERE o.sku = 'x' AND o.qty > 5",
      'postgresql',
      "SELECT z_0.z_1, z_0.z_2 FROM z_3 z_0 WHERE z_0.z_1 = 's' AND z_0.z_2 > 1",
    ],
    ['SELECT [sku] FROM [orders] WHERE sku = 1', 'mssql', 'SELECT [z_0] FROM [z_1] WHERE z_0 = 1'],
    ['SELECT `a b`, `sku` FROM `order`', 'mysql', 'SELECT `a b`, `z_0` FROM `order`'],
    ['INSERT INTO skus (sku) VALUES (?, 7)', 'mysql', 'INSERT INTO z_0 (z_1) VALUES (?, 1)'],
    // Keywords that are names here
    ['SELECT id, name, status FROM users', 'postgresql', 'SELECT id, name, status FROM z_0'],
    // What a name is depends on what it touches
    ["SELECT _utf8'x' FROM skus", 'mysql', null],
    ['SELECT @@sku FROM skus', 'mysql', 'SELECT ? FROM z_0'],
    // Whether they are the same depends on the dialect
    ['SELECT Sku FROM skus ORDER BY sku', 'postgresql', null],
    ['SELECT "Sku" FROM skus', 'postgresql', 'SELECT "z_0" FROM z_1'],
    ['SELECT "sku" FROM skus WHERE sku = 1', 'postgresql', 'SELECT "z_0" FROM z_1 WHERE z_0 = 1'],
    ['SELECT "Sku" FROM skus WHERE Sku = 1', 'postgresql', null],
    ['SELECT z_1 FROM skus', 'postgresql', null],
    // Values that are more than a value
    [
      "SELECT sku FROM skus WHERE sku LIKE 'a' ESCAPE '!'",
      'mysql',
      "SELECT z_0 FROM z_1 WHERE z_0 LIKE 's' ESCAPE '!'",
    ],
    ["SELECT sku FROM skus WHERE sku = 'a' 'b'", 'mysql', "SELECT z_0 FROM z_1 WHERE z_0 = 's' 'b'"],
    ["SELECT sku FROM skus WHERE sku = E'\\''", 'postgresql', "SELECT z_0 FROM z_1 WHERE z_0 = E'\\''"],
    ["SELECT sku FROM skus WHERE sku = 'it''s'", 'postgresql', "SELECT z_0 FROM z_1 WHERE z_0 = 's'"],
    ["SELECT sku FROM skus WHERE sku = 'open", 'postgresql', "SELECT z_0 FROM z_1 WHERE z_0 = 'open"],
    ['SELECT sku::float(60) FROM skus', 'postgresql', 'SELECT z_0::float(60) FROM z_1'],
    ['SELECT sku FROM skus WHERE sku = 1.5', 'postgresql', 'SELECT z_0 FROM z_1 WHERE z_0 = 1.5'],
    // Other statements and dialects
    ['CREATE TABLE skus (sku int)', 'postgresql', null],
    ['SELECT sku FROM my-project.skus', 'bigquery', null],
  ])('%s (%s)', (sql, dialect, expected) => {
    expect(numbered(sql, dialect)).toBe(expected)
  })
})

describe('a statement is read as it is without numbers', () => {
  test.each<[sql: string, dialect: Dialect]>([
    ['SELECT Sku FROM Skus', 'postgresql'],
    ['SELECT MakeSku(a) FROM Shop.Skus', 'postgresql'],
    ['SELECT "MakeSku"(a) FROM "Shop"."Skus" JOIN bins b USING (sku)', 'postgresql'],
    [
      'WITH cheap AS (SELECT * FROM skus) SELECT * FROM cheap JOIN dear ON dear.sku = cheap.sku',
      'postgresql',
    ],
    [
      'WITH RECURSIVE tree AS (SELECT * FROM roots UNION SELECT * FROM tree) DELETE FROM leaves USING tree',
      'postgresql',
    ],
    ['UPDATE skus SET qty = s.qty FROM stock s WHERE s.sku = skus.sku RETURNING *', 'postgresql'],
    ['INSERT INTO skus (sku) SELECT sku FROM pg_tables ON CONFLICT (sku) DO NOTHING', 'postgresql'],
    [
      "SELECT * FROM skus WHERE tags ? 'a' AND doc->>'b' = 'c' AND at > now() - interval '1 day'",
      'postgresql',
    ],
    ['SELECT * FROM skus WHERE sku = $1 AND', 'postgresql'],
    ['UPDATE skus a JOIN bins b ON a.sku = b.sku SET a.bin = b.bin, b.full = 1', 'mysql'],
    ['DELETE a FROM skus a LEFT JOIN bins b ON a.sku = b.sku WHERE b.sku IS NULL', 'mysql'],
    ['INSERT INTO Skus (sku) VALUES (?) ON DUPLICATE KEY UPDATE sku = VALUES(sku)', 'mysql'],
    ["SELECT GROUP_CONCAT(sku SEPARATOR ',') FROM skus GROUP BY bin WITH ROLLUP", 'mysql'],
    ['SELECT * FROM skus USE INDEX (by_sku) WHERE sku = UPPER(?)', 'mysql'],
    ['REPLACE INTO skus SELECT * FROM old.skus', 'mysql'],
    ['SELECT sku FROM dual', 'mysql'],
    ['SELECT sku FROM skus STRAIGHT_JOIN bins', 'mysql'],
    ['SELECT sku FROM skus (nolock) JOIN bins (index_of, ROWLOCK) ON 1 = 1', 'mssql'],
    ['SELECT TOP (5) s.sku FROM dbo.Skus s WITH (NOLOCK) CROSS APPLY dbo.BinsOf(s.sku) b', 'mssql'],
    ['UPDATE s SET qty = 1 OUTPUT inserted.sku INTO audit FROM skus s', 'mssql'],
    ["SELECT sku FROM skus WHERE sku MATCH 'x' AND sku GLOB 'y*'", 'sqlite'],
    ['INSERT OR IGNORE INTO skus VALUES (1)', 'sqlite'],
  ])('%s (%s)', (sql, dialect) => {
    const read = (text: string) =>
      createSqlAnalyzer(parsers)
        .analyze([text], dialect)
        .map(({ tables, routines, confidence, parser }) => ({ tables, routines, confidence, parser }))
    // Where a text speaks of `z_1`, nothing is numbered.
    expect(read(sql)).toEqual(read(`${sql} /* z_1 */`))
  })
})

test('statements that differ in names alone are parsed once', () => {
  let parsed = 0
  const counting: Parsers = {
    ...parsers,
    postgres: sql => {
      parsed++
      return parsers.postgres(sql)
    },
  }
  const sql = createSqlAnalyzer(counting)
  const tables = (text: string) => sql.analyze([text], 'postgresql')[0]!.tables.map(({ name }) => name)
  expect(tables("SELECT sku FROM skus JOIN bins USING (bin) WHERE bin = 'a'")).toEqual(['skus', 'bins'])
  expect(tables('SELECT "Key" FROM keyrings JOIN doors USING (lock) WHERE lock = \'b\'')).toEqual([
    'keyrings',
    'doors',
  ])
  expect(tables("SELECT egg FROM eggs JOIN hens USING (hen) WHERE hen = 'c'")).toEqual(['eggs', 'hens'])
  expect(parsed).toBe(2)
})

describe('keywords of the parsers', () => {
  const require = createRequire(import.meta.url)
  const bytesOf = (name: string, file: string) =>
    readFileSync(join(require.resolve(name), '..', '..', 'wasm', file))

  test('of libpg-query: words between NULs', () => {
    const text = bytesOf('libpg-query', 'libpg-query.wasm').toString('latin1')
    const [words = ''] = /abort\0absent\0(?:[a-z_]+\0)+/.exec(text) ?? []
    const keywords = words.split('\0').filter(word => word !== '')
    expect(keywords.length).toBeGreaterThan(450)
    expect(keywords.filter(word => !PARSER_KEYWORDS.has(word.toUpperCase()))).toEqual([])
  })

  test('of sqlparser-rs: one text, and a table of where each word begins and how long it is', () => {
    const bytes = bytesOf('@guanmingchiu/sqlparser-ts', 'sqlparser_rs_wasm_bg.wasm')
    let longest: { at: number; lengths: number[] } = { at: 0, lengths: [] }
    const end = Math.min(bytes.lastIndexOf(FIRST_KEYWORDS) + 50_000, bytes.length - 8)
    for (let at = bytes.indexOf(FIRST_KEYWORDS); at < end; at++) {
      const lengths = lengthsAt(bytes, at)
      if (lengths.length > longest.lengths.length) longest = { at, lengths }
    }
    expect(longest.lengths.length).toBeGreaterThan(900)
    const all = longest.lengths.reduce((sum, each) => sum + each, 0)
    // The texts are there several times; this is what is right before one of the tables.
    const start = bytes.lastIndexOf(FIRST_KEYWORDS, longest.at)
    const text = bytes.toString('latin1', start, start + all)
    let from = 0
    const keywords = longest.lengths.map(length => {
      from += length
      return text.slice(from - length, from)
    })
    expect(keywords).toContain('ZONE')
    expect(keywords.filter(word => !PARSER_KEYWORDS.has(word))).toEqual([])
  })
})

const FIRST_KEYWORDS = 'ABORTABSABSENTABSOLUTE'

/** Lengths in a table of pairs, where each text begins where the one before it ends. */
function lengthsAt(bytes: Buffer, at: number): number[] {
  const lengths: number[] = []
  let next = bytes.readUInt32LE(at)
  for (let pair = at; pair + 8 <= bytes.length && bytes.readUInt32LE(pair) === next; pair += 8) {
    const length = bytes.readUInt32LE(pair + 4)
    if (length === 0 || length > 40) break
    lengths.push(length)
    next += length
  }
  return lengths
}

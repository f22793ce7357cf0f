import { beforeAll, describe, expect, test } from 'vitest'
import type { Dialect } from '../../analyzers/model.js'
import { createSqlAnalyzer, loadParsers, type SqlAnalyzer, splitScript } from '../../analyzers/sql/index.js'
import { looksLikeSql } from '../../analyzers/sql/looks-like-sql.js'
import type { SqlPart } from '../../analyzers/sql/types.js'
import fc from '../support/fast-check.js'
import { allDialects, noParsers, summary } from './helper.js'

const tokens = createSqlAnalyzer(noParsers)
let chain: SqlAnalyzer
beforeAll(async () => {
  chain = createSqlAnalyzer(await loadParsers(allDialects))
})

/** A generated statement: words to be laid out in any way, and the tables it must give. */
interface Generated {
  words: string[]
  read: string[]
  write: string[]
}

const TABLES = [
  'users',
  'orders',
  'order_items',
  'audit_logs',
  'patients',
  'Invoices',
  's1.users',
  'app.settings',
]
const QUOTES: Record<Dialect, [string, string]> = {
  postgresql: ['"', '"'],
  mysql: ['`', '`'],
  sqlite: ['"', '"'],
  mssql: ['[', ']'],
  snowflake: ['"', '"'],
  clickhouse: ['"', '"'],
  bigquery: ['`', '`'],
  unknown: ['"', '"'],
}

const all = (...parts: Generated[]): Generated => ({
  words: parts.flatMap(part => part.words),
  read: parts.flatMap(part => part.read),
  write: parts.flatMap(part => part.write),
})
const w = (text: string): Generated => ({ words: text.split(' '), read: [], write: [] })

function statements(dialect: Dialect): fc.Arbitrary<Generated> {
  const [open, close] = QUOTES[dialect]
  const table = (op: 'read' | 'write') =>
    fc.tuple(fc.constantFrom(...TABLES), fc.boolean()).map(([name, quoted]): Generated => {
      const written = quoted
        ? name
            .split('.')
            .map(part => `${open}${part}${close}`)
            .join('.')
        : name
      return { words: [written], read: op === 'read' ? [name] : [], write: op === 'write' ? [name] : [] }
    })
  const alias = fc.constantFrom('', 't1', 'as t2', 'x9').map(text => (text === '' ? w('') : w(text)))
  const { query } = fc.letrec<{
    query: Generated
    source: Generated
    condition: Generated
    select: Generated
  }>(tie => ({
    source: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'query' },
      fc.tuple(table('read'), alias).map(([name, as]) => all(name, as)),
      tie('query').map(inner => all(w('('), inner, w(') as d1'))),
      fc
        .tuple(
          tie('source'),
          fc.constantFrom('join', 'inner join', 'left join'),
          tie('source'),
          tie('condition'),
        )
        .map(([left, join, right, on]) => all(left, w(join), right, w('on'), on)),
    ),
    condition: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'query' },
      fc
        .constantFrom(
          'a = 1',
          "b = 'from zz'",
          "c like 'update zz set'",
          'd is not null',
          'e between 1 and 2',
        )
        .map(w),
      tie('query').map(inner => all(w('f in ('), inner, w(')'))),
      tie('query').map(inner => all(w('exists ('), inner, w(')'))),
      fc
        .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
        .map(([a, op, b]) => all(w('('), a, w(op), b, w(')'))),
    ),
    select: fc
      .tuple(
        fc.constantFrom(
          '*',
          'a , b',
          'count(*) as n',
          "case when a = 1 then 'x' else 'y' end as c",
          'coalesce(a, b) as c',
        ),
        tie('source'),
        fc.option(tie('condition')),
        fc.constantFrom('', 'order by a', 'group by a'),
      )
      .map(([list, source, where, tail]) =>
        all(
          w('select'),
          w(list),
          w('from'),
          source,
          where ? all(w('where'), where) : w(''),
          tail ? w(tail) : w(''),
        ),
      ),
    query: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'query' },
      tie('select'),
      fc
        .tuple(tie('select'), tie('select'))
        .map(([a, b]) =>
          all(
            w('with cte1 as ('),
            a,
            w(') , cte2 as (select * from cte1 where 1 = 1) select * from cte2 , ('),
            b,
            w(') as d2'),
          ),
        ),
    ),
  }))
  const { query: plain } = { query }
  const union = fc
    .tuple(plain, plain)
    .map(([a, b]) =>
      all(w('select 1 as one from ('), a, w(') as q1 union all select 2 from ('), b, w(') as q2')),
    )
  const insertValues = table('write').map(name => all(w('insert into'), name, w('(a, b) values ( 1 , 2 )')))
  const insertSelect = fc
    .tuple(table('write'), plain)
    .map(([name, rows]) => all(w('insert into'), name, w('(a, b) select a , b from ('), rows, w(') as q3')))
  const update = fc
    .tuple(table('write'), plain)
    .map(([name, inner]) => all(w('update'), name, w('set a = 1 , b = 2 where c in ('), inner, w(')')))
  const remove = fc
    .tuple(table('write'), plain)
    .map(([name, inner]) => all(w('delete from'), name, w('where c in ('), inner, w(')')))
  return fc.oneof(plain, union, insertValues, insertSelect, update, remove)
}

const expected = (generated: Generated) => {
  const names = (list: string[]) => [...new Set(list)].sort().join(', ')
  const groups = []
  if (generated.read.length > 0) groups.push(`read ${names(generated.read)}`)
  if (generated.write.length > 0) groups.push(`write ${names(generated.write)}`)
  return groups.join('; ')
}

const plainLayout = (words: string[]) => words.filter(word => word !== '').join(' ')

/** The words with other blanks and comments between them, and keywords in another case. */
const KEYWORD =
  /^(?:select|from|where|join|inner|left|on|and|or|in|exists|as|with|union|all|insert|into|values|update|set|delete|is|not|null|like|between|case|when|then|else|end|order|group|by)$/
function layout(dialect: Dialect): fc.Arbitrary<(words: string[]) => string> {
  const gaps = [' ', '\n', '\t ', ' /* from zz */ ', ' -- into zz\n', '\r\n']
  if (dialect === 'mysql') gaps.push(' # update zz set x\n')
  return fc
    .tuple(
      fc.array(fc.constantFrom(...gaps), { minLength: 1, maxLength: 7 }),
      fc.constantFrom('upper', 'lower', 'mixed'),
    )
    .map(
      ([between, casing]) =>
        (words: string[]) =>
          words
            .filter(word => word !== '')
            .map(word => {
              if (!KEYWORD.test(word) || casing === 'lower') return word
              return casing === 'upper' ? word.toUpperCase() : word[0]!.toUpperCase() + word.slice(1)
            })
            .reduce((text, word, i) => (i === 0 ? word : text + between[i % between.length]! + word), ''),
    )
}

/** BigQuery and ClickHouse have other quotes and schemas, but the same grammar of queries. */
describe.each(allDialects)('generated statements, %s', dialect => {
  test('give exactly the tables generated, by parser and by tokenizer', () => {
    fc.assert(
      fc.property(statements(dialect), generated => {
        const sql = plainLayout(generated.words)
        expect(summary(tokens.analyze([sql], dialect))).toBe(expected(generated))
        expect(summary(chain.analyze([sql], dialect))).toBe(expected(generated))
      }),
      { numRuns: 150 },
    )
  })

  test('give the same with other white space, comments and case of keywords', () => {
    fc.assert(
      fc.property(statements(dialect), layout(dialect), (generated, lay) => {
        const sql = lay(generated.words)
        expect(summary(tokens.analyze([sql], dialect))).toBe(expected(generated))
        expect(summary(chain.analyze([sql], dialect))).toBe(expected(generated))
      }),
      { numRuns: 80 },
    )
  })

  test('are cut apart again when joined to a script', () => {
    fc.assert(
      fc.property(
        fc.array(statements(dialect), { minLength: 1, maxLength: 5 }),
        layout(dialect),
        (several, lay) => {
          const pieces = several.map(generated => lay(generated.words))
          expect(splitScript(pieces.join(' ;\n'), dialect).map(piece => piece.text)).toEqual(pieces)
        },
      ),
      { numRuns: 50 },
    )
  })
})

/** Pieces of SQL and of rubbish, so that random text gets far into the reader. */
// biome-ignore format: fragments
const fragment = fc.oneof(
  fc.constantFrom(
    'select', 'from', 'where', 'insert into', 'update', 'set', 'delete', 'with', 'as', '(', ')', ',', ';', '.', '*', '=', "'", '"', '`', '[', ']',
    '$$', '$1', '?', '??', ':a', '@a', '@@a', '%I', '#{a}', '{a}', '${a}', '$(a:name)', '--', '/*', '*/', '/*!', '#', '\n', 'create table', 'create function f()',
    'begin', 'end', 'case', 'if', 'loop', 'execute', 'format(', 'merge into', 'using', 'on', 'join', 'lateral', 'values', 'union', 'returning', 'into', 'table', 'alter table',
    'drop', 'rename to', 'copy', 'lock', 'do', 'language sql', 'delimiter //', '//', '\nGO\n', '\\connect x', 'a', 'b.c', '1', '::', '::int', '->>', '?|', '\\', 'E\'', 'N\'', "U&'",
    'truncate', 'call p(', 'declare', 'cursor for', 'show', 'explain', 'for update of', 'trigger t on a for each row', '\0', '\ud800', '\uE000',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const anyText = fc.array(fragment, { maxLength: 40 }).map(list => list.join(' '))
const anyParts: fc.Arbitrary<SqlPart[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: anyText }, { weight: 1, arbitrary: fc.string().map(code => ({ code })) }),
  { maxLength: 6 },
)

describe('any text', () => {
  test.each(allDialects)('is read without throwing, %s', dialect => {
    fc.assert(
      fc.property(anyParts, parts => {
        for (const analyzer of [tokens, chain]) {
          for (const statement of analyzer.analyze(parts, dialect)) {
            for (const table of statement.tables) expect(table.name).not.toMatch(/seamripper/)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test.each(allDialects)('is cut into pieces of itself, in order, %s', dialect => {
    fc.assert(
      fc.property(anyText, text => {
        let end = 0
        for (const piece of splitScript(text, dialect)) {
          expect(text.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text)
          expect(piece.offset).toBeGreaterThanOrEqual(end)
          expect(piece.line).toBeLessThanOrEqual(text.split('\n').length)
          end = piece.offset + piece.text.length
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is judged by looksLikeSql without throwing', () => {
    fc.assert(fc.property(anyText, text => typeof looksLikeSql(text) === 'boolean'))
  })
})

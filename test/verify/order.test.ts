/** Rows that are equal in what a statement orders them by come in any order; all else is a difference. */
import { beforeAll, describe, expect, test } from 'vitest'
import { loadParsers, type Parsers } from '../../analyzers/sql/parsers.js'
import { readStatement } from '../../codemods/sql/read.js'
import { compareRows, type Order, orderOf, type Verdict } from '../../codemods/verify/order.js'

const whole = (...keys: string[]): Order => ({ keys, isWhole: true, isCut: false })

describe('what a statement is ordered by, of its result', () => {
  let parsers: Parsers
  beforeAll(async () => {
    parsers = await loadParsers(['mysql', 'postgresql'])
  })

  test.each<[sql: string, columns: string, expected: Order | null]>([
    ['SELECT a FROM t', 'a', null],
    ['SELECT a, b FROM t ORDER BY b DESC, a', 'a b', whole('b', 'a')],
    ['SELECT a AS b, b AS c FROM t ORDER BY b', 'b c', whole('b')],
    ['SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY n DESC', 'a n', whole('n')],
    ['SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY count(*)', 'a n', whole('n')],
    ['SELECT a, b FROM t ORDER BY 2', 'a b', whole('b')],
    ['SELECT t.* FROM t ORDER BY t.b', 'a b', whole('b')],
    ['SELECT * FROM t ORDER BY b', 'a b', whole('b')],
    ['SELECT t.a AS x FROM t ORDER BY t.a', 'x', whole('x')],
    ['SELECT a FROM t ORDER BY b', 'a', { keys: [], isWhole: false, isCut: false }],
    ['SELECT a FROM t ORDER BY a, b', 'a', { keys: ['a'], isWhole: false, isCut: false }],
    ['SELECT a FROM t ORDER BY lower(a)', 'a', { keys: [], isWhole: false, isCut: false }],
    // A column of that name is of another table.
    ['SELECT t.* FROM t JOIN u ON u.id = t.id ORDER BY u.a', 'a', { keys: [], isWhole: false, isCut: false }],
    // Two of that name: which it is, the result does not tell.
    ['SELECT * FROM t JOIN u ON u.id = t.id ORDER BY a', 'a a', { keys: [], isWhole: false, isCut: false }],
    ['SELECT a FROM t ORDER BY a LIMIT 2', 'a', { keys: ['a'], isWhole: true, isCut: true }],
  ])('%s', (sql, columns, expected) => {
    for (const dialect of ['mysql', 'postgresql'] as const) {
      const tree = readStatement(sql, dialect, parsers)
      expect(tree?.kind).toBe('select')
      if (tree?.kind === 'select') expect(orderOf(tree.query, columns.split(' '))).toEqual(expected)
    }
  })
})

describe('two results', () => {
  const cut: Order = { keys: ['n'], isWhole: true, isCut: true }
  const part: Order = { keys: ['n'], isWhole: false, isCut: false }
  const rows = (text: string) => text.split(' ').map(([id, ...n]) => ({ id, n: n.join('') }))

  test.each<[what: string, before: string, after: string, order: Order | null, verdict: Verdict]>([
    ['equal', 'a1 b2', 'a1 b2', whole('n'), 'same'],
    ['another order, and none asked for', 'a1 b2', 'b2 a1', null, 'same'],
    ['other rows, and no order asked for', 'a1 b2', 'b2 b2', null, 'different'],
    ['an order that is not the one asked for', 'a1 b2', 'b2 a1', whole('n'), 'different'],
    ['ties in another order', 'a1 b1 c2', 'b1 a1 c2', whole('n'), 'same'],
    ['ties of other rows', 'a1 b1 c2', 'a1 a1 c2', whole('n'), 'different'],
    ['texts that a collation takes for equal', 'aÜ bu', 'bu aÜ', whole('n'), 'same'],
    ['a row fewer', 'a1 b1', 'a1', whole('n'), 'different'],
    ['another one of the ties at the end, with LIMIT', 'a1 b2', 'a1 c2', cut, 'cut'],
    ['another one of the ties at the beginning, with OFFSET', 'a1 b2', 'c1 b2', cut, 'cut'],
    ['another one in the midst, with LIMIT', 'a1 b2 c3', 'a1 d2 c3', cut, 'different'],
    ['another one without LIMIT', 'a1 b2', 'a1 c2', whole('n'), 'different'],
    ['another value at the end, with LIMIT', 'a1 b2', 'a1 b3', cut, 'different'],
    ['another order by what is not in the result', 'a1 b1', 'b1 a1', part, 'open'],
  ])('%s', (_, before, after, order, verdict) => {
    expect(compareRows(rows(before), rows(after), order)).toBe(verdict)
  })
})

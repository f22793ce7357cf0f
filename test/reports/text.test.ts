import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { listed } from '../../analyzers/listed.js'
import { columns, type Row, shorten, wrap } from '../../reports/terminal/columns.js'
import { nearest } from '../../reports/text/nearest.js'
import { plain, plainLines } from '../../reports/text/plain.js'
import { command } from '../../reports/text/shell.js'
import { count, operations } from '../../reports/text/words.js'
import fc from '../support/fast-check.js'

describe('plain', () => {
  test.each<[string, string]>([
    ['patients', 'patients'],
    ['表 👩‍⚕️ é', '表 👩‍⚕️ é'],
    ['a\nb', 'a b'],
    ['a\r\nb\tc', 'a b c'],
    ['\u001b[31mred\u001b[0m', '\ufffd[31mred\ufffd[0m'],
    ['\u001b]8;;https://x\u0007link', '\ufffd]8;;https://x\ufffdlink'],
    ['\u009b2J', '\ufffd2J'],
    ['a\u0000b\u007f', 'a\ufffdb\ufffd'],
    ['\u202eevil', '\ufffdevil'],
    ['a\u2028b', 'a b'],
    ['\ud800', '\ufffd'],
  ])('%j', (text, expected) => {
    expect(plain(text)).toBe(expected)
  })

  test('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(plain(text))),
    )
  })

  test('of several lines keeps the lines and their indentation', () => {
    expect(plainLines('SELECT\r\n\t1\u001b\n  + 2')).toBe('SELECT\n\t1\ufffd\n  + 2')
  })
})

describe('words', () => {
  test.each<[string, string]>([
    [count(1, 'table'), '1 table'],
    [count(0, 'access', 'accesses'), '0 accesses'],
    [count(12345, 'line'), '12,345 lines'],
    [listed([]), ''],
    [listed(['a']), 'a'],
    [listed(['a', 'b', 'c']), 'a, b and c'],
    [operations({ reads: 1, writes: 2, ddl: 3, joins: 0 }), '1 read, 2 writes, 3 DDL'],
    [operations({ reads: 0, writes: 0, ddl: 0, joins: 0 }), ''],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})

describe('command lines to copy', () => {
  test.each<[words: string[], root: string, expected: string]>([
    [['map', '-o', 'x.md'], '.', 'seamripper map -o x.md'],
    [['explain', 'db/t'], '../shop', 'seamripper explain db/t ../shop'],
    [['explain', 'a b'], '.', "seamripper explain 'a b'"],
    [['explain', "it's"], '.', "seamripper explain 'it'\\''s'"],
    [['explain', '$(rm -rf ~)'], '.', "seamripper explain '$(rm -rf ~)'"],
    [['explain', 'a;b'], '.', "seamripper explain 'a;b'"],
    [['explain', ''], '.', "seamripper explain ''"],
    [['explain', 'a\nb'], '.', "seamripper explain 'a b'"],
  ])('%j in %s', (words, root, expected) => {
    expect(command(words, { program: 'seamripper', root })).toBe(expected)
  })

  test('as the tool was started', () => {
    expect(command(['explain', 'a b'], { program: 'npx seamripper', root: 'x' })).toBe(
      "npx seamripper explain 'a b' x",
    )
  })
})

describe('nearest', () => {
  const names = ['patients', 'active_patients', 'payments', 'auth_users', 'invoices']
  test.each<[string, string[]]>([
    ['patient', ['patients', 'active_patients']],
    ['patiens', ['patients']],
    ['INVOICE', ['invoices']],
    ['users', ['auth_users']],
    ['zzz', []],
  ])('%s', (word, expected) => {
    expect(nearest(word, names)).toEqual(expected)
  })
})

describe('wrap', () => {
  test.each<[text: string, width: number, expected: string[]]>([
    ['', 10, ['']],
    ['one two three', 7, ['one two', 'three']],
    ['a-word-that-is-longer b', 5, ['a-word-that-is-longer', 'b']],
    ['a\u00a0b c', 3, ['a b', 'c']],
    ['表表 表', 5, ['表表', '表']],
  ])('%j to %i columns', (text, width, expected) => {
    expect(wrap(text, width)).toEqual(expected)
  })
})

describe('shorten', () => {
  test.each<[text: string, width: number, expected: string]>([
    ['short', 10, 'short'],
    ['abcdefghij', 7, 'abc…hij'],
    ['表表表表', 5, '表…表'],
  ])('%s to %i columns', (text, width, expected) => {
    expect(shorten(text, width)).toBe(expected)
  })
})

describe('columns', () => {
  const row = (name: string, value: string, last: string, place?: string): Row => [
    { text: name },
    { text: value, align: 'right' },
    { text: last, ...(place === undefined ? {} : { place }) },
  ]

  test('aligns texts to the left and numbers to the right', () => {
    expect(columns([row('a', '1', 'x'), row('bcd', '10', 'y')], 40)).toEqual(['  a     1  x', '  bcd  10  y'])
  })

  test('wraps the last column beside the others', () => {
    expect(columns([row('name', '1', 'some words that do not fit')], 26)).toEqual([
      '  name  1  some words that',
      '           do not fit',
    ])
  })

  test('puts a place on a line of its own where both do not fit on one', () => {
    expect(columns([row('a', '1', 'some words', 'src/x.ts:1')], 24)).toEqual([
      '  a  1  some words',
      '        src/x.ts:1',
    ])
  })

  test('moves the last column below where a path does not fit beside, and drops its heading', () => {
    const rows = [row('a', '1', 'why', 'path/to/some/file.ts:1'), row('b', '2', 'why', 'x.ts:1')]
    expect(columns(rows, 30, row('name', 'n', 'reason'))).toEqual([
      '  name  n',
      '  a     1',
      '      why',
      '      path/to/some/file.ts:1',
      '  b     2',
      '      why  x.ts:1',
    ])
  })

  test('counts wide characters as two columns', () => {
    expect(columns([row('表', '1', 'x'), row('ab', '1', 'x')], 40)).toEqual(['  表  1  x', '  ab  1  x'])
  })

  test('cuts the middle of the widest names first', () => {
    const lines = columns([row('a'.repeat(60), '1', ''), row('b', '1', '')], 40)
    expect(lines).toEqual([`  ${'a'.repeat(17)}…${'a'.repeat(17)}  1`, `  b${' '.repeat(36)}1`])
  })

  test('paints after measuring', () => {
    const painted: Row[] = [
      [{ text: 'a', paint: text => `<${text}>` }, { text: 'x' }],
      [{ text: 'bb' }, { text: 'y' }],
    ]
    expect(columns(painted, 40)).toEqual(['  <a>   x', '  bb  y'])
  })

  test('fits any short words into the width', () => {
    const word = fc.string({ maxLength: 12 })
    const rows = fc.array(
      fc.tuple(
        word,
        word,
        fc.array(word, { maxLength: 20 }).map(words => words.join(' ')),
      ),
    )
    fc.assert(
      fc.property(rows, fc.integer({ min: 60, max: 120 }), (texts, width) =>
        columns(
          texts.map(([a, b, c]) => row(a, b, c)),
          width,
        ).every(line => stringWidth(line) <= width),
      ),
    )
  })
})

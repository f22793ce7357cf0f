import { describe, expect, test } from 'vitest'
import { extractFacts } from '../../analyzers/extract/index.js'
import { parseSource } from '../../analyzers/extract/parse.js'
import fc from '../support/fast-check.js'
import { shown } from './render.js'

/** Names of the functions that are called in what was parsed, in order, with their lines. */
function callsIn(file: string, text: string): string {
  const facts = extractFacts(file, text)
  return facts.calls
    .map(({ start }) => ({ start, name: /^[\w$.]*/.exec(text.slice(start))?.[0] }))
    .sort((a, b) => a.start - b.start)
    .map(({ start, name }) => `${name}:${text.slice(0, start).split('\n').length}`)
    .join(' ')
}

function told(file: string, text: string): string[] {
  return parseSource(file, text).errors.map(({ code, line, message }) => `${code}:${line} ${message}`)
}

/** Lines from the margin of the first one on. */
function code(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n')
  const margin = /^ */.exec(lines[0]!)![0].length
  return lines.map(line => line.slice(Math.min(margin, /^ */.exec(line)![0].length))).join('\n')
}

/** Lines that the diagnostic names: of the first error, and of those that are told beside it. */
function linesTold(file: string, text: string): string {
  return told(file, text)
    .map(each =>
      [/:(\d+)/.exec(each)![1], ...(/\(also on lines? (.*)\)$/.exec(each)?.slice(1) ?? [])].join(', '),
    )
    .join(' ')
}

describe('what stays of a file with a syntax error', () => {
  const cases: [name: string, text: string, calls: string, lines: string][] = [
    [
      'a half-typed line',
      `
      export function f() {
        a()
        const x = db.query(
        b()
      }
      export const g = () => c()
      `,
      'a:2 db.query:3 b:4 c:6',
      '5',
    ],
    [
      'a member that is not typed yet',
      `
      function f() {
        a()
        const x = db.
        const y = b()
        c()
      }
      d()
      `,
      'a:2 b:4 c:5 d:7',
      '3',
    ],
    [
      'a token too many',
      `
      a()
      const x = = b()
      c()
      `,
      'a:1 b:2 c:3',
      '2',
    ],
    [
      'a bracket too many at the end of a function',
      `
      function f() {
        a()
      }}
      function g() {
        b()
      }
      `,
      'a:2 b:5',
      '3',
    ],
    [
      'a function that is not closed',
      `
      function f() {
        a()

      function g() {
        b()
      }
      `,
      'a:2 b:5',
      '7',
    ],
    [
      'a method that is not closed',
      `
      class A {
        f() {
          a()

        g() {
          b()
        }

        h() { c() }
      }
      d()
      `,
      'a:3 g:5 b:6 h:9 c:9',
      '5, 9, 12',
    ],
    [
      'a callback that is not closed',
      `
      test('one', () => {
        a()

      test('two', () => {
        b()
      })
      `,
      'test:1 a:2 test:4 b:5',
      '7',
    ],
    [
      'a method with a broken head',
      `
      class A {
        f() { a() }
        g(x: {
          b()
        }
        h() { c() }
      }
      `,
      'a:2 c:6',
      '6, 7',
    ],
    [
      'a condition that is not closed',
      `
      function f() {
        if (a( {
          b()
        }
        c()
      }
      d()
      `,
      'a:2 c:5 d:7',
      '5, 6',
    ],
    [
      'a string that is not closed',
      `
      a()
      b('SELECT)
      c()
      `,
      'a:1 b:2 c:3',
      '2, 3, 4',
    ],
    [
      'two errors in two functions',
      `
      function f() {
        a()
        const x = = 1
      }
      function g() {
        const y = ) 1
        b()
      }
      `,
      'a:2 b:7',
      '3, 6',
    ],
    [
      'text at the margin inside of a template',
      `
      function f() {
        a(\`
      SELECT *
      FROM x\`)
        const x = = b(
          1,
        )
      }
      c()
      `,
      'a:2 b:5 c:9',
      '5',
    ],
    [
      'letters outside of ASCII before the error',
      `
      const a = '日本😀'; f(a)
      const x = = g()
      const b = 'é'; h(b)
      `,
      'f:1 g:2 h:3',
      '2',
    ],
    [
      'JSX that is not closed',
      `
      export const A = () => <div>{a()}
      export const b = () => c()
      `,
      'a:1',
      '1, 2, 3',
    ],
    [
      'an import without its module',
      'import { x } fro\nimport y from /z/\nexport * from null\na()\n',
      'a:4',
      '1',
    ],
    ['no more than an opening', 'const a = {{{ ', '', '1'],
    ['no code at all', '} } )', '', '1'],
    ['a note of the parser beside a whole tree', 'a()\nreturn 1\n', 'a:1', '2'],
    [
      'conflict marks: the first side',
      `
      a()
      <<<<<<< HEAD
      b()
      =======
      c()
      >>>>>>> other
      d()
      `,
      'a:1 b:3 d:7',
      '2, 4, 6',
    ],
    [
      'conflict marks: sides that share a bracket',
      `
      <<<<<<< HEAD
      function f(x) {
      =======
      function f(y) {
      >>>>>>> other
        a()
      }
      b()
      `,
      'a:6 b:8',
      '1, 3, 5',
    ],
    [
      'conflict marks with what both started from',
      `
      <<<<<<< HEAD
      a()
      ||||||| 1234567
      b()
      =======
      c()
      >>>>>>> other
      `,
      'a:2',
      '1, 3, 5, 7',
    ],
    [
      'conflict marks and an error beside them',
      `
      <<<<<<< HEAD
      a()
      =======
      >>>>>>> other
      const x = = b()
      c()
      `,
      'a:2 b:5 c:6',
      '1, 3, 4, 5',
    ],
    [
      'a conflict mark without its partner',
      `
      a()
      <<<<<<< HEAD
      b()
      c()
      `,
      'a:1 b:3 c:4',
      '2',
    ],
    [
      'conflict marks with the line ends of Windows',
      'a()\r\n<<<<<<< HEAD\r\nb()\r\n=======\r\nc()\r\n>>>>>>> other\r\n',
      'a:1 b:3',
      '2, 4, 6',
    ],
  ]
  test.each(cases)('%s', (_, text, calls, lines) => {
    const file = text.includes('<div>') ? 'a.tsx' : 'a.ts'
    expect({ calls: callsIn(file, code(text)), lines: linesTold(file, code(text)) }).toEqual({ calls, lines })
  })
})

describe('the diagnostic', () => {
  test.each([
    ['one error', 'a()\nconst x = = 1\n', 'syntax-error:2 only partly analysed: Expression expected'],
    [
      'two',
      'const x = = 1\n\nconst y = ) 1\n',
      'syntax-error:1 only partly analysed: Expression expected (also on line 3)',
    ],
    [
      'many',
      'const x = = 1\n'.repeat(9),
      'syntax-error:1 only partly analysed: Expression expected (also on lines 2, 3, 4, 5, 6, …)',
    ],
    [
      'a merge conflict',
      'a()\n<<<<<<< HEAD\nb()\n',
      'syntax-error:2 only partly analysed: Merge conflict, only its first side is read',
    ],
  ])('%s', (_, text, expected) => {
    expect(told('a.ts', text)).toEqual([expected])
  })

  test('a note beside a whole tree', () => {
    expect(told('a.ts', 'a()\nreturn 1\n')).toEqual([
      expect.stringMatching(/^syntax-error:2 perhaps only partly analysed: A 'return' statement/),
    ])
  })

  test('nothing left: what the first parser said', () => {
    expect(told('a.ts', '} } )')).toEqual([expect.stringMatching(/^syntax-error:1 not analysed: ./)])
  })
})

describe('a text that touches an error is not known', () => {
  const cases: [name: string, text: string, shown: string[]][] = [
    ['a quote that is missing', "show('SELECT * FROM a)\nshow('b')\n", ['b', '<?>']],
    [
      'a backtick that is missing at the end',
      'show(`SELECT * FROM a)\nimport x from "y"\nshow(`b`)\n',
      ['<?>'],
    ],
    ['a backtick of a tag', 'show(sql`SELECT * FROM a)\n', ['<?>']],
    ['one after which something is missing', "show('a' + 'b' 'c')\n", ['ab']],
    ['one that stands apart', "show('a'); const x = = 1\n", ['a']],
  ]
  test.each(cases)('%s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected)
  })
})

const whole = code(`
  import { db } from './db'

  export interface Options {
    limit: number
  }

  export class Repository {
    constructor(private readonly options: Options) {}

    async list(ids: string[]): Promise<unknown[]> {
      if (ids.length === 0) {
        return []
      }
      const rows = await db.query(
        \`
  SELECT *
  FROM users
  WHERE id = ANY($1) \${limit(this.options)}
        \`,
        [ids],
      )
      return rows.map(row => ({ ...row, name: clean(row.name) }))
    }

    count() {
      return db.query('SELECT count(*) FROM users')
    }
  }

  export const shortcut = () => db.query('SELECT 1')
`)

describe('properties', () => {
  test('any piece cut out: no throw, one diagnostic, and nodes at their places', () => {
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(60),
        fc.constantFrom('', '(', '}', '`', "'", '/*', '<<<<<<< '),
        (at, size, put) => {
          const text = whole.slice(0, at) + put + whole.slice(at + size)
          const { program, errors } = parseSource('a.ts', text)
          expect(errors.length).toBeLessThanOrEqual(1)
          for (const statement of program?.body ?? []) {
            if (statement.type === 'ImportDeclaration') {
              expect(text.slice(statement.start, statement.start + 6)).toBe('import')
            }
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  test('a line deleted: the statement at the end is found, or one at the beginning', () => {
    const lines = whole.split('\n')
    const kept = lines.map((_, i) => callsIn('a.ts', lines.toSpliced(i, 1).join('\n')))
    expect(kept.filter(calls => calls.includes('db.query')).length).toBeGreaterThanOrEqual(lines.length - 1)
  })
})

describe('hostile text', () => {
  const many = 20_000
  // biome-ignore format: one case a line
  const cases: [string, string][] = [
    ['errors on all lines', 'const = 1\n'.repeat(many)],
    ['brackets on lines of their own', '(\n'.repeat(400)],
    ['an error, and brackets that a blank line would unbalance', `${'('.repeat(400)}\n${')'.repeat(400)}\n`.repeat(50)],
    ['closing brackets', ')\n'.repeat(many)],
    ['conflicts', `${'<<<<<<< a\nif (x) {\n=======\nif (y) {\n>>>>>>> b\n'.repeat(2_000)}`],
    ['starts of conflicts', '<<<<<<< a\n'.repeat(many)],
    ['ever deeper indentation', `${Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a(`).join('\n')}`],
    ['ever shallower indentation', `${Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(1_000 - i)}a b`).join('\n')}`],
    ['a long line', `const a = [${"'x', ".repeat(100_000)}]; b(; c()`],
    ['an open template', `const a = \`${'${b} '.repeat(many)}`],
    ['an open comment', `a() /* ${'* '.repeat(many)}`],
    ['slashes', 'a = /[/\n'.repeat(many)],
    ['blanks', `${' '.repeat(500_000)}\n${' '.repeat(500_000)}\na(`],
  ]
  test.each(cases)('%s', (_, text) => {
    expect(parseSource('a.ts', text).errors).toHaveLength(1)
  })
})

test('a module of CommonJS may end with a return outside of functions, a module of ES may not', () => {
  expect(told('a.js', "const db = require('./db')\nif (db.isOff) return\ndb.query('SELECT 1')")).toEqual([])
  expect(told('a.js', "import db from './db.js'\nif (db.isOff) return\ndb.query('SELECT 1')")).toEqual([
    "syntax-error:2 perhaps only partly analysed: A 'return' statement can only be used within a function body.",
  ])
})

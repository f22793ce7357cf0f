import { describe, expect, test } from 'vitest'
import fc from '../support/fast-check.js'
import { mapOf } from './helper.js'
import { compileProgram, everyWay, printProgram, programs, type World } from './random-program.js'

const header = "import pg from 'pg'\nconst pool = new pg.Pool()\n"

/** Tables by site: those that the analysis reports, and the program's text for a person to read. */
async function analysed(code: string): Promise<Map<number, string[]>> {
  const map = await mapOf({ 'src/a.ts': `${header}${code}export { run }\n` })
  const lines = `${header}${code}`.split('\n')
  return new Map(
    map.accesses.map(({ line, tables }) => [
      Number(/, (\d+)\)$/.exec(lines[line - 1]!)![1]),
      tables.map(({ table }) => table).sort(),
    ]),
  )
}

function tablesOf(texts: string[]): string[] {
  return [...new Set(texts.flatMap(text => text.match(/\bbase\b|\bt\d+\b/g) ?? []))].sort()
}

/** Of all loops of a run: a list that a loop joins and pushes into itself doubles in each. */
const MAX_ROUNDS = 8

/** A world in which everything goes by chance, also from one round of a loop to the next. */
function worldOf(bits: number[]): World {
  let at = 0
  let rounds = 0
  const next = (): number => bits[at++ % bits.length]!
  return {
    flag: () => next() % 2 === 0,
    choice: () => next() % 4,
    items: () => {
      const items = Array(rounds < MAX_ROUNDS ? next() % 3 : 0).fill(1)
      rounds += items.length
      return items
    },
    again: () => ++rounds < MAX_ROUNDS && next() % 2 === 0,
  }
}

/** Programs with more ways through them are left out. */
const MAX_WAYS = 4_000

/** Thirty such worlds. */
const chances = fc.array(fc.array(fc.nat(11), { minLength: 7, maxLength: 40 }), {
  minLength: 30,
  maxLength: 30,
})

describe('random programs', () => {
  test('every table that a run reaches is reported', async () => {
    await fc.assert(
      fc.asyncProperty(programs(false), chances, async (program, all) => {
        const code = printProgram(program)
        const reported = await analysed(code)
        const run = compileProgram(code)
        for (const bits of all) {
          for (const [site, texts] of run(worldOf(bits))) {
            if (texts.some(text => text.length > 2_000)) continue
            const missing = tablesOf(texts).filter(table => !reported.get(site)?.includes(table))
            expect({ site, missing, code }).toEqual({ site, missing: [], code })
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  test('without loops, a table that is reported is reached by some run', async () => {
    await fc.assert(
      fc.asyncProperty(programs(true), async program => {
        const code = printProgram(program)
        const reached = everyWay(compileProgram(code), MAX_WAYS)
        fc.pre(reached !== null)
        for (const [site, tables] of await analysed(code)) {
          const texts = reached.get(site)
          // Sites that no run reaches are dead code, whose text is told all the same.
          if (!texts) continue
          const surplus = tables.filter(table => !tablesOf([...texts]).includes(table))
          expect({ site, surplus, code }).toEqual({ site, surplus: [], code })
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('arbitrary text', () => {
  // biome-ignore format: words
  const tokens = [
    'const', 'let', 'var', 'function', 'async', 'await', 'class', 'extends', 'return', 'if', 'else', 'for', 'of', 'in', 'while',
    'do', 'switch', 'case', 'default', 'break', 'continue', 'try', 'catch', 'finally', 'throw', 'new', 'this', 'super', 'import',
    'export', 'from', 'as', 'enum', 'interface', 'type', 'namespace', 'static', 'get', 'set', 'yield', '*', '=>', '(', ')', '{', '}',
    '[', ']', '`', '${', "'", '"', ';', ',', '.', '?.', '...', '=', '+=', '+', '?', ':', '&&', '||', '??', '!', '<', '>', '/', '//', '/*',
    '*/', '\n', 'a', 'b', 'pool', 'query', 'sql', 'q', 'require', "'pg'", "'./a'", '0', '1', 'SELECT', '*', 'FROM', 'users', 'INSERT INTO',
    'VALUES', 'UPDATE', 'SET', 'DELETE', 'WHERE', 'JOIN', 'push', 'join', 'map', 'replace', '@', '#', '$1', '??', '__proto__', 'constructor',
  ]
  const soup = fc.array(fc.constantFrom(...tokens), { maxLength: 120 }).map(words => words.join(' '))
  const piece = fc.constantFrom(
    'pool.query(q)',
    "let q = 'SELECT * FROM a'",
    "q += ' JOIN b'",
    'if (x) {',
    '}',
    'for (const q of a) {',
    'const f = (a) => {',
    'return q',
    'return `${a} ${f(q)}`',
    "a.push('SELECT * FROM ' + q)",
    'class A extends B { q = this.q',
    'm() { return super.m(q) }',
    "import { q } from './b'",
    "export * from './c'",
    'export default q',
    'switch (q) { case 1:',
    'break',
    'default:',
    'try {',
    '} catch {',
    'const { a, b: [q] } = f(q)',
    'await',
    '`',
    "'",
    '(',
    ')',
  )
  const shuffled = fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join('\n'))
  const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array).toString('latin1'))
  const text = fc.oneof(soup, shuffled, bytes, fc.string({ unit: 'binary', maxLength: 200 }))

  test('is never the end of a run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 8, maxLength: 8 }), async texts => {
        const files = Object.fromEntries(texts.map((code, at) => [`src/${'abcdefgh'[at]}.ts`, header + code]))
        const scripts = Object.fromEntries(texts.map((code, at) => [`migrations/V${at}__x.sql`, code]))
        const map = await mapOf({
          ...files,
          ...scripts,
          'src/good.ts': `${header}pool.query('SELECT * FROM good')\n`,
        })
        expect(map.accesses.map(({ file }) => file)).toContain('src/good.ts')
      }),
      { numRuns: 60 },
    )
  })
})

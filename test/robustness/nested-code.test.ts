import { describe, expect, test } from 'vitest'
import { fateOf } from './helper.js'

/** What the native parser can't take is left out and told with its place; nothing may end the process. */
const N = 10_000
const nested = (open: string, middle: string, close: string, depth = N): string =>
  `${open.repeat(depth)}${middle}${close.repeat(depth)}`
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

const found = 'found'
const told = /^(found|nested-too-deep src\/deep\.tsx?:\d+)$/

describe('10,000 levels', () => {
  // biome-ignore format: one case a line
  test.each([
    ['blocks', nested('{', '', '}')],
    ['ifs', nested('if (x) {', '', '}')],
    ['arrows', `const a = ${nested('() => ', '1', '')}`],
    ['calls of calls', `const a = f${'()'.repeat(N)}`],
    ['news', `const a = ${'new '.repeat(N)}X`],
    ['tags', `const a = f${'``'.repeat(N)}`],
    ['nots', `const a = ${'!'.repeat(N)}1`],
    ['minus', `const a = ${'- '.repeat(N)}1`],
    ['typeof', `const a = ${'typeof '.repeat(N)}1`],
    ['awaits', `const a = ${'await '.repeat(N)}1`],
    ['ternaries', `const a = ${'x ? 1 : '.repeat(N)}1`],
    ['ternaries in the midst', `const a = ${nested('x ? ', '1', ' : 2')}`],
    ['else-ifs', `${lines(N, i => `if (x === ${i}) y = 1; else`)} y = 2`],
    ['assignments', `${'a = '.repeat(N)}1`],
    ['defaults', `const a = ${'b ?? '.repeat(N)}1`],
    ['ands and ors', `const a = ${'(b && c) || '.repeat(N)}1`],
    ['tests of an argument', `function f(a) { if (${"a === 'b' && ".repeat(N)}a) return a }`],
    ['texts of an argument', `function f(a) { if (${"a === 'b' || ".repeat(N)}a === 'c') return a }`],
    ['powers', `const a = ${'2 ** '.repeat(N)}1`],
    ['members', `const a = b${'.c'.repeat(N)}`],
    ['optional members', `const a = b${'?.c'.repeat(N)}`],
    ['indexes', `const a = b${'[c]'.repeat(N)}`],
    ['method chains', `const a = b${'.c()'.repeat(N)}`],
    ['array types', `type A = B${'[]'.repeat(N)}`],
    ['casts', `const a = b${' as C'.repeat(N)}`],
    ['nulls', `const a = b${'!'.repeat(N)}`],
    ['labels', `${lines(N, i => `l${i}:`)} ;`],
    ['patterns', `const ${nested('[', 'a', ']')} = b`],
    ['object patterns', `const ${nested('{ a: ', 'a', '}')} = b`],
    ['trys', nested('try {', '', '} finally {}')],
    ['parentheses', `const a = ${nested('(', '1', ')')}`],
    ['arrays', `const a = ${nested('[', '1', ']')}`],
    ['objects', `const a = ${nested('{ a: ', '1', '}')}`],
    ['loops', nested('for (;;) {', '', '}')],
    ['arrows with blocks', `const a = ${nested('() => { return ', '1', '}')}`],
    ['functions', nested('function f() {', '', '}')],
    ['classes', nested('class A { m() {', '', '} }')],
    ['calls', `const a = ${nested('f(', '1', ')')}`],
    ['templates', `const a = ${nested('`${', '1', '}`')}`],
    ['nested indexes', `const a = ${nested('b[', '1', ']')}`],
    ['commas', `const a = (${'1, '.repeat(N)}1)`],
    ['types', `type A = ${nested('B<', '1', '>')}`],
    ['function types', `type A = ${'() => '.repeat(N)}void`],
    ['conditional types', `type A = ${'B extends C ? D : '.repeat(N)}E`],
    ['namespaces', nested('namespace A {', '', '}')],
    ['spreads', `const a = ${nested('[...', 'b', ']')}`],
    ['imports', `const a = ${nested('import(', '1', ')')}`],
  ])('%s', async (_name, code) => {
    expect(await fateOf(code)).toMatch(told)
  })

  // biome-ignore format: one case a line
  test.each([
    ['100,000 pluses', `const a = ${"'x' + ".repeat(100_000)}'y'`],
    ['100,000 pluses on lines', `const a =\n${"  'x' +\n".repeat(100_000)}'y'`],
  ])('%s', async (_name, code) => {
    expect(await fateOf(code)).toMatch(told)
  })

  test('JSX', async () => {
    expect(await fateOf(`const a = ${nested('<a>', '', '</a>')}`, 'src/deep.tsx')).toMatch(told)
  })
})

describe('not closed', () => {
  test.each([
    '(',
    '[',
    '{',
    '`${',
    'f(',
    '<A>(',
    '() => {',
    'if (x) {',
    'class A { m() {',
    '"',
    '/*',
    '/',
    'a ? ',
    'new ',
  ])('%s', async open => {
    expect(await fateOf(`const a = ${open.repeat(N)}`)).toMatch(
      /^(found|(nested-too-deep|syntax-error) src\/deep\.ts:\d+)$/,
    )
  })
})

describe('long, not deep', () => {
  // biome-ignore format: one case a line
  test.each([
    ['20,000 +=', `let a = ''\n${"a += 'x'\n".repeat(20_000)}`],
    ['20,000 += under ifs', `let a = ''\n${"if (b) a += 'x'\n".repeat(20_000)}`],
    ['20,000 pushes', `const a = []\n${"a.push('x')\n".repeat(20_000)}`],
    ['20,000 cases', `let a; switch (b) {\n${lines(20_000, i => `case ${i}: a = ${i}; break`)}\n}`],
    ['20,000 functions, each calls the one before', `const f0 = () => 'x'\n${lines(20_000, i => `const f${i + 1} = () => f${i}() + 'x'`)}`],
    ['2,000 nested callbacks as siblings', `function g(x) {\n${lines(2_000, () => 'x.map(y => y.map(z => z.map(w => w)))')}\n}`],
    ['100,000 items', `const a = [${"'x', ".repeat(100_000)}]`],
    ['50,000 properties', `const a = {${lines(50_000, i => `k${i}: 'x',`)}}`],
    ['5,000 falling cases', `let a = ''; switch (b) {\n${lines(5_000, i => `case ${i}: a += ${i}`)}\n}`],
    ['20,000 constants, each of the one before', `const c0 = 'x'\n${lines(20_000, i => `const c${i + 1} = c${i} + 'x'`)}`],
    ['10,000 classes, each extends the one before', `class C0 {}\n${lines(10_000, i => `class C${i + 1} extends C${i} {}`)}`],
    ['10,000 ifs that return', `function g(x) { let q = ''\n${lines(10_000, i => `if (x === ${i}) return q; q += 'x'`)}\n}`],
    ['a line of a megabyte', `const a = '${'x'.repeat(1_000_000)}'`],
    ['a megabyte of spaces', `const a = 1${' '.repeat(1_000_000)}`],
  ])('%s', async (_name, code) => {
    expect(await fateOf(code)).toBe(found)
  })
})

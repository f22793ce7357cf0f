import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scanExports, scanImports, scanModule, specifiersOf } from '../../analyzers/link/imports.js'
import { findReach, reachOf as readReach } from '../../analyzers/link/reach.js'
import type { Service } from '../../analyzers/model.js'
import type { WorkspaceFile } from '../../analyzers/workspace/types.js'
import { doesNotEnd } from '../support/ends.js'
import fc from '../support/fast-check.js'

/** Two services and a library; `@lib` is `lib/index`, `pg` is nowhere. */
const services: Service[] = [
  { name: 'app', path: 'app', kind: 'service', evidence: [] },
  { name: 'jobs', path: 'jobs', kind: 'service', evidence: [] },
  { name: 'lib', path: 'lib', kind: 'library', evidence: [] },
]

function reachOf(texts: Record<string, string>) {
  const files = Object.keys(texts).map(
    (path): WorkspaceFile => ({ path, owner: path.split('/')[0]!, kind: 'source' }) as WorkspaceFile,
  )
  const resolve = (from: string, specifier: string): string | null => {
    const path = specifier.startsWith('.')
      ? posix.join(posix.dirname(from), specifier)
      : specifier.replace(/^@lib/, 'lib')
    const found = ['', '.ts', '.js', '/index.ts', '/index.js'].find(end => Object.hasOwn(texts, path + end))
    return found === undefined ? null : path + found
  }
  return readReach(findReach(services, files, path => scanModule(texts[path] ?? ''), resolve))
}

/** Library files that `app` reaches. */
function reached(texts: Record<string, string>): string {
  const reach = reachOf(texts)
  const libraryFiles = Object.keys(texts).filter(path => path.startsWith('lib/'))
  return libraryFiles
    .filter(path => reach.servicesOf(path).includes('app'))
    .map(path => path.replace(/^lib\/|\.[jt]s$/g, ''))
    .sort()
    .join(' ')
}

const leaves = {
  'lib/a.ts': 'export const a = 1\nexport interface Shape { x: number }\nexport type Alias = string',
  'lib/b.ts': 'export function b() {}\nexport default class B {}',
  'lib/c.ts': "import { a } from './a'\nexport const c = a",
}

describe('what an import reaches, past a barrel', () => {
  const cases: [name: string, barrel: string, main: string, expected: string][] = [
    ['by name', "export { a } from './a'; export { b } from './b'", "import { a } from '@lib'", 'a'],
    ['renamed by the barrel', "export { a as x } from './a'", "import { x } from '@lib'", 'a'],
    ['renamed by the importer', "export { a } from './a'", "import { a as mine } from '@lib'", 'a'],
    ['by star', "export * from './a'\nexport * from './b'", "import { b } from '@lib'", 'b'],
    ['by star without blanks', "export*from'./a';export*from'./b'", "import{b}from'@lib'", 'b'],
    [
      'renamed below a star',
      "export * from './inner'",
      "import { x } from '@lib'",
      'b', // lib/inner.ts below
    ],
    ['as a namespace of the barrel', "export * as ns from './b'", "import { ns } from '@lib'", 'b'],
    [
      'in two steps',
      "import { a } from './a'\nimport B from './b'\nexport { a, B }",
      "import { B } from '@lib'",
      'b',
    ],
    [
      'a namespace in two steps',
      "import * as all from './b'\nexport { all }",
      "import { all } from '@lib'",
      'b',
    ],
    [
      'default as a name',
      "export { default as B } from './b'; export * from './a'",
      "import { B } from '@lib'",
      'b',
    ],
    [
      'a name as default',
      "export { a as default } from './a'; export * from './b'",
      "import A from '@lib'",
      'a',
    ],
    [
      'default and names',
      "export { default } from './b'; export * from './a'",
      "import B, { a } from '@lib'",
      'a b',
    ],
    [
      'default and all',
      "export { default } from './b'; export * from './a'",
      "import B, * as l from '@lib'",
      'a b index',
    ],
    ['a name with its own dependencies', "export * from './c'", "import { c } from '@lib'", 'a c'],
    [
      'a namespace',
      "export { a } from './a'; export * from './b'",
      "import * as lib from '@lib'",
      'a b index',
    ],
    ['for its effects', "export { a } from './a'", "import '@lib'", 'a index'],
    ['effects of the barrel', "import './b'\nexport { a } from './a'", "import { a } from '@lib'", 'a b'],
    [
      'declared in the barrel',
      "export * from './b'\nexport const own = 1",
      "import { own } from '@lib'",
      'b index',
    ],
    ['of an unknown name', "export * from './a'", "import { nothing } from '@lib'", 'a index'],
    ['from outside', "export { Pool } from 'pg'; export * from './b'", "import { Pool } from '@lib'", ''],
    [
      'same name in two stars',
      "export * from './b'; export * from './b2'",
      "import { b } from '@lib'",
      'b b2',
    ],
    [
      'handed on by the importer',
      "export { a } from './a'; export * from './b'",
      "export { b } from '@lib'",
      'b',
    ],
    ['all handed on by the importer', "export { a } from './a'", "export * from '@lib'", 'a index'],
    ['dynamic', "export { a } from './a'", "const lib = await import('@lib')", 'a index'],
    [
      'dynamic, of names',
      "export * from './a'\nexport * from './b'",
      "const { a } = await import('@lib')",
      'a',
    ],
    ['dynamic, of one name', "export * from './a'; export * from './b'", "(await import('@lib')).b()", 'b'],
    [
      'dynamic, of names and the rest',
      "export * from './a'\nexport * from './b'",
      "const { a, ...others } = await import('@lib')",
      'a b index',
    ],
    ['dynamic, of a promise', "export { a } from './a'", "import('@lib').then(lib => lib.a)", 'a index'],
    ['dynamic with a comment', 'export {}', "import(/* webpackChunkName: 'b' */ '@lib/b').then(b => b)", 'b'],
    ['dynamic in backticks', 'export {}', 'await import(`@lib/b`)', 'b'],
    ['dynamic with a piece unknown', 'export {}', 'await import(`@lib/$' + '{name}`)', ''],
    ['require and call', 'export {}', "require('@lib/b').default(routes)", 'b'],
    ['require', "export { a } from './a'", "const lib = require('@lib')", 'a index'],
    [
      'require of names',
      "export * from './a'; export * from './b'",
      "const {\n  a: mine = 1, // the one\n} = require('@lib')",
      'a',
    ],
    ['require of one name', "export * from './a'; export * from './b'", "require('@lib').b()", 'b'],
    [
      'require into names of something else',
      "export * from './a'; export * from './b'",
      "const { a } = wrap(require('@lib'))",
      'a b index',
    ],
    ['import equals', 'export {}', "import b = require('@lib/b')", 'b'],
    ['a type argument', 'export {}', "jest.mocked(require<typeof import('@lib/a')>('@lib/b'))", 'b'],
    ['no import', 'export {}', "const important = 'x'; exportAll('@lib/a'); requires('@lib/a')", ''],
    ['many lines', "export * from './a'", "import {\n  // the one\n  a, /* as b */\n} from '@lib'", 'a'],
    ['a quote in a comment', "export * from './a'", "import {\n  // don't\n  a,\n} from '@lib'", 'a'],
    ['string names', "export { a as 'a-b' } from './a'", "import { 'a-b' as ab } from '@lib'", 'a'],
    [
      'behind code without semicolons',
      "export interface Options { size: number }\nexport * from './a'",
      "import { a } from '@lib'",
      'a',
    ],
  ]
  it.each(cases)('%s', (_, barrel, main, expected) => {
    const more = {
      'lib/b2.ts': 'export const b = 2',
      'lib/inner.ts': "export { b as x } from './b'",
    }
    expect(reached({ 'lib/index.ts': barrel, ...leaves, ...more, 'app/main.ts': main })).toBe(expected)
  })
})

describe('types reach nothing', () => {
  const barrel = "export * from './a'; export { b } from './b'; export type { default as B } from './b'"
  const cases: [main: string, expected: string][] = [
    ["import type { a } from '@lib'", ''],
    ["import type A from '@lib/b'", ''],
    ["import type * as all from '@lib'", ''],
    ["import { type a, b } from '@lib'", 'b'],
    ["import { type a } from '@lib'", ''],
    ["import { Shape } from '@lib'", ''],
    ["import { Alias, b } from '@lib'", 'b'],
    ["import { B } from '@lib'", ''],
    ["export type { a } from '@lib'", ''],
    ["export type * from '@lib'", ''],
    // `type` may be a name.
    ["import type from '@lib/b'", 'b'],
    ["import type, { b } from '@lib/b'", 'b'],
    ["import { type } from '@lib/types'", 'types'],
    ["import { type as kind } from '@lib/types'", 'types'],
    ["import { Both } from '@lib/types'", 'types'],
  ]
  it.each(cases)('%s', (main, expected) => {
    const types = 'export const type = 1\nexport const Both = 1\nexport type Both = typeof Both'
    expect(reached({ 'lib/index.ts': barrel, 'lib/types.ts': types, ...leaves, 'app/main.ts': main })).toBe(
      expected,
    )
  })
})

describe('CommonJS', () => {
  const cases: [name: string, lib: Record<string, string>, main: string, expected: string][] = [
    [
      'names of an object',
      { index: "module.exports = { y: require('./x').y, ...require('./z') }", x: 'exports.y = 1', z: '' },
      "const { y } = require('@lib')",
      'index x z',
    ],
    [
      'handed on whole',
      { index: "module.exports = require('./x')", x: 'exports.y = 1' },
      "import { y } from '@lib'",
      'index x',
    ],
    ['a property', { index: "exports.y = 1\nrequire('./x')", x: '' }, "import { y } from '@lib'", 'index x'],
    [
      'a default',
      { index: "module.exports = class {}\nconst x = require('./x')", x: '' },
      "import Y from '@lib'",
      'index x',
    ],
    [
      'a property below a star',
      { index: "export * from './x'\nexport * from './y'", x: 'exports.x = 1', y: '' },
      "import { x } from '@lib'",
      'x',
    ],
  ]
  it.each(cases)('%s', (_, lib, main, expected) => {
    const texts = Object.fromEntries(Object.entries(lib).map(([name, text]) => [`lib/${name}.js`, text]))
    expect(reached({ ...texts, 'app/main.js': main })).toBe(expected)
  })
})

describe('modules required by a path that is put together', () => {
  const cases: [main: string, expected: string][] = [
    ["require(path.join(__dirname, '..', 'lib', 'b'))", 'b'],
    ["const lib = path.join(__dirname, '..', 'lib')\nrequire(path.resolve(lib, 'b.ts'))", 'b'],
    ['const up = join(__dirname, \'..\')\nvar lib = join(up, "lib",)\nrequire(lib)', 'index'],
    ['const lib = path.resolve(__dirname, "../lib")\nrequire(`${lib}/b`)', 'b'],
    ["require(__dirname + '/../lib/b')", 'b'],
    // What these begin with is not known, or another folder.
    ["require(path.join(folder, 'lib', 'b'))", ''],
    ["require(path.join(__dirname, name, 'lib', 'b'))", ''],
    ["const lib = path.join(process.cwd(), 'lib')\nrequire(path.join(lib, 'b'))", ''],
    ["require(name + '/../lib/b')", ''],
  ]
  for (const [main, expected] of cases) {
    it(main, () => {
      expect(reached({ ...leaves, 'lib/index.ts': '', 'app/main.js': main })).toBe(expected)
    })
  }
})

describe('circles of barrels', () => {
  const circle = {
    'lib/index.ts': "export * from './one'",
    'lib/one.ts': "export * from './two'\nexport * from './a'",
    'lib/two.ts': "export * from './one'\nexport * from './index'\nexport * from './b'",
    ...leaves,
  }
  const cases: [main: string, expected: string][] = [
    ["import { a } from '@lib'", 'a'],
    ["import { b } from '@lib'", 'b'],
    ["import { a } from '@lib/two'", 'a'],
    ["import { a } from '@lib/two'\nimport { b } from '@lib/one'\nimport { a as again } from '@lib'", 'a b'],
    ["import { nothing } from '@lib/two'", 'a b index one two'],
  ]
  it.each(cases)('%s', (main, expected) => {
    expect(reached({ ...circle, 'app/main.ts': main })).toBe(expected)
  })

  it('a name that is handed on in a circle', () => {
    const texts = { 'lib/index.ts': "export { x } from './one'", 'lib/one.ts': "export { x } from './index'" }
    expect(reached({ ...texts, 'app/main.ts': "import { x } from '@lib'" })).toBe('index')
  })

  it('a chain of barrels without end', () => {
    const texts: Record<string, string> = { 'app/main.ts': "import { x } from '@lib/n0'" }
    for (let i = 0; i < 20_000; i++) texts[`lib/n${i}.ts`] = `export * from './n${i + 1}'`
    expect(reached(texts)).toContain('n19999')
  })
})

describe('services', () => {
  it('reach libraries through each other, and each its own', () => {
    const reach = reachOf({
      'lib/a.ts': 'export const a = 1',
      'lib/b.ts': 'export const b = 1',
      'lib/unused.ts': 'export const unused = 1',
      'app/main.ts': "import { help } from '../jobs/help'\nimport { own } from './own'",
      'app/own.ts': "import { a } from '@lib/a'\nexport const own = a",
      'jobs/help.ts': "import { b } from '@lib/b'\nimport { more } from './more'\nexport const help = b",
      'jobs/more.ts': "export const more = import('@lib/b')",
    })
    expect(['a', 'b', 'unused'].map(name => reach.servicesOf(`lib/${name}.ts`))).toEqual([
      ['app'],
      ['app', 'jobs'],
      [],
    ])
    expect(reach.libraries).toEqual({ app: ['lib'], jobs: ['lib'] })
    expect(reach.services).toEqual({ lib: ['app', 'jobs'] })
  })
})

describe('specifiersOf', () => {
  const cases: [code: string, expected: string][] = [
    ["import a from 'm'", 'default>a'],
    ["import a, { b, c as d, type E } from 'm'", 'b>b c>d E>E:type default>a'],
    ["import a, * as b from 'm'", 'default>a *>b'],
    ["import type { a } from 'm'", 'a>a:type'],
    ["import { type as a } from 'm'", 'type>a'],
    ["import { type type as a } from 'm'", 'type>a:type'],
    ["import { default as a } from 'm'", 'default>a'],
    ["import {} from 'm'", ''],
    ["export * from 'm'", '*>*'],
    ["export * as a from 'm'", '*>a'],
    ["export * as 'a b' from 'm'", '*>a b'],
    ["export { default } from 'm'", 'default>default'],
    ["export { a as default } from 'm'", 'a>default'],
    ["import 'm'", '*>*'],
    ["import { a } from 'm' with { type: 'json' }", 'a>a'],
  ]
  it.each(cases)('%s', (code, expected) => {
    const [statement] = scanImports(code).statements
    const specifiers = specifiersOf(statement!).map(s => `${s.name}>${s.as}${s.isType ? ':type' : ''}`)
    expect(specifiers.join(' ')).toBe(expected)
  })
})

describe('names that a file declares', () => {
  const cases: [code: string, expected: string][] = [
    ['export const a = 1', 'a'],
    ['export let $a', '$a'],
    ['export const { a, b: c, ...d } = x', 'a c d'],
    ['export async function a() {}', 'a'],
    ['export function* a() {}', 'a'],
    ['export function *a() {}', 'a'],
    ['export abstract class A {}', 'A'],
    ['export declare const a: string', 'a'],
    ['export const enum A {}', 'A'],
    ['export enum A {}', 'A'],
    ['export namespace A {}', 'A'],
    ['export interface A {}', 'A:type'],
    ['export type A = string', 'A:type'],
    ['export type { A }', 'A:type'],
    ['export { a, b as c, type D }', 'a c D:type'],
    ['export default class A {}', 'default'],
    ['export default async function () {}', 'default'],
    ['export default { a: 1 }', 'default'],
    ['export default interface A {}', 'default:type'],
    ['exports.a = 1; module.exports.b = 2', 'a b'],
    ['module.exports = { a }', ''],
    ['const a = 1', ''],
  ]
  it.each(cases)('%s', (code, expected) => {
    const { declared } = scanExports(code, scanImports(code))
    expect([...declared].map(([name, { isType }]) => name + (isType ? ':type' : '')).join(' ')).toBe(expected)
  })
})

describe('hostile text', () => {
  const many = 100_000
  const cases: [string, string][] = [
    ['blanks', `import a${' '.repeat(many)}`],
    ['blanks behind type', `import type${' '.repeat(many)}`],
    ['keywords', 'import '.repeat(many)],
    ['exports', 'export const '.repeat(many)],
    ['open braces', 'import {'.repeat(many)],
    ['one open brace', `${'export { '}${'a, '.repeat(many)}`],
    ['calls', 'require('.repeat(many)],
    ['type arguments', 'require<'.repeat(many)],
    ['comments', 'import(/* '.repeat(many)],
    ['names without end', `import ${'a'.repeat(many)}`],
    ['quotes', `import '${'a'.repeat(many)}`],
    ['slashes in braces', `export { ${'/* '.repeat(many)} }`],
    ['equals signs in braces', `export const { ${'='.repeat(many)} } = x`],
    ['blanks in braces', `export const { a${' '.repeat(many)}! } = x`],
    ['patterns', `${'{ a } ='.repeat(3)} require('a')`.repeat(many / 10)],
    ['blanks before a call', `${' '.repeat(500)}require('a')`.repeat(many / 100)],
    ['paths', `require(x)${'const a = path.join('.repeat(many)}`],
    ['blanks in a path', `require(x)\nconst a = join(__dirname${' '.repeat(many)}`],
    ['parts of a path', `require(join(__dirname${", 'a'".repeat(many)}`],
    [
      'folders',
      `require(x)\n${Array.from({ length: many }, (_, at) => `const f${at} = join(f${at - 1}, 'a')`).join('\n')}`,
    ],
  ]
  it('comes to an end', () => {
    const module = new URL('../../analyzers/link/imports.ts', import.meta.url)
    const run = '({ scanExports, scanImports }, text) => scanExports(text, scanImports(text))'
    expect(doesNotEnd(module, run, cases)).toBeNull()
  })

  it('never throws, and reaches whatever it may', () => {
    const piece = fc.constantFrom(
      'import ',
      'export ',
      '{',
      '}',
      '* ',
      'as ',
      'from ',
      "'@lib'",
      'a',
      ', ',
      'type ',
      '(',
      ')',
    )
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), (main, barrel) => {
        reached({ 'app/main.ts': main.join(''), 'lib/index.ts': barrel.join('') })
      }),
    )
  })
})

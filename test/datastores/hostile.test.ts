import { expect, test } from 'vitest'
import { doesNotEnd } from '../support/ends.js'
import fc from '../support/fast-check.js'
import { datastoresOf } from './helpers.js'

const PATHS = [
  '.env',
  'docker-compose.yml',
  'config/default.json',
  'config/default.yaml',
  'k8s/a.yaml',
  'schema.prisma',
  'knexfile.ts',
  'ormconfig.json',
]

const MODULE = new URL('../../analyzers/datastores/index.ts', import.meta.url)

const N = 50_000
const TEXTS: [string, string][] = [
  ['brackets', '['.repeat(N)],
  ['database brackets', `"database": ${'['.repeat(N)}`],
  ['braces', `database: ${'{a: '.repeat(N)}`],
  ['objects', `{"database":${'{"a":'.repeat(N)}`],
  ['spaces', `database${' '.repeat(N * 4)}x`],
  ['open quotes', 'DB_NAME="x\n'.repeat(N)],
  ['colons', 'database:'.repeat(N)],
  ['defaults', "process.env.DB_NAME || 'x'\n".repeat(N)],
  ['lists', `database:\n  ${'- '.repeat(N)}x`],
  ['keys', `${'? '.repeat(N)}x`],
  ['indentation', Array.from({ length: 1_400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['calls', `DB_NAME: ${'a('.repeat(N)}`],
  ['words', `DB_NAME: ${'a'.repeat(N * 4)}`],
  ['references', `DB_NAME=${'${DB_NAME:-'.repeat(2_000)}`],
  [
    'aliases',
    `services:\n a: &a [x]\n${Array.from({ length: 20 }, (_, n) => ` b${n}: &b${n} [*a, *a${n > 0 ? `, *b${n - 1}, *b${n - 1}` : ''}]`).join('\n')}`,
  ],
  ['merges', `services:\n  a: &a\n    <<: *a\n    image: mysql\n`],
  ['NUL and not UTF-8', 'DB_NAME=\0\uFFFD\n'],
]

test('settings: all of them end', () => {
  const run = `({ readSettingsFiles }, text) => {
    for (const path of ${JSON.stringify(PATHS)}) readSettingsFiles([{ path, owner: null, text }])
  }`
  expect(doesNotEnd(MODULE, run, TEXTS)).toBeNull()
})

test('defaults in code: all of them end', () => {
  expect(
    doesNotEnd(MODULE, "({ readCodeDefaults }, text) => readCodeDefaults('a.ts', text)", TEXTS),
  ).toBeNull()
})

test('settings that refer to each other in a circle', () => {
  const files = {
    'services/auth/.env': 'DB_NAME=${A}\nA=${B}\nB=${A}-${DB_NAME}',
    'compose.yml': 'services: { auth: { environment: { DB_NAME: "${DB_NAME}" } } }',
  }
  expect(() => datastoresOf({ files })).not.toThrow()
})

test('settings of which each names the next many times', () => {
  const run = `({ withReferences }, text) => {
    const settings = ['DB_NAME', 'A', 'B', 'C', 'D'].map((name, at, all) => ({
      name, value: text.replaceAll('NEXT', all[at + 1] ?? 'E'), source: 'env', file: '.env', line: 1, distance: 0, targets: [],
    }))
    withReferences(settings[0], new Map(settings.map(each => [each.name, [each]])), new Map())
  }`
  const module = new URL('../../analyzers/datastores/references.ts', import.meta.url)
  expect(doesNotEnd(module, run, [['many', '${NEXT}'.repeat(800)]])).toBeNull()
})

test('names of Object.prototype are names like others', () => {
  const result = datastoresOf({
    services: ['constructor', '__proto__'],
    files: {
      'services/constructor/.env': 'DB_NAME=toString\nconstructor=__proto__\n__proto__=mysql://h/valueOf',
    },
    dependencies: { constructor: ['constructor', 'hasOwnProperty'] },
  })
  expect(result.datastores.map(item => item.id)).toContain('toString')
})

const piece = fc.constantFrom(
  'services:',
  'environment:',
  'image: mysql',
  '  ',
  '\n',
  '- ',
  'DB_NAME',
  '=',
  ': ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  'database',
  'dialect',
  'mysql',
  'postgres://u:p@h/db',
  '${X:-y}',
  '&a',
  '*a',
  '<<',
  '#',
  'env',
  'url',
  'process.env.DB_NAME',
  '||',
  'nilecare',
  'datasource db {',
  '\0',
)
test('any text of any kind of file: never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), fc.array(piece, { maxLength: 60 }), (path, pieces) => {
      datastoresOf({ files: { [path]: pieces.join('') } })
    }),
    { numRuns: 500 },
  )
})

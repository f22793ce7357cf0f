import { describe, expect, test } from 'vitest'
import {
  parseConflicted,
  parseTodo,
  renderTodo,
  type TodoEntry,
} from '../../analyzers/gate/baseline/todo-file.js'
import { gateOps } from '../../analyzers/gate/ops.js'
import { HOSTILE } from '../reports/sample-map.js'
import fc from '../support/fast-check.js'

const FILE = 'services/orders/seam-todo.yml'

/** `op table source count` */
const lines = (entries: TodoEntry[]) =>
  entries.map(({ table, op, source, count, line }) => `${line}: ${op} ${table} ${source} ${count}`)

const entry = (op: TodoEntry['op'], table: string | null, source: string, count = 1): TodoEntry => ({
  table,
  op,
  source,
  count,
  line: 0,
})

const HEAD = `# Uses of tables by orders that the rules forbid: known, accepted for now, to be mended.
# "seamripper check" fails on what is not listed here, and on what is listed and mended.
# Take out what is mended with "seamripper baseline --prune"; don't add to it by hand.
`

test('a file: sorted, one line a file of the code, equal entries added up', async () => {
  const text = renderTodo('orders', [
    entry('write', 'shop/users', 'b.ts'),
    entry('read', 'shop/users', 'src/b.ts'),
    entry('unresolved', null, 'src/any.ts', 3),
    entry('read', 'shop/users', 'src/a.ts'),
    entry('read', 'shop/users', 'src/b.ts'),
    entry('foreign-key', 'shop/audit/log', 'V1 new.sql'),
  ])
  expect(text).toBe(`${HEAD}
"(unresolved)":
  unresolved:
    src/any.ts: 3

shop/audit/log:
  foreign-key:
    "V1 new.sql": 1

shop/users:
  read:
    src/a.ts: 1
    src/b.ts: 2
  write:
    b.ts: 1
`)
  expect(lines(await parseTodo(text, FILE))).toEqual([
    '7: unresolved null src/any.ts 3',
    '11: foreign-key shop/audit/log V1 new.sql 1',
    '15: read shop/users src/a.ts 1',
    '16: read shop/users src/b.ts 2',
    '18: write shop/users b.ts 1',
  ])
})

test('an empty file lists nothing', async () => {
  expect(await parseTodo('', FILE)).toEqual([])
  expect(await parseTodo(HEAD, FILE)).toEqual([])
})

describe('what can not be read, with its line', () => {
  test.each<[title: string, text: string, message: string]>([
    ['no YAML', 'a: [', `${FILE}:1: `],
    ['a list', '- a', `${FILE}:1: a mapping of tables is expected here`],
    [
      'an unknown operation',
      'a:\n  raed:\n    x: 1',
      `${FILE}:2: "raed" is no operation. Did you mean "read"?`,
    ],
    ['no count', 'a:\n  read:\n    x: many', `${FILE}:3: the number of violations in x is expected here`],
    ['a count of none', 'a:\n  read:\n    x: 0', `${FILE}:3: the number of violations in x is expected here`],
    ['a file without its table', 'a: 1', `${FILE}:1: a mapping of operations is expected here`],
    ['the same file twice', 'a:\n  read:\n    x: 1\n    x: 2', `${FILE}:4: Map keys must be unique`],
    [
      'both sides of a merge',
      'a:\n<<<<<<< HEAD\n  read:\n=======\n  write:\n>>>>>>> other\n    x: 1',
      `${FILE}:2: holds both sides of a merge. "seamripper baseline --prune" joins them`,
    ],
  ])('%s', async (_, text, message) => {
    await expect(parseTodo(text, FILE)).rejects.toThrow(message)
  })
})

test.each([
  ['merge', ''],
  ['diff3', '||||||| base\n    src/b.ts: 2\n    src/d.ts: 1\n'],
])('both sides of a merge joined (%s): what either accepts', async (_, ancestor) => {
  const text = `${HEAD}
shop/users:
  read:
    src/a.ts: 1
<<<<<<< HEAD
    src/b.ts: 1
${ancestor}=======
    src/b.ts: 2
    src/c.ts: 1
>>>>>>> other
  write:
    b.ts: 1
`
  const entries = await parseConflicted(text, FILE)
  expect(lines(entries).map(line => line.replace(/^\d+: /, ''))).toEqual([
    'read shop/users src/a.ts 1',
    'read shop/users src/b.ts 2',
    'write shop/users b.ts 1',
    'read shop/users src/c.ts 1',
  ])
})

test('whatever names hold, they come back', async () => {
  const name = fc
    .oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }))
    .filter(text => !/\p{Cs}/u.test(text) && text !== '(unresolved)')
  const some = fc.record({
    table: fc.option(name),
    op: fc.constantFrom(...gateOps),
    source: name,
    count: fc.integer({ min: 1, max: 99 }),
    line: fc.constant(0),
  })
  const key = ({ table, op, source }: TodoEntry) => JSON.stringify([table, op, source])
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(some, { selector: key }), name, async (entries, service) => {
      const read = await parseTodo(renderTodo(service, entries), FILE)
      const plain = (all: TodoEntry[]) => all.map(each => `${key(each)} ${each.count}`).sort()
      expect(plain(read)).toEqual(plain(entries))
    }),
    { numRuns: 300 },
  )
})

import { describe, expect, test } from 'vitest'
import { parseConflicted } from '../../analyzers/gate/baseline/conflict.js'
import {
  addUp,
  parseTodo,
  renderTodo,
  type TodoEntry,
  type TodoFile,
} from '../../analyzers/gate/baseline/todo-file.js'
import { gateOps } from '../../analyzers/workspace/gate-names.js'
import { HOSTILE } from '../reports/sample-map.js'
import fc from '../support/fast-check.js'

const FILE = 'services/orders/seam-todo.yml'

/** `op table source count` */
const lines = ({ entries }: Pick<TodoFile, 'entries'>) =>
  entries.map(({ table, op, source, count, line }) => `${line}: ${op} ${table} ${source} ${count}`)

const entry = (op: TodoEntry['op'], table: string | null, source: string, count = 1): TodoEntry => ({
  table,
  op,
  source,
  count,
  mark: null,
  line: 0,
})

const HEAD = `# Uses of tables by orders that the rules forbid: known, accepted for now, to be mended.
# "seamripper check" fails on what is not listed here, and on what is listed and mended.
# Take out what is mended with "seamripper baseline --prune"; don't add to it by hand.
`

test('a file: sorted, one line a file of the code, equal entries added up', async () => {
  const entries = [
    entry('write', 'shop/users', 'b.ts'),
    entry('read', 'shop/users', 'src/b.ts'),
    entry('unresolved', null, 'src/any.ts', 3),
    entry('read', 'shop/users', 'src/a.ts'),
    entry('read', 'shop/users', 'src/b.ts'),
    entry('foreign-key', 'shop/audit/log', 'V1 new.sql'),
  ]
  const text = renderTodo('orders', addUp(entries))
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
  expect(await parseTodo('', FILE)).toEqual({ entries: [], notes: [] })
  expect(await parseTodo(HEAD, FILE)).toEqual({ entries: [], notes: [] })
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
    [
      'the same file twice',
      'a:\n  read:\n    x: 1\n    x: 2',
      `${FILE}:4: x is there twice: holds both sides of a merge. "seamripper baseline --prune" joins them`,
    ],
    [
      'both sides of a merge',
      'a:\n<<<<<<< HEAD\n  read:\n=======\n  write:\n>>>>>>> other\n    x: 1',
      `${FILE}:2: holds both sides of a merge. "seamripper baseline --prune" joins them`,
    ],
  ])('%s', async (_, text, message) => {
    await expect(parseTodo(text, FILE)).rejects.toThrow(message)
  })
})

/** Two sides of a conflict around one line or more, as git writes it. */
const conflict = (ours: string, theirs: string) => `${HEAD}
shop/users:
  read:
    src/a.ts: 1
<<<<<<< HEAD
${ours}=======
${theirs}>>>>>>> other
  write:
    b.ts: 1
`

test.each([
  ['merge', ''],
  ['diff3', '||||||| base\n    src/b.ts: 2\n    src/d.ts: 1\n'],
])('both sides of a merge joined (%s): what either accepts', async (_, ancestor) => {
  const text = conflict(`    src/b.ts: 1\n${ancestor}`, '    src/b.ts: 2\n    src/c.ts: 1\n')
  const joined = await parseConflicted(text, FILE, () => null)
  expect(lines(joined).map(line => line.replace(/^\d+: /, ''))).toEqual([
    'read shop/users src/a.ts 1',
    'read shop/users src/b.ts 2',
    'write shop/users b.ts 1',
    'read shop/users src/c.ts 1',
  ])
})

test('both sides taken, as by hand: what either accepts', async () => {
  const text = `shop/users:
  read:
    src/b.ts: 1 # ~aaaa
    src/b.ts: 2 # ~bbbb
  read:
    src/b.ts: 1 # ~cccc
shop/users:
  write:
    b.ts: 1
`
  const { entries } = await parseConflicted(text, FILE, () => 'shop/bills:\n  read:\n    src/b.ts: 1\n')
  expect(entries.map(({ source, count, isJoined }) => [source, count, isJoined])).toEqual([
    ['src/b.ts', 4, true],
    ['b.ts', 1, undefined],
  ])
})

describe('one count on both sides of a merge, and before', () => {
  test.each<[title: string, before: number | null, ours: string, theirs: string, joined: number]>([
    [
      'each mended another one: not more than either lists, which pruning ends',
      5,
      '4 # ~aaaa',
      '4 # ~bbbb',
      4,
    ],
    ['one mended more', 5, '4 # ~aaaa', '3 # ~bbbb', 4],
    ['each accepted one', 5, '6 # ~aaaa', '6 # ~bbbb', 7],
    ['one accepted two', 5, '6 # ~aaaa', '7 # ~bbbb', 8],
    ['both accepted the same one', 5, '6 # ~aaaa', '6 # ~aaaa', 6],
    ['one mended, one accepted', 5, '4 # ~aaaa', '6 # ~bbbb', 6],
    ['each accepted the first one', 0, '1 # ~aaaa', '1 # ~bbbb', 2],
    ['what was before is not known', null, '6 # ~aaaa', '6 # ~bbbb', 6],
  ])('%s', async (_, before, ours, theirs, joined) => {
    const ancestor = before === null ? null : `shop/users:\n  read:\n    src/a.ts: 1\n`
    const listed = before === null || before === 0 ? '' : `    src/b.ts: ${before}\n`
    const text = conflict(`    src/b.ts: ${ours}\n`, `    src/b.ts: ${theirs}\n`)
    const { entries } = await parseConflicted(text, FILE, () => ancestor && ancestor + listed)
    expect(entries.find(({ source }) => source === 'src/b.ts')?.count).toBe(joined)
  })
})

describe('comments', () => {
  const commented = `${HEAD}# Keep the marks behind counts: by them git sees that two branches changed one count for different uses.

# Asked for an API in March.
shop/users: # Anna's
  read:
    src/a.ts: 4 # ~3f9a
    # The report goes in June.
    src/b.ts: 2 # ~04be the nightly report
    src/c.ts: 3 # dead code
    src/d.ts: 1 # ~3f9ab is none of ours
  # These are hard.
  write: # all of them
    "b c.ts": 1
# That is all.
`

  test('marks are told from what people write, and all of it comes back', async () => {
    const file = await parseTodo(commented, FILE)
    expect(file.entries.map(({ source, mark }) => `${source} ${mark}`)).toEqual([
      'src/a.ts 3f9a',
      'src/b.ts 04be',
      'src/c.ts null',
      'src/d.ts null',
      'b c.ts null',
    ])
    expect(renderTodo('orders', file.entries, file.notes)).toBe(commented)
  })

  test('with the line endings of Windows too', async () => {
    const file = await parseTodo(commented.replaceAll('\n', '\r\n'), FILE)
    expect(renderTodo('orders', file.entries, file.notes)).toBe(commented)
  })

  test('of a file without them, and written by hand in other forms of YAML', async () => {
    const text = `# mine\n'shop/users': { read: { 'src/a#b.ts': 2 } } # in one line\n`
    const { entries, notes } = await parseTodo(text, FILE)
    expect(entries.map(({ source, count }) => `${source} ${count}`)).toEqual(['src/a#b.ts 2'])
    expect(renderTodo('orders', entries, notes)).toBe(
      `${HEAD}\n# mine\nshop/users:\n  read:\n    "src/a#b.ts": 2 # in one line\n`,
    )
  })

  test('those of both sides of a merge are kept', async () => {
    const text = conflict(
      '    # ours\n    src/b.ts: 4 # ~aaaa soon\n',
      '    # theirs\n    src/b.ts: 4 # ~bbbb later\n',
    )
    const { notes } = await parseConflicted(text, FILE, () => null)
    expect(notes).toEqual([
      { at: ['shop/users', 'read', 'src/b.ts'], above: ['ours', 'theirs'], behind: 'soon; later' },
    ])
  })
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
    mark: fc.option(fc.stringMatching(/^[0-9a-f]{4}$/)),
    line: fc.constant(0),
  })
  const key = ({ table, op, source }: TodoEntry) => JSON.stringify([table, op, source])
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(some, { selector: key }), name, async (entries, service) => {
      const read = await parseTodo(renderTodo(service, entries), FILE)
      const plain = (all: TodoEntry[]) => all.map(each => `${key(each)} ${each.count} ${each.mark}`).sort()
      expect(plain(read.entries)).toEqual(plain(entries))
    }),
    { numRuns: 300 },
  )
})

/** What a check says most likely happened where a baseline does not fit. */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { staleFate, staleUse } from '../../reports/check/stale.js'
import { SHOP } from '../cli/shop.js'
import { TestRepository, told } from './history/repository.js'
import { shopWithBaseline } from './history/shop.js'

const repositories: TestRepository[] = []
afterAll(() => {
  for (const repository of repositories) rmSync(repository.root, { recursive: true, force: true })
})

const ORDERS = 'services/orders/src'
const TODO = 'services/orders/seam-todo.yml'

async function shop(): Promise<TestRepository> {
  const repository = await shopWithBaseline()
  repositories.push(repository)
  return repository
}

/** A file of orders that reads the customers' table so many times. */
const reads = (times: number) =>
  [
    "import mysql from 'mysql2/promise'",
    "const pool = mysql.createPool({ database: 'shop' })",
    ...Array.from({ length: times }, (_, index) => `pool.query('SELECT c${index} FROM customers')`),
  ].join('\n')

/** A shop that reads the customers' table so many times in `a.ts`, all of it on the baseline and committed. */
async function withReads(times: number): Promise<TestRepository> {
  const repository = await shop()
  repository.write({ [`${ORDERS}/a.ts`]: reads(times) })
  await repository.baseline('write')
  repository.commit('a')
  return repository
}

/** Two branches that each put a file on the baseline, merged by taking one side of it. */
async function mergedOneSide(commit: boolean): Promise<TestRepository> {
  const repository = await shop()
  repository.git('checkout', '--quiet', '-b', 'other')
  repository.write({ [`${ORDERS}/b.ts`]: reads(2) })
  await repository.baseline('write')
  repository.commit('other')
  repository.git('checkout', '--quiet', 'main')
  repository.write({ [`${ORDERS}/a.ts`]: reads(1) })
  await repository.baseline('write')
  repository.commit('ours')
  repository.tryGit('merge', '--no-commit', 'other')
  repository.git('checkout', 'HEAD', '--', TODO)
  if (commit) repository.commit('merge')
  return repository
}

const mend = (repository: TestRepository, line: string) =>
  execFileSync('sh', ['-c', line], { cwd: repository.root, stdio: 'ignore' })

describe('a merge that took one side of a baseline', () => {
  test.each([
    ['committed', true, /^the merge [0-9a-f]{10}$/],
    ['under way', false, /^the merge that is under way$/],
  ])('%s: the command brings the other side back', async (_, commit, merge) => {
    const repository = await mergedOneSide(commit)
    const { hints, passed } = await repository.check()
    expect(passed).toBe(false)
    expect(hints).toHaveLength(1)
    const [{ file, message, git, command }] = hints as [(typeof hints)[number]]
    const [, merging] =
      /^2 of the new ones are accepted in [0-9a-f]{10}, of which (.*) took nothing of this file, as it seems: it has the side of [0-9a-f]{10} alone\. /.exec(
        message,
      )!
    expect({ file, command }).toEqual({ file: TODO, command: ['baseline', '--prune'] })
    expect(merging).toMatch(merge)
    try {
      mend(repository, git!)
    } catch {
      // It ends so where it leaves a conflict, which the next command joins.
    }
    await repository.baseline('prune')
    expect(await repository.check()).toMatchObject({ passed: true, hints: [] })
  })

  test('and what is new beside that is not counted', async () => {
    const repository = await mergedOneSide(true)
    repository.write({ [`${ORDERS}/c.ts`]: reads(1), [`${ORDERS}/b.ts`]: reads(3) })
    const { hints, violations } = await repository.check()
    expect(hints[0]!.message).toMatch(/^2 of the new ones are /)
    const told = violations.filter(({ fingerprint }) => hints[0]!.violations.includes(fingerprint))
    expect(told.map(({ file }) => file)).toEqual([`${ORDERS}/b.ts`, `${ORDERS}/b.ts`])
  })

  test('a side that git took rightly is no loss: the other one changed nothing', async () => {
    const repository = await shop()
    await repository.branch('other', 'main', () => repository.write({ 'README.md': 'x' }))
    repository.write({ [`${ORDERS}/a.ts`]: reads(1) })
    await repository.baseline('write')
    repository.commit('ours')
    repository.git('merge', '--quiet', '--no-edit', 'other')
    repository.write({ [`${ORDERS}/b.ts`]: reads(1) })
    expect((await repository.check()).hints).toEqual([])
  })

  test('what both began from and one side mended is new if it comes again', async () => {
    const repository = await withReads(1)
    await repository.branch('other', 'main', async () => {
      repository.write({ [`${ORDERS}/b.ts`]: reads(1) })
      await repository.baseline('write')
    })
    repository.write({ [`${ORDERS}/a.ts`]: null })
    await repository.baseline('prune')
    repository.commit('mended')
    repository.tryGit('merge', '--no-commit', 'other')
    repository.git('checkout', 'HEAD', '--', TODO)
    repository.write({ [`${ORDERS}/a.ts`]: reads(1), [`${ORDERS}/b.ts`]: null })
    repository.commit('merge')
    const result = await repository.check()
    expect(told(result)).toEqual(['orders read customers a.ts'])
    expect(result.hints).toEqual([])
  })
})

describe('code that moved', () => {
  test('is told to be gone in one file and new in another', async () => {
    const repository = await withReads(2)
    repository.write({
      [`${ORDERS}/a.ts`]: "console.log('moved')",
      [`${ORDERS}/deep/b.ts`]: `console.log('here')\n${reads(3)}`,
    })
    const { hints, stale, violations } = await repository.check()
    const fresh = violations.filter(({ state }) => state === 'new')
    expect(fresh.map(({ file }) => file)).toEqual(Array(3).fill(`${ORDERS}/deep/b.ts`))
    expect(stale.map(({ reasons }) => reasons)).toEqual([
      [{ reason: 'moved', count: 2, to: `${ORDERS}/deep/b.ts` }],
    ])
    expect(hints).toEqual([
      {
        file: TODO,
        message: `2 uses that the baseline accepts in ${ORDERS}/a.ts are gone there, and new in ${ORDERS}/deep/b.ts. If the code only moved, put it on the baseline at its new place; this accepts all else that is new, too:`,
        violations: fresh.slice(0, 2).map(({ fingerprint }) => fingerprint),
        git: null,
        command: ['baseline', '--write'],
      },
    ])
  })

  test('one of two is mended, the other one moved', async () => {
    const repository = await shop()
    repository.write({ [`${ORDERS}/a.ts`]: reads(2) })
    await repository.baseline('write')
    repository.write({ [`${ORDERS}/a.ts`]: null, [`${ORDERS}/b.ts`]: reads(1) })
    const { stale } = await repository.check()
    expect(stale.map(entry => `${staleUse(entry)} ${staleFate(entry)}`)).toEqual([
      `read shop/customers in ${ORDERS}/a.ts is down from 2 to 0: 1 probably in ${ORDERS}/b.ts now and 1 mended`,
    ])
  })

  test('a file that went to another service is told to be of that one, not mended', async () => {
    const repository = await withReads(2)
    repository.write({
      'services/returns/package.json': '{ "name": "returns", "scripts": { "start": "node src/a.js" } }',
    })
    repository.move(`${ORDERS}/a.ts`, 'services/returns/src/a.ts')
    const { hints, stale } = await repository.check()
    expect(stale.map(entry => `${staleUse(entry)} ${staleFate(entry)}`)).toEqual([
      'read shop/customers in services/returns/src/a.ts is in returns now, as it seems',
    ])
    expect(hints.map(({ message }) => message)).toEqual([
      '2 uses that the baseline accepts in services/returns/src/a.ts are of returns now, whose baseline does not have them. If the code only moved, put it on the baseline at its new place; this accepts all else that is new, too:',
    ])
  })

  test('is told by what takes it off the baseline, for then no check can tell', async () => {
    const repository = await shop()
    repository.write({ [`${ORDERS}/a.ts`]: reads(2), [`${ORDERS}/c.ts`]: reads(1) })
    await repository.baseline('write')
    repository.write({ [`${ORDERS}/a.ts`]: null, [`${ORDERS}/c.ts`]: null, [`${ORDERS}/b.ts`]: reads(2) })
    const { moved } = await repository.baseline('prune')
    expect(moved).toEqual([{ from: `${ORDERS}/a.ts`, to: `${ORDERS}/b.ts`, count: 2 }])
  })

  test('another operation is no move', async () => {
    const repository = await withReads(1)
    repository.write({
      [`${ORDERS}/a.ts`]: "console.log('mended')",
      [`${ORDERS}/b.ts`]: reads(1).replace('SELECT c0 FROM customers', 'DELETE FROM customers'),
    })
    expect((await repository.check()).hints).toEqual([])
  })
})

/** A service of the shop with its baseline, both under another name: what says which database it has goes by the old one. */
test('a service that was renamed, and seems to have another database', async () => {
  const repository = new TestRepository()
  repositories.push(repository)
  const pool =
    "import mysql from 'mysql2/promise'\nconst pool = mysql.createPool({ database: process.env.DB_NAME })\n"
  repository.write({
    ...SHOP,
    'docker-compose.yml':
      'services:\n  orders:\n    build: services/orders\n    environment: { DB_NAME: shop }\n',
    'services/orders/migrations/V1__orders.sql': 'CREATE TABLE orders (id INT PRIMARY KEY);\n',
    'services/orders/.env.example': 'DB_NAME=orders_local\n',
    'services/orders/src/index.ts': `${pool}pool.query('SELECT * FROM orders o JOIN customers c ON c.id = o.id')\npool.query('SELECT name FROM customers')\n`,
  })
  await repository.baseline('write')
  repository.commit('begin')
  repository.move('services/orders', 'services/sales')
  repository.edit('services/sales/package.json', '"orders"', '"sales"')
  const { hints, passed, stale } = await repository.check()
  expect(passed).toBe(false)
  expect(stale.map(entry => `${staleUse(entry)} ${staleFate(entry)}`)).toEqual([
    'read shop/customers in services/sales/src/index.ts is in another database now, as it seems: orders_local/customers',
    'join shop/customers in services/sales/src/index.ts is in another database now, as it seems: orders_local/customers',
  ])
  expect(hints).toEqual([
    {
      file: 'services/sales/seam-todo.yml',
      message:
        '2 uses of shop that it accepts are of orders_local now, as it seems. If sales connects to shop as before, say so in seamripper.yml: `datastore: shop` under the service. If it has another database now, take them off:',
      violations: [],
      git: null,
      command: ['baseline', '--prune'],
    },
  ])
  repository.write({ 'seamripper.yml': 'services: { sales: { datastore: shop } }\n' })
  expect(await repository.check()).toMatchObject({ passed: true, hints: [], stale: [] })
})

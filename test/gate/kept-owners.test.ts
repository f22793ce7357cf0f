/** `--since` where a change takes an inferred owner away: who begins to write another service's table crosses. */
import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { TestRepository, told } from './history/repository.js'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const code = (...statements: string[]) =>
  `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ host: 'db', database: 'shop' })
${statements.map((sql, index) => `export const query${index} = () => pool.query(\`${sql}\`)\n`).join('')}`

const service = (name: string, ...statements: string[]) => ({
  [`services/${name}/package.json`]: `{ "name": "${name}", "dependencies": { "mysql2": "3" }, "scripts": { "start": "node src/index.ts" } }`,
  [`services/${name}/src/index.ts`]: code(...statements),
})

const INSERT = 'INSERT INTO stock (id) VALUES (?)'
const UPDATE = 'UPDATE stock SET amount = 0'

/** `stock` has no script: it belongs to who writes it. */
const shop = (stock: string[]) => ({
  'package.json': '{ "name": "shop", "private": true, "workspaces": ["services/*"] }',
  ...service('stock', ...stock),
  ...service('orders', 'UPDATE orders SET total = 0'),
  ...service('reports', 'SELECT id FROM stock'),
})

interface Case {
  title: string
  /** Statements of the service `stock` before. */
  before: string[]
  config?: string
  change: Record<string, string | null>
  /** What a whole check tells after the change. */
  whole: string[]
  /** What `--since` the commit before the change tells. */
  since: string[]
}

const OPEN = [
  'warning orders write stock more.ts',
  'warning reports read stock index.ts',
  'warning stock write stock index.ts',
]

const cases: Case[] = [
  {
    title: 'a second writer',
    before: [INSERT],
    change: { 'services/orders/src/more.ts': code(INSERT) },
    whole: OPEN,
    since: ['orders write stock more.ts'],
  },
  {
    title: 'a second writer, where uses of open tables are not told',
    before: [INSERT],
    config: 'rules: { unowned-table: off }\n',
    change: { 'services/orders/src/more.ts': code(INSERT) },
    whole: [],
    since: ['orders write stock more.ts'],
  },
  {
    title: 'one that would be the only one to add rows',
    before: [UPDATE],
    change: { 'services/orders/src/more.ts': code(INSERT) },
    whole: ['reports read stock index.ts', 'stock write stock index.ts'],
    since: ['orders write stock more.ts'],
  },
  {
    title: 'the statement moved to another service: the table is that one’s',
    before: [INSERT],
    change: { ...service('stock'), 'services/orders/src/more.ts': code(INSERT) },
    whole: ['reports read stock index.ts'],
    since: [],
  },
  {
    title: 'a second service that creates it in a migration',
    before: [INSERT],
    change: { 'services/orders/migrations/V1__stock.sql': 'CREATE TABLE stock (id INT, amount INT);\n' },
    whole: ['reports read stock index.ts', 'stock write stock index.ts'],
    since: ['stock write stock index.ts'],
  },
  {
    title: 'the config says that it is open',
    before: [INSERT],
    change: {
      'services/orders/src/more.ts': code(INSERT),
      'seamripper.yml': 'owners: { shop/stock: null }\n',
    },
    whole: [],
    since: [],
  },
  {
    title: 'the config said whose it is, and says no more',
    before: [INSERT],
    config: 'owners: { shop/stock: stock }\n',
    change: { 'services/orders/src/more.ts': code(INSERT), 'seamripper.yml': null },
    whole: OPEN,
    since: OPEN,
  },
  {
    title: 'its last write taken out',
    before: [INSERT],
    change: service('stock', 'SELECT id FROM stock'),
    whole: ['warning reports read stock index.ts', 'warning stock read stock index.ts'],
    since: [],
  },
  {
    title: 'a join of the second writer with a table of its own',
    before: [INSERT],
    change: {
      'services/orders/src/more.ts': code(INSERT, 'SELECT * FROM orders o JOIN stock s ON s.id = o.stock_id'),
    },
    whole: ['warning orders read stock more.ts', ...OPEN],
    since: ['orders join stock more.ts', 'orders write stock more.ts'],
  },
]

async function changed({ before, config, change }: Case): Promise<TestRepository> {
  const repository = new TestRepository()
  folders.push(repository.root)
  repository.write({ ...shop(before), ...(config === undefined ? {} : { 'seamripper.yml': config }) })
  repository.commit('before')
  repository.write(change)
  return repository
}

test.each(cases.map(each => [each.title, each] as const))('%s', async (_, each) => {
  const repository = await changed(each)
  expect(told(await repository.check())).toEqual(each.whole)
  expect(told(await repository.check('HEAD'))).toEqual(each.since)
})

describe('what is told of a second writer', () => {
  const [second] = cases as [Case]

  test('whose the table was, and why', async () => {
    const result = await (await changed(second)).check('HEAD')
    const [violation] = result.violations.filter(({ state }) => state === 'new')
    expect(violation).toMatchObject({
      message: 'orders writes shop/stock, which belongs to stock.',
      owner: 'stock',
      ownerEvidence: {
        file: 'services/stock/src/index.ts',
        line: 3,
        reason: 'before this change, only stock writes it, 1 other reads it',
      },
    })
  })

  test('the same as a whole check tells where the config says whose it is', async () => {
    const repository = await changed(second)
    const since = await repository.check('HEAD')
    repository.write({ 'seamripper.yml': 'owners: { shop/stock: stock }\n' })
    const whole = await repository.check()
    const plain = (result: typeof whole) =>
      result.violations.map(({ ownerEvidence: _, related: __, state: ___, ...violation }) => violation)
    expect(plain(since)).toEqual(plain(whole))
  })

  test('nothing once it is on the baseline, which is written by the owners of now', async () => {
    const join = cases.at(-1)!
    const repository = await changed(join)
    await repository.baseline('write')
    expect(repository.read('services/orders/seam-todo.yml')).toContain('read:')
    expect(told(await repository.check())).toEqual([])
    expect(told(await repository.check('HEAD'))).toEqual([])
  })
})

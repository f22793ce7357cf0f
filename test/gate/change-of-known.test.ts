/** What a change mends and what it puts on a baseline, for a comment on a pull request. */
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { checkGate } from '../../analyzers/gate/index.js'
import { analyzeRepository } from '../../analyzers/repository.js'
import type { TestRepository } from './history/repository.js'
import { shopWithBaseline } from './history/shop.js'

const repositories: TestRepository[] = []
afterAll(() => {
  for (const repository of repositories) rmSync(repository.root, { recursive: true, force: true })
})

async function shop(): Promise<TestRepository> {
  const repository = await shopWithBaseline()
  repositories.push(repository)
  return repository
}

/** `2 read customers index.ts` */
async function changes({ root }: TestRepository) {
  const load = (folder: string, configFile: string | undefined) =>
    analyzeRepository({ root: folder, ...(configFile === undefined ? {} : { configFile }) })
  const { change, passed } = await checkGate({ root, since: 'HEAD', tellChange: true, load })
  const told = (uses: NonNullable<typeof change>['mended']) =>
    uses.map(
      ({ count, op, table, file }) =>
        `${count} ${op} ${table?.split('/').at(-1) ?? '-'} ${file.split('/').at(-1)}`,
    )
  return { passed, mended: told(change!.mended), accepted: told(change!.accepted) }
}

const ORDERS = 'services/orders/src/index.ts'

test('nothing', async () => {
  expect(await changes(await shop())).toEqual({ passed: true, mended: [], accepted: [] })
})

test('mended, with and without the entry of the baseline', async () => {
  const repository = await shop()
  repository.edit(ORDERS, 'c.name', '1')
  repository.edit(ORDERS, 'JOIN customers c ON c.id = o.customer_id', '')
  const mended = ['1 join customers index.ts']
  expect(await changes(repository)).toEqual({ passed: false, mended, accepted: [] })
  await repository.baseline('prune')
  expect(await changes(repository)).toEqual({ passed: true, mended, accepted: [] })
})

test('one more of what is on the baseline is new, and puts nothing on it', async () => {
  const repository = await shop()
  const add = "pool.query('SELECT c.id FROM orders o JOIN customers c ON c.id = o.customer_id')\n"
  repository.edit(ORDERS, 'export async', `${add}export async`)
  expect(await changes(repository)).toEqual({ passed: false, mended: [], accepted: [] })
  await repository.baseline('write')
  expect(await changes(repository)).toEqual({
    passed: true,
    mended: [],
    accepted: ['1 join customers index.ts'],
  })
})

test('put on the baseline', async () => {
  const repository = await shop()
  const add = "pool.query('SELECT name FROM customers WHERE id = 1')\n"
  repository.edit(ORDERS, 'export async', `${add}${add}export async`)
  expect(await changes(repository)).toEqual({ passed: false, mended: [], accepted: [] })
  await repository.baseline('write')
  expect(await changes(repository)).toEqual({
    passed: true,
    mended: [],
    accepted: ['2 read customers index.ts'],
  })
})

test('a renamed file changes nothing; what is allowed is not mended', async () => {
  const repository = await shop()
  repository.move(ORDERS, 'services/orders/src/main.ts')
  expect(await changes(repository)).toEqual({ passed: true, mended: [], accepted: [] })
  repository.edit(
    'services/orders/src/main.ts',
    '  const [rows]',
    '  // seamripper-allow join customers -- why\n  const [rows]',
  )
  await repository.baseline('prune')
  expect(await changes(repository)).toEqual({ passed: true, mended: [], accepted: [] })
})

test.each([
  ['a rule is off', 'rules: { cross-service-join: off, cross-service-read: off }\n'],
  ['the table is its own', 'owners: { shop/customers: orders }\n'],
  ['the table is open on purpose', 'owners: { shop/customers: null }\n'],
])('nothing is mended where %s', async (_, config) => {
  const repository = await shop()
  repository.write({ 'seamripper.yml': config })
  expect((await changes(repository)).mended).toEqual([])
})

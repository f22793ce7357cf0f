/** A table that a new migration renames: baselines and `--since` know it by its former name. */
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { SHOP } from '../cli/shop.js'
import { TestRepository, told } from './history/repository.js'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const ORDERS = 'services/orders/src/index.ts'
const V2 = 'services/customers/migrations/V2__people.sql'
const RENAME = 'ALTER TABLE customers RENAME TO people;\n'

/** The shop, in which `orders` joins `customers`; with its crossings on the baseline if wanted. */
async function shop(isBaselined: boolean): Promise<TestRepository> {
  const repository = new TestRepository()
  folders.push(repository.root)
  repository.write(SHOP)
  if (isBaselined) await repository.baseline('write')
  repository.commit('begin')
  return repository
}

interface Case {
  title: string
  change(repository: TestRepository): void
  /** What a whole check tells with the crossings of before on the baseline. */
  whole: string[]
  /** What `--since` tells without a baseline. */
  since: string[]
}

const code = (repository: TestRepository, sql: string) => repository.edit(ORDERS, 'customers c', sql)

const cases: Case[] = [
  {
    title: 'the migration alone, the code as it was',
    change: repository => repository.write({ [V2]: RENAME }),
    whole: [],
    since: [],
  },
  {
    title: 'the migration, and the code by the new name',
    change: repository => {
      repository.write({ [V2]: RENAME })
      code(repository, 'people c')
    },
    whole: [],
    since: [],
  },
  {
    title: 'renamed twice, in MySQL’s other form as well',
    change: repository => {
      repository.write({ [V2]: `${RENAME}RENAME TABLE people TO persons;\n` })
      code(repository, 'persons c')
    },
    whole: [],
    since: [],
  },
  {
    title: 'renamed and back',
    change: repository => repository.write({ [V2]: `${RENAME}RENAME TABLE people TO customers;\n` }),
    whole: [],
    since: [],
  },
  {
    title: 'another read of it in the same file is new',
    change: repository => {
      repository.write({ [V2]: RENAME })
      code(repository, 'people c')
      repository.edit(ORDERS, /$/, 'export const more = () => pool.query("SELECT name FROM people")\n')
    },
    whole: ['orders read people index.ts'],
    since: ['orders read people index.ts'],
  },
  {
    title: 'a new table of the former name: entries are about the one that has it now',
    change: repository =>
      repository.write({ [V2]: `${RENAME}CREATE TABLE customers (id INT PRIMARY KEY);\n` }),
    whole: [],
    since: [],
  },
]

test.each(cases.map(each => [each.title, each] as const))('%s', async (_, { change, whole, since }) => {
  const known = await shop(true)
  change(known)
  expect(told(await known.check())).toEqual(whole)
  const fresh = await shop(false)
  change(fresh)
  expect(told(await fresh.check('HEAD'))).toEqual(since)
})

test.each(['prune', 'write'] as const)('%s writes the new name down', async how => {
  const repository = await shop(true)
  const before = repository.read('services/orders/seam-todo.yml')
  repository.write({ [V2]: RENAME })
  await repository.baseline(how)
  expect(repository.read('services/orders/seam-todo.yml')).toBe(before.replaceAll('customers', 'people'))
})

test('allowances by the former name say what to write', async () => {
  const repository = await shop(false)
  repository.write({
    [V2]: RENAME,
    'seamripper.yml':
      'allow:\n  - { from: orders, table: shop/customers, op: [join, foreign-key], reason: the API comes later }\n',
  })
  repository.edit(ORDERS, /^/, '// seamripper-allow write customers -- the API comes later\n')
  const { unusedAllows } = await repository.check()
  const said = 'migrations renamed this table. Write shop/people.'
  expect(unusedAllows.map(({ file, message }) => [file, message])).toEqual([
    ['seamripper.yml', said],
    [ORDERS, said],
  ])
})

/** Why an entry of a baseline is stale: that it is mended is said only where it is. */
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { staleFate, staleUse } from '../../reports/check/stale.js'
import { SHOP } from '../cli/shop.js'
import { TestRepository } from './history/repository.js'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const LIST = 'services/orders/src/list.ts'
const READ = "export const names = () => pool.query('SELECT name FROM customers')\n"
const OTHER_READ = "export const ids = () => pool.query('SELECT id FROM customers')\n"
const JOIN =
  "export const all = () => pool.query('SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id')\n"
const WRITE = "export const rename = () => pool.query('UPDATE customers SET name = 1')\n"
const code = (...functions: string[]) =>
  `import mysql from 'mysql2/promise'\nconst pool = mysql.createPool({ host: 'db', database: 'shop' })\n${functions.join('')}`

const CONFIG = 'seamripper.yml'
const PLACE = 'shop/customers in services/orders/src/list.ts'

const cases: [title: string, before: string[], change: Record<string, string | null>, told: string[]][] = [
  ['mended', [READ], { [LIST]: code() }, [`read ${PLACE} is mended`]],
  ['the file is gone', [READ], { [LIST]: null }, [`read ${PLACE} is mended`]],
  ['one of two mended', [READ, OTHER_READ], { [LIST]: code(READ) }, [`read ${PLACE} is down from 2 to 1`]],
  [
    'allowed by the config',
    [READ],
    { [CONFIG]: 'allow:\n  - { from: orders, table: customers, op: read, reason: names }\n' },
    [`read ${PLACE} is allowed now`],
  ],
  [
    'one of two allowed by a comment',
    [READ, OTHER_READ],
    { [LIST]: code(READ, `// seamripper-allow read customers -- names\n${OTHER_READ}`) },
    [`read ${PLACE} is down from 2 to 1: 1 allowed now`],
  ],
  [
    'one allowed, one mended',
    [READ, OTHER_READ],
    { [LIST]: code(`// seamripper-allow read customers -- names\n${OTHER_READ}`) },
    [`read ${PLACE} is down from 2 to 0: 1 allowed now and 1 mended`],
  ],
  [
    'its rule is off',
    [READ],
    { [CONFIG]: 'rules: { cross-service-read: off }\n' },
    [`read ${PLACE} is forbidden by no rule that is on`],
  ],
  [
    'its rule is off for the service',
    [READ],
    { [CONFIG]: 'services: { orders: { rules: { cross-service-read: off } } }\n' },
    [`read ${PLACE} is forbidden by no rule that is on`],
  ],
  [
    'the table is its own now',
    [READ],
    { [CONFIG]: 'owners: { shop/customers: orders }\n' },
    [`read ${PLACE} is no crossing any more: the table belongs to orders now`],
  ],
  [
    'the table is open on purpose',
    [READ],
    { [CONFIG]: 'owners: { shop/customers: null }\n' },
    [`read ${PLACE} is no crossing for sure any more: the owner of the table is open now`],
  ],
  [
    'the table of a join is open on purpose',
    [JOIN],
    { [CONFIG]: 'owners: { shop/customers: null }\n' },
    [`join ${PLACE} is no crossing for sure any more: the owner of the table is open now`],
  ],
  [
    'the table of a join is open',
    [JOIN],
    {
      'services/customers/migrations/V1__customers.sql': null,
      'services/orders/src/more.ts': code(WRITE),
    },
    [`join ${PLACE} is no crossing for sure any more: the owner of the table is open now`],
  ],
  [
    'the file connects to another database',
    [READ, OTHER_READ],
    { [LIST]: code(READ).replace("'shop'", "'stock'") },
    [
      `read ${PLACE} is down from 2 to 0: 1 probably of stock/customers now, in another database and 1 mended`,
    ],
  ],
  [
    'a key into another database',
    [],
    {
      'services/orders/src/index.ts':
        "import mysql from 'mysql2/promise'\nmysql.createPool({ host: 'db', database: 'stock' }).query('SELECT 1')\n",
      [LIST]: null,
    },
    [
      'foreign-key shop/customers in services/orders/migrations/V1__orders.sql is in another database now, as it seems: stock/customers',
    ],
  ],
  ['a join that is a read now', [JOIN], { [LIST]: code(READ) }, [`join ${PLACE} is a read now`]],
  ['a read that is a join now', [READ], { [LIST]: code(JOIN) }, [`read ${PLACE} is a join now`]],
  [
    'a key to a table that is open',
    [],
    {
      'services/customers/migrations/V1__customers.sql': null,
      'services/orders/src/more.ts': code(WRITE),
    },
    [
      'foreign-key shop/customers in services/orders/migrations/V1__orders.sql is no crossing for sure any more: the owner of the table is open now',
    ],
  ],
  [
    'a key that is mended, to a table that is open',
    [],
    {
      'services/customers/migrations/V1__customers.sql': null,
      'services/orders/src/more.ts': code(WRITE),
      'services/orders/migrations/V1__orders.sql': null,
    },
    ['foreign-key shop/customers in services/orders/migrations/V1__orders.sql is mended'],
  ],
  [
    'a key whose table is its own now',
    [],
    { [CONFIG]: 'owners: { shop/customers: orders }\n' },
    [
      'foreign-key shop/customers in services/orders/migrations/V1__orders.sql is no crossing any more: the table belongs to orders now',
    ],
  ],
]

test.each(cases)('%s', async (_, before, change, expected) => {
  const repository = new TestRepository()
  folders.push(repository.root)
  repository.write({
    ...SHOP,
    'services/orders/src/index.ts': 'console.log("orders")\n',
    'services/orders/migrations/V1__orders.sql':
      before.length === 0
        ? SHOP['services/orders/migrations/V1__orders.sql']
        : 'CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT);\n',
    [LIST]: code(...before),
  })
  await repository.baseline('write')
  repository.write(change)
  const { stale } = await repository.check()
  expect(stale.map(entry => `${staleUse(entry)} ${staleFate(entry)}`)).toEqual(expected)
})

test('what is new beside an entry that is used up says how many of its kind are known', async () => {
  const repository = new TestRepository()
  folders.push(repository.root)
  repository.write({ ...SHOP, [LIST]: code(READ, OTHER_READ) })
  await repository.baseline('write')
  repository.commit('begin')
  repository.write({
    [LIST]: code(READ, OTHER_READ, READ.replace('names', 'more').replace('name FROM', 'age FROM'), WRITE),
  })
  const { violations } = await repository.check()
  const fresh = violations.filter(({ state }) => state === 'new')
  const todo = repository.read('services/orders/seam-todo.yml').split('\n')
  expect(fresh.map(({ op, related }) => [op, related])).toEqual([
    [
      'read',
      [
        {
          file: 'services/orders/seam-todo.yml',
          line: todo.findIndex(line => line.includes('src/list.ts')) + 1,
          message: 'the baseline accepts 2 of 3 such uses in this file',
        },
      ],
    ],
    ['write', []],
  ])
})

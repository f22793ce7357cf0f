import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const service = (name: string, ...lines: string[]) => ({
  [`services/${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node src/index.js' },
    dependencies: { pg: '8' },
  }),
  [`services/${name}/src/index.ts`]: [
    "import { Pool } from 'pg'",
    `const pool = new Pool({ database: ${/^(?:orders|billing)$/.test(name) ? `'${name}_db'` : 'process.env.DB_NAME'} })`,
    ...lines.map(line => `pool.query('${line}')`),
  ].join('\n'),
})

/** Two services name their databases; that of a third, `catalog`, is told nowhere. */
test.each([
  ['its own tables', ['SELECT * FROM products'], ['catalog/products catalog']],
  [
    'one that it makes, called as one of another service',
    ['CREATE TABLE IF NOT EXISTS events (id int)', 'INSERT INTO events VALUES (1)'],
    ['catalog/events catalog', 'catalog/events catalog'],
  ],
  [
    'one that another service makes',
    ['SELECT * FROM events', 'SELECT * FROM products'],
    ['orders_db/events orders', 'products null'],
  ],
])('%s', async (_, lines, expected) => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', workspaces: ['services/*'] }),
    ...service('orders', 'CREATE TABLE events (id int)', 'INSERT INTO events VALUES (2)'),
    ...service('billing', 'SELECT * FROM invoices'),
    ...service('catalog', ...lines),
  })
  const reasons = map.tables
    .filter(({ name }) => name === 'products')
    .map(({ evidence }) => evidence[0]!.reason)
  if (expected.includes('catalog/products catalog'))
    expect(reasons).toEqual(['no other service uses a table of catalog, and no file tells its database'])
  const own = map.accesses.filter(access => access.service === 'catalog')
  expect(
    own.flatMap(({ tables }) => tables.map(({ id, table, owner }) => `${id ?? table} ${owner}`)),
  ).toEqual(expected)
})

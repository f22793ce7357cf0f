import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const run = (sql: string): string =>
  `import { createClient } from '@clickhouse/client'\nconst client = createClient({ database: 'shop' })\nawait client.command({ query: '${sql}' })\n`

/** Two services on one ClickHouse, with a statement each. */
const platform = (orders: string, billing: string) => ({
  'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*'] }),
  ...Object.fromEntries(
    Object.entries({ orders, billing }).flatMap(([name, sql]) => [
      [
        `services/${name}/package.json`,
        JSON.stringify({
          name,
          scripts: { start: 'node a.js' },
          dependencies: { '@clickhouse/client': '1' },
        }),
      ],
      [`services/${name}/a.ts`, run(sql)],
    ]),
  ),
})

test.each<[string, string, string]>([
  ['INSERT INTO t SELECT 1', 'ALTER TABLE t UPDATE x = 1 WHERE y = 2', 'orders (only-adder)'],
  ['INSERT INTO t SELECT 1', 'ALTER TABLE t DELETE WHERE y = 2', 'orders (only-adder)'],
  ['ALTER TABLE t DELETE WHERE y = 2', 'SELECT x FROM t', 'null (open)'],
  ['ALTER TABLE t UPDATE x = 1 WHERE y = 2', 'SELECT x FROM t', 'orders (only-writer)'],
  ['CREATE MATERIALIZED VIEW v TO t AS SELECT 1', 'ALTER TABLE t DELETE WHERE y = 2', 'null (open)'],
  ['CREATE MATERIALIZED VIEW v TO t AS SELECT 1', 'SELECT x FROM t', 'orders (only-writer)'],
  ['CREATE MATERIALIZED VIEW v TO t AS SELECT 1', 'INSERT INTO t SELECT 1', 'null (open)'],
])('%s; %s', async (orders, billing, expected) => {
  const map = await mapOf(platform(orders, billing))
  const { owner, ownerConfidence } = map.tables.find(({ name }) => name === 't')!
  expect(`${owner} (${ownerConfidence})`).toBe(expected)
})

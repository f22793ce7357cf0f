import { describe, expect, test } from 'vitest'
import { mapOf } from './helper.js'

const PACKAGE = JSON.stringify({
  name: 'shop',
  main: 'src/index.ts',
  dependencies: { typeorm: '0.3', '@clickhouse/client': '1' },
})

/** TypeORM over PostgreSQL, with a server that is written to and one that is read. */
const REPLICATED = `import { DataSource } from 'typeorm'
export const source = new DataSource({
  type: 'postgres',
  schema: 'public',
  replication: {
    master: { host: process.env.DB_HOST, database: process.env.DB || (process.env.NODE_ENV === 'test' ? 'shop_test' : 'shop') },
    slaves: [{ host: process.env.DB_READ_HOST, database: 'shop' }],
  },
})
`

const CLICKHOUSE = `import { createClient } from '@clickhouse/client'
export const events = createClient({ url: process.env.CLICKHOUSE_URL })
`

const INDEX = `import { events } from './events'
export const count = (con: any) => con.query('SELECT id FROM "public"."orders"')
export const visits = () => events.query({ query: 'SELECT id FROM shop.visits FINAL' })
`

const SCRIPT = 'CREATE TABLE shop.visits (id UInt64, at DateTime) ENGINE = MergeTree() ORDER BY id;\n'

async function placed(files: Record<string, string>) {
  const map = await mapOf({ 'package.json': PACKAGE, 'src/events.ts': CLICKHOUSE, ...files })
  return {
    datastores: map.datastores.map(({ id, dialect }) => `${id}: ${dialect}`),
    tables: map.accesses.flatMap(({ tables }) => tables.map(({ id }) => id)).sort(),
  }
}

describe('a service with a database for its rows and one for its events', () => {
  test('both of one name', async () => {
    expect(
      await placed({
        'src/source.ts': REPLICATED,
        'src/index.ts': INDEX,
        'clickhouse/migrations/1_visits.sql': SCRIPT,
      }),
    ).toEqual({
      datastores: ['shop-clickhouse: clickhouse', 'shop-postgresql: postgresql'],
      tables: ['shop-clickhouse/visits', 'shop-postgresql/orders'],
    })
  })

  test('that of its rows without a name: what is not seen to run on the other runs on it', async () => {
    expect(
      await placed({
        'src/source.ts':
          "import { DataSource } from 'typeorm'\nexport const source = new DataSource({ type: 'postgres' })\n",
        'src/index.ts': INDEX,
        'clickhouse/migrations/1_visits.sql': SCRIPT,
      }),
    ).toEqual({
      datastores: ['default: postgresql', 'shop: clickhouse'],
      tables: ['default/orders', 'shop/visits'],
    })
  })

  test('that of its events named by statements alone', async () => {
    expect(
      await placed({
        'src/source.ts': REPLICATED,
        'src/index.ts': INDEX.replace('shop.visits', 'web.visits'),
      }),
    ).toEqual({
      datastores: ['default: clickhouse', 'shop: postgresql', 'web: clickhouse'],
      tables: ['shop/orders', 'web/visits'],
    })
  })
})

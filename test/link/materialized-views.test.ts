import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const schema = `CREATE TABLE orders (id int);
CREATE VIEW open_orders AS SELECT * FROM orders;
CREATE MATERIALIZED VIEW order_totals AS SELECT count(*) FROM orders;
CREATE MATERIALIZED VIEW open_totals AS SELECT count(*) FROM open_orders;
`

/** What fills a view reads the tables under it; what writes to one that has no rows of its own writes these. */
test.each([
  ['REFRESH MATERIALIZED VIEW order_totals', ['write order_totals', 'read orders']],
  ['REFRESH MATERIALIZED VIEW CONCURRENTLY open_totals', ['write open_totals', 'read orders']],
  ['UPDATE open_orders SET id = 1', ['write open_orders', 'write orders']],
  ['SELECT * FROM order_totals', ['read order_totals', 'read orders']],
])('%s', async (statement, expected) => {
  const map = await mapOf({
    'schema.sql': schema,
    'src/a.ts': `import { Pool } from 'pg'\nnew Pool().query('${statement}')\n`,
  })
  expect(map.accesses.map(({ tables }) => tables.map(({ op, table }) => `${op} ${table}`))).toEqual([
    expected,
  ])
})

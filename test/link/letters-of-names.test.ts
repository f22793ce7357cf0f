/** A table that is written in other letters than where it is made, where no file names the database. */
import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const tableOf = async (statement: string) => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'explorer', main: 'a.js', dependencies: { pg: '3' } }),
    'client/package.json': JSON.stringify({ name: 'client', scripts: { start: 'node b.js' } }),
    'client/b.js': 'module.exports = 1\n',
    'a.ts': `import { Pool } from 'pg'\nexport const run = (pool: Pool) => pool.query('${statement}')\n`,
    'db/schema.sql': 'CREATE TABLE transactions (id integer PRIMARY KEY);\n',
  })
  return map.accesses.flatMap(({ tables }) => tables.map(({ id }) => id))
}

test.each(['SELECT id FROM transactions', 'SELECT id FROM TRANSACTIONS'])('%s', async statement => {
  expect(await tableOf(statement)).toEqual(['unknown/transactions'])
})

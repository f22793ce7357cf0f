import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const CLEAN = `import { Sequelize } from 'sequelize'
const db = new Sequelize('postgres://db/shop')
export async function clean() {
  await db.query(\`
    DROP TABLE IF EXISTS doubled;
    CREATE TEMP TABLE doubled AS SELECT id FROM orders GROUP BY id;
    CREATE LOCAL TEMPORARY TABLE IF NOT EXISTS "Kept" (id int);
    SELECT id INTO TEMP picked FROM doubled;
    DELETE FROM orders USING doubled, picked WHERE orders.id = doubled.id\`)
  await db.query('INSERT INTO "Kept" SELECT id FROM doubled')
}
`

test('a temporary table is none of the database, in the file that makes it', async () => {
  const map = await mapOf({
    'src/index.ts': "import './clean'\nimport './report'\n",
    'src/clean.ts': CLEAN,
    // Another table that bears the name of a temporary one of another file.
    'src/report.ts': `${CLEAN.slice(0, CLEAN.indexOf('export'))}db.query('SELECT id FROM picked')\n`,
  })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/orders', 'shop/picked'])
  const named = map.accesses.map(({ file, tables }) => [
    file,
    ...new Set(tables.map(({ table, id, system }) => (system ? `(${table})` : id)).sort()),
  ])
  expect(named).toEqual([
    ['src/clean.ts', '(Kept)', '(doubled)', '(picked)', 'shop/orders'],
    ['src/clean.ts', '(Kept)', '(doubled)'],
    ['src/report.ts', 'shop/picked'],
  ])
})

test('a table that scripts make is one, whatever a file makes beside', async () => {
  const map = await mapOf({
    'src/index.ts': CLEAN,
    'migrations/001_init.sql': 'CREATE TABLE doubled (id int);\n',
  })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/doubled', 'shop/orders'])
})

test('one that a routine makes for itself, where it is called', async () => {
  const map = await mapOf({
    'src/index.ts': "import './routine'\nimport './use'\n",
    'src/routine.ts': `import { Sequelize } from 'sequelize'
const db = new Sequelize('postgres://db/shop')
db.query(\`CREATE FUNCTION tidy() RETURNS void LANGUAGE sql AS $$
  CREATE TEMP TABLE spare AS SELECT id FROM orders;
  DELETE FROM orders USING spare WHERE orders.id = spare.id
$$\`)
`,
    'src/use.ts': `import { Sequelize } from 'sequelize'
const db = new Sequelize('postgres://db/shop')
export const tidy = () => db.query('SELECT tidy()')
`,
  })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/orders'])
  const [, use] = map.accesses
  expect(
    use!.tables.filter(({ system }) => !system).map(({ op, id, via }) => `${op} ${id} by ${via}`),
  ).toEqual(['read shop/orders by tidy', 'write shop/orders by tidy'])
})

test('one of several statements that a loop runs, and used by another call', async () => {
  const map = await mapOf({
    'src/index.ts': `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ database: 'shop' })
const statements = ['DROP TEMPORARY TABLE IF EXISTS picked', 'DELETE FROM runs', 'CREATE TEMPORARY TABLE picked AS SELECT id FROM orders']
export async function f() {
  for (const each of statements) await pool.query(each)
  await pool.query('INSERT INTO totals (n) SELECT COUNT(*) FROM picked')
}
`,
  })
  expect(map.tables.map(({ id }) => id)).toEqual(['shop/orders', 'shop/runs', 'shop/totals'])
})

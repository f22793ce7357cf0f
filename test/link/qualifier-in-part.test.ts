/** Tables behind a database's name of which a part is known before the program runs. */
import { expect, test } from 'vitest'
import { type Files, mapOf } from './helper.js'

const service = (name: string, driver: string, code: string): Files => ({
  [`services/${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node a.js' },
    dependencies: { [driver]: '3' },
  }),
  [`services/${name}/a.js`]: code,
})

const pool = (database: string): string =>
  `const mysql = require('mysql2/promise')\nconst pool = mysql.createPool({ database: '${database}' })\n`

/** What a service on `acme_shop` touches beside others on `acme_billing` and `acme_auth`. */
async function touchedBy(code: string): Promise<{ tables: (string | null)[]; unresolved: string[] }> {
  const { accesses, unresolved } = await mapOf({
    'package.json': JSON.stringify({ name: 'acme', private: true, workspaces: ['services/*'] }),
    ...service('billing', 'mysql2', `${pool('acme_billing')}pool.query('SELECT id FROM invoices')\n`),
    ...service('auth', 'mysql2', `${pool('acme_auth')}pool.query('SELECT id FROM users')\n`),
    ...service('shop', 'mysql2', pool('acme_shop') + code),
  })
  return {
    tables: accesses
      .filter(({ service }) => service === 'shop')
      .flatMap(({ tables }) => tables.map(({ id }) => id)),
    unresolved: unresolved.map(({ reason }) => reason),
  }
}

test.each<[string, string, (string | null)[], string[]]>([
  [
    'a prefix with a default',
    "const PREFIX = process.env.DB_PREFIX || 'acme'\npool.query(`SELECT id FROM ${PREFIX}_billing.invoices`)",
    ['acme_billing/invoices'],
    [],
  ],
  [
    'a prefix that is not known',
    'exports.of = tenant => pool.query(`SELECT id FROM ${tenant}_billing.invoices JOIN own ON own.id = invoices.id`)',
    ['acme_billing/invoices', 'acme_shop/own'],
    [],
  ],
  [
    'in quotes, with something known on both sides',
    'exports.of = tenant => pool.query(`DELETE FROM \\`acme_${tenant}_billing\\`.invoices`)',
    [null],
    ['the database of `acme_*_billing.invoices` is not known'],
  ],
  [
    'several databases are called so',
    'exports.of = kind => pool.query(`SELECT id FROM acme_${kind}.runs`)',
    [null],
    ['the database of `acme_*.runs` is not known'],
  ],
  [
    'a whole name with a default',
    "pool.query(`SELECT id FROM ${process.env.AUTH_DB || 'acme_auth'}.users`)",
    ['acme_auth/users'],
    [],
  ],
  [
    'a whole name that is not known: of its own database, as one without',
    'exports.of = database => pool.query(`SELECT id FROM ${database}.carts`)',
    ['acme_shop/carts'],
    [],
  ],
])('%s', async (_, code, tables, unresolved) => {
  expect(await touchedBy(code)).toEqual({ tables, unresolved })
})

test('a schema of PostgreSQL is no database', async () => {
  const code = "const { Pool } = require('pg')\nconst pool = new Pool({ database: 'clinic' })\n"
  const map = await mapOf(
    service(
      'clinic',
      'pg',
      `${code}exports.of = tenant => pool.query(\`SELECT id FROM \${tenant}_visits.notes\`)\n`,
    ),
  )
  expect(map.accesses.flatMap(({ tables }) => tables.map(({ id }) => id))).toEqual(['clinic/notes'])
})

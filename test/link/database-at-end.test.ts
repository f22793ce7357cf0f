import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

/** The datastore that a service with this code runs its statement in, beside another one that a settings file names. */
async function datastoreOf(code: string): Promise<string | null> {
  const map = await mapOf({
    'services/shop/package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node a.js' },
      dependencies: { pg: '8' },
    }),
    'services/shop/.env.example': 'DATABASE_URL=postgres://db/other\nREPORTS_NAME=reports\n',
    'services/shop/a.ts': `import pg from 'pg'\nconst { HOST, USER } = process.env\n${code}`,
  })
  return map.accesses[0]!.datastore
}

const query = "await pool.query('SELECT id FROM orders')\n"

test.each<[string, string | null]>([
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: code
  ['`postgres://${USER}@${HOST}:5432/shop`', 'shop'],
  ['`postgres://${USER}@${HOST}/shop?sslmode=require`', 'shop'],
  ["(process.env.BASE_URL || 'postgres://db:5432') + '/shop'", 'shop'],
  ["`${process.env.BASE_URL}/${process.env.SHOP_NAME || 'shop'}`", 'shop'],
  ['`${process.env.BASE_URL}/${process.env.REPORTS_NAME}`', 'reports'],
  // Nothing of the database: the one that the settings file names.
  ['`postgres://${USER}@${HOST}`', 'other'],
  ['`${process.env.BASE_URL}`', 'other'],
  ['`postgres://db/${USER}_${HOST}`', 'other'],
  ['`postgres://${HOST}/shop` || process.env.DATABASE_URL', 'other'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: code
])('%s', async (url, expected) => {
  expect(await datastoreOf(`const pool = new pg.Pool({ connectionString: ${url} })\n${query}`)).toBe(expected)
})

test.each<[string, string | null]>([
  ["run('shop')", 'shop'],
  ["run('shop'); run('shop')", 'shop'],
  ["run('shop'); run('archive')", null],
])('a name that callers hand over: %s', async (calls, expected) => {
  const run = `async function run(name: string) {
  const pool = new pg.Pool({ connectionString: \`\${process.env.BASE_URL}/\${name}\` })
  ${query}}\n`
  expect(await datastoreOf(run + calls)).toBe(expected)
})

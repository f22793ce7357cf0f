/** An only writer beside a program in a language that is not read: it is marked as not certain where they share a database. */
import { expect, test } from 'vitest'
import { type Files, mapOf } from './helper.js'

const stock: Files = {
  'services/stock/package.json': JSON.stringify({
    name: 'stock',
    scripts: { start: 'node a.js' },
    dependencies: { pg: '8' },
  }),
  'services/stock/a.ts': `import { Pool } from 'pg'
const pool = new Pool({ connectionString: process.env.DATABASE_URL })
await pool.query('INSERT INTO stock (id) VALUES (1)')
`,
}
const ranking: Files = {
  'services/ranking/Dockerfile': 'FROM python:3.12-slim\nCOPY . .\nCMD ["python", "main.py"]\n',
  'services/ranking/main.py': 'import psycopg2\n',
}
const compose = (ranking: string, more = '') => ({
  'docker-compose.yml': `services:
  stock:
    build: services/stock
    environment:
      DATABASE_URL: postgres://u@db/shop
  ranking:
    build: services/ranking
${ranking === '' ? '' : `    environment:\n      DATABASE_URL: ${ranking}\n`}${more}`,
})
const UNCERTAIN = 'not certain: ranking may write it too, by the code in Python, not read here'

test.each<[title: string, files: Files, more: string[] | null]>([
  ['on the same database', { ...ranking, ...compose('postgresql+psycopg2://u@db/shop') }, [UNCERTAIN]],
  ['on another one', { ...ranking, ...compose('postgres://u@db/rankings') }, null],
  ['of whose database nothing tells', { ...ranking, ...compose('') }, null],
  [
    'of whose database a file for all tells',
    { ...ranking, ...compose(''), '.env.example': 'DATABASE_URL=postgres://u@db/shop\n' },
    null,
  ],
  [
    'by a file of its own',
    { ...ranking, ...compose(''), 'services/ranking/.env': 'DATABASE_URL=postgres://u@db/shop\n' },
    [UNCERTAIN],
  ],
  [
    'that the config names',
    {
      ...ranking,
      ...compose('postgres://u@db/shop'),
      'seamripper.yml': 'services: { ranking: { path: services/ranking } }\n',
    },
    [UNCERTAIN],
  ],
  [
    'that is called as another service',
    {
      ...Object.fromEntries(
        Object.entries(ranking).map(([path, text]) => [path.replace('ranking', 'py/stock'), text]),
      ),
      'docker-compose.yml': compose('postgres://u@db/shop')['docker-compose.yml'].replaceAll(
        'services/ranking',
        'services/py/stock',
      ),
    },
    [UNCERTAIN.replace('ranking', 'services/py/stock')],
  ],
])('%s', async (_, files, more) => {
  const map = await mapOf({
    'package.json': '{ "private": true, "workspaces": ["services/*"] }',
    ...stock,
    ...files,
  })
  const table = map.tables.find(({ id }) => id === 'shop/stock')
  expect([table?.owner, ...(table?.evidence ?? []).map(({ reason }) => reason)]).toEqual([
    'stock',
    ...(more === null ? ['only stock connects to shop'] : ['only stock writes it', ...more]),
  ])
})

test('one whose scripts create the table is certain', async () => {
  const map = await mapOf({
    'package.json': '{ "private": true, "workspaces": ["services/*"] }',
    ...stock,
    ...ranking,
    ...compose('postgres://u@db/shop'),
    'services/stock/migrations/V1__stock.sql': 'CREATE TABLE stock (id int);\n',
  })
  expect(map.tables[0]!.evidence).toHaveLength(1)
})

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyze } from '../../analyzers/index.js'
import { temporaryFolder } from './helper.js'

const files = {
  'package.json': '{ "workspaces": ["services/*"] }',
  'services/shop/package.json': '{ "name": "shop", "dependencies": { "pg": "8" } }',
  'services/shop/src/db.ts': `import { Pool } from 'pg'
const pool = new Pool({ host: process.env.DB_HOST })
export const find = (text: string) => pool.query(text)
export class Finder { rows(text: string) { return pool.query(text) } }
export const orders = () => find('SELECT * FROM orders')`,
  'services/shop/src/index.ts': "import { all } from './words'\nall()\n",
  'services/shop/src/jobs.old.ts': `import { find } from './db'
export const run = () => find('DELETE FROM jobs')`,
  'services/shop/src/words.ts': `import { orders } from './db'
export const words = ['one', 'two']
export const all = () => [...words, orders]
`,
}
const WORDS = 'services/shop/src/words.ts'
const words = files[WORDS]

/** Edits of a file that was not read, and whether all is linked anew. */
const edits: [what: string, text: string | Buffer, isLinked: boolean][] = [
  ['a comment', `// two lines\n// more\n${words}`, false],
  ['another word', words.replace('two', 'three'), false],
  ['broken syntax', words.replace(']', ''), false],
  ['SQL', `${words}const one = 'DELETE FROM invoices'`, true],
  ['a call of a wrapper', words.replace("'two'", "find('x')"), true],
  [
    'a call of a method with a common name, where SQL is spoken of',
    `${words}const sql = f => f.rows('')`,
    true,
  ],
  ['the same where it is not', `${words}const f = f => f.rows('')`, false],
  ['the path of a file that nothing ran', words.replace("'two'", "'./jobs.old'"), true],
  ['code that loads others', words.replace("'two'", 'require(name)'), true],
  ['another import', `import './more'\n${words}`, true],
  ['another export', `${words}export const more = 1`, true],
  ['a default of a variable', words.replace("'two'", "process.env.DB_NAME || 'shop'"), true],
  [
    'a table of a schema builder',
    words.replace("'two'", "knex.schema.createTable('t', t => t.increments())"),
    true,
  ],
  ['no text', '', true],
  ['no UTF-8', Buffer.from(`// \xe9\n${words}`, 'latin1'), true],
]

test.each(edits)(
  '%s in a file that was not read: the same bytes as without a cache',
  async (_, text, isLinked) => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'services/shop/src'), { recursive: true })
    for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content)
    const stages: string[] = []
    const cached = async () =>
      JSON.stringify(
        await analyze({ root, cacheDir: join(root, '.cache'), onTiming: stage => stages.push(stage) }),
      )
    const cold = async () => JSON.stringify(await analyze({ root }))
    await cached()
    writeFileSync(join(root, WORDS), text)
    stages.length = 0
    expect(await cached()).toBe(await cold())
    expect(stages.includes('owners and map')).toBe(isLinked)

    // The next run compares with the same earlier one.
    writeFileSync(join(root, WORDS), `${words}// the end\n`)
    expect(await cached()).toBe(await cold())
    rmSync(join(root, WORDS))
    expect(await cached()).toBe(await cold())
  },
)

test('a file that was read, or a changed config, is linked', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'services/shop/src'), { recursive: true })
  for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content)
  const cached = async () => JSON.stringify(await analyze({ root, cacheDir: join(root, '.cache') }))
  const changes: [path: string, text: string][] = [
    ['services/shop/src/db.ts', `// a comment\n${files['services/shop/src/db.ts']}`],
    ['seamripper.yml', 'owners: { shop/orders: shop }\n'],
    ['services/shop/.env', 'DB_HOST=somewhere\n'],
  ]
  let before = await cached()
  for (const [path, text] of changes) {
    writeFileSync(join(root, path), text)
    const now = await cached()
    expect(now).toBe(JSON.stringify(await analyze({ root })))
    if (path !== 'services/shop/.env') expect(now).not.toBe(before)
    before = now
  }
})

test('a file that was not read begins to speak of a function of a library: it is linked', async () => {
  const root = temporaryFolder()
  const library = {
    'package.json': '{ "workspaces": ["libs/*", "services/*"] }',
    'libs/db/package.json': '{ "name": "@shop/db", "main": "index.ts", "dependencies": { "pg": "8" } }',
    'libs/db/index.ts': `import { Pool } from 'pg'
const pool = new Pool()
export const users = {
  find: () => pool.query('SELECT * FROM users'),
  add: () => pool.query('INSERT INTO users DEFAULT VALUES'),
}
`,
    'services/shop/package.json': '{ "name": "shop", "scripts": { "start": "node src/index.js" } }',
    'services/shop/src/index.ts':
      "import { users } from '@shop/db'\nimport { run } from './run'\nrun(users)\n",
    'services/shop/src/run.ts': 'export const run = (db: any) => db\n',
  }
  for (const [path, text] of Object.entries(library)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const reachers = async (cacheDir?: string) =>
    (await analyze({ root, ...(cacheDir && { cacheDir }) })).accesses.map(({ reachedBy }) => reachedBy.join())
  expect(await reachers(join(root, '.cache'))).toEqual(['', ''])
  writeFileSync(join(root, 'services/shop/src/run.ts'), 'export const run = (db: any) => db.add()\n')
  expect(await reachers(join(root, '.cache'))).toEqual(['', 'shop'])
  writeFileSync(join(root, 'services/shop/src/run.ts'), 'export const run = (db: any) => db.find()\n')
  expect(await reachers(join(root, '.cache'))).toEqual(['shop', ''])
})

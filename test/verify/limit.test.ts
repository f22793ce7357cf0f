/** A statement that gets no answer is told with its values, and the others are verified all the same. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { verify } from '../../codemods/verify/index.js'
import { limit } from '../../codemods/verify/limit.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'

vi.setConfig({ testTimeout: 240_000 })
limit.milliseconds = 1500

const project = fileURLToPath(new URL('../..', import.meta.url))

/** More rows than a server counts in a minute: those of a table with itself, ten times. */
const ENDLESS = `SELECT COUNT(*) AS n FROM ${[...'abcdefghij'].map(name => `encounters ${name}`).join(', ')} WHERE a.status = ?`

/** The form that mysql2 gives, and that of mariadb. */
const calls = (rows: '[rows]' | 'rows'): string => `export async function count(status: string) {
  const ${rows} = await db.query('${ENDLESS}', [status])
  return rows
}
export async function ward(id: number) {
  const ${rows} = await db.query('SELECT id, name FROM wards WHERE id = ?', [id])
  return rows
}
`
const MARIADB = `import mariadb from 'mariadb'
const db = mariadb.createPool({ host: 'localhost', database: 'platform' })
${calls('rows')}`

const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

let mysqlUrl: string
beforeAll(async () => {
  const { host, port, user } = await mariadbDatabase()
  mysqlUrl = `mysql://${user}@${host}:${port}`
}, INSTALL_TIMEOUT)

async function verified(files: Record<string, string>): Promise<string[]> {
  const root = writeFolder({ ...platformFiles('mysql'), ...files })
  roots.push(root)
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
  const { operations, repository } = await rewrite({ root, inTransactions: false })
  const found = await verify({ operations, repository, mysqlUrl })
  return found.map(({ outcome }) => (outcome.kind === 'not verified' ? outcome.reason : outcome.kind)).sort()
}

it.each([
  ['mysql2', `import { db } from './db'\n${calls('[rows]')}`],
  ['mariadb', MARIADB],
])('%s: a statement that the server is not done with', async (driver, text) => {
  expect(await verified({ 'shop/src/calls.ts': text })).toEqual([
    'equal',
    `${driver} gave no answer within 1.5 s to the statement with [ 'a' ]`,
  ])
})

it('answers that a driver loses', async () => {
  const losing = `const lost = new Promise(() => {})
const query = async text => (/^S.*\\bFROM\\b/.test(text) ? lost : [{ id: 0 }])
exports.createConnection = async () => ({ query, end: () => lost })
`
  expect(
    await verified({
      'shop/src/calls.ts': MARIADB,
      'shop/node_modules/mariadb/package.json': '{ "name": "mariadb" }',
      'shop/node_modules/mariadb/index.js': losing,
    }),
  ).toEqual([
    "mariadb gave no answer within 1.5 s to the statement with [ 'a' ]",
    'mariadb gave no answer within 1.5 s to the statement with [ 1 ]',
  ])
})

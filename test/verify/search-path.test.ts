/** Statements that name tables without their schemas, on connections that have a search path. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, vi } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { nextSteps } from '../../codemods/next-steps.js'
import { verify } from '../../codemods/verify/index.js'
import { writeFolder } from '../codemods/platform.js'

vi.setConfig({ testTimeout: 120_000 })

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))
const pack = (name: string): string =>
  JSON.stringify({
    name,
    scripts: { start: 'node src/index.js' },
    dependencies: { express: '*', knex: '*', pg: '*' },
  })
const DB = `import knex from 'knex'
export const db = knex({ client: 'pg', connection: 'postgres://localhost/platform', searchPath: 'records' })
`

const root = writeFolder({
  'package.json': JSON.stringify({ private: true, workspaces: ['clinic', 'shop'] }),
  'clinic/package.json': pack('clinic'),
  'clinic/migrations/001_patients.sql': 'CREATE TABLE patients (id uuid PRIMARY KEY, mrn text NOT NULL);\n',
  'clinic/src/db.ts': DB,
  'clinic/src/index.ts': `import express from 'express'
import { db } from './db'
const app = express()
app.post('/', async (req, res) => {
  await db.raw('INSERT INTO patients (id, mrn) VALUES (?, ?)', [req.body.id, req.body.mrn])
  res.end()
})
app.listen(3000)
`,
  'shop/package.json': pack('shop'),
  'shop/src/db.ts': DB,
  'shop/src/index.ts': `import { db } from './db'

export async function find(id: string) {
  const { rows } = await db.raw('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows[0]
}
`,
})
symlinkSync(packages, join(root, 'node_modules'), 'junction')
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('are run with it, and the owner is told to have it', async () => {
  const made = await rewrite({ root, inTransactions: false })
  const { operations, repository } = made
  const [only, ...others] = await verify({ operations, repository, mysqlUrl: null })
  expect(others).toEqual([])
  expect(only!.outcome.kind).toBe('equal')
  expect(nextSteps(made)[0]).toBe(
    'In clinic, open a pool of pg for its operations: it runs its own statements with knex, with the search path of these (its tables are in records).',
  )
})

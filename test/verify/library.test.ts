/** A driver that is a dependency of a library alone, and that the owner has none of yet. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, vi } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { verify } from '../../codemods/verify/index.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'

vi.setConfig({ testTimeout: 120_000 })

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))

const POOL = `import { Pool } from 'pg'

const db = new Pool({ host: 'localhost', database: 'platform' })

export const query = (text: string, values: unknown[]) => db.query(text, values)
`

const FILES = {
  ...platformFiles('postgresql'),
  'data/package.json': JSON.stringify({ name: 'data', version: '1.0.0', dependencies: { pg: '*' } }),
  'data/src/index.ts': POOL,
  'shop/src/calls.ts': `import { query } from '../../data/src/index'

export async function find(id: string) {
  const { rows } = await query('SELECT mrn FROM patients WHERE id = $1', [id])
  return rows
}
`,
}

const root = writeFolder(FILES)
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('is found where the library has it', async () => {
  const { operations, repository } = await rewrite({ root, inTransactions: false })
  const outcome = async () => {
    const [only, ...others] = await verify({ operations, repository, mysqlUrl: null })
    expect(others).toEqual([])
    return only!.outcome
  }
  mkdirSync(join(root, 'clinic/node_modules'))
  symlinkSync(join(packages, 'express'), join(root, 'clinic/node_modules/express'), 'junction')
  expect(await outcome()).toEqual({
    kind: 'not verified',
    reason: `pg is not installed for ${join(root, 'shop')}: install the dependencies first`,
  })
  symlinkSync(packages, join(root, 'data/node_modules'), 'junction')
  expect((await outcome()).kind).toBe('equal')
})

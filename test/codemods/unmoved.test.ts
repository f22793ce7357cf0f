import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planOf } from '../../codemods/index.js'
import type { AccessPlan } from '../../codemods/plan/plan.js'
import { writeFolder } from './platform.js'

const pack = (name: string): string =>
  JSON.stringify({ name, private: true, scripts: { start: 'node src/index.js' } })

/** `shop` asks for the patients of `clinic` in databases that operations do not run on, and as `clinic` does by a library. */
const FILES = {
  'package.json': JSON.stringify({
    name: 'platform',
    private: true,
    workspaces: ['clinic', 'shop', 'shared'],
  }),
  'seamripper.yml':
    "owners:\n  '*/patients': clinic\nservices:\n  clinic:\n    path: clinic\n  shop:\n    path: shop\n",
  'clinic/package.json': pack('clinic'),
  'clinic/Dockerfile': 'FROM node\n',
  'clinic/src/index.ts': "import { explained } from '@platform/shared'\nexplained()\n",
  'shop/package.json': pack('shop'),
  'shop/Dockerfile': 'FROM node\n',
  'shop/src/index.ts': "import { explained } from '@platform/shared'\nexplained()\n",
  'shared/package.json': JSON.stringify({ name: '@platform/shared', main: 'src/index.ts' }),
  'shared/src/index.ts': `import { Pool } from 'pg'
const pool = new Pool({ database: 'platform' })
export const explained = () => pool.query('EXPLAIN SELECT mrn FROM patients')
`,
  'shop/src/sqlite.ts': `import Database from 'better-sqlite3'
const db = new Database('platform.db')
export function mrnOf(id: string) {
  return db.prepare('SELECT mrn FROM patients WHERE id = ?').get(id)
}
export async function nameOf(id: string) {
  return db.prepare('SELECT name FROM patients WHERE id = ?').get(id)
}
`,
  'shop/src/mssql.ts': `import sql from 'mssql'
const pool = new sql.ConnectionPool({ server: 'localhost', database: 'platform' })
export async function mrnOf(id: string) {
  const result = await pool.request().input('id', sql.VarChar, id).query('SELECT mrn FROM patients WHERE id = @id')
  return result.recordset[0]
}
`,
}

describe('statements that are not moved', () => {
  let root: string
  let plans: AccessPlan[]
  beforeAll(async () => {
    root = writeFolder(FILES)
    plans = (await planOf({ root, inTransactions: false })).accesses
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const told = (path: string): (string | null)[][] =>
    plans.filter(({ file }) => file === path).map(({ reason, advice }) => [reason, advice])

  it('tells of better-sqlite3 that it gives its result at once, and what that asks of the function', () => {
    const reason =
      "statements of sqlite are not moved, for operations run on MySQL and PostgreSQL; and better-sqlite3 gives its result at once, which a call over the network can't"
    expect(told('shop/src/sqlite.ts')).toEqual([
      [
        reason,
        'give clinic an endpoint for it, and make this function async, and all that call it, up to where a promise is awaited',
      ],
      [
        reason,
        'give clinic an endpoint for it; the function is async already, so that it can await a call of that',
      ],
    ])
  })

  it('tells of mssql on which databases operations run', () => {
    expect(told('shop/src/mssql.ts')).toEqual([
      [
        'statements of mssql are not moved, for operations run on MySQL and PostgreSQL',
        'give clinic an endpoint for it, and call that by hand',
      ],
    ])
  })

  it('tells of a statement that the owner runs too what the others do', () => {
    expect(told('shared/src/index.ts')).toEqual([
      [
        'the parser does not take its SQL, or it is no plain SELECT, INSERT, UPDATE or DELETE',
        'give clinic an endpoint for what is read of patients here, and call it',
      ],
    ])
  })
})

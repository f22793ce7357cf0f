/** Rewritten operations on real databases: what is right is equal, what is wrong is found, the rest is said. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import type { Operation } from '../../codemods/operation.js'
import { type Verification, verify } from '../../codemods/verify/index.js'
import { renderVerification } from '../../reports/rewrite/verification.js'
import { seamripper } from '../cli/run.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'
import { platformFiles, writeFolder } from './platform.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

const MYSQL = `import { db, plainDb } from './db'

export async function find(id: string) {
  const [rows] = await db.execute('SELECT * FROM patients WHERE id = ?', [id])
  return rows
}

export async function open(status: string, since: Date) {
  const [rows] = await plainDb.query(
    'SELECT e.id, e.started_at, p.balance, p.visits FROM encounters e JOIN patients p ON p.id = e.patient_id WHERE e.status = ? OR e.started_at >= ? ORDER BY e.id',
    [status, since],
  )
  return rows
}

export async function count(active: boolean) {
  const [[row]] = await db.query('SELECT COUNT(*) AS n, MAX(seen_at) AS latest FROM patients WHERE is_active = ?', [active])
  return row
}

export async function admitted(id: string) {
  const [[row]] = await db.query('SELECT COUNT(*) AS n FROM encounters e JOIN patients p ON e.id > 0 WHERE p.id = ?', [id])
  return row
}

export async function close(id: number) {
  await db.query("UPDATE encounters SET status = 'closed' WHERE id = ?", [id])
}
`

const POSTGRESQL = `import { db } from './db'

export async function find(id: string) {
  const { rows } = await db.query('SELECT * FROM patients WHERE id = $1', [id])
  return rows
}

export async function byMrn(mrns: string[]) {
  const { rows } = await db.query('SELECT mrn, visits, tags FROM patients WHERE mrn = ANY($1) ORDER BY id', [mrns])
  return rows
}

export async function close(id: number) {
  await db.query("UPDATE encounters SET status = 'closed' WHERE id = $1", [id])
}
`

const outcomes = (verified: Verification[]) =>
  Object.fromEntries(verified.map(({ operation, outcome }) => [operation.name, outcome]))

/** The operations with one column's type changed, as if it had been read wrongly. */
function withWrongType({ operations }: Rewrite, name: string, column: string): Operation[] {
  return operations
    .filter(operation => operation.name === name)
    .map(operation => ({
      ...operation,
      columns: operation.columns.map(each =>
        each.name === column ? { ...each, type: { kind: 'integer' } as const } : each,
      ),
      uses: operation.uses.map(use => ({
        ...use,
        faces: use.faces.map((face, at) => (operation.columns[at]!.name === column ? 'number' : face)),
      })),
    }))
}

describe.each([
  ['mysql', MYSQL],
  ['postgresql', POSTGRESQL],
] as const)('%s', (dialect, code) => {
  let root: string
  let made: Rewrite
  let mysqlUrl: string | null = null

  beforeAll(async () => {
    root = writeFolder({ ...platformFiles(dialect), 'shop/src/calls.ts': code })
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    made = await rewrite({ root, inTransactions: false })
    if (dialect === 'mysql') {
      const { host, port, user } = await mariadbDatabase()
      mysqlUrl = `mysql://${user}@${host}:${port}`
    }
  }, INSTALL_TIMEOUT)
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('finds reads equal, and does not count what it does not run', async () => {
    const verified = await verify({ operations: made.operations, repository: made.repository, mysqlUrl })
    const found = outcomes(verified)
    expect(found.updateEncounterStatusById).toEqual({
      kind: 'not verified',
      reason: 'it writes: only reads are run',
    })
    delete found.updateEncounterStatusById
    expect(Object.keys(found)).toHaveLength(dialect === 'mysql' ? 4 : 2)
    for (const outcome of Object.values(found)) expect(outcome).toMatchObject({ kind: 'equal' })
  })

  it('finds a number where there was text, and shows it with one row', async () => {
    const column = dialect === 'mysql' ? 'balance' : 'visits'
    const operations = withWrongType(made, 'getPatientById', column)
    const verified = await verify({ operations, repository: made.repository, mysqlUrl })
    const { outcome } = verified[0]!
    if (outcome.kind !== 'different') throw new Error(renderVerification(verified, false))
    const { rows, before, after } = outcome.difference
    expect(rows).toHaveLength(1)
    expect(before).toMatchObject({ rows: [{ [column]: expect.any(String) }] })
    expect(after).toMatchObject({ rows: [{ [column]: expect.any(Number) }] })
  })

  it('ends with 0 where nothing differs, from the command line', () => {
    const url = mysqlUrl === null ? [] : ['--mysql-url', mysqlUrl]
    const { status, stdout, stderr } = seamripper(['verify', root, '--plan', ...url])
    expect(stderr).toBe('')
    expect(stdout).toContain('equal         clinic.getPatientById, called by shop: ')
    expect(stdout).toContain(`${dialect === 'mysql' ? 4 : 2} equal, 0 different, 1 not verified\n`)
    expect(status).toBe(0)
  })

  it('says that nothing was rewritten yet', () => {
    const { status, stderr } = seamripper(['verify', root])
    expect(stderr).toContain('seamripper verify --plan')
    expect(status).toBe(2)
  })
})

it('verifies nothing of MySQL without a server', async () => {
  const root = writeFolder({ ...platformFiles('mysql'), 'shop/src/calls.ts': MYSQL })
  try {
    const { operations, repository } = await rewrite({ root, inTransactions: false })
    const verified = await verify({ operations, repository, mysqlUrl: null })
    expect(verified).toHaveLength(5)
    expect(outcomes(verified).getPatientById).toEqual({
      kind: 'not verified',
      reason: 'there is no database for MySQL: give --mysql-url',
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

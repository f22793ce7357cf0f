/** Statements of drivers other than mysql2 and pg run as the call site's own package runs them. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import { verify } from '../../codemods/verify/index.js'
import { renderVerification } from '../../reports/rewrite/verification.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'

vi.setConfig({ testTimeout: 240_000 })

const project = fileURLToPath(new URL('../..', import.meta.url))

const COLUMNS = 'id, mrn, born, balance, visits, is_active'

/** By dialect and driver: a file of calls. */
const CALLS = {
  mysql: {
    mariadb: `import mariadb from 'mariadb'
const pool = mariadb.createPool({ host: 'localhost', database: 'platform' })
export const one = async (id: string) => await pool.query('SELECT ${COLUMNS}, seen_at, photo FROM patients WHERE id = ?', [id])
export const sum = async (active: boolean) => await pool.execute('SELECT COUNT(*) AS n, SUM(balance) AS s FROM patients WHERE is_active = ?', [active])
export async function add(patientId: string) {
  const result = await pool.query("INSERT INTO encounters (patient_id, status, started_at) VALUES (?, 'open', NOW())", [patientId])
  return result.insertId
}
`,
    knex: `import knex from 'knex'
const db = knex({ client: 'mysql2', connection: { host: 'localhost', database: 'platform', dateStrings: true } })
export async function several(ids: number[]) {
  const [rows] = await db.raw('SELECT id, status, started_at FROM encounters WHERE id IN (?) ORDER BY id', [ids])
  return rows
}
export async function close(id: number) {
  const [result] = await db.raw("UPDATE encounters SET status = 'closed' WHERE id = ?", [id])
  return result.affectedRows
}
`,
    sequelize: `import { QueryTypes, Sequelize } from 'sequelize'
const db = new Sequelize('mysql://localhost/platform')
export const named = (mrn: string) => db.query('SELECT ${COLUMNS} FROM patients WHERE mrn = :mrn OR last_name = :mrn', { replacements: { mrn }, type: QueryTypes.SELECT })
export async function rename(id: number, name: string) {
  await db.query('UPDATE wards SET name = ? WHERE id = ?', { replacements: [name, id] })
}
`,
    typeorm: `import { DataSource } from 'typeorm'
const db = new DataSource({ type: 'mysql', host: 'localhost', database: 'platform' })
export const find = (visits: number) => db.query('SELECT ${COLUMNS}, seen_at FROM patients WHERE visits >= ? ORDER BY id', [visits])
`,
  },
  postgresql: {
    'pg-promise': `import pgPromise from 'pg-promise'
const db = pgPromise()('postgres://localhost/platform')
export const find = (mrn: string) => db.any('SELECT ${COLUMNS}, seen_at, tags FROM patients WHERE mrn = $(mrn)', { mrn })
export async function forget(ids: number[]) {
  const { rowCount } = await db.result('DELETE FROM encounters WHERE id IN ($1:csv)', [ids])
  return rowCount
}
export async function drop(id: number) {
  await db.none('DELETE FROM encounters WHERE id = $1', id)
}
`,
    'postgres.js': `import postgres from 'postgres'
const sql = postgres('postgres://localhost/platform')
export const find = async (mrn: string) => await sql\`SELECT ${COLUMNS}, seen_at, extra FROM patients WHERE mrn = \${mrn}\`
export const several = async (ids: number[]) => await sql\`SELECT id, started_at FROM encounters WHERE id IN \${sql(ids)} ORDER BY id\`
`,
    knex: `import knex from 'knex'
const db = knex({ client: 'pg', connection: 'postgres://localhost/platform' })
export async function add(patient: string, status: string) {
  const { rows } = await db.raw('INSERT INTO encounters (patient_id, status, started_at) VALUES (:patient, :status, now()) RETURNING id, status', { patient, status })
  return rows
}
`,
    sequelize: `import { QueryTypes, Sequelize } from 'sequelize'
const db = new Sequelize('postgres://localhost/platform')
export const bound = (mrn: string) => db.query('SELECT ${COLUMNS}, extra FROM patients WHERE mrn = $1', { bind: [mrn], type: QueryTypes.SELECT })
export async function open(patientId: string) {
  const [row] = await db.query<{ id: number }>("INSERT INTO encounters (patient_id, status, started_at) VALUES ($1, 'open', now()) RETURNING id, status", { bind: [patientId], type: QueryTypes.SELECT })
  return row
}
export const joined = (total: string) => db.query('SELECT o.id, o.total, p.mrn, p.born FROM orders o JOIN patients p ON p.id = o.patient_id WHERE o.total >= $1 ORDER BY o.id', { bind: [total], type: QueryTypes.SELECT })
`,
    typeorm: `import { DataSource } from 'typeorm'
const db = new DataSource({ type: 'postgres', host: 'localhost', database: 'platform' })
export const find = (mrn: string) => db.query('SELECT ${COLUMNS}, seen_at FROM patients WHERE mrn = $1', [mrn])
export async function close(id: number) {
  await db.query("UPDATE encounters SET status = 'closed' WHERE id = $1", [id])
}
`,
    pg: `import { db } from './db'
export async function busy(ward: number) {
  const { rows } = await db.query('SELECT n FROM busy WHERE ward_id = $1 ORDER BY ward_id', [ward])
  return rows
}
`,
    prisma: `import { PrismaClient } from '@prisma/client'
const prisma = new PrismaClient()
export const wards = (name: string) => prisma.$queryRaw\`SELECT id, name FROM wards WHERE name = \${name}\`
export const seen = (mrn: string) => prisma.$queryRaw\`SELECT id, mrn, born, visits, is_active, seen_at, extra FROM patients WHERE mrn = \${mrn}\`
export async function close(id: number) {
  await prisma.$executeRaw\`UPDATE encounters SET status = 'gone' WHERE id = \${id}\`
}
`,
  },
}

/** The one that reads the other comes first in the alphabet. */
const VIEWS = `CREATE VIEW loads AS SELECT ward_id, COUNT(*) AS n FROM encounters GROUP BY ward_id;
CREATE VIEW busy AS SELECT ward_id, n FROM loads WHERE n >= 1;
`

const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

let mysqlUrl: string
beforeAll(async () => {
  const { host, port, user } = await mariadbDatabase()
  mysqlUrl = `mysql://${user}@${host}:${port}`
}, INSTALL_TIMEOUT)

async function rewritten(dialect: 'mysql' | 'postgresql', calls: Record<string, string>): Promise<Rewrite> {
  const files = Object.entries(calls).map(([name, text]): [string, string] => [`shop/src/${name}.ts`, text])
  const root = writeFolder({
    ...platformFiles(dialect),
    'clinic/migrations/V2__views.sql': VIEWS,
    ...Object.fromEntries(files),
  })
  roots.push(root)
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
  return rewrite({ root, inTransactions: false })
}

it.each(['mysql', 'postgresql'] as const)('%s: equal by the package of each', async dialect => {
  const { operations, plan, repository, rewritten: planned } = await rewritten(dialect, CALLS[dialect])
  expect(plan.accesses.filter(({ edit }) => edit === null).map(({ file, reason }) => [file, reason])).toEqual(
    [],
  )
  const verified = await verify({ operations, repository, planned, mysqlUrl })
  const told = renderVerification(verified, false)
  const count = (kind: string) => verified.filter(({ outcome }) => outcome.kind === kind).length
  expect(count('different'), told).toBe(0)
  expect(told.match(/^not verified.*/gm) ?? []).toEqual([])
})

it.each(['mysql', 'postgresql'] as const)('%s: a face of another driver is found', async dialect => {
  const name = dialect === 'mysql' ? 'mariadb' : 'postgres.js'
  const { operations, repository } = await rewritten(dialect, {
    [name]: Object.values(CALLS[dialect])[dialect === 'mysql' ? 0 : 1]!,
  })
  const [wrong] = operations.filter(({ columns }) => columns.some(({ name }) => name === 'visits'))
  const at = wrong!.columns.findIndex(({ name }) => name === 'visits')
  wrong!.uses[0]!.faces[at] = 'number'
  const [verified] = await verify({ operations: [wrong!], repository, mysqlUrl })
  expect(verified!.outcome.kind, renderVerification([verified!], false)).toBe('different')
})

/** Rewritten operations on real databases: what is right is equal, what is wrong is found, the rest is said. */
import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { OPERATIONS_FILE } from '../../analyzers/workspace/recorded.js'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import type { Operation } from '../../codemods/operation.js'
import { recordDifferences } from '../../codemods/verify/difference.js'
import { type Verification, verify } from '../../codemods/verify/index.js'
import { renderVerification } from '../../reports/rewrite/verification.js'
import { seamripper } from '../cli/run.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'

/** Databases in this process begin slowly where others are at work. */
vi.setConfig({ testTimeout: 240_000 })

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

export async function search(term: string | undefined) {
  let sql = 'SELECT COUNT(*) AS n FROM patients WHERE 1 = 1'
  const values: string[] = []
  if (term) {
    sql += ' AND (mrn LIKE ? OR last_name LIKE ?)'
    values.push(\`%\${term}%\`, \`%\${term}%\`)
  }
  const [[row]] = await db.query(sql, values)
  return row
}

export async function active(isActive?: boolean) {
  let sql = 'SELECT id, is_active FROM patients WHERE 1 = 1'
  const values: boolean[] = []
  if (typeof isActive === 'boolean') {
    sql += ' AND is_active = ?'
    values.push(isActive)
  }
  const [rows] = await db.query(\`\${sql} ORDER BY id\`, values)
  return rows
}

export async function byStatus() {
  const [rows] = await db.query('SELECT status, COUNT(*) AS n FROM encounters GROUP BY status ORDER BY n DESC LIMIT 3')
  return rows
}

export async function close(id: number, status: string) {
  await db.query("UPDATE encounters SET status = 'closed' WHERE id <> ? AND status = ?", [id, status])
}

export async function admit(patientId: string, status: string) {
  const [result] = await db.execute('INSERT INTO encounters (patient_id, status, started_at) VALUES (?, ?, NOW())', [patientId, status])
  return result.insertId
}

export async function save(id: string, mrn: string) {
  await db.execute(
    \`INSERT INTO patients (id, mrn, first_name, last_name, balance, visits) VALUES (?, ?, 'a', UUID(), 1.5, 0)
     ON DUPLICATE KEY UPDATE mrn = VALUES(mrn), visits = visits + 1\`,
    [id, mrn],
  )
}

export async function forget(ids: string[]) {
  const [result] = await db.query('DELETE FROM patients WHERE id IN (?)', [ids])
  return result.affectedRows
}

export async function orders(total: number) {
  const [rows] = await db.query(
    'SELECT o.*, p.mrn, p.born FROM orders o LEFT JOIN patients p ON p.id = o.patient_id WHERE o.total >= ? ORDER BY o.id',
    [total],
  )
  return rows
}

export async function ordersOf(asked: any) {
  let where = 'WHERE o.total <> 0'
  const values: any[] = []
  if (asked.patient) {
    where += ' AND o.patient_id = ?'
    values.push(asked.patient)
  }
  if (asked.ids) {
    where += ' AND o.id IN (?)'
    values.push(asked.ids)
  }
  const sql = \`SELECT o.id, p.last_name, p.seen_at FROM orders o LEFT JOIN patients p ON p.id = o.patient_id \${where} ORDER BY o.id LIMIT ?\`
  const [rows] = await db.query(sql, [...values, 3])
  return rows
}

export async function invoiced(status: string, state: string) {
  const [rows] = await db.query(
    \`SELECT e.id, e.status, i.total, p.mrn, COALESCE(i.state, i.note) AS shown
     FROM encounters e JOIN patients p ON p.id = e.patient_id
     LEFT JOIN invoices i ON i.encounter_id = e.id AND i.state <> ?
     WHERE e.status <> ? ORDER BY e.id\`,
    [state, status],
  )
  return rows
}

export async function load(ward: number) {
  const [rows] = await db.query('SELECT name, open_count FROM ward_loads WHERE ward_id = ? ORDER BY ward_id', [ward])
  return rows
}

export async function change(id: string, patch: any) {
  const sets: string[] = []
  const values: any[] = []
  for (const column of ['mrn', 'balance', 'seen_at']) {
    if (patch[column] === undefined) continue
    sets.push(\`\${column} = ?\`)
    values.push(patch[column])
  }
  if (sets.length === 0) return
  values.push(id)
  await db.query(\`UPDATE patients SET \${sets.join(', ')} WHERE id = ?\`, values)
}

export async function page(size: number) {
  const [rows] = await db.execute(\`SELECT id, name FROM wards ORDER BY id LIMIT \${size} OFFSET 1\`)
  return rows
}

const FORMATS = { day: '%Y-%m-%d', month: '%Y-%m' }

export async function started(sort: string, order: string, period: 'day' | 'month') {
  const direction = order === 'desc' ? 'DESC' : 'ASC'
  const format = FORMATS[period]
  const [rows] = await db.query(
    \`SELECT DATE_FORMAT(started_at, '\${format}') AS period, status FROM encounters ORDER BY \${sort === 'status' ? 'status' : 'started_at'} \${direction}, id\`,
  )
  return rows
}

export async function wards(name: string | undefined, isDown: boolean) {
  let sql = 'SELECT id, name FROM wards WHERE id <> 0'
  if (name) sql += \` ORDER BY name \${isDown ? 'DESC' : 'ASC'}\`
  const [rows] = await db.query(sql)
  return rows
}

export async function settle(id: string, paid: number) {
  await plainDb.execute('UPDATE patients SET balance = balance - ? WHERE id = ?', [paid, id])
}

export async function rename(id: number, name: string) {
  await db.execute('UPDATE wards SET name = ? WHERE id = ?', [name, id])
}

export async function startedIn(year: number, month: number) {
  const [rows] = await db.query('SELECT id, started_at FROM encounters WHERE YEAR(started_at) = ? AND MONTH(started_at) = ? ORDER BY id', [year, month])
  return rows
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

export async function close(id: number, status: string) {
  const { rowCount } = await db.query("UPDATE encounters SET status = 'closed' WHERE id <> $1 AND status = $2", [id, status])
  return rowCount
}

export async function admit(patientId: string, status: string) {
  const { rows } = await db.query(
    'INSERT INTO encounters (patient_id, status, started_at) VALUES ($1, $2, now()) RETURNING id, status',
    [patientId, status],
  )
  return rows[0]
}

export async function save(id: number, name: string) {
  await db.query('INSERT INTO wards (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name', [id, name])
}

export async function orders(total: string) {
  const { rows } = await db.query(
    'SELECT o.id, o.total, p.mrn, p.seen_at FROM orders o JOIN patients p ON p.id = o.patient_id WHERE o.total >= $1 ORDER BY o.id',
    [total],
  )
  return rows
}

export async function ordersOf(least: string, patient: string | undefined) {
  let sql = 'SELECT o.id, p.last_name FROM orders o JOIN patients p ON p.id = o.patient_id WHERE o.total >= $1'
  const values = [least]
  if (patient) {
    values.push(patient)
    sql += \` AND o.patient_id = $\${values.length}\`
  }
  const { rows } = await db.query(sql, values)
  return rows
}

export async function forget(id: string) {
  await db.query('DELETE FROM patients WHERE id = $1', [id])
}

export async function invoiced(state: string, id: number) {
  const { rows } = await db.query(
    'SELECT i.*, e.started_at FROM invoices i JOIN encounters e ON e.id = i.encounter_id AND e.id <> $2 WHERE i.state <> $1',
    [state, id],
  )
  return rows
}

export async function change(id: string, patch: any) {
  const sets: string[] = []
  const values: any[] = [id]
  for (const column of ['mrn', 'balance', 'seen_at']) {
    if (patch[column] === undefined) continue
    values.push(patch[column])
    sets.push(\`\${column} = $\${values.length}\`)
  }
  if (sets.length > 0) await db.query(\`UPDATE patients SET \${sets.join(', ')} WHERE id = $1\`, values)
}

export async function active(isActive?: boolean) {
  let sql = 'SELECT id, is_active FROM patients WHERE 1 = 1'
  const values: boolean[] = []
  if (typeof isActive === 'boolean') {
    sql += \` AND is_active = $\${values.length + 1}\`
    values.push(isActive)
  }
  const { rows } = await db.query(\`\${sql} ORDER BY id\`, values)
  return rows
}

export async function recent() {
  const { rows } = await db.query("SELECT id, status FROM encounters WHERE started_at > NOW() - INTERVAL '7 days' ORDER BY id")
  return rows
}

export async function named() {
  const { rows } = await db.query("SELECT id, name FROM wards WHERE name LIKE '%Childr_n%' ORDER BY id")
  return rows
}

export async function begin(patientId: string) {
  const { rows } = await db.query(
    "INSERT INTO encounters (patient_id, status, started_at) VALUES ($1, 'open', now()) RETURNING status, started_at",
    [patientId],
  )
  return rows[0]
}

export async function register(mail: string) {
  const { rows } = await db.query('INSERT INTO portal_users (mail) VALUES ($1) RETURNING *', [mail])
  return rows[0]
}

export async function addWard(id: number, name: string) {
  await db.query('INSERT INTO wards (id, name) VALUES ($1, $2)', [id, name])
}

export async function portalUser(mail: string) {
  const { rows } = await db.query('SELECT id, mail FROM portal_users WHERE mail = $1', [mail])
  return rows
}
`

/** What each call site becomes, and that all of it is equal. */
const EQUAL = {
  mysql: [
    'listEncountersExceptStatus',
    'countEncountersPerStatus',
    'countPatients',
    'createEncounter',
    'deletePatientsByIds',
    'getPatientById',
    'listEncounters',
    'listEncountersByStartedYearAndStartedMonth',
    'listEncountersByStatus',
    'listPatientSummariesByIds',
    'listPatients',
    'listPatientsByIds',
    'listWardLoadsByWard',
    'listWards',
    'listWardsWhereIdNot0',
    'summarizePatientsByIsActive',
    'updateEncountersStatusToClosedByStatus',
    'updatePatientBalanceById',
    'updatePatientById',
    'updateWardNameById',
    'upsertPatient',
  ],
  postgresql: [
    'listInvoicesExceptState',
    'createEncounter',
    'createEncounterWithStatusOpen',
    'createPortalUser',
    'createWard',
    'deletePatientById',
    'getPatientById',
    'listEncountersWhereStartedAt',
    'listPatientSummariesByIds',
    'listPatients',
    'listPatientsByIds',
    'listPatientsByMrns',
    'listPortalUsersByMail',
    'listWardsWhereName',
    'updateEncountersStatusToClosedByStatus',
    'updatePatientById',
    'upsertWard',
  ],
}

const outcomes = (verified: Verification[]) =>
  Object.fromEntries(verified.map(({ operations, outcome }) => [operations[0]!.name, outcome]))

const WRONG_TYPE = 'a number where there was text'

/** One column's type changed, as if it had been read wrongly. */
const withNumber = (column: string) => (operation: Operation) => {
  const at = operation.columns.findIndex(({ name }) => name === column)
  operation.columns[at]!.type = { kind: 'integer' }
  for (const use of operation.uses) use.faces[at] = 'number'
}

type Fault = [what: string, name: string, change: (operation: Operation) => void]

/** Operations changed as if they had been made wrongly. */
function withFaults({ operations }: Rewrite, faults: Fault[]): Operation[] {
  return faults.map(([, name, change]) => {
    const found = structuredClone(operations.find(operation => operation.name === name))
    if (!found) throw new Error(`there is no ${name}`)
    change(found)
    return found
  })
}

/** The text of a statement, changed. */
const retyped = (from: string, to: string) => (operation: Operation) => {
  const text = JSON.stringify(operation.statement)
  expect(text).toContain(from)
  operation.statement = JSON.parse(text.replace(from, to))
}

/** Parameters in each other's place. */
function swapped(operation: Operation): void {
  const [first, second] = operation.parameters.map(({ name }) => name)
  for (const part of operation.statement) {
    if (part.kind === 'parameter') part.parameter = part.parameter === first ? second! : first!
  }
}

const CLOSED: Fault = [
  'a write of another value',
  'updateEncountersStatusToClosedByStatus',
  retyped("'closed'", "'Closed'"),
]

/** Each list in one run. */
const FAULTS: Record<'mysql' | 'postgresql', Fault[][]> = {
  mysql: [
    [
      ['another comparison', 'getPatientById', retyped('id = ', 'id <> ')],
      ['values in the wrong order', 'updateEncountersStatusToClosedByStatus', swapped],
      ['a delete of too much', 'deletePatientsByIds', retyped('id IN', 'visits > 1 OR id IN')],
      ['a write that adds up otherwise', 'upsertPatient', retyped('visits + 1', 'visits + 2')],
      ['an event that changes other rows', 'updateWardNameById', retyped(' WHERE id = ', ' WHERE id <> ')],
      [
        'an inner join for a left one',
        'listPatientsByIds',
        each => (each.uses[0]!.split!.joins[0]!.kind = 'inner'),
      ],
    ],
    [
      [WRONG_TYPE, 'getPatientById', withNumber('balance')],
      ['another order', 'listEncountersByStatus', retyped('ORDER BY e.id', 'ORDER BY e.id DESC')],
      [
        'a column of another one',
        'listPatientSummariesByIds',
        each => (each.uses[0]!.split!.joins[0]!.columns[0]!.column = 'id'),
      ],
      [
        'another filter where one of two is there',
        'listPatientsByIds',
        each => (each.uses[0]!.split!.variants![1]!.text += ' OFFSET 1'),
      ],
    ],
  ],
  postgresql: [
    [
      [WRONG_TYPE, 'getPatientById', withNumber('visits')],
      ['values in the wrong order', 'updateEncountersStatusToClosedByStatus', swapped],
      ['RETURNING of less', 'createEncounter', each => each.columns.pop()],
      ['a write that does nothing', 'upsertWard', retyped('EXCLUDED.name', 'wards.name')],
      [
        'a left join for an inner one',
        'listPatientsByIds',
        each => (each.uses[0]!.split!.joins[0]!.kind = 'left'),
      ],
    ],
  ],
}

/** The whole of an operation, with what was kept of its call sites, as if their code had been misread. */
const misread = (from: string, to: string) => (operation: Operation) => {
  const text = JSON.stringify(operation)
  expect(text).toContain(from)
  expect(JSON.stringify(operation.uses)).toContain(from)
  Object.assign(operation, JSON.parse(text.replaceAll(from, to)))
}

const MISREAD: Record<'mysql' | 'postgresql', Fault[]> = {
  mysql: [
    ['another text', 'updateEncountersStatusToClosedByStatus', misread("'closed'", "'Closed'")],
    ['a number in place of any', 'listWards', misread('OFFSET 1', 'OFFSET 2')],
    ['a condition that is lost', 'updatePatientById', misread('balance = ', 'visits = ')],
    ['another direction', 'listWardsWhereIdNot0', misread('ORDER BY name', 'ORDER BY id')],
    ['a key of its own', 'upsertPatient', misread('visits + 1', 'visits + 2')],
  ],
  postgresql: [
    ['another text', 'updateEncountersStatusToClosedByStatus', misread("'closed'", "'Closed'")],
    ['a column in place of another', 'updatePatientById', misread('balance = ', 'visits = ')],
    ['a comparison', 'listEncountersWhereStartedAt', misread('started_at > ', 'started_at < ')],
  ],
}

/** Of what does not depend on the database. */
const onceIn = (dialect: string) => (name: string, run: () => unknown) => {
  if (dialect === 'mysql') it(name, run as () => void)
}

describe.each([
  ['mysql', MYSQL],
  ['postgresql', POSTGRESQL],
] as const)('%s', (dialect, code) => {
  let root: string
  let made: Rewrite
  let mysqlUrl: string | null = null
  const verified = (operations: Operation[]) =>
    verify({ operations, repository: made.repository, planned: made.rewritten, mysqlUrl })

  beforeAll(async () => {
    const files = platformFiles(dialect)
    files['seamripper.yml'] += '  billing:\n    path: billing\nrewrite:\n  later: [wards]\n'
    files['billing/package.json'] = files['clinic/package.json']!.replace('clinic', 'billing')
    files['billing/Dockerfile'] = 'FROM node\n'
    files['billing/migrations/V1__billing.sql'] =
      'CREATE TABLE invoices (id integer NOT NULL PRIMARY KEY, encounter_id integer NOT NULL, total numeric(10,2), state varchar(20) NOT NULL, note varchar(80));\n'
    if (dialect === 'postgresql') {
      files['clinic/package.json'] = files['clinic/package.json']!.replace('express', 'fastify')
      files['seamripper.yml'] = files['seamripper.yml'].replace('wards', 'nothing')
      files['clinic/migrations/V2__portal.sql'] =
        'CREATE EXTENSION citext;\nCREATE TABLE portal_users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), mail citext NOT NULL);\n'
    }
    root = writeFolder({ ...files, 'shop/src/calls.ts': code })
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    made = await rewrite({ root, inTransactions: false })
    if (dialect === 'mysql') {
      const { host, port, user } = await mariadbDatabase()
      mysqlUrl = `mysql://${user}@${host}:${port}`
    }
  }, INSTALL_TIMEOUT)
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('finds lifts, splits and events equal, from the command line', () => {
    const url = mysqlUrl === null ? [] : ['--mysql-url', mysqlUrl]
    const { status, stdout, stderr } = seamripper(['verify', root, '--plan', ...url])
    expect(stderr).toBe('')
    const names = [...stdout.matchAll(/^equal {9}(?:clinic|billing)\.(\w+)/gm)].map(([, name]) => name)
    expect(names, stdout).toEqual(EQUAL[dialect])
    expect(stdout).toContain(`${EQUAL[dialect].length} equal, 0 different, 0 not verified\n`)
    expect(status).toBe(0)
    expect(existsSync(join(root, OPERATIONS_FILE))).toBe(false)
  })

  it.each(FAULTS[dialect].map(faults => [faults]))('finds what is wrong, %#', async faults => {
    const found = await verified(withFaults(made, faults))
    const kinds = found.map(({ operations, outcome }) => [operations[0]!.name, outcome.kind])
    expect(kinds, renderVerification(found, false)).toEqual(faults.map(([, name]) => [name, 'different']))
    const typed = found[faults.findIndex(([what]) => what === WRONG_TYPE)]?.outcome
    if (typed?.kind !== 'different') return
    const { rows, before, after } = typed.difference
    const column = dialect === 'mysql' ? 'balance' : 'visits'
    expect(rows).toHaveLength(1)
    expect(before).toMatchObject({ rows: [{ [column]: expect.any(String) }] })
    expect(after).toMatchObject({ rows: [{ [column]: expect.any(Number) }] })
  })

  it('finds what is wrong in the same way in what was kept of the call site', async () => {
    const faults = MISREAD[dialect]
    const found = await verified(withFaults(made, faults))
    const kinds = found.map(({ operations, outcome }) => [operations[0]!.name, outcome.kind])
    expect(kinds, renderVerification(found, false)).toEqual(faults.map(([, name]) => [name, 'different']))
  })

  onceIn(dialect)('has what is different refused by the next rewrite, until it is equal', async () => {
    const wrong = withFaults(made, [CLOSED])
    const record = async (operations: Operation[], different: Rewrite['different']) =>
      recordDifferences(root, await verified(operations), { operations: [], alone: [], different })
    await record(wrong, [])
    const refused = await rewrite({ root, inTransactions: false })
    const call = refused.plan.accesses.find(({ reason }) => reason.startsWith('verify found'))!
    expect(call).toMatchObject({ strategy: 'by hand', edit: null })
    expect(call.reason).toMatch(
      /^verify found that it would give something else: with: .*; row of platform\/encounters: .*; before: .*'closed'.*; after: .*'Closed'/s,
    )
    expect(refused.operations.map(({ name }) => name)).not.toContain(wrong[0]!.name)
    const again = await rewrite({ root, inTransactions: false, mayDiffer: true })
    expect(again.operations.map(({ id }) => id)).toContain(wrong[0]!.id)
    await record(
      again.operations.filter(({ id }) => id === wrong[0]!.id),
      refused.different,
    )
    expect(existsSync(join(root, OPERATIONS_FILE))).toBe(false)
  })

  onceIn(dialect)('says that nothing was rewritten yet', () => {
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
    // There is no billing here.
    expect(verified).toHaveLength(EQUAL.mysql.length - 1)
    expect(outcomes(verified).getPatientById).toEqual({
      kind: 'not verified',
      reason: 'there is no database for MySQL: give --mysql-url',
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

/** Operations that take rows, as their call sites ran them and as they run now, on real databases. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import type { Operation } from '../../codemods/operation.js'
import { verify } from '../../codemods/verify/index.js'
import { renderVerification } from '../../reports/rewrite/verification.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { mariadbDatabase } from '../support/databases.js'

vi.setConfig({ testTimeout: 240_000 })

const project = fileURLToPath(new URL('../..', import.meta.url))

const MYSQL = `import { db } from './db'

export async function kept(rows: any[][]) {
  const [result] = await db.query<any>('INSERT INTO encounters (patient_id, status, started_at) VALUES ?', [rows])
  return [result.affectedRows, result.insertId]
}

export async function named(rows: { id: number; name: string }[]) {
  const marks = rows.map(() => '(?, ?)').join(', ')
  await db.execute(
    \`INSERT INTO wards (id, name) VALUES \${marks} ON DUPLICATE KEY UPDATE name = VALUES(name)\`,
    rows.flatMap(row => [row.id, row.name]),
  )
}

export async function begun(ids: string[], ward: number) {
  const values = ids.map(id => [id, ward]).flat()
  await db.query(
    \`INSERT INTO encounters (patient_id, ward_id, status, started_at) VALUES \${ids.map(() => "(?, ?, 'open', '2024-01-01')").join(',')}\`,
    values,
  )
}
`

const POSTGRESQL = `import { db } from './db'

export async function begun(patients: { id: string; ward: number }[]) {
  const marks = patients.map((_, i) => \`($\${i * 2 + 1}, $\${i * 2 + 2}, 'open', '2024-01-01')\`).join(', ')
  const { rows } = await db.query(
    \`INSERT INTO encounters (patient_id, ward_id, status, started_at) VALUES \${marks} RETURNING patient_id, ward_id\`,
    patients.flatMap(each => [each.id, each.ward]),
  )
  return rows
}

export async function named(rows: { id: number; name: string }[]) {
  const values = rows.flatMap(row => [row.id, row.name])
  const marks = rows.map((_, at) => {
    const first = at * 2
    return \`($\${first + 1}, $\${first + 2})\`
  })
  await db.query(
    \`INSERT INTO wards (id, name) VALUES \${marks.join(', ')} ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name\`,
    values,
  )
}
`

/** As if two columns of the rows had been exchanged. */
function exchanged(operation: Operation): Operation {
  const wrong = structuredClone(operation)
  const part = wrong.statement.find(each => each.kind === 'rows')!
  const names = part.parts.filter(each => each.kind === 'parameter')
  const [first, second] = names.map(each => each.parameter)
  names[0]!.parameter = second!
  names[1]!.parameter = first!
  return wrong
}

it.each([
  ['mysql', MYSQL, ['createEncounters', 'createEncountersWithStartedAt', 'upsertWards']],
  ['postgresql', POSTGRESQL, ['createEncounters', 'upsertWards']],
] as const)('%s: equal, and different where it is wrong', async (dialect, code, names) => {
  const root = writeFolder({ ...platformFiles(dialect), 'shop/src/calls.ts': code })
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
  try {
    const { operations, repository, rewritten } = await rewrite({ root, inTransactions: false })
    expect(operations.map(({ name }) => name)).toEqual(names)
    const { host, port, user } = await mariadbDatabase()
    const mysqlUrl = dialect === 'mysql' ? `mysql://${user}@${host}:${port}` : null
    const verified = await verify({ operations, repository, planned: rewritten, mysqlUrl })
    expect(
      verified.map(({ outcome }) => outcome.kind),
      renderVerification(verified, false),
    ).toEqual(names.map(() => 'equal'))
    const wards = operations.filter(({ name }) => name === 'upsertWards').map(exchanged)
    const wrong = await verify({ operations: wards, repository, planned: rewritten, mysqlUrl })
    expect(wrong[0]!.outcome.kind).toBe('different')
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

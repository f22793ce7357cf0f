/** Tables whose key has fewer values than there are rows otherwise, and columns of a few bits. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { verify } from '../../codemods/verify/index.js'
import { renderVerification } from '../../reports/rewrite/verification.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

const SCHEMA = `CREATE TABLE modes (code TINYINT(1) NOT NULL PRIMARY KEY, label VARCHAR(40) NOT NULL);
CREATE TABLE words (kind ENUM('a','b') NOT NULL PRIMARY KEY, note VARCHAR(40) NULL);
CREATE TABLE numbers (patient INT NOT NULL, is_main TINYINT(1) NOT NULL, note VARCHAR(40) NULL, PRIMARY KEY (patient, is_main));
CREATE TABLE bits (id INT NOT NULL PRIMARY KEY, is_open BIT(1) NOT NULL, mask BIT(10) NOT NULL);
`

const CALLS = `import { db } from './db'

export async function mode(code: number) {
  const [rows] = await db.query<any[]>('SELECT label FROM modes WHERE code = ?', [code])
  return rows
}

export async function word(kind: string) {
  const [rows] = await db.query<any[]>('SELECT note FROM words WHERE kind = ?', [kind])
  return rows
}

export async function put(patient: number, isMain: boolean, note: string) {
  await db.execute(
    'INSERT INTO numbers (patient, is_main, note) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE note = VALUES(note)',
    [patient, isMain, note],
  )
}

export async function bits(id: number) {
  const [rows] = await db.query<any[]>('SELECT is_open, mask FROM bits WHERE id = ?', [id])
  return rows
}
`

it(
  'are verified',
  async () => {
    const root = writeFolder({
      ...platformFiles('mysql'),
      'clinic/migrations/V2__few.sql': SCHEMA,
      'shop/src/calls.ts': CALLS,
    })
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    try {
      const { operations, repository, rewritten } = await rewrite({ root, inTransactions: false })
      const { host, port, user } = await mariadbDatabase()
      const mysqlUrl = `mysql://${user}@${host}:${port}`
      const verified = await verify({ operations, repository, planned: rewritten, mysqlUrl })
      expect(
        verified.map(({ outcome }) => outcome.kind),
        renderVerification(verified, false),
      ).toEqual(['equal', 'equal', 'equal', 'equal'])
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
  INSTALL_TIMEOUT,
)

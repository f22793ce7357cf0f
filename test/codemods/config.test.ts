/** What `rewrite` in seamripper.yml changes: writes that become events, and reference data. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'
import { typeErrors } from './support/type-errors.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

const CALLS = `import { db } from './db'

export async function admit(patientId: string, status: string) {
  const conn = await db.getConnection()
  await conn.beginTransaction()
  await conn.execute('UPDATE orders SET total = 0 WHERE patient_id = ?', [patientId])
  await conn.execute(
    'INSERT INTO encounters (patient_id, status, started_at) VALUES (?, ?, NOW())',
    [patientId, status],
  )
  await conn.commit()
}

export async function ward(id: number) {
  const [rows] = await db.query<any[]>('SELECT name FROM wards WHERE id = ?', [id])
  return rows
}
`

describe('rewrite in the config', () => {
  let root = ''
  const made = async (config: string): Promise<Rewrite> => {
    const files = platformFiles('mysql')
    files['seamripper.yml'] += config
    root = writeFolder({ ...files, 'shop/src/calls.ts': CALLS })
    return rewrite({ root, inTransactions: false })
  }
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('makes events of writes that may be applied later, by the connection and so in the transaction of the write', async () => {
    const { plan, changes } = await made('rewrite:\n  later: platform/encounters\n')
    const [event] = plan.accesses
    expect(event).toMatchObject({ strategy: 'event', reason: 'clinic may apply it later, the config says' })
    expect(plan.operations.find(({ id }) => id === event!.operations[0])).toMatchObject({
      name: 'createEncounter',
      event: 'clinic.encounter.created',
    })
    const call = changes.find(({ path }) => path === 'shop/src/calls.ts')!.after
    expect(call).toContain("import { clinicEvents } from './seamripper/events/clinic'\n")
    expect(call).toContain('  await clinicEvents.encounterCreated(conn, { patientId, status })\n')
    expect(changes.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'shop/src/seamripper/events/clinic.ts',
        'clinic/src/seamripper/events/subscribe.ts',
      ]),
    )
  })

  it('makes none of a write whose errors the code looks at', async () => {
    const files = platformFiles('mysql')
    files['seamripper.yml'] += 'rewrite:\n  later: platform/encounters\n'
    const calls = `import { db } from './db'

export async function admit(patientId: string) {
  try {
    await db.execute("INSERT INTO encounters (patient_id, status, started_at) VALUES (?, 'open', NOW())", [patientId])
  } catch (error: any) {
    if (error.code === 'ER_DUP_ENTRY') return false
    throw error
  }
  return true
}
`
    root = writeFolder({ ...files, 'shop/src/calls.ts': calls })
    const { plan } = await rewrite({ root, inTransactions: false })
    expect(plan.accesses[0]).toMatchObject({
      edit: null,
      reason: 'its errors are looked at, which an event does not have: `error.code` at shop/src/calls.ts:7',
    })
  })

  describe('beside', () => {
    it('keeps the write, and publishes it after it, once', async () => {
      const { plan, changes } = await made('rewrite:\n  beside: platform/encounters\n')
      expect(plan.accesses[0]).toMatchObject({
        strategy: 'event',
        reason: 'it stays, and is published beside, the config says',
        lost: [
          'as long as both use one database, clinic must not apply the events: the write is made already',
          '`NOW` is what it is when clinic applies the event',
        ],
      })
      const call = changes.find(({ path }) => path === 'shop/src/calls.ts')!.after
      expect(call).toContain(`    [patientId, status],
  )
  await clinicEvents.encounterCreated(conn, { patientId, status })
  await conn.commit()
`)
      writeChanges(root, changes)
      const second = await rewrite({ root, inTransactions: false })
      expect(second.changes.map(({ path }) => path)).toEqual([])
      expect(second.removals).toEqual([])
      expect(second.plan.accesses[0]).toMatchObject({
        strategy: 'event',
        reason: 'it stays, and is published beside already',
        edit: null,
      })
    })

    it.each([
      ['a value that would be another one', '[patientId, next()]', 'can not be read once more'],
      ['the time', '[patientId, new Date()]', 'can not be read once more'],
      ['a value that changes', '[patientId, turn]', 'can not be read once more'],
    ])('leaves alone what has %s', async (_, values, reason) => {
      const files = platformFiles('mysql')
      files['seamripper.yml'] += 'rewrite:\n  beside: platform/encounters\n'
      root = writeFolder({
        ...files,
        'shop/src/calls.ts': `${CALLS.replace('[patientId, status]', values)}\nlet turn = '1'\nconst next = () => (turn = turn + 1)\n`,
      })
      const { plan } = await rewrite({ root, inTransactions: false })
      expect(plan.accesses[0]).toMatchObject({ strategy: 'by hand' })
      expect(plan.accesses[0]!.reason).toContain(reason)
    })

    it('leaves what looks at the result of the write as it is', async () => {
      const files = platformFiles('mysql')
      files['seamripper.yml'] += 'rewrite:\n  beside: wards\n'
      const code = `import { db } from './db'

export async function rename(id: number, name: string) {
  const [result] = await db.query<any>('UPDATE wards SET name = ? WHERE id = ?', [name, id])
  return result.affectedRows
}
`
      root = writeFolder({ ...files, 'shop/src/calls.ts': code })
      const { changes } = await rewrite({ root, inTransactions: false })
      expect(changes.find(({ path }) => path === 'shop/src/calls.ts')!.after).toBe(
        code
          .replace('\n\n', "\nimport { clinicEvents } from './seamripper/events/clinic'\n\n")
          .replace('[name, id])\n', '[name, id])\n  await clinicEvents.wardUpdated(db, { name, id })\n'),
      )
    })

    it('leaves alone a write after which nothing can stand', async () => {
      const files = platformFiles('mysql')
      files['seamripper.yml'] += 'rewrite:\n  beside: wards\n'
      root = writeFolder({
        ...files,
        'shop/src/calls.ts': `import { db } from './db'\n\nexport const save = (id: number) => db.query('UPDATE wards SET name = "x" WHERE id = ?', [id])\n`,
      })
      const { plan } = await rewrite({ root, inTransactions: false })
      expect(plan.accesses[0]!.reason).toContain('no statement by itself')
    })
  })

  it('type-checks', async () => {
    const { changes } = await made('rewrite:\n  later: [encounters]\n')
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    writeChanges(root, changes)
    const errors = typeErrors(root, ['shop/src/calls.ts', 'clinic/src/seamripper/router.ts'])
      // The platform's own pool has an option that is not typed.
      .filter(error => !error.startsWith('/shop/src/db.ts'))
    expect(errors).toEqual([])
  })

  it('leaves a write in a transaction alone without being told', async () => {
    const { plan } = await made('')
    expect(plan.accesses[0]).toMatchObject({ strategy: 'by hand' })
    expect(plan.accesses[0]!.lost[0]).toContain('no longer commits or rolls back')
  })

  it('lets clients keep reference data', async () => {
    const { plan } = await made("rewrite:\n  reference: ['platform/w*']\n")
    expect(plan.operations.find(({ name }) => name === 'getWardById')?.reference).toBe(true)
  })

  it('tells what is wrong with it', async () => {
    await expect(made('rewrite:\n  latr: [x]\n')).rejects.toThrow('unknown key "latr"')
  })
})

/** What `rewrite` in seamripper.yml changes: writes that become events, and reference data. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterEach, describe, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'

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

  it('type-checks', async () => {
    const { changes } = await made('rewrite:\n  later: [encounters]\n')
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    writeChanges(root, changes)
    const program = ts.createProgram(
      [join(root, 'shop/src/calls.ts'), join(root, 'clinic/src/seamripper/router.ts')],
      {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Preserve,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        types: ['node'],
        typeRoots: [join(project, 'node_modules/@types')],
      },
    )
    const errors = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${file?.fileName.slice(root.length)} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      )
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

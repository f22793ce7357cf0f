import { rmSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { nextSteps } from '../../codemods/next-steps.js'
import { platformFiles, writeFolder } from './platform.js'

const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

const CALLS = `import { db } from './db'

export async function find(id: string) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}
`

/** The steps that the owner has to do, before its address is set. */
async function stepsOf(files: Record<string, string>): Promise<string[]> {
  const platform = { ...platformFiles('mysql'), 'shop/src/calls.ts': CALLS, ...files }
  const root = writeFolder(platform)
  roots.push(root)
  const made = await rewrite({ root, inTransactions: false })
  return nextSteps(made)
    .map(step => step.split(':')[0]!)
    .slice(0, -2)
}

const CLINIC = {
  'seamripper.yml':
    'services:\n  clinic:\n    path: clinic\n  shop:\n    path: shop\nowners:\n  platform/patients: clinic\n',
  'clinic/src/db.ts': '',
  'clinic/src/patients.ts': '',
}

it.each([
  ['runs statements itself', {}, ['In clinic, mount its operations']],
  ['has the driver, and runs nothing yet', CLINIC, ['In clinic, mount its operations']],
  [
    'has no driver',
    { ...CLINIC, 'clinic/package.json': '{ "name": "clinic", "dependencies": { "express": "*" } }' },
    ['In clinic, install mysql2 and open a pool for its operations', 'In clinic, mount its operations'],
  ],
])('an owner that %s', async (_, files, steps) => {
  expect(await stepsOf(files)).toEqual(steps)
})

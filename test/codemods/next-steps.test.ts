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
  [
    'is of Nest',
    {
      ...CLINIC,
      'clinic/package.json': '{ "name": "clinic", "dependencies": { "@nestjs/common": "*", "mysql2": "*" } }',
    },
    [
      'In clinic, add a controller of Nest that answers POST /api/v1/operations/<name> with createServer({ database',
    ],
  ],
])('an owner that %s', async (_, files, steps) => {
  expect(await stepsOf(files)).toEqual(steps)
})

it('an owner that gets events alone', async () => {
  const files = platformFiles('mysql')
  const calls = `import { db } from './db'

export async function discharge(id: number) {
  await db.execute("UPDATE encounters SET status = 'closed' WHERE id = ?", [id])
}
`
  const root = writeFolder({
    ...files,
    'seamripper.yml': `${files['seamripper.yml']}rewrite:\n  later: platform/encounters\n`,
    'shop/src/calls.ts': calls,
  })
  roots.push(root)
  expect(nextSteps(await rewrite({ root, inTransactions: false }))).toEqual([
    'Run shop/src/seamripper/migrations/outbox.sql in the database of shop, and start a Relay there, which publishes its events.',
    'Run clinic/src/seamripper/migrations/inbox.sql in the database of clinic, and call subscribe of events/subscribe there, which applies them.',
    'Read the changes, type-check both sides, and run their tests: git diff',
  ])
})

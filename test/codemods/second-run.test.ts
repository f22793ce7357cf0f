/** What a first run moved away must not make the rest look clearer than it was. */
import { rmSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'

const root = writeFolder({
  ...platformFiles('postgresql'),
  'shop/src/reader.ts': `import pgPromise from 'pg-promise'

const reader = pgPromise()('postgres://localhost/platform')

export const named = (name: string) => reader.any('SELECT mrn FROM patients WHERE last_name = $1', [name])
`,
  'shop/src/orders.ts': `import { db } from './db'

export const orders = () => db.query('SELECT id FROM orders')
`,
  'shop/src/touch.ts': `import { store } from 'some-store'

export async function touch(id: string) {
  await store.query('UPDATE patients SET visits = 0 WHERE id = $1', [id])
}
`,
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('leaves a statement whose driver was open while the service had two', async () => {
  const first = await rewrite({ root, inTransactions: false })
  const open = ({ plan }: typeof first) => plan.accesses.find(({ file }) => file === 'shop/src/touch.ts')!
  expect(open(first).reason).toBe('the driver that executes it is not known')
  expect(first.rewritten.map(({ file }) => file)).toEqual(['shop/src/reader.ts'])
  writeChanges(root, first.changes, first.removals)
  const second = await rewrite({ root, inTransactions: false })
  expect(second.repository.map.accesses.find(({ file }) => file === 'shop/src/touch.ts')!.driver).toBe('pg')
  expect(open(second).reason).toBe('the driver that executes it is not known')
  expect(second.changes).toEqual([])
})

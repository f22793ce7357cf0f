/** `--in-transactions` gives up what a caller's transaction guarantees, and nothing else. */
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planOf } from '../../codemods/index.js'
import type { AccessPlan } from '../../codemods/plan/plan.js'
import { platformFiles, writeFolder } from './platform.js'

const REPOSITORY = `import type { PoolClient } from 'pg'

export async function touch(client: PoolClient, id: string) {
  await client.query('UPDATE patients SET visits = 0 WHERE id = $1', [id])
}

export async function close(client: PoolClient, id: number) {
  await client.query("UPDATE encounters SET status = 'done' WHERE id = $1", [id])
}
`

const SERVICE = `import { db } from './db'
import { close, touch } from './repository'

export async function move(id: string) {
  const client = await db.connect()
  await client.query('BEGIN')
  await touch(client, id)
  await client.query('COMMIT')
}

export async function end(tenant: string, id: number) {
  const client = await db.connect()
  await client.query('BEGIN')
  await client.query("SELECT set_config('app.tenant', $1, true)", [tenant])
  await close(client, id)
  await client.query('COMMIT')
}
`

const root = writeFolder({
  ...platformFiles('postgresql'),
  'shop/src/repository.ts': REPOSITORY,
  'shop/src/service.ts': SERVICE,
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let plans: AccessPlan[]
beforeAll(async () => {
  const { accesses } = await planOf({ root, inTransactions: true })
  plans = accesses.filter(({ file }) => file === 'shop/src/repository.ts')
})

it('lifts a statement that a caller runs in its transaction, and tells what is lost', () => {
  const [touch] = plans
  expect(touch!.strategy).toBe('lift')
  expect(touch!.lost).toContain(
    'it no longer commits or rolls back with the transaction that begins at shop/src/service.ts:6, which shop/src/service.ts:7 hands over',
  )
})

it('leaves one whose session has settings that the owner does not have', () => {
  const [, close] = plans
  expect(close!.strategy).toBe('by hand')
  expect(close!.reason).toBe(
    "it runs on `client`, whose session has settings of its own (shop/src/service.ts:14), which the owner's has not",
  )
})

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planOf } from '../../codemods/index.js'
import type { AccessPlan } from '../../codemods/plan/plan.js'
import { platformFiles, writeFolder } from './platform.js'

const CODE = `import { db } from './db'

export async function oneAfterTheOther(ids: string[]) {
  const found = []
  for (const id of ids) {
    const { rows } = await db.query('SELECT mrn FROM patients WHERE id = $1', [id])
    found.push(rows[0])
  }
  return found
}

export async function together(ids: string[]) {
  return Promise.all(
    ids.map(async id => {
      const { rows } = await db.query('SELECT mrn FROM patients WHERE id = $1', [id])
      return rows[0]
    }),
  )
}

export async function afterWaiting(ids: string[], ready: Promise<void>) {
  return Promise.all(
    ids.map(async id => {
      await ready
      const { rows } = await db.query('SELECT mrn FROM patients WHERE id = $1', [id])
      return rows[0]
    }),
  )
}

export async function write(ids: string[]) {
  while (ids.length > 0) await db.query('UPDATE patients SET visits = 0 WHERE id = $1', [ids.pop()])
}

export async function over(names: string[]) {
  const { rows } = await db.query('SELECT mrn FROM patients WHERE last_name = ANY($1)', [names])
  for (const row of rows) console.log(row.mrn)
}
`

let root: string
let plans: AccessPlan[]
beforeAll(async () => {
  root = writeFolder({ ...platformFiles('postgresql'), 'shop/src/loops.ts': CODE })
  plans = (await planOf({ root, inTransactions: false })).accesses
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('tells of calls in loops where these are, and which go in one request', () => {
  expect(plans.map(({ line, loop }) => [line, loop])).toEqual([
    [
      6,
      'each round of the `for` at shop/src/loops.ts:5 makes a call over the network; begun together (`Promise.all`) they would go in one request',
    ],
    [
      15,
      'each round of the `map` at shop/src/loops.ts:14 makes a call over the network; those of one tick go in one request',
    ],
    [
      25,
      'each round of the `map` at shop/src/loops.ts:23 makes a call over the network; begun together (`Promise.all`) they would go in one request',
    ],
    [32, 'each round of the `while` at shop/src/loops.ts:32 makes a call over the network'],
    [36, null],
  ])
  expect(plans[0]!.lost).toEqual([plans[0]!.loop])
})

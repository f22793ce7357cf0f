import { expect, test } from 'vitest'
import type { Operation } from '../../codemods/operation.js'
import type { AccessPlan, RewritePlan } from '../../codemods/plan/plan.js'
import type { Verification } from '../../codemods/verify/index.js'
import { renderPlan } from '../../reports/rewrite/plan.js'
import { renderVerification } from '../../reports/rewrite/verification.js'

function byHand(line: number, reason: string, table = 'shop/users'): AccessPlan {
  return {
    access: String(line),
    service: 'orders',
    reachedBy: ['orders'],
    file: 'orders/index.js',
    line,
    column: 1,
    isUnused: false,
    owners: ['users'],
    tables: [table],
    strategy: 'by hand',
    reason,
    advice: 'set `allowJs`',
    lost: [],
    loop: null,
    operations: [],
    edit: null,
  }
}

test('a reason of the plan is told once, for all the places that it holds for, and beside a place that its file seems dead', () => {
  const plan: RewritePlan = {
    schemaVersion: 1,
    alone: [],
    operations: [],
    accesses: [
      byHand(1, 'it is JavaScript'),
      { ...byHand(2, 'it has no text'), isUnused: true },
      byHand(3, 'it is JavaScript', 'shop/carts'),
    ],
  }
  expect(renderPlan(plan, false)).toBe(`3 by hand of 3 cross-service accesses

by hand (3)

  orders/index.js:1  shop/users
  orders/index.js:3  shop/carts
      it is JavaScript
      by hand: set \`allowJs\`

  orders/index.js:2  shop/users  nothing is seen to run this file: delete it if it is dead
      it has no text
      by hand: set \`allowJs\`
`)
})

test.each<[string, string[], string]>([
  ['none', ['id', 'email', 'token_count', 'shipping', 'spin', 'passed'], ''],
  [
    'some',
    ['id', 'password_hash', 'resetToken', 'api_key'],
    '  answers with password_hash, resetToken, api_key: select what is needed instead',
  ],
])('columns that should not leave their service are told beside the place: %s', (_, names, told) => {
  const columns = names.map(name => ({ name, type: { kind: 'text' } }))
  const operation = { id: 'users/getUser', owner: 'users', name: 'getUser', columns } as unknown as Operation
  const access: AccessPlan = {
    ...byHand(1, 'it is read'),
    strategy: 'lift',
    advice: null,
    operations: [operation.id],
  }
  expect(
    renderPlan({ schemaVersion: 1, alone: [], operations: [operation], accesses: [access] }, false),
  ).toContain(`  orders/index.js:1  users.getUser${told}\n`)
})

test('what kept many from being verified is told once', () => {
  const verification = (name: string, outcome: Verification['outcome']) => ({
    operations: [{ owner: 'users', name } as Operation],
    consumer: 'orders',
    strategy: 'lift' as const,
    outcome,
  })
  const verified = [
    verification('getUser', { kind: 'not verified', reason: 'no server was given' }),
    verification('listUsers', { kind: 'equal', calls: 11, rows: 12, kept: null }),
    verification('countUsers', { kind: 'not verified', reason: 'no server was given' }),
    verification('findUser', { kind: 'not verified', reason: 'no row fits' }),
  ]
  expect(renderVerification(verified, false)).toBe(`not verified  users.getUser, called by orders
not verified  users.countUsers, called by orders
              no server was given
equal         users.listUsers, called by orders: 11 calls, 12 rows
not verified  users.findUser, called by orders: no row fits

1 equal, 0 different, 3 not verified
`)
})

import { expect, test } from 'vitest'
import { checkMap } from '../../../analyzers/gate/check-map.js'
import { defaultSettings } from '../../../analyzers/gate/index.js'
import { report as json } from '../../../reports/check/json.js'
import { codeFrame, showsSql } from '../../../reports/check/pretty/code-frame.js'
import { report } from '../../../reports/check/pretty/index.js'
import { HOSTILE, largeMap, sampleMap } from '../sample-map.js'
import { context, hostileResult, result } from './result.js'

test('nothing to say is one line', () => {
  expect(report.render(result(null, { passed: true }), context())).toBe('Passed: nothing new.\n')
  const since = { ref: 'origin/main', commit: 'a'.repeat(40) }
  const known = checkMap(sampleMap(), defaultSettings()).map((violation, index) => ({
    ...violation,
    state: (['baseline', 'allowed', 'earlier'] as const)[index % 3]!,
  }))
  expect(report.render(result(null, { passed: true, since, violations: known }), context())).toBe(
    'Passed: nothing new since origin/main; 6 on the baseline, 5 allowed and 5 from before the change.\n',
  )
})

test('one statement of a library, run by two services, and a transaction', () => {
  const violations = checkMap(sampleMap(), defaultSettings()).filter(
    ({ file }) => file.includes('users.ts') || file.includes('payments.ts'),
  )
  const lines = ['export function user(id) {', '\treturn pool.query(sql, [id])', '}']
  const text = report.render(
    result(null, { violations }),
    context({
      root: '../shop',
      lines: file => (file.includes('users.ts') ? [...Array(6).fill(''), ...lines] : null),
    }),
  )
  expect(text).toBe(`packages/queries/src/users.ts:8:5  error  cross-service-read
  billing-service reads nilecare/auth_users, which belongs to auth-service.
  The same for lab-service.

    7 | export function user(id) {
  > 8 |   return pool.query(sql, [id])
    9 | }

    SELECT * FROM auth_users WHERE id = ?

  Owner    nilecare/auth_users belongs to auth-service: created by its migration
           (microservices/auth-service/migrations/V1__auth.sql:1)
  Instead  Read it through an API client of auth-service instead of SQL; cache what seldom changes.
  More     seamripper explain packages/queries/src/users.ts:8 ../shop

microservices/payment-gateway-service/src/payments.ts:45:5  error  cross-service-transaction
  payment-gateway-service writes nilecare/invoices of billing-service in one transaction with tables
  of another owner.

    UPDATE invoices SET status = ? WHERE id = ?

  Owner    nilecare/invoices belongs to billing-service: created by its migration
           (microservices/billing-service/migrations/V1__billing.sql:4)
  See      microservices/payment-gateway-service/src/payments.ts:38: the transaction begins
  Instead  Let billing-service write it: call its API, or publish an event, after the commit (an
           outbox), idempotent, and say how it is undone.
  More     seamripper explain microservices/payment-gateway-service/src/payments.ts:45 ../shop

Failed: 3 new violations in 2 statements.
`)
})

test('a table that only another text of the call has', () => {
  const [violation] = checkMap(sampleMap(), defaultSettings()).filter(({ file }) => file.includes('users.ts'))
  const told = (table: string, code: string) => {
    const violations = [violation!, { ...violation!, table }]
    const lines = [...Array(7).fill(''), code]
    const text = report.render(result(null, { violations }), context({ width: 200, lines: () => lines }))
    return text.split('\n').filter(line => line.startsWith('  Note'))
  }
  expect(told('nilecare/sessions', 'pool.query(sql, [id])')).toEqual([
    '  Note     sessions: not in this text, but in another one that the call may run, or under a view or a routine',
  ])
  expect(told('nilecare/Sessions', "pool.query(all ? 'SELECT * FROM sessions' : sql)")).toEqual([])
  expect(told('nilecare/auth_users', 'pool.query(sql, [id])')).toEqual([])
})

test('what is to be tidied', () => {
  const place = { file: 'services/a/seam-todo.yml', line: 7, service: 'a', source: 'services/a/x.ts' }
  const text = report.render(
    result(null, {
      stale: [
        {
          ...place,
          table: 'db/t',
          op: 'read',
          listed: 3,
          found: 1,
          reasons: [{ reason: 'mended', count: 2 }],
        },
        {
          ...place,
          line: 9,
          table: null,
          op: 'unresolved',
          listed: 1,
          found: 0,
          reasons: [{ reason: 'mended', count: 1 }],
        },
      ],
      unusedAllows: [
        { file: 'a.ts', line: 3, text: 'seamripper-allow read t -- why', message: 'Remove it.' },
      ],
      problems: [{ file: 'b.ts', line: 4, message: 'The comment gives no reason.' }],
    }),
    context(),
  )
  expect(text).toBe(`b.ts:4  error  The comment gives no reason.

services/a/seam-todo.yml:7  stale  read db/t in services/a/x.ts is down from 3 to 1
services/a/seam-todo.yml:9  stale  unresolved in services/a/x.ts is mended
Take them off the baseline: seamripper baseline --prune

a.ts:3  unused  seamripper-allow read t -- why: Remove it.

Failed: 2 stale entries, 1 comment that can't be understood and 1 unused allowance.
`)
})

test('hundreds are told in short, with what to do', () => {
  const text = report.render(result(largeMap(20)), context({ top: 3 }))
  expect(text.split('\n').length).toBeLessThan(40)
  expect(text).toContain(
    '… and 377 more statements: service-001 19, service-002 19, service-003 19, service-004 19, service-005 19, and 15 more. --top 380 shows all.',
  )
  expect(text).toContain(
    'To accept all that is here today, and fail on what is new only: seamripper baseline --write\n',
  )
  expect(text).toMatch(/\nFailed: 380 new violations\.\n$/)
})

test('names of the analysed code can do nothing on a terminal, and come back in JSON', () => {
  const hostile = hostileResult()
  const text = report.render(hostile, context({ top: 1000, lines: () => HOSTILE }))
  expect(text.replaceAll('\n', '').match(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u)?.[0]).toBeUndefined()
  expect(JSON.parse(json.render(hostile, context()))).toEqual(hostile)
})

const colours = { dim: (text: string) => text, red: (text: string) => text } as Parameters<
  typeof codeFrame
>[2]

test('the frame of a long statement leaves out its middle', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`)
  expect(codeFrame({ line: 4, endLine: 20 }, lines, colours)).toEqual([
    '     3 | line 3',
    '  >  4 | line 4',
    '  >  5 | line 5',
    '  >  6 | line 6',
    '  >  7 | line 7',
    '  >  8 | line 8',
    '  >  9 | line 9',
    '       | … 9 lines',
    '  > 19 | line 19',
    '  > 20 | line 20',
    '    21 | line 21',
  ])
  expect(codeFrame({ line: 1, endLine: 1 }, ['only'], colours)).toEqual(['  > 1 | only'])
  expect(codeFrame({ line: 9, endLine: 9 }, ['only'], colours)).toEqual([])
})

test('SQL that the frame shows is not told twice', () => {
  const [violation] = checkMap(sampleMap(), defaultSettings())
  const at = { ...violation!, line: 1, endLine: 3, sql: 'SELECT a FROM b' }
  expect(showsSql(at, ['query(`', '  SELECT a', '  FROM b`)'])).toBe(true)
  expect(showsSql(at, ['query(`', '  SELECT a', '  FROM ${b}`)'])).toBe(false)
  expect(showsSql(at, null)).toBe(false)
})

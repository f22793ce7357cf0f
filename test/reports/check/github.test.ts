import { expect, test } from 'vitest'
import { report } from '../../../reports/check/github.js'
import { largeMap } from '../sample-map.js'
import { context, hostileResult, mixedResult, result } from './result.js'

/** What GitHub's runner takes from a line: the command, its properties and its text, each unescaped. */
function parse(line: string) {
  const [, command, words = '', data] = /^::(\w+)(?: ([^\n]*?))?::(.*)$/s.exec(line)!
  const plainOf = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%')
  const properties = words.split(',').map(word => {
    const at = word.indexOf('=')
    return [word.slice(0, at), plainOf(word.slice(at + 1))]
  })
  return { command, ...Object.fromEntries(properties), data: plainOf(data!) }
}

test('one annotation a statement, and a line that says how it ended', () => {
  const lines = report.render(mixedResult(), context({ prefix: 'platform/', root: 'platform' })).split('\n')
  expect(lines).toEqual([
    '::error file=platform/packages/queries/src/users.ts,line=8,endLine=8,col=5,title=Cross-service read::billing-service reads nilecare/auth_users, which belongs to auth-service. Owner of nilecare/auth_users: created by its migration (microservices/auth-service/migrations/V1__auth.sql:1). The same for lab-service. Read it through an API client of auth-service instead of SQL; cache what seldom changes. More: seamripper explain packages/queries/src/users.ts:8 platform',
    '::error file=platform/services/a/seam-todo.yml,line=7,endLine=7,title=Stale entry of a baseline::read db/t in services/a/x.ts is down from 3 to 1, but still listed. "seamripper baseline --prune" takes it off.',
    '::error file=platform/b.ts,line=4,endLine=4,title=Allowance that can not be understood::The comment gives no reason. Write it as "seamripper-allow read patients -- why, until 2027-01-31".',
    '::warning file=platform/microservices/payment-gateway-service/src/payments.ts,line=45,endLine=48,title=Cross-service transaction::payment-gateway-service writes nilecare/invoices of billing-service in one transaction with tables of another owner. Owner of nilecare/invoices: created by its migration (microservices/billing-service/migrations/V1__billing.sql:4). Let billing-service write it: call its API, or publish an event, after the commit (an outbox), idempotent, and say how it is undone. More: seamripper explain microservices/payment-gateway-service/src/payments.ts:45 platform',
    '::warning file=platform/a.ts,line=3,endLine=3,title=Unused allowance::seamripper-allow read t -- why: there is nothing that it allows. Remove or correct it.',
    expect.stringMatching(/^Failed: 2 new violations in 1 statement, 1 new warning, 1 stale entry, /),
    '',
  ])
})

test('no more than GitHub shows, and it says what is cut', () => {
  const lines = report
    .render(result(largeMap(20)), context())
    .trimEnd()
    .split('\n')
  expect(lines.map(line => line.slice(0, 8))).toEqual([...Array(10).fill('::error '), '::notice', 'Failed: '])
  expect(lines[10]).toBe(
    '::notice title=seamripper::GitHub shows 10 annotations of a kind: 370 more errors are not shown beside the code. All are in the output of seamripper check.',
  )
})

test('names of the analysed code begin no command and add no property', () => {
  const nasty = [
    'a\n::stop-commands::x',
    'a\r\n::error file=x::y',
    'a,line=99',
    'b::c',
    '100%0A',
    '::error::',
  ]
  const text = report.render(
    result(null, { problems: nasty.map(name => ({ file: name, line: 1, message: name })) }),
    context(),
  )
  const lines = text.trimEnd().split('\n').slice(0, -1)
  expect(lines).toHaveLength(nasty.length)
  for (const [index, line] of lines.entries()) {
    const { command, file, line: at, data } = parse(line) as Record<string, string>
    expect({ command, file, at }).toEqual({ command: 'error', file: nasty[index], at: '1' })
    expect(data).toBe(
      `${nasty[index]!.replace(/[\r\n]+/g, ' ')} Write it as "seamripper-allow read patients -- why, until 2027-01-31".`,
    )
  }
  const hostile = report.render(hostileResult(), context())
  for (const line of hostile.trimEnd().split('\n').slice(0, -1))
    expect(line).toMatch(/^::(error|warning|notice) /)
})

test('the page of the job is the comment', () => {
  expect(report.jobSummary!(mixedResult(), context())).toContain('### Seamripper: failed')
})

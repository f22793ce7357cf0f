import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DOMParser, type Element } from '@xmldom/xmldom'
import { beforeAll, describe, expect, test } from 'vitest'
import { report as checkstyle } from '../../../reports/check/checkstyle.js'
import { report as junit } from '../../../reports/check/junit.js'
import { plain } from '../../../reports/text/plain.js'
import { ensureProgram, INSTALL_TIMEOUT } from '../../support/system-packages.js'
import { HOSTILE, largeMap } from '../sample-map.js'
import { context, hostileResult, mixedResult, result } from './result.js'

let xmllint: string
beforeAll(async () => {
  xmllint = await ensureProgram('xmllint', 'libxml2-utils')
}, INSTALL_TIMEOUT)

/** What xmllint says of a document. */
function lint(text: string, words: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'seamripper-xml-')), 'report.xml')
  writeFileSync(file, text)
  try {
    execFileSync(xmllint, ['--nonet', '--noout', ...words, file], { encoding: 'utf8', stdio: 'pipe' })
    return 'valid'
  } catch (error) {
    return (error as { stderr: string }).stderr
  }
}

const SCHEMA = ['--schema', fileURLToPath(new URL('../schemas/junit-10.xsd', import.meta.url))]

const RESULTS = [
  ['nothing to say', result(null, { passed: true })],
  ['every state', mixedResult()],
  ['hundreds', result(largeMap(20))],
  ['hostile names', hostileResult()],
] as const

const elements = (text: string, name: string): Element[] => [
  ...new DOMParser().parseFromString(text, 'text/xml').getElementsByTagName(name),
]

describe('JUnit', () => {
  test.each(RESULTS)('%s is valid', (_, of) => {
    expect(lint(junit.render(of, context()), SCHEMA)).toBe('valid')
  })

  test('the schema would tell', () => {
    const text = junit.render(mixedResult(), context()).replace(' errors="0"', '')
    expect(lint(text, SCHEMA)).toMatch(/The attribute 'errors' is required but missing/)
  })

  test('rules are suites; new errors fail, known ones are skipped, warnings pass', () => {
    const suites = elements(junit.render(mixedResult(), context()), 'testsuite').map(suite =>
      ['name', 'tests', 'failures', 'skipped'].map(name => suite.getAttribute(name)).join(' '),
    )
    expect(suites).toEqual([
      'separated-service 1 0 0',
      'no-database 1 0 0',
      'cross-service-transaction 5 0 4',
      'cross-service-write 1 0 0',
      'cross-service-join 1 0 0',
      'cross-service-read 2 2 0',
      'cross-service-foreign-key 1 0 0',
      'cross-service-migration 1 0 0',
      'unowned-table 1 0 0',
      'unresolved-table 1 0 0',
      'stale-entry 1 1 0',
      'unclear-allowance 1 1 0',
      'unused-allowance 1 0 0',
    ])
  })

  test('a failure tells all that is needed, and its name has no line', () => {
    const [first] = elements(junit.render(mixedResult(), context({ prefix: 'platform/' })), 'failure')
    expect((first!.parentNode as Element).getAttribute('name')).toBe(
      'billing-service: read nilecare/auth_users in packages/queries/src/users.ts',
    )
    expect(first!.textContent).toBe(
      `platform/packages/queries/src/users.ts:8
billing-service reads nilecare/auth_users, which belongs to auth-service.
SQL: SELECT * FROM auth_users WHERE id = ?
Owner: nilecare/auth_users belongs to auth-service: created by its migration (microservices/auth-service/migrations/V1__auth.sql:1)
Instead: Read it through an API client of auth-service instead of SQL; cache what seldom changes.
More: seamripper explain packages/queries/src/users.ts:8`,
    )
  })
})

describe('Checkstyle', () => {
  test.each(RESULTS)('%s is well-formed', (_, of) => {
    expect(lint(checkstyle.render(of, context()), [])).toBe('valid')
  })

  test('what is new, by file', () => {
    const { stale, problems, unusedAllows, ...rest } = mixedResult()
    const text = checkstyle.render(
      { ...rest, violations: rest.violations.slice(2), stale: [], problems, unusedAllows: [] },
      context({ prefix: 'platform/' }),
    )
    expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="platform/microservices/payment-gateway-service/src/payments.ts">
    <error line="45" column="5" severity="warning" message="payment-gateway-service writes nilecare/invoices of billing-service in one transaction with tables of another owner. Owner of nilecare/invoices: created by its migration (microservices/billing-service/migrations/V1__billing.sql:4). Let billing-service write it: call its API, or publish an event, after the commit (an outbox), idempotent, and say how it is undone." source="seamripper.cross-service-transaction"/>
  </file>
  <file name="platform/b.ts">
    <error line="4" severity="error" message="The comment gives no reason. Write it as &quot;seamripper-allow read patients -- why, until 2027-01-31&quot;." source="seamripper.unclear-allowance"/>
  </file>
</checkstyle>
`)
    expect([stale.length, unusedAllows.length]).toEqual([1, 1])
  })

  test('names come back as text', () => {
    const files = elements(checkstyle.render(hostileResult(), context()), 'file')
    const names = new Set(files.map(file => file.getAttribute('name')))
    for (const name of HOSTILE) expect(names).toContain(plain(name).replace(/[\ufffe\uffff]/g, '\ufffd'))
  })
})

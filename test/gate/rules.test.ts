import { describe, expect, test } from 'vitest'
import { checkMap } from '../../analyzers/gate/check-map.js'
import { defaultSettings, type GateSettings } from '../../analyzers/gate/index.js'
import type { ServiceSettings } from '../../analyzers/gate/settings.js'
import { sampleMap } from '../reports/sample-map.js'

/** `rule  service op table  place`, and `(warning)` where it is one. */
function told(settings: GateSettings, map = sampleMap()): string[] {
  return checkMap(map, settings).map(
    ({ rule, severity, service, op, table, file, line }) =>
      `${rule} ${service} ${op} ${table ?? '?'} ${file.split('/').slice(-2).join('/')}:${line}${severity === 'warning' ? ' (warning)' : ''}`,
  )
}

const of = (more: Partial<ServiceSettings>): ServiceSettings => ({
  rules: {},
  hasNoDatabase: false,
  isSeparated: false,
  ...more,
})

test('the sample map, every use once, under its most special rule', () => {
  expect(told(defaultSettings())).toEqual([
    'cross-service-foreign-key billing-service foreign-key nilecare/patients migrations/V1__billing.sql:9',
    'cross-service-migration billing-service read nilecare/patients migrations/V2__names.sql:3',
    'unowned-table billing-service write nilecare/audit_logs src/audit.ts:9 (warning)',
    'cross-service-join billing-service join nilecare/patients src/invoices.ts:40',
    // The view stands for the table under it.
    'cross-service-read billing-service read nilecare/active_patients src/invoices.ts:61',
    'cross-service-read billing-service read nilecare/auth_users src/users.ts:8',
    'unresolved-table lab-service unresolved ? src/import.ts:90 (warning)',
    'cross-service-read lab-service read nilecare/auth_users src/users.ts:8',
    'cross-service-read main-nilecare read nilecare/patients src/dashboard.ts:12',
    'cross-service-read main-nilecare read nilecare/invoices src/dashboard.ts:16',
    'unresolved-table main-nilecare unresolved ? src/search.ts:7 (warning)',
    'unresolved-table main-nilecare unresolved ? src/search.ts:31 (warning)',
    'cross-service-migration payment-gateway-service write nilecare/invoices migrations/003-backfill.ts:6',
    'cross-service-foreign-key payment-gateway-service foreign-key nilecare/invoices migrations/V1__payment.sql:14',
    'unowned-table payment-gateway-service write nilecare/audit_logs src/audit.ts:9 (warning)',
    'cross-service-transaction payment-gateway-service transaction nilecare/invoices src/payments.ts:45',
  ])
})

test('a table that is apart from the join of another text is read', () => {
  const map = sampleMap()
  const access = map.accesses.find(({ crossServiceJoin }) => crossServiceJoin)!
  access.tables.push({ ...access.tables.at(-1)!, table: 'visits', id: 'nilecare/visits', apart: true })
  expect(told(defaultSettings(), map).filter(line => line.endsWith('invoices.ts:40'))).toEqual([
    'cross-service-join billing-service join nilecare/patients src/invoices.ts:40',
    'cross-service-read billing-service read nilecare/visits src/invoices.ts:40',
  ])
})

describe('settings', () => {
  test('a rule is off everywhere, an error, or off for one service', () => {
    const settings: GateSettings = {
      rules: { 'unresolved-table': 'off', 'unowned-table': 'error', 'cross-service-foreign-key': 'warn' },
      services: { 'payment-gateway-service': of({ rules: { 'unowned-table': 'off' } }) },
      allow: [],
    }
    const lines = told(settings)
    expect(lines.filter(line => /^un/.test(line))).toEqual([
      'unowned-table billing-service write nilecare/audit_logs src/audit.ts:9',
    ])
    expect(lines.filter(line => line.includes('foreign-key')).every(line => line.endsWith('(warning)'))).toBe(
      true,
    )
  })

  test.each<[string, GateSettings['rules'], string[]]>([
    ['a join is a read where joins are off', { 'cross-service-join': 'off' }, ['cross-service-read']],
    ['the more severe rule names it', { 'cross-service-join': 'warn' }, ['cross-service-read']],
    [
      'of equal ones the more special',
      { 'cross-service-read': 'warn', 'cross-service-join': 'warn' },
      ['cross-service-join (warning)'],
    ],
    ['off are both', { 'cross-service-read': 'off', 'cross-service-join': 'off' }, []],
  ])('%s', (_, rules, expected) => {
    const lines = told({ rules, services: {}, allow: [] }).filter(line => line.includes('invoices.ts:40'))
    expect(lines.map(line => line.replace(/^(\S+).*?( \(warning\))?$/, '$1$2'))).toEqual(expected)
  })

  test('a transaction is a write where transactions are off', () => {
    const lines = told({ rules: { 'cross-service-transaction': 'off' }, services: {}, allow: [] })
    expect(lines).toContain(
      'cross-service-write payment-gateway-service transaction nilecare/invoices src/payments.ts:45',
    )
  })

  test('a service that must have no database uses not even its own tables', () => {
    const lines = told({ rules: {}, services: { 'lab-service': of({ hasNoDatabase: true }) }, allow: [] })
    expect(lines.filter(line => line.includes(' lab-service '))).toEqual([
      'no-database lab-service unresolved ? src/import.ts:90',
      'no-database lab-service read lab/results/lab_results src/results.ts:15',
      'no-database lab-service read nilecare/auth_users src/users.ts:8',
    ])
  })

  test('nothing crosses into or out of a separated service, but for its old migrations', () => {
    const lines = told({
      rules: {},
      services: { 'payment-gateway-service': of({ isSeparated: true }) },
      allow: [],
    })
    expect(lines.filter(line => line.startsWith('separated'))).toEqual([
      'separated-service payment-gateway-service foreign-key nilecare/invoices migrations/V1__payment.sql:14',
      'separated-service payment-gateway-service transaction nilecare/invoices src/payments.ts:45',
    ])
    expect(
      told({ rules: {}, services: { clinical: of({ isSeparated: true }) }, allow: [] }).filter(line =>
        line.startsWith('separated'),
      ),
    ).toHaveLength(4)
  })

  test('names of services that every object has are names like others', () => {
    expect(told({ rules: {}, services: {}, allow: [] }, { ...sampleMap(), services: [] })).toHaveLength(16)
    const map = sampleMap()
    map.accesses = map.accesses.map(access => ({ ...access, reachedBy: ['constructor'] }))
    expect(() => told(defaultSettings(), map)).not.toThrow()
  })
})

describe('fingerprints', () => {
  const map = sampleMap()
  const fingerprints = (of = map) => checkMap(of, defaultSettings()).map(({ fingerprint }) => fingerprint)

  test('are different', () => {
    expect(new Set(fingerprints()).size).toBe(16)
  })

  test('stay when lines move', () => {
    const moved = {
      ...map,
      accesses: map.accesses.map(access => ({
        ...access,
        line: access.line + 7,
        endLine: access.endLine + 7,
      })),
    }
    expect(fingerprints(moved)).toEqual(fingerprints())
  })
})

test('of a table without an owner, who claims it', () => {
  const map = sampleMap()
  const table = map.tables.find(({ id }) => id === 'nilecare/audit_logs')!
  table.evidence = [
    { file: 'db/init.sql', line: 3, reason: 'created by a central script, which belongs to no service' },
    { file: 'a/log.ts', line: 9, reason: 'open: billing-service writes it' },
    { file: 'b/log.ts', line: 7, reason: 'open: payment-gateway-service writes it' },
  ]
  const [first] = checkMap(map, defaultSettings()).filter(({ rule }) => rule === 'unowned-table')
  expect(first!.related.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
    'a/log.ts:9 audit_logs: billing-service writes it',
    'b/log.ts:7 audit_logs: payment-gateway-service writes it',
  ])
})

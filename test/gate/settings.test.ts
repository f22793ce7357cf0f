import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ruleNames, settingsOf } from '../../analyzers/gate/index.js'
import { checkConfig, understandConfig } from '../../analyzers/workspace/config.js'
import { gateOps } from '../../analyzers/workspace/gate-names.js'
import { service } from '../reports/sample-map.js'

const services = [service('billing', 'a'), service('clinical', 'b'), service('queries', 'c', 'library')]

async function settings(text: string) {
  const given = await understandConfig(text, 'seamripper.yml')
  checkConfig(given, services, new Set(['a', 'b', 'c']), [])
  return settingsOf(given.config)
}

test('what the config says, by its own names', async () => {
  expect(
    await settings(
      'rules: { cross-service-read: warn }\nservices: { billing: { database: none, rules: { unowned-table: off } }, clinical: { separated: true } }',
    ),
  ).toEqual({
    rules: { 'cross-service-read': 'warn' },
    services: {
      billing: { rules: { 'unowned-table': 'off' }, hasNoDatabase: true, isSeparated: false },
      clinical: { rules: {}, hasNoDatabase: false, isSeparated: true },
    },
    allow: [],
  })
})

test('all that is wrong is told at once, and once', async () => {
  await expect(
    settings(`ownres: {}
services:
  bilings: { path: ../outside, separated: true }
  ordes: { separated: true }
owners:
  shop/bills: bilings
  shop/orders: ordes
  shop/patients: clinicl
rules:
  cross-service-raed: warn
  unowned-table: loud
allow:
  - { from: [ordes, bilings, nobody], table: x, reason: y }
`),
  ).rejects.toMatchObject({
    problems: [
      { line: 1, message: expect.stringMatching(/^the config has an unknown key "ownres"/) },
      { line: 3, message: expect.stringMatching(/^services\.bilings\.path is "\.\.\/outside"/) },
      { line: 4, message: expect.stringMatching(/^services\.ordes has no path/) },
      { line: 8, message: expect.stringMatching(/^owners\.shop\/patients is "clinicl"/) },
      { line: 10, message: expect.stringMatching(/^rules has an unknown rule "cross-service-raed"/) },
      { line: 11, message: expect.stringMatching(/^rules\.unowned-table is "loud"/) },
      { line: 13, message: expect.stringMatching(/^allow, item 1, from is "nobody"/) },
    ],
  })
})

test('what it names has to exist', async () => {
  await expect(
    settings(`rules:
  cross-service-raed: warn
services:
  billing:
    rules: { joins: off }
  clinicl: { datastore: shop }
allow:
  - { from: bilings, table: x, reason: y }
  - { from: queries, table: x, reason: y, op: [reads, write] }
`),
  ).rejects.toThrow(
    [
      `seamripper.yml:2: rules has an unknown rule "cross-service-raed". Did you mean "cross-service-read"? Known here: ${ruleNames.join(', ')}`,
      `seamripper.yml:5: services.billing.rules has an unknown rule "joins". Known here: ${ruleNames.join(', ')}`,
      'seamripper.yml:6: services.clinicl has no path, and no service of that name was found. Did you mean "clinical"? Services: billing, clinical',
      'seamripper.yml:8: allow, item 1, from is "bilings", and there is no such service. Did you mean "billing"? Services: billing, clinical',
      'seamripper.yml:9: allow, item 2, op is "reads". Did you mean "read"? Known: read, join, write, transaction, ddl, foreign-key, unresolved',
      'seamripper.yml:9: allow, item 2, from is "queries", and there is no such service. Services: billing, clinical',
    ].join('\n'),
  )
})

describe('the published schemas know', () => {
  const schema = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'))

  test('all rules', () => {
    expect(Object.keys(schema('config').$defs.rules.properties)).toEqual(ruleNames)
    expect(schema('check').$defs.violation.properties.rule.enum).toEqual(ruleNames)
  })

  test('all operations', () => {
    expect(schema('config').$defs.op.enum).toEqual(gateOps)
    expect(schema('check').$defs.op.enum).toEqual(gateOps)
  })
})

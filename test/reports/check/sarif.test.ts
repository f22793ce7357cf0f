import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { Log } from 'sarif'
import { expect, test } from 'vitest'
import { report } from '../../../reports/check/sarif.js'
import { HOSTILE, largeMap } from '../sample-map.js'
import { context, hostileResult, mixedResult, result } from './result.js'

/** The official schema is in draft 4, of which it uses nothing that draft 7 has otherwise but `id`. */
function officialSchema() {
  const schema = JSON.parse(
    readFileSync(new URL('../schemas/sarif-schema-2.1.0.json', import.meta.url), 'utf8'),
  )
  const { id: $id, $schema: _, ...rest } = schema
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  return ajv.compile({ $id, ...rest })
}

const validate = officialSchema()

test.each([
  ['nothing to say', result(null, { passed: true })],
  ['every state', mixedResult()],
  ['hundreds', result(largeMap(20))],
  ['hostile names', hostileResult()],
])('%s is valid', (_, of) => {
  validate(JSON.parse(report.render(of, context())))
  expect(validate.errors).toBeNull()
})

test('the schema would tell', () => {
  const log = JSON.parse(report.render(mixedResult(), context()))
  log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0
  log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = 'a b'
  log.runs[0].results[0].colour = 'red'
  expect(validate(log)).toBe(false)
  expect(validate.errors!.map(({ keyword }) => keyword).sort()).toEqual([
    'additionalProperties',
    'format',
    'minimum',
  ])
})

const resultsOf = (text: string) => (JSON.parse(text) as Log).runs[0]!.results!

test('one violation, with all that code scanning shows', () => {
  const text = report.render(mixedResult(), context({ prefix: 'platform/', root: 'platform' }))
  const { fingerprint } = mixedResult().violations[0]!
  expect(resultsOf(text)[0]).toEqual({
    ruleId: 'cross-service-read',
    ruleIndex: 5,
    level: 'error',
    message: {
      text: 'billing-service reads nilecare/auth_users, which belongs to auth-service. Read it through an API client of auth-service instead of SQL; cache what seldom changes. More: seamripper explain packages/queries/src/users.ts:8 platform',
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'platform/packages/queries/src/users.ts', uriBaseId: 'SRCROOT' },
          region: { startLine: 8, startColumn: 5, endLine: 8 },
        },
      },
    ],
    relatedLocations: [
      {
        id: 0,
        physicalLocation: {
          artifactLocation: {
            uri: 'platform/microservices/auth-service/migrations/V1__auth.sql',
            uriBaseId: 'SRCROOT',
          },
          region: { startLine: 1 },
        },
        message: {
          text: 'nilecare/auth_users belongs to auth-service: created by its migration (microservices/auth-service/migrations/V1__auth.sql:1)',
        },
      },
    ],
    partialFingerprints: { 'seamripper/v1': fingerprint },
    suppressions: [],
    properties: {
      service: 'billing-service',
      owner: 'auth-service',
      table: 'nilecare/auth_users',
      op: 'read',
      sql: 'SELECT * FROM auth_users WHERE id = ?',
      state: 'new',
    },
  })
})

test('what is known or allowed is suppressed, with the reason', () => {
  expect(resultsOf(report.render(mixedResult(), context())).map(each => each.suppressions)).toEqual([
    [],
    [],
    [],
    [{ kind: 'external', status: 'accepted', justification: 'On the baseline, in a seam-todo.yml.' }],
    [{ kind: 'inSource', status: 'accepted', justification: 'until it has an API (until 2027-01-31)' }],
    [{ kind: 'external', status: 'accepted', justification: 'until it has an API (until 2027-01-31)' }],
    [{ kind: 'external', status: 'accepted', justification: 'Was there before the change.' }],
    [],
    [],
    [],
  ])
})

test('every result has its rule, with help that needs nothing else', () => {
  const { results, tool } = (JSON.parse(report.render(mixedResult(), context())) as Log).runs[0]!
  const rules = tool.driver.rules!
  for (const { ruleId, ruleIndex } of results!) expect(rules[ruleIndex!]!.id).toBe(ruleId)
  const read = rules.find(({ id }) => id === 'cross-service-read')!
  expect([read.name, read.shortDescription!.text]).toEqual(['CrossServiceRead', 'Cross-service read'])
  const helpOf = (id: string) => rules.find(rule => rule.id === id)!.help!
  expect(helpOf('cross-service-read').markdown).toMatch(
    /1\. \*\*Mend it\*\*.*\n2\. .*seamripper-allow read patients -- .*\n3\. .*`owners`.*\n4\. .*`seamripper baseline --write`/,
  )
  expect(helpOf('cross-service-read').text).toContain('1. Mend it, as the message says.')
  // Nothing accepts what crosses into a service whose separation is done.
  expect(helpOf('separated-service').markdown).not.toMatch(/seamripper-allow|baseline --write/)
  expect(helpOf('stale-entry').markdown).toMatch(/"seamripper baseline --prune" takes it off\.$/)
  // An address that may lead nowhere helps nobody.
  expect(JSON.stringify(tool)).not.toContain('https:')
})

test('fingerprints are different, and stay while lines move', () => {
  const prints = (of: ReturnType<typeof hostileResult>) =>
    resultsOf(report.render(of, context())).map(each => each.partialFingerprints!['seamripper/v1'])
  const before = prints(hostileResult())
  expect(new Set(before).size).toBe(before.length)
  const { stale, problems, ...rest } = hostileResult()
  const moved = {
    ...rest,
    stale: stale.map(each => ({ ...each, line: each.line + 7 })),
    problems: problems.map(each => ({ ...each, line: each.line + 7 })),
  }
  expect(prints(moved)).toEqual(before)
})

test('names of the analysed code make no links, no placeholders and no other addresses', () => {
  const text = report.render(result(null, { problems: hostileResult().problems }), context())
  const results = resultsOf(text)
  expect(results).toHaveLength(HOSTILE.length)
  for (const [index, { message, locations }] of results.entries()) {
    expect(message.text).not.toMatch(/(?<!\\)(?:\\\\)*[[\]]|\p{Cc}/u)
    expect(message.text!.replace(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/)
    const { uri } = locations![0]!.physicalLocation!.artifactLocation!
    expect(uri).not.toMatch(/[\s:<>"\\?#]/)
    const isText = !/\p{Cs}/u.test(HOSTILE[index]!)
    if (isText) expect(decodeURIComponent(uri!)).toBe(HOSTILE[index])
  }
})

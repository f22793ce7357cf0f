import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../analyzers/model.js'
import type { Forecast, Outlook } from '../../codemods/forecast.js'
import {
  explain,
  findSubject,
  type NoSubject,
  renderExplanation,
  type Subject,
} from '../../reports/explain/index.js'
import { layOut } from '../../reports/explain/sql.js'
import { access, emptyMap, HOSTILE, hostileMap, sampleMap, service, table, uses } from './sample-map.js'

const SCREEN = { program: 'seamripper', root: '.', width: 100, top: 10, colour: false }

/** Nothing planned. */
const NONE: Outlook = { problem: null, isTooMany: false, accesses: [] }

describe('subjects', () => {
  const map = {
    ...sampleMap(),
    tables: [
      ...sampleMap().tables,
      table('lab/audit_logs', 'lab-service', 'migration'),
      table('nilecare/clinical', 'clinical', 'migration'),
      table('nilecare/Users', 'auth-service', 'migration'),
      table('lab/users', 'lab-service', 'migration'),
    ],
    accesses: [
      ...sampleMap().accesses,
      access('x.ts:1', 'lab-service', { tables: [{ ...uses('read orphan -')[0]!, id: null }] }),
    ],
  }

  test.each<[word: string, expected: Subject | NoSubject]>([
    ['nilecare/patients', { kind: 'table', id: 'nilecare/patients' }],
    ['patients', { kind: 'table', id: 'nilecare/patients' }],
    ['PATIENTS', { kind: 'table', id: 'nilecare/patients' }],
    ['results.lab_results', { kind: 'table', id: 'lab/results/lab_results' }],
    ['lab_results', { kind: 'table', id: 'lab/results/lab_results' }],
    ['orphan', { kind: 'table', id: 'orphan' }],
    ['billing-service', { kind: 'service', name: 'billing-service' }],
    ['@nilecare/queries', { kind: 'service', name: '@nilecare/queries' }],
    ['audit_logs', { kind: 'ambiguous', candidates: ['table:nilecare/audit_logs', 'table:lab/audit_logs'] }],
    ['lab/audit_logs', { kind: 'table', id: 'lab/audit_logs' }],
    ['clinical', { kind: 'ambiguous', candidates: ['table:nilecare/clinical', 'service:clinical'] }],
    ['service:clinical', { kind: 'service', name: 'clinical' }],
    ['table:clinical', { kind: 'table', id: 'nilecare/clinical' }],
    ['users', { kind: 'table', id: 'lab/users' }],
    ['USERS', { kind: 'ambiguous', candidates: ['table:nilecare/Users', 'table:lab/users'] }],
    ['src/x.ts:12', { kind: 'place', file: 'src/x.ts', line: 12 }],
    ['src/x.ts:12:5', { kind: 'place', file: 'src/x.ts', line: 12 }],
    ['C:\\shop\\x.ts:12', { kind: 'place', file: 'C:\\shop\\x.ts', line: 12 }],
    ['patinets', { kind: 'unknown', candidates: ['patients'] }],
    ['bilingservice', { kind: 'unknown', candidates: ['billing-service'] }],
    ['zzz', { kind: 'unknown', candidates: [] }],
    ['', { kind: 'unknown', candidates: [] }],
    ['tables', { kind: 'unknown', candidates: [] }],
  ])('%s', (word, expected) => {
    expect(findSubject(map, word)).toEqual(expected)
  })
})

describe('as text', () => {
  test.each<[name: string, subject: Subject]>([
    ['table', { kind: 'table', id: 'nilecare/invoices' }],
    ['view', { kind: 'table', id: 'nilecare/active_patients' }],
    ['open-table', { kind: 'table', id: 'nilecare/audit_logs' }],
    ['service', { kind: 'service', name: 'billing-service' }],
    ['library', { kind: 'service', name: '@nilecare/queries' }],
    ['join', { kind: 'place', file: 'microservices/billing-service/src/invoices.ts', line: 42 }],
    ['write', { kind: 'place', file: 'microservices/payment-gateway-service/src/payments.ts', line: 45 }],
    ['unresolved', { kind: 'place', file: 'microservices/main-nilecare/src/search.ts', line: 7 }],
    ['nothing', { kind: 'place', file: 'microservices/main-nilecare/src/search.ts', line: 20 }],
    ['unused', { kind: 'place', file: 'microservices/main-nilecare/src/dashboard.ts', line: 12 }],
    ['unreached', { kind: 'place', file: 'packages/legacy/src/charges.ts', line: 5 }],
    [
      'foreign-key',
      { kind: 'place', file: 'microservices/billing-service/migrations/V1__billing.sql', line: 9 },
    ],
    ['definition', { kind: 'place', file: 'microservices/clinical/migrations/V2__views.sql', line: 1 }],
    ['broken-file', { kind: 'place', file: 'microservices/lab-service/src/broken.ts', line: 101 }],
  ])('%s', async (name, subject) => {
    const text = renderExplanation(explain(sampleMap(), subject, NONE), SCREEN)
    await expect(text).toMatchFileSnapshot(`expected/explain-${name}.txt`)
  })
})

describe('as data', () => {
  test('who uses a table', () => {
    const explanation = explain(sampleMap(), { kind: 'table', id: 'nilecare/auth_users' }, NONE)
    const places = [{ file: 'packages/queries/src/users.ts', line: 8 }]
    const use = (service: string, crossService: boolean) => ({
      service,
      table: 'nilecare/auth_users',
      owner: 'auth-service',
      crossService,
      reads: places,
      writes: [],
      ddl: [],
    })
    expect(explanation.kind === 'table' && explanation.uses).toEqual([
      use('auth-service', false),
      use('billing-service', true),
      use('lab-service', true),
    ])
  })

  test.each<[what: string, subject: Subject, rules: string[]]>([
    ['a table that is only read', { kind: 'table', id: 'nilecare/auth_users' }, ['read']],
    [
      'a table that is joined and read',
      { kind: 'table', id: 'nilecare/patients' },
      ['join', 'read', 'foreign-key'],
    ],
    [
      'a table that is written in a transaction',
      { kind: 'table', id: 'nilecare/invoices' },
      ['read', 'write', 'transaction', 'foreign-key'],
    ],
    ['a table without an owner', { kind: 'table', id: 'nilecare/audit_logs' }, ['open-owner']],
    ['a table that nobody else uses', { kind: 'table', id: 'lab/results/lab_results' }, []],
    ['a service that takes nothing', { kind: 'service', name: 'auth-service' }, []],
    [
      'an access to a table without an owner',
      { kind: 'place', file: 'microservices/billing-service/src/audit.ts', line: 9 },
      ['unused', 'open-owner'],
    ],
  ])('what to do about %s', (_, subject, rules) => {
    expect(explain(sampleMap(), subject, NONE).advice.map(each => each.rule)).toEqual(rules)
  })

  test('a library that writes a table is not proposed as its owner', () => {
    const map = sampleMap()
    const id = 'nilecare/audit_logs'
    const writers = map.accesses.filter(({ tables }) =>
      tables.some(each => each.id === id && each.op === 'write'),
    )
    const names = new Set(writers.map(({ service }) => service))
    for (const each of map.services) if (names.has(each.name)) each.kind = 'library'
    const { text } = explain(map, { kind: 'table', id }, NONE).advice[0]!
    expect(names.size).toBeGreaterThan(0)
    expect(text).toContain(`\n  ${id}: name-of-the-service`)
  })

  test('SQL text in another file is found by its lines there', () => {
    const map = {
      ...emptyMap(),
      services: [service('a', 'a')],
      accesses: [
        access('a/x.ts:5', 'a', { sqlFile: 'a/q.sql', sqlLine: 10, sql: 'SELECT 1\nFROM t\nWHERE x' }),
      ],
    }
    const found = (line: number) => {
      const explanation = explain(map, { kind: 'place', file: 'a/q.sql', line }, NONE)
      return explanation.kind === 'place' && explanation.statements.length
    }
    expect([9, 10, 12, 13].map(found)).toEqual([0, 1, 1, 0])
  })

  test('the nearest places come first', () => {
    const file = 'microservices/billing-service/src/invoices.ts'
    const explanation = explain(sampleMap(), { kind: 'place', file, line: 70 }, NONE)
    expect(explanation.kind === 'place' && explanation.nearest.map(each => each.line)).toEqual([61, 80, 40])
  })
})

describe('SQL is laid out', () => {
  const LONG =
    "SELECT a.id, b.name, c.total FROM accounts a JOIN banks b ON b.id = a.bank_id WHERE a.name = 'x'"

  test.each<[what: string, sql: string, dialect: Dialect | null, expected: string]>([
    [
      'short text stays on its line',
      '  SELECT 1 FROM t WHERE a = ?  ',
      'mysql',
      'SELECT 1 FROM t WHERE a = ?',
    ],
    [
      'long text is broken',
      LONG,
      'mysql',
      `SELECT
  a.id,
  b.name,
  c.total
FROM
  accounts a
  JOIN banks b ON b.id = a.bank_id
WHERE
  a.name = 'x'`,
    ],
    [
      'indented text',
      'SELECT *\n          FROM t\n          WHERE id = $1::uuid AND tags ?| $2',
      'postgresql',
      'SELECT\n  *\nFROM\n  t\nWHERE\n  id = $1::uuid\n  AND tags ?| $2',
    ],
    [
      'named placeholders',
      'SELECT *\nFROM t WHERE a = :a AND b = @b',
      'unknown',
      'SELECT\n  *\nFROM\n  t\nWHERE\n  a = :a\n  AND b = @b',
    ],
    [
      'pg-promise',
      'SELECT *\nFROM $(table:name) WHERE a = $(a) AND b = ${b}',
      'postgresql',
      'SELECT\n  *\nFROM\n  $(table:name)\nWHERE\n  a = $(a)\n  AND b = ${b}',
    ],
    [
      'unknown pieces',
      'SELECT *\nFROM t WHERE id IN (${ids.map(() => "?").join(",")})',
      null,
      'SELECT\n  *\nFROM\n  t\nWHERE\n  id IN (${ids.map(() => "?").join(",")})',
    ],
    ['what no formatter takes stays', "SELECT `\nFROM '", 'mysql', "SELECT `\nFROM '"],
    ['too long a text stays', `SELECT 1\n${'x,'.repeat(3000)}`, 'mysql', `SELECT 1\n${'x,'.repeat(3000)}`],
  ])('%s', (_, sql, dialect, expected) => {
    expect(layOut(sql, dialect)).toBe(expected)
  })
})

describe('what rewrite would do', () => {
  const users = { kind: 'table', id: 'nilecare/auth_users' } as const
  const [crossing] = sampleMap().accesses.filter(({ file }) => file === 'packages/queries/src/users.ts')
  const forecast = {
    access: crossing!.id,
    strategy: 'lift',
    operations: ['auth-service.getAuthUserById'],
    reason: 'all of its tables belong to auth-service',
    advice: null,
    lost: ['a snapshot'],
  } as const
  const told = (more: Partial<Forecast>, subject: Subject = users) => {
    const outlook: Outlook = {
      problem: null,
      isTooMany: false,
      accesses: [{ ...forecast, operations: [...forecast.operations], lost: [...forecast.lost], ...more }],
    }
    const text = renderExplanation(explain(sampleMap(), subject, outlook), { ...SCREEN, root: '../shop' })
    return text.slice(text.indexOf('What rewrite would do'), text.indexOf('\n\nWhat to do'))
  }

  test('calls, what is lost, and the command', () => {
    expect(told({})).toBe(`What rewrite would do
  packages/queries/src/users.ts:8  lift  as auth-service.getAuthUserById; lost: a snapshot
  seamripper rewrite --table nilecare/auth_users ../shop`)
  })

  test('the reason and what to do where a person is needed, without a command', () => {
    expect(
      told({ strategy: 'by hand', operations: [], reason: 'it locks rows', advice: 'ask the owner' }),
    ).toBe(`What rewrite would do
  packages/queries/src/users.ts:8  by hand  it locks rows; ask the owner`)
  })

  test('the operation of one place', () => {
    expect(told({}, { kind: 'place', file: 'packages/queries/src/users.ts', line: 8 })).toContain(
      'seamripper rewrite --operation auth-service.getAuthUserById ../shop',
    )
  })
})

test('of a long script the first lines, and where the others are', () => {
  const sql = Array.from({ length: 200 }, (_, at) => `-- ${at}`).join('\n')
  const long = access('x.ts:1', 'lab-service', {
    sql,
    sqlFile: 'all.sql',
    sqlLine: 1,
    tables: uses('write lab/t lab-service'),
  })
  const map = { ...emptyMap(), services: [service('lab-service', 'lab')], accesses: [long] }
  const text = renderExplanation(explain(map, { kind: 'place', file: 'x.ts', line: 1 }, NONE), SCREEN)
  const lines = text.split('\n').map(line => line.trim())
  const at = lines.indexOf('-- 119')
  expect(lines.slice(at, at + 2)).toEqual(['-- 119', '… 80 more lines: all.sql:1'])
})

test('hostile names reach the terminal as text', () => {
  const map = hostileMap()
  for (const name of HOSTILE) {
    const subjects: Subject[] = [
      { kind: 'table', id: `db/${name}` },
      { kind: 'service', name: `s${name}` },
      { kind: 'place', file: `services/${name}/x.ts`, line: 1 },
      { kind: 'place', file: name, line: 1 },
    ]
    for (const subject of subjects) {
      const hostile = map.accesses.map(({ id }) => ({
        access: id,
        strategy: 'by hand' as const,
        operations: [name],
        reason: name,
        advice: name,
        lost: [name],
      }))
      const outlook = { problem: null, isTooMany: false, accesses: hostile }
      const text = renderExplanation(explain(map, subject, outlook), { ...SCREEN, top: 1000 })
      expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e]/u)
    }
  }
})

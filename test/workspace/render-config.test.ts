import { describe, expect, test } from 'vitest'
import type { Access, DependencyMap, Table } from '../../analyzers/model.js'
import { checkConfig, emptyConfig, parseConfig } from '../../analyzers/workspace/config.js'
import { renderConfig } from '../../analyzers/workspace/render-config.js'
import type { Config } from '../../analyzers/workspace/types.js'
import fc from '../support/fast-check.js'

const emptyMap: DependencyMap = {
  schemaVersion: 1,
  services: [],
  datastores: [],
  tables: [],
  accesses: [],
  unresolved: [],
  unusedFiles: [],
  foreignKeys: [],
  transactions: [],
  schemaStatements: [],
  edges: [],
  coverage: { files: 0, lines: 0, leftOut: {} },
  diagnostics: [],
}

const table = (id: string, owner: string | null, reason?: string): Table => ({
  id,
  datastore: id.split('/')[0]!,
  schema: null,
  name: id.split('/').at(-1)!,
  kind: 'table',
  owner,
  ownerConfidence: owner === null ? 'open' : 'migration',
  evidence: reason === undefined ? [] : [{ file: 'db/V1__init.sql', line: 7, reason }],
  columns: [],
  primaryKey: [],
  definedAt: null,
})

const access = (service: string, reachedBy: string[], id: string, op: 'read' | 'write'): Access => ({
  id: `${service}${id}${op}`,
  service,
  reachedBy,
  reachedVia: 'own',
  file: 'x.ts',
  line: 1,
  column: 1,
  endLine: 1,
  sqlLine: 1,
  sqlFile: 'x.ts',
  driver: 'pg',
  kind: 'sql',
  sql: null,
  confidence: 'exact',
  transaction: null,
  datastore: null,
  crossServiceJoin: false,
  tables: [{ table: id, schema: null, id, op, owner: null, crossService: false }],
})

const nilecare: DependencyMap = {
  ...emptyMap,
  services: [
    {
      name: 'billing-service',
      path: 'microservices/billing-service',
      kind: 'service',
      evidence: [
        { file: 'microservices/billing-service/package.json', line: 6, reason: 'its script start runs x.ts' },
      ],
    },
    { name: 'clinical', path: 'microservices/clinical', kind: 'service', evidence: [] },
    { name: 'shared', path: 'shared', kind: 'library', evidence: [] },
  ],
  datastores: [
    { id: 'nilecare', dialect: 'mysql', evidence: [{ file: '.env.example', line: 2, reason: 'DB_NAME' }] },
  ],
  tables: [
    table('nilecare/patients', 'clinical', 'created by its migration'),
    table('nilecare/invoices', 'billing-service'),
    table('nilecare/audit_logs', null, 'created by two services'),
    table('nilecare/settings', null),
    table('nilecare/helpers', 'shared'),
  ],
  accesses: [
    access('billing-service', ['billing-service'], 'nilecare/audit_logs', 'write'),
    access('shared', ['clinical', 'billing-service'], 'nilecare/audit_logs', 'read'),
  ],
}

test('a map as a config', () => {
  expect(
    renderConfig(nilecare),
  ).toBe(`# yaml-language-server: $schema=https://unpkg.com/seamripper/schemas/config.schema.json
# Written by \`seamripper init\`. Correct what is wrong; what is left out is inferred.

services:
  # its script start runs x.ts (microservices/billing-service/package.json:6)
  billing-service:
    path: microservices/billing-service

  clinical:
    path: microservices/clinical

libraries:
  shared:
    path: shared

datastores:
  # DB_NAME (.env.example:2)
  nilecare:
    dialect: mysql

# The one service that each table belongs to. A pattern (main/lab_*) covers many.
# Keep those that are guesses (only … writes it): else another service that begins to write leaves the table open.
owners:
  nilecare/patients: clinical # created by its migration (db/V1__init.sql:7)
  nilecare/invoices: billing-service

# Open: nothing says clearly whose these tables are. Move each that you can decide under \`owners\`,
# or give it null there, to leave it open on purpose.
#   nilecare/audit_logs: # written by billing-service; read by billing-service, clinical
#     created by two services (db/V1__init.sql:7)

# Open, and no statement was seen to use them: these can wait.
#   nilecare/settings:
#   nilecare/helpers:
`)
})

test('of many reasons the owner has the one that decided, and a datastore the first', () => {
  const line = (text: string, line: number) => ({ file: 'a.ts', line, reason: text })
  const shared: DependencyMap = {
    ...nilecare,
    datastores: [
      {
        id: 'nilecare',
        dialect: 'mysql',
        evidence: [1, 2, 3, 4, 5, 6, 7].map(each => line(`DB_NAME of s${each}`, each)),
      },
    ],
    tables: [
      {
        ...table('nilecare/patients', 'clinical'),
        evidence: [line('only clinical writes it', 8), line('created by a central script', 9)],
      },
    ],
  }
  const text = renderConfig(shared)
  expect(text).toContain('  # DB_NAME of s5 (a.ts:5)\n  #   and 2 more\n  nilecare:\n')
  expect(text).toContain('  nilecare/patients: clinical # only clinical writes it (a.ts:8)\n')
})

test('what stands for a database without a name is told, not declared: it would count as one with a name', () => {
  const evidence = [{ file: 'src/db.ts', line: 3, reason: 'opens a connection whose database no file names' }]
  const text = renderConfig({
    ...nilecare,
    datastores: [
      { id: 'default-sqlite', dialect: 'sqlite', evidence },
      { id: 'orders', dialect: 'unknown', evidence: [] },
      {
        id: 'skadi',
        dialect: 'clickhouse',
        evidence: [{ file: 'a.sql', line: 1, reason: 'only statements and scripts name it' }],
      },
    ],
  })
  expect(text).not.toContain('datastores:')
  expect(text).toContain(`
# No connection and no settings name these. Where you know better: \`datastore\` of the services that use them.
#   default-sqlite (sqlite): opens a connection whose database no file names (src/db.ts:3)
#   orders (unknown)
#   skadi (clickhouse): only statements and scripts name it (a.sql:1)
`)
})

test('programs in languages that are not read are told, and tables that nothing uses in short', () => {
  const text = renderConfig({
    ...nilecare,
    tables: [
      {
        ...table('nilecare/rates', null, 'created by a central script'),
        evidence: [
          { file: 'db/all.sql', line: 3, reason: 'created by a central script' },
          { file: 'db/again.sql', line: 9, reason: 'created by a central script' },
        ],
      },
    ],
    diagnostics: [
      {
        severity: 'info',
        code: 'other-language',
        message: 'ml is a program in Python',
        file: 'compose.yml',
        line: 4,
      },
      { severity: 'info', code: 'samples', message: '1 package', file: null, line: null },
    ],
  })
  expect(text).toContain('    path: shared\n\n# ml is a program in Python (compose.yml:4)\n\ndatastores:\n')
  expect(text.split('\n\n').at(-1)).toBe(
    '# Open, and no statement was seen to use them: these can wait.\n' +
      '#   nilecare/rates: # created by a central script (db/all.sql:3)\n',
  )
})

test('what only the config before could say is kept', async () => {
  const previous: Config = {
    ...emptyConfig(),
    file: '.env.example',
    services: { clinical: { path: 'microservices/clinical' } },
    connections: { clinical: 'nilecare' },
    owners: { 'nilecare/settings': null },
    exclude: ['legacy/', '*.old.ts'],
    include: ['#tests'],
    gate: {
      rules: { 'unowned-table': 'off' },
      services: { clinical: { rules: { 'cross-service-read': 'warn' }, database: 'none', separated: true } },
      allow: [
        { line: 1, from: ['*'], table: ['a/b'], op: ['read'], reason: 'why: # not', until: '2027-01-31' },
        { line: 1, from: ['clinical'], table: ['c'], op: [], reason: 'x', until: null },
      ],
    },
  }
  const text = renderConfig(nilecare, previous)
  const config = await parseConfig(text, 'seamripper.yml')
  expect(config.services.clinical).toEqual({ path: 'microservices/clinical' })
  expect(config.connections).toEqual({ clinical: 'nilecare' })
  expect(config.owners['nilecare/settings']).toBe(null)
  expect(config.exclude).toEqual(['legacy/', '*.old.ts'])
  expect(config.include).toEqual(['#tests'])
  const withoutLines = ({ allow, ...gate }: Config['gate']) => ({
    ...gate,
    allow: allow.map(({ line: _, ...entry }) => entry),
  })
  expect(withoutLines(config.gate)).toEqual(withoutLines(previous.gate))
  expect(text).not.toContain('.env.example:2')
})

test('an empty map is a config that says nothing', async () => {
  const config = await parseConfig(renderConfig(emptyMap), 'seamripper.yml')
  expect(config).toEqual({ ...emptyConfig(), file: 'seamripper.yml' })
})

/** What a config that is read back must say. */
const answerOf = (map: DependencyMap) => {
  const ofKind = (kind: string) =>
    Object.fromEntries(map.services.filter(s => s.kind === kind).map(({ name, path }) => [name, { path }]))
  const services = ofKind('service')
  return {
    services,
    libraries: ofKind('library'),
    datastores: Object.fromEntries(map.datastores.map(({ id, dialect }) => [id, { dialect }])),
    owners: Object.fromEntries(
      map.tables
        .filter(({ owner }) => owner !== null && Object.hasOwn(services, owner))
        .map(({ id, owner }) => [id, owner]),
    ),
  }
}

async function expectRoundTrip(map: DependencyMap): Promise<void> {
  const config = await parseConfig(renderConfig(map), 'seamripper.yml')
  const { services, libraries, datastores, owners } = config
  expect({ services, libraries, datastores, owners }).toEqual(answerOf(map))
  checkConfig({ config, problems: [] }, map.services, new Set(map.services.map(({ path }) => path)), [])
}

describe('read back, it gives the same answer', () => {
  test('for the platform', () => expectRoundTrip(nilecare))

  test.each([
    'plain',
    'null',
    'Yes',
    'on',
    '123',
    '1e3',
    '0x10',
    '-',
    '- a',
    'a: b',
    'a #b',
    '#a',
    '@org/x',
    '&a',
    '*a',
    '!a',
    '<<',
    '?',
    '? a',
    '{a}',
    '[a]',
    'a,b',
    '"a"',
    "it's",
    'a\\b',
    'a\nb',
    'a\u0085b',
    'a\u2028b',
    '\ufeffa',
    '\u007f',
    ' a ',
    'été',
    '日本',
    '💊',
    '%a',
    '`a`',
    '|',
    '>',
    '...',
    '---',
    '__proto__',
    'x'.repeat(200),
  ])('for the name %j', async name => {
    await expectRoundTrip({
      ...emptyMap,
      services: [
        { name, path: 'apps/x', kind: 'service', evidence: [{ file: name, line: 1, reason: name }] },
        { name: `${name}-lib`, path: 'libs/x', kind: 'library', evidence: [] },
      ],
      datastores: [
        { id: name, dialect: 'unknown', evidence: [{ file: 'x.ts', line: 1, reason: 'DB_NAME' }] },
      ],
      tables: [table(`${name}/t`, name, name), table(name, name), table(`${name}/open`, null, name)],
    })
  })

  test('for any names', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, id, reason) => {
        await expectRoundTrip({
          ...emptyMap,
          services: [{ name, path: 'apps/x', kind: 'service', evidence: [{ file: id, line: 1, reason }] }],
          datastores: [{ id, dialect: 'mysql', evidence: [{ file: name, line: 2, reason }] }],
          tables: [table(id, name, reason), table(`${id}2`, null, reason)],
        })
      }),
    )
  })
})

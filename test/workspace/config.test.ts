import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { emptyConfig, parseConfig } from '../../analyzers/workspace/config.js'
import { ConfigError } from '../../analyzers/workspace/config-error.js'
import { loadWorkspace } from '../../analyzers/workspace/index.js'
import { didYouMean } from '../../analyzers/workspace/suggest.js'
import { code, load, makeTree, server, serviceLines, type Tree } from './tree.js'

const schema = JSON.parse(readFileSync(new URL('../../schemas/config.schema.json', import.meta.url), 'utf8'))
const fitsSchema = new Ajv2020({ allowUnionTypes: true }).compile(schema)

async function problemsOf(action: Promise<unknown>): Promise<string[]> {
  const error = await action.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConfigError)
  const { message, problems } = error as ConfigError
  expect(message.split('\n')).toHaveLength(problems.length)
  return message.split('\n')
}

test('a whole config, with the line of every key', async () => {
  const text = `# Comment
services:
  billing-service:
    path: microservices/billing-service/
    datastore: nilecare
  clinical: { path: ./microservices/clinical }
libraries:
  "@org/shared": { path: packages/shared }
datastores:
  nilecare: { dialect: mysql }
  devices:
owners:
  nilecare/patients: clinical
  nilecare/lab_*: clinical
  nilecare/audit_logs: null
exclude:
  - legacy/
  - '*.old.ts'
include: [tests/seeds/]
`
  expect(await parseConfig(text, 'seamripper.yml')).toEqual({
    file: 'seamripper.yml',
    services: {
      'billing-service': { path: 'microservices/billing-service' },
      clinical: { path: 'microservices/clinical' },
    },
    connections: { 'billing-service': 'nilecare' },
    libraries: { '@org/shared': { path: 'packages/shared' } },
    datastores: { nilecare: { dialect: 'mysql' }, devices: {} },
    owners: { 'nilecare/patients': 'clinical', 'nilecare/lab_*': 'clinical', 'nilecare/audit_logs': null },
    exclude: ['legacy/', '*.old.ts'],
    include: ['tests/seeds/'],
    gate: { rules: {}, services: {}, allow: [] },
    rewrite: { reference: [], later: [], beside: [], clients: null, endpoints: {} },
    lines: {
      services: 2,
      'services.billing-service': 3,
      'services.billing-service.path': 4,
      'services.billing-service.datastore': 5,
      'services.clinical': 6,
      'services.clinical.path': 6,
      libraries: 7,
      'libraries.@org/shared': 8,
      'libraries.@org/shared.path': 8,
      datastores: 9,
      'datastores.nilecare': 10,
      'datastores.nilecare.dialect': 10,
      'datastores.devices': 11,
      owners: 12,
      'owners.nilecare/patients': 13,
      'owners.nilecare/lab_*': 14,
      'owners.nilecare/audit_logs': 15,
      exclude: 16,
      'exclude.0': 17,
      'exclude.1': 18,
      include: 19,
      'include.0': 19,
    },
  })
})

test.each(['', '# nothing\n', 'services:\n', '{}', 'null', 'exclude: []\nowners: {}\n'])(
  '%j is a config',
  async text => {
    const config = await parseConfig(text, 'seamripper.yml')
    expect({ ...config, file: null, lines: {} }).toEqual(emptyConfig())
    expect(fitsSchema(parse(text))).toBe(true)
  },
)

test('what the gate is told', async () => {
  const text = `rules:
  unowned-table: off
services:
  main: { database: none }
  api:
    path: apps/api
    separated: true
    rules: { cross-service-join: warn }
allow:
  - from: api
    table: [main/facilities, main/wards]
    op: read
    reason: ' reference data '
    until: 2027-01-31
  - { from: '*', table: users, reason: 'only ids' }
`
  const { services, gate } = await parseConfig(text, 'seamripper.yml')
  expect(services).toEqual({ api: { path: 'apps/api' } })
  expect(gate).toEqual({
    rules: { 'unowned-table': 'off' },
    services: {
      main: { rules: {}, database: 'none', separated: false },
      api: { rules: { 'cross-service-join': 'warn' }, database: null, separated: true },
    },
    allow: [
      {
        line: 10,
        from: ['api'],
        table: ['main/facilities', 'main/wards'],
        op: ['read'],
        reason: 'reference data',
        until: '2027-01-31',
      },
      { line: 15, from: ['*'], table: ['users'], op: [], reason: 'only ids', until: null },
    ],
  })
})

test('names that JavaScript has for itself, and aliases', async () => {
  const config = await parseConfig(
    'services:\n  __proto__: { path: a }\n  constructor: &c { path: b }\nlibraries:\n  123: *c\nowners: { __proto__: null }\n',
    'x.yml',
  ).catch((error: ConfigError) => error.message)
  expect(config).toBe('x.yml:5: libraries.123 has the path of services.constructor, b. Remove one of them')
  const named = await parseConfig(
    'services:\n  __proto__: { path: a }\nowners: { __proto__: null }\n',
    'x.yml',
  )
  expect(Object.entries(named.services)).toEqual([['__proto__', { path: 'a' }]])
  expect(Object.entries(named.owners)).toEqual([['__proto__', null]])
})

test.each([
  ['payment-service', ['admin-service', 'pay-service'], ' Did you mean "pay-service"?'],
  ['admin', ['payment-service', 'admin-service'], ' Did you mean "admin-service"?'],
  ['reed', ['need', 'read'], ' Did you mean "read"?'],
  ['abc', ['xyz'], ''],
])('the nearest to %s of %j, of equally near ones the one that begins alike', (word, known, told) => {
  expect(didYouMean(word, known)).toBe(told)
})

describe('problems, each with its line and what to do', () => {
  const known = 'Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include'
  test.each<[title: string, text: string, messages: string[]]>([
    [
      'an unknown key',
      '\nownres: {}\n',
      [`2: the config has an unknown key "ownres". Did you mean "owners"? ${known}`],
    ],
    ['a key like no other', 'quux: 1', [`1: the config has an unknown key "quux". ${known}`]],
    [
      'an unknown key of a service',
      'services:\n  api:\n    paht: apps/api\n',
      [
        '2: services.api has no path. Give the folder that it lies in: { path: apps/api }',
        '3: services.api has an unknown key "paht". Did you mean "path"? Known here: path, datastore, rules, database, separated',
      ],
    ],
    [
      'what rewrite can not be told',
      'rewrite:\n  endpoint: {}\n  clients: ../x\n  endpoints:\n    clinical: { path: /x }\n    a.b: {}\n    a.c: { mehtod: GET, path: "/x?y" }\n    a.d: { method: PSOT, path: /a/../b, answer: rows, field: a-b.c d }\n    a.e:\n',
      [
        '2: rewrite has an unknown key "endpoint". Did you mean "endpoints"? Known here: reference, later, beside, clients, endpoints',
        '3: rewrite.clients is "../x"; the folder of a package inside the analysed root is expected, relative to it',
        '5: rewrite.endpoints.clinical: an operation is expected, as service.name: clinical.getPatientById',
        '6: rewrite.endpoints.a.b has no path. Give that of the endpoint: /api/v1/patients/{id}',
        '7: rewrite.endpoints.a.c has an unknown key "mehtod". Did you mean "method"? Known here: method, path, answer, field',
        '7: rewrite.endpoints.a.c.path is "/x?y"; a path is expected, with parameters of the operation in braces: /api/v1/patients/{id}',
        '8: rewrite.endpoints.a.d.method is "PSOT". Did you mean "POST"? Known: GET, POST, PUT, PATCH, DELETE',
        '8: rewrite.endpoints.a.d.path is "/a/../b"; a path is expected, with parameters of the operation in braces: /api/v1/patients/{id}',
        '8: rewrite.endpoints.a.d.answer is "rows". Known: object, list',
        '8: rewrite.endpoints.a.d.field is "a-b.c d"; the name of a property is expected: data, or data.patients',
        '9: rewrite.endpoints.a.e is empty; { method, path, answer, field } is expected',
      ],
    ],
    [
      'what the gate can not be told',
      'rules:\n  cross-service-read: wran\nservices:\n  a:\n    database: none of ours\n    separated: maybe\nallow:\n  - from: a\n    until: 2027-02-30\n',
      [
        '2: rules.cross-service-read is "wran". Did you mean "warn"? Known: error, warn, off',
        '5: services.a.database is "none of ours"; only none is known, for a service that must have no database',
        '6: services.a.separated is the text "maybe"; true or false is expected',
        '8: allow, item 1, has no table: give its id or a pattern, such as nilecare/facilities',
        '8: allow, item 1, has no reason: say why it is accepted',
        '9: allow, item 1, until is "2027-02-30"; a day such as 2027-01-31 is expected',
      ],
    ],
    [
      'a datastore of a library',
      'libraries:\n  db:\n    path: db\n    datastore: x\n',
      ['4: libraries.db has an unknown key "datastore". Only path is known here'],
    ],
    [
      'a service that is a text',
      'services:\n  api: apps/api\n',
      [
        '2: services.api is the text "apps/api"; a mapping (key: value) is expected',
        '2: services.api has no path. Give the folder that it lies in: { path: apps/api }',
      ],
    ],
    [
      'a service without anything',
      'services:\n  api:\n',
      ['2: services.api has no path. Give the folder that it lies in: { path: apps/api }'],
    ],
    [
      'a list of services',
      'services:\n  - api\n',
      ['2: services is a list; a mapping (key: value) is expected'],
    ],
    [
      'a path out of the root',
      'services:\n  api: { path: ../api }\n',
      ['2: services.api.path is "../api"; a folder inside the analysed root is expected, relative to it'],
    ],
    [
      'an absolute path',
      'services:\n  api: { path: /srv/api }\n',
      ['2: services.api.path is "/srv/api"; a folder inside the analysed root is expected, relative to it'],
    ],
    [
      'an empty path',
      'services:\n  api: { path: "" }\n',
      ['2: services.api.path is ""; a folder inside the analysed root is expected, relative to it'],
    ],
    [
      'a path that is a number',
      'services:\n  api: { path: 12 }\n',
      ['2: services.api.path is 12; a text is expected. Write it in quotes'],
    ],
    [
      'two services in one folder',
      'services:\n  a: { path: x }\n  b: { path: ./x/ }\n',
      ['3: services.b has the path of services.a, x. Remove one of them'],
    ],
    [
      'a service that is a library too',
      'services:\n  a: { path: x }\nlibraries:\n  a: { path: y }\n',
      ['4: libraries.a is listed under services too. Remove one of them'],
    ],
    [
      'an unknown dialect',
      'datastores:\n  main: { dialect: postgres }\n',
      [
        '2: datastores.main.dialect is "postgres". Did you mean "postgresql"? Known: postgresql, mysql, sqlite, mssql, snowflake, clickhouse, bigquery, unknown',
      ],
    ],
    ['an owner that is a list', 'owners:\n  a/b: [x]\n', ['2: owners.a/b is a list; a text is expected']],
    [
      'an owner that is true',
      'owners:\n  a/b: true\n',
      ['2: owners.a/b is true; a text is expected. Write it in quotes'],
    ],
    [
      'exclude as a text',
      'exclude: legacy/\n',
      ['1: exclude is the text "legacy/"; a list of patterns is expected'],
    ],
    ['an empty pattern', 'exclude:\n  - a\n  -\n', ['3: exclude, item 2, is empty; a text is expected']],
    ['a config that is a list', '- a\n', ['1: the config is a list; a mapping (key: value) is expected']],
    ['a key twice', 'owners: {}\nexclude: []\nowners: {}\n', ['3: Map keys must be unique']],
    [
      'broken YAML',
      'services:\n  a: [\n',
      ['3: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    [
      'several at once',
      'services:\n  a: { path: ../x }\nquux: 1\n',
      [
        '2: services.a.path is "../x"; a folder inside the analysed root is expected, relative to it',
        `3: the config has an unknown key "quux". ${known}`,
      ],
    ],
  ])('%s', async (_, text, messages) => {
    expect(await problemsOf(parseConfig(text, 'seamripper.yml'))).toEqual(
      messages.map(message => `seamripper.yml:${message}`),
    )
  })
})

describe('the published schema says the same', () => {
  test.each<[text: string, isValid: boolean]>([
    ['services: { api: { path: apps/api, datastore: main } }', true],
    ['libraries: { db: { path: packages/db } }', true],
    ['datastores: { main: { dialect: mysql }, other: , third: {} }', true],
    ['owners: { main/a: api, main/b: null, "main/c_*": api }', true],
    ['exclude: [a, b]\ninclude:\n', true],
    [
      'rules: { cross-service-read: warn, unowned-table: off }\nservices: { api: { database: none }, b: { separated: true, rules: { no-database: error } } }',
      true,
    ],
    ['services: { api: { path: apps/api, separated: false } }', true],
    ["allow: [{ from: '*', table: [a, b], op: [read, write], reason: why, until: 2027-01-31 }]", true],
    ['allow: [{ from: [a, b], table: main/c, reason: why }]\nrules:\n', true],
    ['rules: { cross-service-read: on }', false],
    ['rules: { cross-service-read: true }', false],
    ['services: { api: { database: mysql } }', false],
    ['services: { api: { separated: yes } }', false],
    ['services: { api: { separated: true, datastore: main } }', true],
    ['allow: { from: a }', false],
    ['allow: [{ from: a, table: b }]', false],
    ['allow: [{ from: a, table: b, reason: " " }]', false],
    ['allow: [{ table: b, reason: c }]', false],
    ['allow: [{ from: a, table: b, reason: c, until: tomorrow }]', false],
    ['allow: [{ from: a, table: b, reason: c, since: 2027-01-31 }]', false],
    ['services: { api: { path: "" } }', false],
    ['services: { api: { datastore: main } }', true],
    ['services: { api: { path: a, x: 1 } }', false],
    ['services: { api: null }', false],
    ['services: [api]', false],
    ['libraries: { db: { path: a, datastore: main } }', false],
    ['datastores: { main: { dialect: oracle } }', false],
    ['datastores: { main: mysql }', false],
    ['owners: { a: 1 }', false],
    ['owners: { a: [b] }', false],
    ['exclude: [1]', false],
    ['exclude: a', false],
    ['extra: 1', false],
    ['[]', false],
    ['text', false],
  ])('%s: %s', async (text, isValid) => {
    expect(fitsSchema(parse(text))).toBe(isValid)
    const isAccepted = await parseConfig(text, 'x.yml').then(
      () => true,
      () => false,
    )
    expect(isAccepted).toBe(isValid)
  })
})

const platform: Tree = {
  'apps/api/package.json': { name: 'api', scripts: { start: 'node index.js' } },
  'apps/api/index.ts': server,
  'packages/db/package.json': { name: '@org/db', main: 'index.ts' },
  'packages/db/index.ts': code,
  'tools/x.ts': code,
}

describe('a config and its repository', () => {
  test('names, kinds and folders of the config win; the rest is inferred', async () => {
    const { workspace } = await load({
      ...platform,
      'seamripper.yml':
        'services:\n  database: { path: packages/db }\nlibraries:\n  tools: { path: tools }\n',
    })
    expect(serviceLines(workspace)).toEqual([
      'service api apps/api',
      'service database packages/db',
      'library tools tools',
    ])
    expect(workspace.services[1]!.evidence[0]).toEqual({
      file: 'seamripper.yml',
      line: 2,
      reason: 'is listed under services',
    })
    expect(workspace.files.map(({ path, owner }) => `${path} ${owner}`)).toEqual([
      'apps/api/index.ts api',
      'packages/db/index.ts database',
      'seamripper.yml null',
      'tools/x.ts tools',
    ])
  })

  test('an inferred name gives way to one of the config', async () => {
    const { workspace } = await load({
      ...platform,
      'seamripper.yml': 'libraries:\n  api: { path: tools }\n',
    })
    expect(serviceLines(workspace)).toEqual([
      'service apps/api apps/api',
      'library db packages/db',
      'library api tools',
    ])
  })

  test.each<[title: string, config: string, messages: string[]]>([
    [
      'a folder that is not there',
      'services:\n  api: { path: apps/apj }\n',
      ['2: services.api.path is "apps/apj", and there is no such folder. Did you mean "apps/api"?'],
    ],
    [
      'a folder that was renamed: no other entry of the config has the one that is meant',
      'services:\n  api: { path: apps/api }\n  apj: { path: apps/apj }\nlibraries:\n  tool: { path: tool }\n',
      [
        '3: services.apj.path is "apps/apj", and there is no such folder.',
        '5: libraries.tool.path is "tool", and there is no such folder. Did you mean "tools"?',
      ],
    ],
    [
      'an owner that is no service',
      'owners:\n  main/a: apy\n',
      ['2: owners.main/a is "apy", and there is no such service. Did you mean "api"? Services: api'],
    ],
    [
      'owners of several tables that are none: said once for each name',
      'owners:\n  main/a: apy\n  main/b: gone\n  main/c: apy\n  main/d: null\n  main/e: apy\n  main/f: gone\n',
      [
        '2: owners.main/a is "apy" (so are 2 more, in lines 4, 6), and there is no such service. Did you mean "api"? Services: api',
        '3: owners.main/b is "gone" (so is 1 more, in line 7), and there is no such service. Services: api',
      ],
    ],
    [
      'an endpoint of nobody, and clients in no package',
      'rewrite:\n  clients: apps/apj\n  endpoints:\n    apy.getA: { path: /a }\n',
      [
        '2: rewrite.clients is "apps/apj", and there is no such folder. Did you mean "apps/api"?',
        '4: rewrite.endpoints.apy.getA: there is no service "apy". Did you mean "api"? Services: api',
      ],
    ],
    [
      'an owner that is a library',
      'owners:\n  main/a: db\n',
      [
        '2: owners.main/a is "db", that is a library, which no one deploys. Name a service, or null to leave the table open',
      ],
    ],
  ])('%s', async (_, config, messages) => {
    const root = makeTree({ ...platform, 'seamripper.yml': config })
    expect(await problemsOf(loadWorkspace(root))).toEqual(
      messages.map(message => `seamripper.yml:${message}`),
    )
  })

  test('a config of another name, or elsewhere', async () => {
    const root = makeTree({
      ...platform,
      'ci/map.yml': 'exclude: [tools/]\n',
      'seamripper.yml': 'nonsense: 1',
    })
    const { workspace } = await loadWorkspace(root, { configFile: join(root, 'ci/map.yml') })
    expect(workspace.config.file).toBe('ci/map.yml')
    expect(workspace.leftOut).toEqual({ excluded: 1 })
  })

  test('seamripper.yaml is found too', async () => {
    const { workspace } = await load({ ...platform, 'seamripper.yaml': 'exclude: [tools/]\n' })
    expect(workspace.config.file).toBe('seamripper.yaml')
  })

  test('a config that is not there, or no text', async () => {
    const root = makeTree({ ...platform, 'bad.yml': Buffer.from([0, 1, 2]) })
    const missing = await problemsOf(loadWorkspace(root, { configFile: join(root, 'none.yml') }))
    expect(missing[0]).toMatch(/none\.yml: there is no such file$/)
    const binary = await problemsOf(loadWorkspace(root, { configFile: join(root, 'bad.yml') }))
    expect(binary).toEqual([
      "bad.yml: the config can't be read: Holds NUL bytes, so it is no text; not read.",
    ])
  })

  test('a root that is not there', async () => {
    expect(await problemsOf(loadWorkspace('/no/such/folder'))).toEqual([
      '/no/such/folder: there is no such folder',
    ])
  })
})

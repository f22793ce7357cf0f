import { describe, expect, test } from 'vitest'
import { isSettingsFile, readCodeDefaults, readSettingsFiles } from '../../analyzers/datastores/index.js'

const read = (path: string, text: string) => readSettingsFiles([{ path, owner: null, text }])
const settings = (path: string, text: string) =>
  read(path, text).settings.map(
    item =>
      `${item.line} ${item.name}=${item.value}${item.targets.length ? ` for ${item.targets.join(' ')}` : ''}`,
  )

describe('which files are read', () => {
  test.each([
    '.env',
    'services/a/.env.example',
    '.env.local',
    'a/.env.dist.composed',
    'env/billing.env',
    'docker-compose.yml',
    'compose.yaml',
    'docker-compose.dev.yml',
    'compose.prod.yaml',
    'ormconfig.json',
    'database.json',
    'config/default.json',
    'config/production.yaml',
    'config/custom-environment-variables.json',
    'prisma/schema.prisma',
    'knexfile.ts',
    'drizzle.config.ts',
    'src/config/database.js',
    'k8s/auth/deployment.yaml',
    'charts/auth/values.yaml',
    'values-prod.yaml',
  ])('%s', path => expect(isSettingsFile(path)).toBe(true))

  test.each([
    '.env.test',
    '.github/ci.env',
    'docker-compose.test.yml',
    'docker-compose.ci.yml',
    'package.json',
    'tsconfig.json',
    'src/env.ts',
    'README.md',
    '.github/workflows/ci.yml',
    'pnpm-lock.yaml',
    'environment.ts',
  ])('not %s', path => expect(isSettingsFile(path)).toBe(false))
})

describe('env files', () => {
  test('a file to be copied that sets a variable several ways shows what to choose from', () => {
    const text = [
      '# Supabase',
      'DATABASE_URL=postgres://h/postgres',
      '# Neon',
      'DATABASE_URL=postgres://h/neondb',
      'A=1',
      'A=1',
    ]
    expect(settings('env.example', text.join('\n'))).toEqual(['5 A=1', '6 A=1'])
    expect(settings('.env', text.join('\n'))).toHaveLength(4)
  })

  test.each([
    ['DB_NAME=nilecare', ['1 DB_NAME=nilecare']],
    ['# note\nexport DB_NAME=nilecare\r\nX=1', ['2 DB_NAME=nilecare', '3 X=1']],
    ['DB_NAME="nile care" # why', ['1 DB_NAME=nile care']],
    ["DB_NAME='nilecare'", ['1 DB_NAME=nilecare']],
    ['DB_NAME = nilecare # note', ['1 DB_NAME=nilecare']],
    ['DB_NAME=a#b', ['1 DB_NAME=a#b']],
    ['DB_NAME=', ['1 DB_NAME=']],
    ['KEY="-----BEGIN\nDB_NAME=no\n-----END"\nDB_NAME=yes', ['4 DB_NAME=yes']],
    ['OPEN="never closed\nDB_NAME=yes', ['2 DB_NAME=yes']],
    ['not a setting', []],
  ])('%j', (text, expected) => expect(settings('.env', text)).toEqual(expected))
})

describe('compose files', () => {
  test('environment as map, list, and merged from an anchor', () => {
    const text = `
x-common: &common
  DB_HOST: mysql
  DB_NAME: shared
services:
  auth:
    build: ./services/auth
    environment:
      <<: *common
      DB_NAME: nilecare_auth
  billing:
    build: { context: ., dockerfile: services/billing/Dockerfile }
    environment:
      - DB_NAME=\${BILLING_DB:-nilecare}
      - EMPTY
    env_file: [./services/billing/.env]
    depends_on: { mysql: { condition: service_healthy } }
  mysql:
    image: mysql:8
    environment:
      MYSQL_DATABASE: nilecare
`
    const found = read('docker-compose.yml', text)
    expect(found.settings.map(item => `${item.targets} ${item.name}=${item.value}`)).toEqual([
      'auth DB_HOST=mysql',
      'auth DB_NAME=nilecare_auth',
      'billing DB_NAME=${BILLING_DB:-nilecare}',
    ])
    expect(found.servers).toEqual([
      {
        name: 'mysql',
        alias: null,
        dialect: 'mysql',
        database: 'nilecare',
        file: 'docker-compose.yml',
        line: 21,
      },
    ])
    expect(
      found.deployments.map(({ name, buildPath, envFiles, dependsOn }) => ({
        name,
        buildPath,
        envFiles,
        dependsOn,
      })),
    ).toEqual([
      { name: 'auth', buildPath: 'services/auth', envFiles: [], dependsOn: [] },
      {
        name: 'billing',
        buildPath: 'services/billing',
        envFiles: ['services/billing/.env'],
        dependsOn: ['mysql'],
      },
    ])
  })

  test('a server has two host names', () => {
    const text = 'services:\n  db: { image: postgres, container_name: app-db }\n'
    expect(read('compose.yml', text).servers.map(({ name, alias }) => [name, alias])).toEqual([
      ['db', 'app-db'],
    ])
  })

  test.each([
    ['broken YAML', 'services:\n  a: [\n'],
    ['a text', 'hello'],
    ['nothing', ''],
    ['self-referring alias', 'services: &a\n  x: *a\n'],
    ['services as list', 'services: [1, 2]'],
  ])('%s does not stop the run', (_, text) => expect(() => read('compose.yml', text)).not.toThrow())

  test('nested 10,000 deep', () => {
    expect(() => read('compose.yml', `services: ${'['.repeat(10_000)}`)).not.toThrow()
    expect(() => read('compose.yml', `services: ${'{a: '.repeat(10_000)}`)).not.toThrow()
  })

  test('what can not be read is said', () => {
    expect(read('compose.yml', 'services:\n  a: [\n').diagnostics).toMatchObject([
      { code: 'settings-syntax', file: 'compose.yml' },
    ])
  })
})

describe('Kubernetes and Helm', () => {
  test('env list of a container', () => {
    const text = `
kind: Deployment
metadata: { name: billing-service }
spec:
  template:
    spec:
      containers:
        - name: app
          env:
            - name: DB_NAME
              value: nilecare_billing
            - name: DB_PASSWORD
              valueFrom: { secretKeyRef: { name: db, key: password } }
`
    expect(settings('k8s/billing.yaml', text)).toEqual([
      '10 DB_NAME=nilecare_billing for billing-service spec template spec containers app',
    ])
  })

  test('Helm values by service', () => {
    expect(settings('helm/values.yaml', 'auth-service:\n  env:\n    DB_NAME: nilecare_auth\n')).toEqual([
      '3 DB_NAME=nilecare_auth for auth-service',
    ])
  })

  test('ConfigMap, several documents, templates', () => {
    const text = `{{- if .Values.enabled }}
kind: ConfigMap
metadata:
  name: shared
data:
  DB_NAME: nilecare
  OTHER: {{ .Values.other }}
---
kind: Secret
metadata: { name: s }
stringData: { DB_NAME: hidden }
{{- end }}
`
    expect(settings('helm/templates/config.yaml', text)).toEqual([
      '6 DB_NAME=nilecare for shared',
      '7 OTHER=<template> for shared',
    ])
  })
})

describe('connections of configuration files', () => {
  const connections = (path: string, text: string) =>
    read(path, text).connections.map(
      ({ line, name, dialect, database, databaseEnv, url, urlEnv, host }) =>
        `${line}${name ? ` ${name}` : ''} ${dialect} ${database ?? '-'} ${databaseEnv ?? '-'} ${url ?? '-'} ${urlEnv ?? '-'} ${host ?? '-'}`,
    )
  test.each([
    [
      'ormconfig.json',
      '{ "type": "mysql", "host": "db", "database": "nilecare" }',
      ['1 mysql nilecare - - - db'],
    ],
    [
      'ormconfig.json',
      '[{ "type": "mysql", "name": "a", "database": "x" },\n { "type": "postgres", "url": "postgres://h/y" }]',
      ['1 mysql x - - - -', '2 postgresql - - postgres://h/y - -'],
    ],
    [
      'database.json',
      '{ "dev": { "driver": "mysql", "database": { "ENV": "DB_NAME" } }, "test": { "driver": "mysql", "database": "t" } }',
      ['1 mysql - DB_NAME - - -'],
    ],
    [
      'config/config.json',
      '{ "production": { "use_env_variable": "DATABASE_URL", "dialect": "postgres" } }',
      ['1 postgresql - - - DATABASE_URL -'],
    ],
    [
      'config/custom-environment-variables.json',
      '{ "db": { "database": "X_DB", "host": "X_HOST" } }',
      ['1 db null - X_DB - - -'],
    ],
    [
      'config/default.yaml',
      'db:\n  client: mysql2\n  connection:\n    database: ${DB:-nile}\n',
      ['4 db mysql nile DB - - -'],
    ],
    ['config/default.json', '{ "name": "x", "database": "just a word" }', []],
    ['config/default.json', '{ broken', []],
    [
      'schema.prisma',
      'generator c { provider = "x" }\ndatasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}',
      ['2 postgresql - - - DATABASE_URL -'],
    ],
    ['schema.prisma', 'datasource db { provider = "mongodb" }', []],
    [
      'worker/wrangler.toml',
      'name = "w"\n[[d1_databases]]\nbinding = "DB"\ndatabase_name = "shop"\n[[r2_buckets]]\nbinding = "B"\n[[env.staging.d1_databases]]\nbinding = "DB"\ndatabase_name = "shop-staging"',
      ['2 DB sqlite shop - - - -'],
    ],
    [
      'wrangler.jsonc',
      '{ // a worker\n "d1_databases": [\n { "binding": "DB", "database_name": "shop" }, { "binding": "X", "database_name": "xxx" }] }',
      ['3 DB sqlite shop - - - -'],
    ],
    [
      'edge/wrangler.jsonc',
      '{ "name": "shop_edge", "d1_databases": [\n { "binding": "DB_A", "database_id": "5" },\n { "binding": "B", "database_name": "xxx" }] }',
      ['2 DB_A sqlite shop-edge-db-a - - - -', '3 B sqlite shop-edge-b - - - -'],
    ],
    [
      'edge/wrangler.toml',
      '[[env.production.d1_databases]]\nbinding = "DB"\ndatabase_name = "shop"\n[[env.staging.d1_databases]]\nbinding = "DB"\ndatabase_name = "shop-staging"',
      ['1 DB sqlite shop - - - -'],
    ],
    // It binds none: if it has one, it is its own.
    ['edge/wrangler.toml', 'main = "index.js"\n[vars]\nname = "x"', ['1 sqlite edge - - - -']],
    ['wrangler.json', '{ "main": "index.js" }', []],
    [
      'knexfile.ts',
      "export default {\n client: 'mysql2',\n connection: {\n  host: '127.0.0.1',\n  database: process.env.DB_NAME || 'nilecare',\n } }",
      ['4 mysql nilecare DB_NAME - - 127.0.0.1'],
    ],
    [
      'knexfile.js',
      "module.exports = { client: 'pg', connection: process.env.DATABASE_URL }",
      ['1 postgresql - - - DATABASE_URL -'],
    ],
    [
      'drizzle.config.ts',
      "export default { dialect: 'postgresql', dbCredentials: { url: process.env.PG_URL! } }",
      ['1 postgresql - - - PG_URL -'],
    ],
    [
      'config/database.js',
      "module.exports = { development: { database: 'a', dialect: 'mysql' }, test: { database: 't', dialect: 'mysql' } }",
      ['1 mysql a - - - -'],
    ],
    ['knexfile.ts', 'export { default } from "./x"', []],
  ])('%s %s', (path, text, expected) => expect(connections(path, text)).toEqual(expected))
})

describe('defaults in code', () => {
  test.each([
    ["const n = process.env.DB_NAME || 'nilecare'", ['1 DB_NAME=nilecare']],
    ['process.env[\'DB_NAME\'] ?? "nilecare"', ['1 DB_NAME=nilecare']],
    ["config.get<string>('DB_NAME', 'nilecare')", ['1 DB_NAME=nilecare']],
    ["env('PGDATABASE', 'app')", ['1 PGDATABASE=app']],
    ["DB_NAME: z.string().default('app'),", ['1 DB_NAME=app']],
    ["DB_NAME: Joi.string().required().default('app'),", ['1 DB_NAME=app']],
    ["\n\nurl: process.env.X1 || 'mysql://u:p@h/app' // DB", ['3 X1=mysql://u:p@h/app']],
    ["DB_NAME: str({ default: 'app' }),", ['1 DB_NAME=app']],
    ["DB_NAME: str({ desc: 'name', devDefault: 'dev', default: 'app' })", ['1 DB_NAME=app']],
    ["process.env.PORT || '3000'", []],
    ["process.env.DB_USER || 'root'", []],
    ["process.env.REDIS_DB || 'zero'", []],
  ])('%j', (text, expected) =>
    expect(readCodeDefaults('a.ts', text).map(item => `${item.line} ${item.name}=${item.value}`)).toEqual(
      expected,
    ),
  )
})

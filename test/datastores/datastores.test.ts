import { describe, expect, test } from 'vitest'
import { datastoreFor, datastoreOfAccess, readCodeDefaults } from '../../analyzers/datastores/index.js'
import { brief, connection, datastoresOf, type Platform } from './helpers.js'

const auth = (what: object) => connection('services/auth/src/db.ts', what)
const billing = (what: object) => connection('services/billing/src/db.ts', what)
const shared = { database: 'nilecare', databaseEnv: 'DB_NAME' }

describe('what a connection means', () => {
  test('the default in code, where nothing else speaks', () => {
    const result = datastoresOf({ connections: [auth(shared), billing(shared)] })
    expect(brief(result)).toEqual({ auth: ['nilecare (mysql, code)'], billing: ['nilecare (mysql, code)'] })
    expect(result.datastores).toEqual([
      {
        id: 'nilecare',
        dialect: 'mysql',
        evidence: [
          {
            file: 'services/auth/src/db.ts',
            line: 1,
            reason: 'auth connects to nilecare unless DB_NAME says otherwise',
          },
          {
            file: 'services/billing/src/db.ts',
            line: 1,
            reason: 'billing connects to nilecare unless DB_NAME says otherwise',
          },
        ],
      },
    ])
    expect(result.diagnostics).toEqual([])
  })

  test.each<[string, Record<string, string>, string[], string[]]>([
    [
      'called after another service: not the main one',
      { 'src/audit': 'platform_billing', 'src/db': 'platform_auth' },
      ['platform_auth (mysql, code)', 'platform_billing (mysql, code)'],
      ['platform_billing (mysql, code)'],
    ],
    [
      'called after none: the first that is opened',
      { 'src/audit': 'platform', 'src/db': 'platform_auth' },
      ['platform (mysql, code)', 'platform_auth (mysql, code)'],
      ['platform_billing (mysql, code)'],
    ],
    [
      'opened by a script to be run by hand: not the main one',
      { 'scripts/fix': 'dev', 'src/db': 'platform_auth' },
      ['platform_auth (mysql, code)', 'dev (mysql, code)'],
      ['platform_billing (mysql, code)'],
    ],
  ])('of several, one that is %s', (_, opened, expected, ofBilling) => {
    const result = datastoresOf({
      connections: [
        ...Object.entries(opened).map(([file, database]) =>
          connection(`services/auth/${file}.ts`, { database }),
        ),
        billing({ database: 'platform_billing' }),
      ],
    })
    expect(brief(result)).toEqual({ auth: expected, billing: ofBilling })
  })

  test.each([
    ['example over code', { 'services/auth/.env.example': 'DB_NAME=b' }, 'b (mysql, example)'],
    [
      'env over example',
      { 'services/auth/.env.example': 'DB_NAME=b', 'services/auth/.env': 'DB_NAME=c' },
      'c (mysql, env)',
    ],
    [
      'compose over env',
      {
        'services/auth/.env': 'DB_NAME=c',
        'docker-compose.yml': 'services:\n  auth:\n    environment:\n      DB_NAME: d\n',
      },
      'd (mysql, deployment)',
    ],
    [
      'Helm over env',
      { 'services/auth/.env': 'DB_NAME=c', 'helm/values.yaml': 'auth:\n  env:\n    DB_NAME: h\n' },
      'h (mysql, deployment)',
    ],
    ['own folder over root', { '.env': 'DB_NAME=r', 'services/auth/.env': 'DB_NAME=c' }, 'c (mysql, env)'],
    ['root where own is silent', { '.env': 'DB_NAME=r', 'services/auth/.env': 'PORT=1' }, 'r (mysql, env)'],
    [
      'root env over own example',
      { '.env': 'DB_NAME=r', 'services/auth/.env.example': 'DB_NAME=e' },
      'r (mysql, env)',
    ],
    [
      'env file bearing its name',
      { 'env/auth.env': 'DB_NAME=n', 'env/billing.env': 'DB_NAME=m' },
      'n (mysql, env)',
    ],
    [
      'env_file of compose',
      { 'compose.yml': 'services:\n  auth:\n    env_file: deploy/x.env\n', 'deploy/x.env': 'DB_NAME=f' },
      'f (mysql, env)',
    ],
    [
      'placeholders do not count',
      { 'services/auth/.env.example': 'DB_NAME=your_database' },
      'a (mysql, code)',
    ],
    ['empty values do not count', { 'services/auth/.env': 'DB_NAME=' }, 'a (mysql, code)'],
    ['a sibling says nothing', { 'services/billing/.env': 'DB_NAME=z' }, 'a (mysql, code)'],
    [
      'references resolved from the .env beside',
      {
        'compose.yml': 'services:\n  auth:\n    environment:\n      - DB_NAME=${AUTH_DB:-x}\n',
        '.env': 'AUTH_DB=y',
      },
      'y (mysql, deployment)',
    ],
    [
      'their default',
      { 'compose.yml': 'services:\n  auth:\n    environment:\n      - DB_NAME=${AUTH_DB:-x}\n' },
      'x (mysql, deployment)',
    ],
    [
      'built folder over name',
      { 'compose.yml': 'services:\n  login:\n    build: ./services/auth\n    environment: { DB_NAME: p }\n' },
      'p (mysql, deployment)',
    ],
    [
      'the folder of the program that is started, over name',
      {
        'compose.yml':
          'services:\n  login:\n    build: .\n    command: ["npx", "tsx", "services/auth/index.ts"]\n    environment: { DB_NAME: r }\n',
      },
      'r (mysql, deployment)',
    ],
    [
      'an image that ends in its name, where the name in the file is no service',
      {
        'compose.yml':
          'services:\n  shop-web:\n    image: ghcr.io/acme/shop-auth:1\n    environment: { DB_NAME: s }\n',
      },
      's (mysql, deployment)',
    ],
    [
      'name with a suffix',
      { 'compose.yml': 'services:\n  auth-service:\n    environment: { DB_NAME: q }\n' },
      'q (mysql, deployment)',
    ],
  ])('%s', (_, files, expected) => {
    const result = datastoresOf({
      files,
      connections: [auth({ database: 'a', databaseEnv: 'DB_NAME' })],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual([expected])
  })

  test.each([
    [
      'an example file over what staging runs with',
      { '.env.example': 'DB_NAME=shop' },
      'shop (mysql, example)',
    ],
    ['what staging runs with over nothing', {}, 'shop_staging (mysql, deployment)'],
  ])('%s', (_, files, expected) => {
    const result = datastoresOf({
      files: {
        ...files,
        'docker-compose.staging.yml': 'services:\n  auth:\n    environment: { DB_NAME: shop_staging }\n',
      },
      connections: [auth({ databaseEnv: 'DB_NAME' })],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual([expected])
  })

  test('sources that disagree are told with their places', () => {
    const result = datastoresOf({
      files: { 'services/billing/.env.example': '#\nDB_NAME=nilecare_billing' },
      connections: [billing({ ...shared, line: 7 })],
      active: ['billing'],
    })
    expect(result.diagnostics).toHaveLength(1)
    expect(result.diagnostics[0]).toMatchObject({
      code: 'datastore-disagreement',
      file: 'services/billing/.env.example',
      line: 2,
    })
    expect(result.diagnostics[0]!.message).toContain('nilecare (services/billing/src/db.ts:7)')
    expect(result.diagnostics[0]!.message).toContain('services.billing.datastore')
  })

  test('many connections that disagree are told once, each other database with its first place', () => {
    const result = datastoresOf({
      files: { 'services/billing/.env.example': 'DB_NAME=nilecare_billing' },
      connections: [
        billing({ ...shared, line: 7 }),
        billing({ ...shared, line: 7, file: 'services/billing/scripts/seed.ts' }),
        billing({ ...shared, database: 'old', line: 9, file: 'services/billing/scripts/move.ts' }),
      ],
      active: ['billing'],
    })
    expect(result.diagnostics.map(({ message }) => message.split(': deployments')[0])).toEqual([
      'the database of billing is taken to be nilecare_billing, but other files say nilecare (services/billing/src/db.ts:7 and 1 more), old (services/billing/scripts/move.ts:9)',
    ])
  })

  test('services that have the same to say are told together', () => {
    const together = datastoresOf({
      services: ['auth', 'billing', 'orders', 'stock'],
      libs: ['db'],
      files: { '.env': 'DB_NAME=shop' },
      connections: [connection('libs/db/src/db.ts', { database: 'dev', databaseEnv: 'DB_NAME' })],
      libraries: { auth: ['db'], billing: ['db'], orders: ['db'], stock: ['db'] },
      active: ['auth', 'billing', 'orders', 'stock', 'db'],
    })
    expect(together.diagnostics.map(({ message }) => message)).toEqual([
      'the database of auth, billing, orders and 2 more is taken to be shop, but other files say dev (libs/db/src/db.ts:1): ' +
        'deployments override .env files, these override example files, and these override defaults in code. ' +
        'If it is another one, say so in seamripper.yml: services.auth.datastore, services.billing.datastore, ' +
        'services.orders.datastore, and so on',
    ])
  })

  test('so are those of which one file says the same at a line of each', () => {
    const compose = (database: string) =>
      `services:\n${['auth', 'billing'].map(name => `  ${name}:\n    build: services/${name}\n    environment:\n      DB_NAME: ${database}\n`).join('')}`
    const result = datastoresOf({
      files: { 'docker-compose.yml': compose('shop'), 'docker-compose.prod.yml': compose('live') },
      connections: [auth({ databaseEnv: 'DB_NAME' }), billing({ databaseEnv: 'DB_NAME' })],
      active: ['auth', 'billing'],
    })
    expect(result.diagnostics.map(({ message }) => message.split(': deployments')[0])).toEqual([
      'the database of auth, billing is taken to be shop, but other files say live (docker-compose.prod.yml:5 and 1 more)',
    ])
  })

  test('a literal is what runs', () => {
    const result = datastoresOf({
      files: { 'services/auth/.env': 'DB_NAME=other' },
      connections: [auth({ database: 'fixed' })],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual(['fixed (mysql, code)'])
  })

  test.each([
    [
      'URL of the environment',
      { urlEnv: 'DATABASE_URL', driver: 'pg' },
      'DATABASE_URL=postgres://u:secret@h/app',
      'app (postgresql, env)',
    ],
    [
      'URL over any driver',
      { urlEnv: 'DATABASE_URL', driver: 'knex' },
      'DATABASE_URL=mysql://h/app',
      'app (mysql, env)',
    ],
    ['URL as default', { url: 'postgres://h/app', urlEnv: 'X', driver: 'pg' }, '', 'app (postgresql, code)'],
    [
      'dialect by option',
      { ...shared, driver: 'sequelize', dialect: 'mysql' as const },
      '',
      'nilecare (mysql, code)',
    ],
    [
      'dialect by setting',
      { ...shared, driver: 'sequelize' },
      'DB_DIALECT=postgres',
      'nilecare (postgresql, code)',
    ],
    ['dialect by port', { ...shared, driver: 'typeorm' }, 'DB_PORT=3306', 'nilecare (mysql, code)'],
    [
      'dialect by variable',
      { driver: 'knex', databaseEnv: 'MYSQL_DATABASE' },
      'MYSQL_DATABASE=a',
      'a (mysql, env)',
    ],
    ['no dialect', { ...shared, driver: 'knex' }, '', 'nilecare (unknown, code)'],
    ['sqlite file', { driver: 'better-sqlite3', database: './data/trips.db' }, '', 'trips (sqlite, code)'],
    ['settings alone', { driver: 'mysql2' }, 'DB_NAME=alone', 'alone (mysql, env)'],
  ])('%s', (_, what, env, expected) => {
    const result = datastoresOf({
      files: { 'services/auth/.env': env },
      connections: [auth(what)],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual([expected])
  })

  test('no password is ever shown', () => {
    const result = datastoresOf({
      files: {
        'services/auth/.env': 'DATABASE_URL=mysql://root:hunter2@db/nilecare',
        '.env': 'DATABASE_URL=mysql://root:hunter2@db/x',
      },
      connections: [auth({ urlEnv: 'DATABASE_URL' })],
    })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })

  test('npm driver gives the dialect of a service known by its settings only', () => {
    const result = datastoresOf({
      files: { 'services/auth/.env': 'DB_NAME=a' },
      dependencies: { auth: ['express', 'pg'] },
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual(['a (postgresql, env)'])
  })

  test('a default in code that is the server’s own database gives way to the only one that is deployed', () => {
    const url = { driver: 'pg', url: 'postgres://postgres@127.0.0.1/postgres', urlEnv: 'DATABASE_URL' }
    const inCode = connection('services/billing/src/db.ts', url)
    const databasesOf = (files: Record<string, string>, services = ['auth', 'billing']) =>
      brief(datastoresOf({ services, connections: [auth(url), inCode], files }))
    const env = (database: string) => `DATABASE_URL=postgres://u@h/${database}`
    expect(databasesOf({ 'services/auth/.env': env('shop') })).toEqual({
      auth: ['shop (postgresql, env)'],
      billing: ['shop (postgresql, code)'],
    })
    expect(databasesOf({})).toEqual({
      auth: ['postgres (postgresql, code)'],
      billing: ['postgres (postgresql, code)'],
    })
    const several = { 'services/auth/.env': env('shop'), 'services/lab/.env': env('lab') }
    expect(databasesOf(several, ['auth', 'billing', 'lab']).billing).toEqual(['postgres (postgresql, code)'])
  })

  test('two connections, in code order, by dialect and by name', () => {
    const result = datastoresOf({
      connections: [
        auth({ name: 'centralDb', line: 3, database: 'nilecare', databaseEnv: 'CENTRAL_DB_NAME' }),
        auth({ name: 'localDb', line: 9, database: 'nilecare_auth' }),
        auth({ name: 'events', line: 12, database: 'events', driver: 'pg' }),
      ],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual([
      'nilecare (mysql, code)',
      'nilecare_auth (mysql, code)',
      'events (postgresql, code)',
    ])
    expect(datastoreFor(result, 'auth')).toBe('nilecare')
    expect(datastoreFor(result, 'auth', { connection: 'localDb' })).toBe('nilecare_auth')
    expect(datastoreFor(result, 'auth', { connection: 'services/auth/src/db.ts:9' })).toBe('nilecare_auth')
    expect(datastoreFor(result, 'auth', { dialect: 'postgresql' })).toBe('events')
    expect(datastoreFor(result, 'auth', { schema: 'nilecare_auth' })).toBe('nilecare_auth')
    expect(datastoreFor(result, 'auth', { schema: 'NILECARE_AUTH' })).toBe('nilecare_auth')
    expect(datastoreFor(result, 'auth', { schema: 'nilecare_lab' })).toBe('nilecare_lab')
    expect(datastoreFor(result, 'auth', { dialect: 'postgresql', schema: 'public' })).toBe('events')
    expect(datastoreFor(result, 'auth', { dialect: 'sqlite' })).toBeNull()
  })

  test('reader and writer of one database are one', () => {
    const result = datastoresOf({
      files: { '.env': 'R=mysql-read\nW=mysql' },
      connections: [
        auth({ database: 'x', hostEnv: 'R', line: 1 }),
        auth({ database: 'x', hostEnv: 'W', line: 2 }),
      ],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual(['x (mysql, code)'])
  })
})

describe('what Kubernetes runs with', () => {
  const workload = (name: string, container: string, kind = 'Deployment') =>
    `kind: ${kind}\nmetadata: { name: ${name} }\nspec: { template: { spec: { containers: [${container}] } } }\n`
  const configMap = 'kind: ConfigMap\nmetadata: { name: config }\ndata: { DB_NAME: m }\n'
  const takesIt = 'envFrom: [{ configMapRef: { name: config } }]'

  test.each<[string, Record<string, string>, string, string]>([
    ['a ConfigMap that nothing is seen to use, all', { 'k8s/c.yaml': configMap }, 'm', 'm'],
    [
      'a ConfigMap that bears the name of one and says what it is, that one',
      { 'k8s/c.yaml': configMap.replace('config', 'auth-service-config') },
      'm',
      'b',
    ],
    [
      'the same in other words',
      { 'k8s/c.yaml': configMap.replace('config', 'billing-db-configmap') },
      'a',
      'm',
    ],
    [
      'a ConfigMap, those whose workloads take it',
      { 'k8s/c.yaml': configMap, 'k8s/a.yaml': workload('auth', `{ name: app, ${takesIt} }`) },
      'm',
      'b',
    ],
    [
      'one variable of it',
      {
        'k8s/c.yaml': configMap,
        'k8s/a.yaml': workload(
          'auth',
          '{ name: app, env: [{ name: DB_NAME, valueFrom: { configMapKeyRef: { name: config, key: DB_NAME } } }] }',
        ),
      },
      'm',
      'b',
    ],
    [
      'a ConfigMap of a program that is not here, none',
      { 'k8s/c.yaml': configMap, 'k8s/a.yaml': workload('celery', `{ name: worker, ${takesIt} }`) },
      'a',
      'b',
    ],
    [
      'a workload that is not here, none',
      {
        'k8s/a.yaml': workload(
          'celery',
          '{ name: worker, env: [{ name: DB_NAME, value: w }] }',
          'StatefulSet',
        ),
      },
      'a',
      'b',
    ],
    [
      'a database server, none',
      {
        'k8s/a.yaml': workload(
          'store',
          '{ name: app, image: "postgres:16", env: [{ name: DB_NAME, value: w }] }',
        ),
        'helm/values.yaml': 'store:\n  image: bitnami/mysql:8\n  env: { DB_NAME: v }\n',
      },
      'a',
      'b',
    ],
  ])('%s', (_, files, ofAuth, ofBilling) => {
    const result = datastoresOf({
      files,
      connections: [
        auth({ database: 'a', databaseEnv: 'DB_NAME' }),
        billing({ database: 'b', databaseEnv: 'DB_NAME' }),
      ],
    })
    expect(Object.values(result.byService).map(([store]) => store!.datastore)).toEqual([ofAuth, ofBilling])
  })

  test('the one service of a repository, whatever it is called there', () => {
    const result = datastoresOf({
      services: ['auth'],
      files: { 'k8s/a.yaml': workload('shop', '{ name: app, env: [{ name: DB_NAME, value: w }] }') },
      connections: [auth({ database: 'a', databaseEnv: 'DB_NAME' })],
    })
    expect(brief(result).auth).toEqual(['w (mysql, deployment)'])
  })

  test('a default of a compose file is not what another file deploys with', () => {
    const result = datastoresOf({
      files: {
        'compose.yml': 'services:\n  auth:\n    environment: { DB_URL: "mysql://db/${DB_NAME:-c}" }\n',
        'k8s/c.yaml': configMap,
      },
      connections: [auth({ urlEnv: 'DB_URL' })],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual(['c (mysql, deployment)'])
  })
})

describe('settings that describe connections', () => {
  test.each<[string, Record<string, string>, string[], string[]]>([
    [
      'its own before what is meant for all',
      {
        '.env.example': 'DIRECT_URL=mysql://h/shared',
        'services/auth/.env.example': 'DATABASE_URL=mysql://h/own',
      },
      ['own (mysql, example)'],
      ['shared (.env.example:1)'],
    ],
    [
      'of two files the stronger',
      { '.env': 'DATABASE_URL=mysql://h/run', 'services/auth/.env.example': 'DB_NAME=copied' },
      ['run (mysql, env)'],
      ['copied (services/auth/.env.example:1)'],
    ],
    [
      'two of one file',
      { 'services/auth/.env': 'DATABASE_URL=mysql://h/a\nDIRECT_URL=mysql://h/b' },
      ['a (mysql, env)', 'b (mysql, env)'],
      [],
    ],
    [
      'other words, another database',
      {
        '.env': 'REPORTS_DATABASE_URL=mysql://h/reports',
        'services/auth/.env': 'DATABASE_URL=mysql://h/own',
      },
      ['own (mysql, env)', 'reports (mysql, env)'],
      [],
    ],
  ])('%s', (_, files, expected, others) => {
    const result = datastoresOf({ services: ['auth'], files, dependencies: { auth: ['mysql2'] } })
    expect(brief(result).auth).toEqual(expected)
    expect(
      result.diagnostics.map(({ message }) => /other files say (.*?): deployments/.exec(message)![1]),
    ).toEqual(others)
  })

  test('a URL tells the dialect before options do, which may be those of tests; a driver before both', () => {
    const files = { '.env': 'DATABASE_URL=postgres://h/shop' }
    const dialectOf = (what: object) =>
      datastoresOf({ files, connections: [auth({ urlEnv: 'DATABASE_URL', ...what })], active: ['auth'] })
        .datastores
    expect(dialectOf({ driver: 'sequelize', dialect: 'sqlite' })).toMatchObject([{ dialect: 'postgresql' }])
    expect(dialectOf({ driver: 'mysql2', dialect: null })).toMatchObject([{ dialect: 'mysql' }])
  })

  test('prefixes of services in one file for all', () => {
    const result = datastoresOf({
      files: {
        '.env.example':
          'AUTH_DB_NAME=nilecare_auth\nBILLING_DB_NAME=nilecare_billing\nDB_TYPE=mysql\nAUTH_DB_TYPE=mysql',
      },
    })
    expect(brief(result)).toEqual({
      auth: ['nilecare_auth (mysql, example)'],
      billing: ['nilecare_billing (unknown, example)'],
    })
  })

  test('an unresolved connection takes the setting that its name tells', () => {
    const result = datastoresOf({
      files: { 'services/auth/.env': 'CENTRAL_DB_NAME=a\nLOCAL_DB_NAME=b' },
      connections: [auth({ name: 'localDb' })],
      active: ['auth'],
    })
    expect(brief(result).auth![0]).toBe('b (mysql, env)')
  })

  test('the server that it waits for', () => {
    const compose = `services:
  auth:
    build: services/auth
    depends_on: [db]
  db:
    image: postgres:16
    environment: { POSTGRES_DB: app }
`
    const result = datastoresOf({ files: { 'compose.yml': compose }, active: ['auth'] })
    expect(brief(result).auth).toEqual(['app (postgresql, deployment)'])
  })

  test('node-config: names of variables in one file, values in another place', () => {
    const result = datastoresOf({
      services: ['backend'],
      files: {
        'services/backend/config/custom-environment-variables.json':
          '{ "db": { "database": "X_DB", "host": "X_HOST" } }',
        'services/backend/.env.dist.local': 'X_DB=crowd-web',
      },
      dependencies: { backend: ['pg', 'pg-promise'] },
    })
    expect(brief(result).backend).toEqual(['crowd-web (postgresql, example)'])
  })

  test('a variable that is set in one place of the repository only', () => {
    const result = datastoresOf({
      files: { 'services/billing/.env.dist': 'X_DB=crowd-web' },
      connections: [auth({ driver: 'pg', databaseEnv: 'X_DB' })],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual(['crowd-web (postgresql, example)'])
    expect(result.byService.auth![0]!.evidence[0]!.reason).toContain('only value of X_DB')
  })

  test('a default in the code of another service tells nothing', () => {
    const result = datastoresOf({
      services: ['auth', 'billing', 'lab'],
      connections: [auth({ databaseEnv: 'DB_NAME' })],
      defaults: readCodeDefaults('services/billing/db.ts', "const name = process.env.DB_NAME ?? 'b'"),
      files: { 'services/lab/.env': 'LAB_DB_NAME=lab' },
      dependencies: { billing: ['mysql2'], lab: ['mysql2'] },
      active: ['auth'],
    })
    expect(brief(result).auth).toBeUndefined()
    expect(result.diagnostics).toMatchObject([{ code: 'datastore-open' }])
  })

  test('its own schema scripts come before what others set', () => {
    const result = datastoresOf({
      connections: [auth({ databaseEnv: 'DB_NAME' })],
      files: { 'services/billing/.env': 'DB_NAME=billing' },
      databases: [
        { name: 'people', dialect: 'mysql', service: 'auth', file: 'services/auth/sql/1.sql', line: 1 },
      ],
      active: ['auth'],
    })
    expect(brief(result).auth).toEqual(['people (mysql, code)'])
  })

  test('a variable that others set differently tells nothing', () => {
    const result = datastoresOf({
      services: ['auth', 'billing', 'lab'],
      files: { 'services/billing/.env': 'DB_NAME=b', 'services/lab/.env': 'DB_NAME=l' },
      connections: [auth({ databaseEnv: 'DB_NAME' })],
      dependencies: { billing: ['mysql2'], lab: ['mysql2'] },
      active: ['auth'],
    })
    expect(brief(result).auth).toBeUndefined()
    expect(result.diagnostics).toMatchObject([{ code: 'datastore-open' }])
    expect(datastoreFor(result, 'auth')).toBeNull()
  })

  test('one of several, of a service without a table in common with others: a database of its own', () => {
    const result = datastoresOf({
      services: ['auth', 'billing', 'lab', 'search'],
      files: { 'services/billing/.env': 'DB_NAME=b', 'services/lab/.env': 'DB_NAME=l' },
      connections: [auth({ databaseEnv: 'DB_NAME' })],
      dependencies: { billing: ['mysql2'], lab: ['mysql2'], search: ['mysql2'] },
      active: ['auth', 'search'],
      apart: ['auth'],
    })
    expect(brief(result)).toMatchObject({ auth: ['auth (mysql, default)'] })
    expect(datastoreFor(result, 'search')).toBeNull()
    expect(result.diagnostics).toMatchObject([
      {
        code: 'datastore-unknown',
        message:
          'no file tells which database is used by auth: no other service uses a table of it, so it is taken to have a ' +
          'database of its own, called after it. Name it in seamripper.yml: services.auth.datastore: <database>',
      },
      { code: 'datastore-open' },
    ])
  })
})

test('the database of a device is not that of the servers', () => {
  const result = datastoresOf({
    files: { 'services/billing/.env': 'DATABASE_URL=postgres://localhost/shop' },
    connections: [billing({ driver: 'pg', urlEnv: 'DATABASE_URL' })],
    dependencies: { auth: ['react-native', 'react-native-quick-sqlite'] },
  })
  expect(brief(result)).toMatchObject({
    auth: ['default (sqlite, default)'],
    billing: ['shop (postgresql, env)'],
  })
})

test('a database that is encrypted speaks as the one it is a fork of', () => {
  expect(brief(datastoresOf({ dependencies: { auth: ['@signalapp/sqlcipher', 'electron'] } }))).toMatchObject(
    {
      auth: ['default (sqlite, default)'],
    },
  )
})

describe('when two services mean the same', () => {
  test('equal names, but files that can be compared name different hosts', () => {
    const result = datastoresOf({
      files: {
        'k8s/a.yaml': 'kind: Deployment\nmetadata: { name: auth }\nenv: { DB_HOST: auth-db, DB_NAME: app }',
        'k8s/b.yaml':
          'kind: Deployment\nmetadata: { name: billing }\nenv: { DB_HOST: billing-db, DB_NAME: app }',
      },
      connections: [
        auth({ databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }),
        billing({ databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }),
      ],
    })
    expect(brief(result)).toEqual({
      auth: ['app@auth-db (mysql, deployment)'],
      billing: ['app@billing-db (mysql, deployment)'],
    })
  })

  test.each([
    ['equal hosts', 'DB_HOST=mysql', 'DB_HOST=mysql'],
    ['one is local', 'DB_HOST=localhost', 'DB_HOST=mysql'],
    ['one is not known', '', 'DB_HOST=mysql'],
  ])('%s: one datastore', (_, a, b) => {
    const result = datastoresOf({
      files: { 'services/auth/.env': a, 'services/billing/.env': b },
      connections: [
        auth({ database: 'app', hostEnv: 'DB_HOST' }),
        billing({ database: 'app', hostEnv: 'DB_HOST' }),
      ],
    })
    expect(result.datastores.map(item => item.id)).toEqual(['app'])
  })

  test('each starts a server of its own name for development: still one', () => {
    const compose = (server: string) =>
      `services:\n  api:\n    build: .\n    environment: { DB_HOST: ${server}, DB_NAME: app }\n  ${server}:\n    image: mysql:8\n`
    const result = datastoresOf({
      files: { 'services/auth/compose.yml': compose('db'), 'services/billing/compose.yml': compose('mysql') },
      connections: [
        auth({ databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }),
        billing({ databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }),
      ],
    })
    expect(result.datastores.map(item => item.id)).toEqual(['app'])
  })

  test('two servers of one compose file', () => {
    const compose = `services:
  auth:
    environment: { DB_HOST: db1, DB_NAME: app }
  billing:
    environment: { DB_HOST: db2, DB_NAME: app }
  db1: { image: 'mysql:8' }
  db2: { image: 'mysql:8' }
`
    const result = datastoresOf({
      files: { 'compose.yml': compose },
      connections: [
        auth({ databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }),
        billing({ databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }),
      ],
    })
    expect(result.datastores.map(item => item.id)).toEqual(['app@db1', 'app@db2'])
  })

  const config = { databaseEnv: 'DB_NAME', hostEnv: 'DB_HOST' }
  test.each([
    [
      'hosts of .env files of two services',
      {
        'services/auth/.env': 'DB_HOST=db-a\nDB_NAME=app',
        'services/billing/.env': 'DB_HOST=db-b\nDB_NAME=app',
      },
      [auth(config), billing(config)],
      ['app'],
    ],
    [
      'a compose file, an example file and a default in code',
      {
        'compose.yml':
          'services:\n  auth: { environment: { DB_HOST: mysql, DB_NAME: app } }\n  mysql: { image: "mysql:8" }\n',
        'services/billing/.env.example': 'DB_HOST=mysql\nDB_NAME=app',
      },
      [
        auth(config),
        billing(config),
        connection('services/lab/src/db.ts', { database: 'app', host: 'mysql.internal' }),
      ],
      ['app'],
    ],
    [
      'two hosts of one .env file',
      { '.env': 'AUTH_HOST=db-a\nBILLING_HOST=db-b\nDB_NAME=app' },
      [auth({ ...config, hostEnv: 'AUTH_HOST' }), billing({ ...config, hostEnv: 'BILLING_HOST' })],
      ['app@db-a', 'app@db-b'],
    ],
    [
      'hosts of .env files that one compose file starts',
      {
        'compose.yml': 'services:\n  db-a: { image: "mysql:8" }\n  db-b: { image: "mysql:8" }\n',
        'services/auth/.env': 'DB_HOST=db-a\nDB_NAME=app',
        'services/billing/.env': 'DB_HOST=db-b\nDB_NAME=app',
      },
      [auth(config), billing(config)],
      ['app@db-a', 'app@db-b'],
    ],
    [
      'two names of one server',
      {
        'compose.yml': 'services:\n  db: { image: "mysql:8", container_name: app-mysql }\n',
        'services/auth/.env': 'DB_HOST=db\nDB_NAME=app',
        'services/billing/.env': 'DB_HOST=app-mysql\nDB_NAME=app',
      },
      [auth(config), billing(config)],
      ['app'],
    ],
    [
      'one host in short and in full',
      {
        'helm/values.yaml':
          'auth:\n  env: { DB_HOST: db, DB_NAME: app }\nbilling:\n  env: { DB_HOST: db.prod.svc.cluster.local, DB_NAME: app }\n',
      },
      [auth(config), billing(config)],
      ['app'],
    ],
    [
      'a part of the driver’s package',
      {},
      [auth({ database: 'app', driver: 'mysql2/promise' }), billing({ database: 'app', driver: 'mysql2' })],
      ['app'],
    ],
  ])('%s', (_, files, connections, expected) => {
    const services = connections.map(item => item.owner!)
    const result = datastoresOf({ services, files, connections })
    expect(result.datastores.map(item => item.id)).toEqual(expected)
    expect(result.datastores.every(item => item.dialect === 'mysql')).toBe(true)
  })

  test.each<[string, Record<string, string>, string[]]>([
    ['the plain one is taken', { auth: 'shop', billing: 'shop_dev', stock: 'shop-staging' }, ['shop']],
    ['else that of production', { auth: 'shop_local', billing: 'Shop_Production' }, ['Shop_Production']],
    ['another platform’s stays', { auth: 'shop', billing: 'shop_orders' }, ['shop', 'shop_orders']],
    ['one name alone stays', { auth: 'shop_dev', billing: 'shop_dev' }, ['shop_dev']],
  ])('one database in different places: %s', (_, named, expected) => {
    const services = Object.keys(named)
    const connections = services.map(service =>
      connection(`services/${service}/src/db.ts`, { database: named[service]! }),
    )
    const result = datastoresOf({ services, connections })
    expect(result.datastores.map(item => item.id)).toEqual(expected)
    expect(services.map(service => result.byService[service]!.map(({ datastore }) => datastore))).toEqual(
      services.map(service => [expected.length > 1 ? named[service] : expected[0]]),
    )
  })

  test('databases of different places are told, and stay apart where one service uses both', () => {
    const opened = (service: string, database: string) =>
      connection(`services/${service}/src/${database}.ts`, { database })
    const one = datastoresOf({ connections: [opened('auth', 'shop'), opened('billing', 'shop_dev')] })
    expect(one.diagnostics).toEqual([
      {
        severity: 'info',
        code: 'datastore-stages',
        message:
          'shop_dev is taken to be shop in another place. If it is another database, say so in seamripper.yml: ' +
          'services.billing.datastore',
        file: 'services/billing/src/shop_dev.ts',
        line: 1,
      },
    ])
    const both = datastoresOf({
      connections: [opened('auth', 'shop'), opened('auth', 'shop_dev'), opened('billing', 'shop_dev')],
    })
    expect(both.datastores.map(item => item.id)).toEqual(['shop', 'shop_dev'])
    expect(both.diagnostics).toEqual([])
  })

  test('one database under hosts of several names is told', () => {
    const result = datastoresOf({
      files: {
        'services/auth/.env': 'DB_HOST=db-a\nDB_NAME=app',
        'services/billing/.env': 'DB_HOST=db-b\nDB_NAME=app',
      },
      connections: [auth(config), billing(config)],
    })
    expect(result.diagnostics.map(item => `${item.severity} ${item.code} ${item.message}`)).toEqual([
      'info datastore-hosts app is taken to be one database, though its host has several names: auth at db-a; ' +
        'billing at db-b. If they are several, give each service its own in seamripper.yml: services.auth.datastore',
    ])
  })

  test('nor is it told where all services know one of the hosts', () => {
    const result = datastoresOf({
      connections: [
        auth({ database: 'app', host: 'db-a' }),
        auth({ database: 'app', host: 'db-b', line: 2 }),
      ],
      services: ['auth'],
    })
    expect(result.diagnostics).toEqual([])
  })

  test('equal names in two dialects', () => {
    const result = datastoresOf({
      connections: [auth({ database: 'app' }), billing({ database: 'app', driver: 'pg' })],
    })
    expect(result.datastores.map(item => item.id)).toEqual(['app-mysql', 'app-postgresql'])
  })
})

describe('libraries', () => {
  const library = connection('libs/db/src/connection.ts', { databaseEnv: 'DB_NAME' })

  test('a connection of a library is opened with the settings of the service that runs it', () => {
    const result = datastoresOf({
      libs: ['db'],
      connections: [library],
      libraries: { auth: ['db'], billing: ['db'] },
      files: { 'services/auth/.env': 'DB_NAME=a', 'services/billing/.env': 'DB_NAME=b' },
    })
    expect(brief(result)).toMatchObject({ auth: ['a (mysql, env)'], billing: ['b (mysql, env)'] })
    expect(datastoreOfAccess(result, { service: 'db', reachedBy: ['auth'] })).toEqual({
      datastore: 'a',
      reason: null,
    })
    expect(datastoreOfAccess(result, { service: 'db', reachedBy: ['auth', 'billing'] })).toEqual({
      datastore: null,
      reason: 'the services that reach it use different databases: auth on a, billing on b',
    })
  })

  test('all agree', () => {
    const result = datastoresOf({
      libs: ['db'],
      connections: [library],
      libraries: { auth: ['db'], billing: ['db'] },
      files: { '.env': 'DB_NAME=a' },
    })
    expect(datastoreOfAccess(result, { service: 'db', reachedBy: ['auth', 'billing'] }).datastore).toBe('a')
  })

  test('reached by nobody: its own', () => {
    const result = datastoresOf({
      libs: ['db'],
      connections: [library, auth({ database: 'other' })],
      files: { 'libs/db/.env.example': 'DB_NAME=l' },
    })
    expect(datastoreOfAccess(result, { service: 'db', reachedBy: [] }).datastore).toBe('l')
  })

  test('reached by nobody, with nothing of its own', () => {
    const result = datastoresOf({
      libs: ['db'],
      connections: [auth({ database: 'a' }), connection('services/billing/db.ts', { database: 'b' })],
    })
    expect(datastoreOfAccess(result, { service: 'db', reachedBy: [] })).toEqual({
      datastore: null,
      reason: 'no service is seen to run this, and no file tells which database db connects to',
    })
  })
})

describe('without evidence', () => {
  test('the only one of its dialect', () => {
    const result = datastoresOf({
      connections: [auth({ database: 'nilecare' }), billing({})],
    })
    expect(brief(result).billing).toEqual(['nilecare (mysql, only-one)'])
  })

  test('nothing known at all: one for all, and how to say otherwise', () => {
    const result = datastoresOf({})
    expect(brief(result)).toEqual({
      auth: ['default (unknown, default)'],
      billing: ['default (unknown, default)'],
    })
    expect(result.diagnostics).toHaveLength(1)
    expect(result.diagnostics[0]!.message).toContain('services.auth.datastore')
  })

  test('nothing known, two dialects', () => {
    const result = datastoresOf({ connections: [auth({}), billing({ driver: 'pg' })] })
    expect(brief(result)).toEqual({
      auth: ['default-mysql (mysql, default)'],
      billing: ['default-postgresql (postgresql, default)'],
    })
  })

  test('a server that a compose file starts', () => {
    const result = datastoresOf({
      files: {
        'docker-compose.yml':
          'services:\n  db:\n    image: mysql:8\n    environment: { MYSQL_DATABASE: nile }\n',
      },
    })
    expect(brief(result)).toEqual({ auth: ['nile (mysql, only-one)'], billing: ['nile (mysql, only-one)'] })
  })

  test('services without accesses need none', () => {
    const result = datastoresOf({ active: [] })
    expect(result).toEqual({ datastores: [], byService: {}, diagnostics: [] })
  })

  test('the database that its own scripts create', () => {
    const result = datastoresOf({
      databases: [
        {
          name: 'nilecare_auth',
          dialect: 'mysql',
          service: 'auth',
          file: 'services/auth/schema.sql',
          line: 1,
        },
        { name: 'nilecare_lab', dialect: 'mysql', service: null, file: 'db/lab.sql', line: 1 },
      ],
      active: ['auth'],
    })
    expect(brief(result)).toEqual({ auth: ['nilecare_auth (mysql, code)'] })
    expect(result.datastores.map(item => item.id)).toEqual(['nilecare_auth', 'nilecare_lab'])
  })
})

test('the configuration decides before everything', () => {
  const result = datastoresOf({
    connections: [auth(shared), billing(shared)],
    config: {
      file: 'seamripper.yml',
      services: { auth: { path: 'services/auth' } },
      connections: { auth: 'own' },
      datastores: { own: { dialect: 'postgresql' } },
      lines: { 'services.auth.datastore': 4, 'datastores.own': 9 },
    },
  })
  expect(brief(result)).toEqual({ auth: ['own (postgresql, config)'], billing: ['nilecare (mysql, code)'] })
  expect(result.byService.auth![0]!.evidence).toEqual([
    { file: 'seamripper.yml', line: 4, reason: 'the configuration says that auth uses own' },
  ])
})

describe('a database that is named for all services', () => {
  const files = { '.env.example': 'DATABASE_URL=mysql://root@db/shop\n' }
  const worker = 'name = "edge"\n'
  const binding = '[[d1_databases]]\nbinding = "DB"\ndatabase_name = "sessions"\n'

  test.each<[what: string, platform: Platform, expected: string[] | undefined]>([
    ['is that of one of which nothing else is known', { files }, ['shop (mysql, example)']],
    [
      'is that of one with its driver',
      { files, dependencies: { auth: ['mysql2', 'pg'] } },
      ['shop (mysql, example)'],
    ],
    [
      'is that of one with a builder for several',
      { files, dependencies: { auth: ['knex'] } },
      ['shop (mysql, example)'],
    ],
    [
      'is that of one with the driver in a library',
      { files, libs: ['db'], libraries: { auth: ['db'] }, dependencies: { auth: ['pg'], db: ['mysql2'] } },
      ['shop (mysql, example)'],
    ],
    [
      'is not that of one with another driver',
      { files, dependencies: { auth: ['pg'] } },
      ['default (postgresql, default)'],
    ],
    [
      'is not that of a worker with a D1 binding',
      { files: { ...files, 'services/auth/wrangler.toml': worker + binding } },
      ['sessions (sqlite, code)'],
    ],
    [
      'is not that of a worker that binds none',
      { files: { ...files, 'services/auth/wrangler.toml': worker } },
      ['edge (sqlite, code)'],
    ],
    [
      'is that of a worker with its driver',
      {
        files: { ...files, 'services/auth/wrangler.toml': worker },
        dependencies: { auth: ['mysql2'] },
      },
      ['shop (mysql, example)'],
    ],
    ['is not that of one that runs no SQL', { files, active: [] }, undefined],
    [
      'is that of one that runs no SQL and holds the schema',
      { files, active: [], scripted: ['auth'] },
      ['shop (mysql, example)'],
    ],
    [
      'nor does a worker that runs no SQL have one',
      { files: { ...files, 'services/auth/wrangler.toml': worker }, active: [] },
      undefined,
    ],
    [
      'and one that runs the SQL of a library shares its database',
      {
        files: {
          'services/auth/wrangler.toml': worker,
          'services/billing/wrangler.toml': worker + binding,
        },
        holding: [],
      },
      ['sessions (sqlite, only-one)'],
    ],
  ])('%s', (_, platform, expected) => {
    expect(brief(datastoresOf({ active: ['auth'], ...platform })).auth).toEqual(expected)
  })
})

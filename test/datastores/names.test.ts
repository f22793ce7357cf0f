import { describe, expect, test } from 'vitest'
import { dialectOfImage } from '../../analyzers/datastores/dialects.js'
import { isDatabaseName, plainServiceName, readVariableName } from '../../analyzers/datastores/names.js'
import { parseDatabaseUrl } from '../../analyzers/datastores/url.js'

describe('names of variables', () => {
  test.each([
    ['DB_NAME', 'database', null, ''],
    ['DB_DATABASE', 'database', null, ''],
    ['DATABASE_NAME', 'database', null, ''],
    ['DATABASE', 'database', null, ''],
    ['DBNAME', 'database', null, ''],
    ['MYSQL_DATABASE', 'database', 'mysql', ''],
    ['MYSQL_DB', 'database', 'mysql', ''],
    ['MYSQL_DB_NAME', 'database', 'mysql', ''],
    ['PGDATABASE', 'database', 'postgresql', ''],
    ['PG_DATABASE', 'database', 'postgresql', ''],
    ['POSTGRES_DB', 'database', 'postgresql', ''],
    ['POSTGRESQL_DATABASE_NAME', 'database', 'postgresql', ''],
    ['TYPEORM_DATABASE', 'database', null, ''],
    ['BILLING_DB_NAME', 'database', null, 'BILLING'],
    ['CROWD_DB_DATABASE', 'database', null, 'CROWD'],
    ['DB_NAME_BILLING', 'database', null, 'BILLING'],
    ['BILLING_DATABASE', 'database', null, 'BILLING'],
    ['LAB_MYSQL_DATABASE', 'database', 'mysql', 'LAB'],
    ['SNOWFLAKE_DATABASE', 'database', 'snowflake', ''],
    ['CLICKHOUSE_DB', 'database', 'clickhouse', ''],
    ['DB_HOST', 'host', null, ''],
    ['CROWD_DB_READ_HOST', 'host', null, 'CROWD'],
    ['PGHOST', 'host', 'postgresql', ''],
    ['BILLING_DB_PORT', 'port', null, 'BILLING'],
    ['DB_TYPE', 'dialect', null, ''],
    ['DB_DIALECT', 'dialect', null, ''],
    ['DB_CONNECTION', 'dialect', null, ''],
  ])('%s: %s, %s, label %j', (name, role, dialect, label) => {
    expect(readVariableName(name)).toEqual({ role, dialect, label })
  })

  test.each(
    [
      'DB_USER',
      'DB_USERNAME',
      'DB_USER_NAME',
      'DB_PASSWORD',
      'DB_POOL_NAME',
      'DB_TABLE_NAME',
      'DB_NAME_PREFIX',
      'MONGO_DB_NAME',
      'MONGODB_DATABASE',
      'REDIS_DB',
      'REDIS_HOST',
      'TEST_DB_NAME',
      'GRAPHER_TEST_DB_NAME',
      'DB_NAME_TEST',
      'SHADOW_DATABASE',
      'LOG_LEVEL_DATABASE',
      'SEED_DATABASE',
      'ENABLE_DATABASE',
      'APP_NAME',
      'PORT',
      'HOST',
      'SERVICE_NAME',
      'DB_SSL_CA_NAME',
      'DB',
      'ENABLE_DB',
    ].filter(name => !['DB', 'ENABLE_DB'].includes(name)),
  )('%s is none', name => {
    expect(readVariableName(name)).toBeNull()
  })
})

describe('names of databases', () => {
  test.each(['nilecare', 'nilecare_billing', 'crowd-web', 'product-db', 'Northwind', 'db1', 'données'])(
    '%s',
    value => expect(isDatabaseName(value)).toBe(true),
  )
  test.each([
    '',
    '<database>',
    'your_database',
    'your-db-name',
    'my_database_name',
    'changeme',
    'change_me',
    'xxx',
    'true',
    'false',
    '5432',
    '${DB}',
    '{{ .Values.db }}',
    'a b',
    'null',
    'x'.repeat(65),
    'unused',
    'NOT_USED',
  ])('not %j', value => expect(isDatabaseName(value)).toBe(false))
})

describe('names of services', () => {
  test.each([
    ['billing-service', 'billing'],
    ['@nilecare/billing-service', 'billing'],
    ['BillingService', 'billing'],
    ['billing_svc', 'billing'],
    ['payment-gateway-service', 'payment-gateway'],
    ['api', 'api'],
    ['main-nilecare', 'main-nilecare'],
  ])('%s is %s', (name, plain) => expect(plainServiceName(name)).toBe(plain))
})

describe('connection URLs', () => {
  test.each([
    ['mysql://root:secret@db:3306/nilecare', 'mysql', 'nilecare', 'db:3306'],
    ['mysql://root:p@ss@db/nilecare?ssl=true', 'mysql', 'nilecare', 'db'],
    ['postgres://localhost/app', 'postgresql', 'app', 'localhost'],
    ['postgresql://u:p@h:5432/app?schema=public', 'postgresql', 'app', 'h:5432'],
    ['postgresql+psycopg://u@h/app', 'postgresql', 'app', 'h'],
    ['jdbc:postgresql://h:5432/app', 'postgresql', 'app', 'h:5432'],
    ['postgres://${USER}:${PASS}@h/app', 'postgresql', 'app', 'h'],
    ['mysql://db', 'mysql', null, 'db'],
    ['file:./dev.db', 'sqlite', 'dev', null],
    ['sqlite:///var/data/app.sqlite3', 'sqlite', 'app', null],
    ['sqlite::memory:', 'sqlite', null, null],
    ['sqlserver://h:1433;database=shop;user=sa', 'mssql', 'shop', 'h:1433'],
  ])('%s', (text, dialect, database, host) =>
    expect(parseDatabaseUrl(text)).toMatchObject({ dialect, database, host }),
  )

  test.each(['http://localhost/x', 'mongodb://h/db', 'redis://h/0', 'nilecare', '', 'postgres:x'])(
    '%j is none',
    text => expect(parseDatabaseUrl(text)).toBeNull(),
  )
})

test.each([
  ['mysql:8.0', 'mysql'],
  ['mariadb:10.5.21', 'mysql'],
  ['docker.io/bitnami/postgresql:16', 'postgresql'],
  ['postgres', 'postgresql'],
  ['timescale/timescaledb:latest-pg16', 'postgresql'],
  ['pgvector/pgvector:pg16', 'postgresql'],
  ['mcr.microsoft.com/mssql/server:2022', null],
  ['clickhouse/clickhouse-server:24.8', 'clickhouse'],
  ['prom/mysqld-exporter', null],
  ['redis:7', null],
  ['localhost:5000/mysql:8', 'mysql'],
])('image %s is %s', (image, dialect) => expect(dialectOfImage(image)).toBe(dialect))

import type { Dialect } from '../model.js'
import { own } from '../own.js'

/** npm packages that speak one dialect only. Those that speak several (knex, sequelize) are not here. */
const DRIVERS: Record<string, Dialect> = {
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
  'serverless-mysql': 'mysql',
  '@planetscale/database': 'mysql',
  pg: 'postgresql',
  'pg-native': 'postgresql',
  'pg-pool': 'postgresql',
  'pg-promise': 'postgresql',
  postgres: 'postgresql',
  slonik: 'postgresql',
  '@neondatabase/serverless': 'postgresql',
  '@vercel/postgres': 'postgresql',
  tinypg: 'postgresql',
  pgwire: 'postgresql',
  '@pgtyped/runtime': 'postgresql',
  '@effect/sql-pg': 'postgresql',
  '@effect/sql-mysql2': 'mysql',
  '@effect/sql-mssql': 'mssql',
  '@effect/sql-clickhouse': 'clickhouse',
  '@electric-sql/pglite': 'postgresql',
  '@db/postgres': 'postgresql',
  'better-sqlite3': 'sqlite',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  'node:sqlite': 'sqlite',
  d1: 'sqlite',
  '@libsql/client': 'sqlite',
  'sql.js': 'sqlite',
  'better-sqlite3-multiple-ciphers': 'sqlite',
  '@signalapp/sqlcipher': 'sqlite',
  '@journeyapps/sqlcipher': 'sqlite',
  'expo-sqlite': 'sqlite',
  'react-native-quick-sqlite': 'sqlite',
  'react-native-sqlite-storage': 'sqlite',
  '@op-engineering/op-sqlite': 'sqlite',
  '@capacitor-community/sqlite': 'sqlite',
  mssql: 'mssql',
  tedious: 'mssql',
  'snowflake-sdk': 'snowflake',
  '@clickhouse/client': 'clickhouse',
  '@google-cloud/bigquery': 'bigquery',
}

/** What options call a dialect: `dialect: 'postgres'`, `client: 'mysql2'`, `DB_TYPE=mariadb`. */
const NAMES: Record<string, Dialect> = {
  ...DRIVERS,
  postgresql: 'postgresql',
  psql: 'postgresql',
  pgsql: 'postgresql',
  pg: 'postgresql',
  pgnative: 'postgresql',
  cockroachdb: 'postgresql',
  timescale: 'postgresql',
  timescaledb: 'postgresql',
  'aurora-mysql': 'mysql',
  'aurora-postgres': 'postgresql',
  sqlserver: 'mssql',
  turso: 'sqlite',
  clickhouse: 'clickhouse',
  snowflake: 'snowflake',
  bigquery: 'bigquery',
}

/**
 * Dialect that an npm driver speaks, or null if it speaks several or none. An import of a part of it
 * (`mysql2/promise`) speaks as it does.
 */
export function dialectOfDriver(driver: string | null): Dialect | null {
  const name = driver === null ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(driver)?.[0]
  return name === undefined ? null : (own(DRIVERS, name) ?? null)
}

/** Dialects that are spoken by clients of their own alone: no layer over several databases reaches one. */
export function hasOwnClient(dialect: Dialect): boolean {
  return dialect === 'clickhouse' || dialect === 'bigquery' || dialect === 'snowflake'
}

/** Whether an npm package speaks the dialect of a driver that it is given. */
export function speaksSeveral(name: string): boolean {
  return /^(?:knex|objection|sequelize(?:-typescript)?|typeorm|kysely|drizzle-orm|prisma|@prisma\/client|@mikro-orm\/.*)$/.test(
    name,
  )
}

/** Dialect behind the name that an option, a provider or a variable gives it. */
export function dialectOfName(name: string): Dialect | null {
  return own(NAMES, name.trim().toLowerCase()) ?? null
}

/** Dialect of a container image: `mysql:8`, `docker.io/bitnami/postgresql:16`, `timescale/timescaledb:latest-pg16`. */
export function dialectOfImage(image: string): Dialect | null {
  const words = image.toLowerCase().split('/').at(-1)!.split(/[:@]/, 1)[0]!.split(/[-_.]/)
  if (words.some(word => /^(exporter|adminer|phpmyadmin|pgadmin4?|backup|client|bouncer)$/.test(word)))
    return null
  for (const word of words) {
    if (/^(mysql|mariadb|percona)$/.test(word)) return 'mysql'
    if (/^(postgres|postgresql|postgis|timescaledb|timescale|pgvector|cockroach|citus)$/.test(word))
      return 'postgresql'
    if (word === 'mssql') return 'mssql'
    if (word === 'clickhouse') return 'clickhouse'
  }
  return null
}

/** True if both can be the same database: one of them is not known, or they are equal. */
export function compatible(a: Dialect | null | undefined, b: Dialect | null | undefined): boolean {
  return !a || !b || a === 'unknown' || b === 'unknown' || a === b
}

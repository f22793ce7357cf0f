/** The drivers. Adding one is a file beside this and a line here. */
import { betterSqlite3 } from './better-sqlite3.js'
import { bigquery } from './bigquery.js'
import { bunSql } from './bun-sql.js'
import { cassandra } from './cassandra.js'
import { clickhouse } from './clickhouse.js'
import { d1 } from './d1.js'
import { denoPostgres } from './deno-postgres.js'
import type { Driver } from './driver.js'
import { effect } from './effect.js'
import { knex } from './knex.js'
import { kysely } from './kysely.js'
import { mariadb } from './mariadb.js'
import { mssql } from './mssql.js'
import { mysql2 } from './mysql2.js'
import { pg } from './pg.js'
import { pgPromise } from './pg-promise.js'
import { pgtyped } from './pgtyped.js'
import { pgwire } from './pgwire.js'
import { planetscale } from './planetscale.js'
import { postgres } from './postgres.js'
import { prisma } from './prisma.js'
import { rdsData } from './rds-data.js'
import { redbeanNode } from './redbean-node.js'
import { sequelize } from './sequelize.js'
import { slonik } from './slonik.js'
import { tedious } from './tedious.js'
import { tinypg } from './tinypg.js'
import { typeorm } from './typeorm.js'

export const drivers: Driver[] = [
  // Statements of these two run themselves, by methods that get the text of the drivers after them.
  pgtyped,
  kysely,
  mysql2,
  mariadb,
  pg,
  pgPromise,
  postgres,
  denoPostgres,
  pgwire,
  slonik,
  betterSqlite3,
  mssql,
  tedious,
  knex,
  sequelize,
  typeorm,
  prisma,
  rdsData,
  planetscale,
  d1,
  bunSql,
  bigquery,
  clickhouse,
  redbeanNode,
  cassandra,
  tinypg,
  ...effect,
]

const byModule = new Map(drivers.flatMap(driver => driver.modules.map(module => [module, driver] as const)))

/**
 * Driver that an npm package belongs to, if any. One of the same name under a scope (`@org/sqlite3`) is a fork of it,
 * where the name is none that a project gives a package of its own (`@org/postgres`, `@org/pg`): it ends in a number.
 */
export function driverOfModule(module: string): Driver | null {
  return byModule.get(module) ?? byModule.get(/^@[^/]+\/(.*\d)$/.exec(module)?.[1] ?? '') ?? null
}

/** Whether what the driver makes of a text runs it itself, without a handle. */
export function isPrepared(driver: Driver): boolean {
  return Object.values(driver.executes).some(({ argument }) => argument === 'receiver')
}

const byGlobal = new Map(
  drivers.flatMap(driver => (driver.globalHandles ?? []).map(name => [name, driver] as const)),
)

/** Driver of which a type is that no file declares or imports, if any. */
export function driverOfGlobal(type: string): Driver | null {
  return byGlobal.get(type) ?? null
}

/**
 * Stands for a driver that could not be told: the receiver's type is unknown, but the method's name and the shape of
 * its argument say that it executes SQL. Its methods are those of all drivers.
 */
export const unknownDriver: Driver = {
  name: 'unknown',
  dialect: 'unknown',
  modules: [],
  handles: [],
  factories: [],
  executes: Object.fromEntries(
    drivers.flatMap(driver => Object.entries(driver.executes)).filter(([, { isKey }]) => !isKey),
  ),
  prepares: {
    by: ['prepare'],
    runBy: [...new Set(drivers.flatMap(({ prepares }) => prepares?.runBy ?? []))],
    handedTo: drivers.flatMap(({ prepares }) => prepares?.handedTo ?? []),
  },
  tags: [],
  texts: [],
  transactionCallbacks: [...new Set(drivers.flatMap(driver => driver.transactionCallbacks))],
  begins: [...new Set(drivers.flatMap(driver => driver.begins))],
  ends: [...new Set(drivers.flatMap(driver => driver.ends))],
}

/** The drivers whose calls are rewritten. Adding one is a file beside this and a line here. */
import type { CallDriver, DriverCall, Protocol } from './driver.js'
import { knex } from './knex.js'
import { mariadb } from './mariadb.js'
import { mysql2 } from './mysql2.js'
import { pg } from './pg.js'
import { pgPromise } from './pg-promise.js'
import { postgres } from './postgres.js'
import { prisma } from './prisma.js'
import { sequelize } from './sequelize.js'
import { slonik } from './slonik.js'
import { typeorm } from './typeorm.js'

const drivers = new Map<string, CallDriver>(
  [mysql2, mariadb, pg, pgPromise, postgres, knex, sequelize, slonik, typeorm, prisma].map(driver => [
    driver.name,
    driver,
  ]),
)

/** Whether its calls give their result and no promise of it: a call over HTTP can't. */
export function givesAtOnce(driver: string): boolean {
  return driver === 'better-sqlite3' || driver === 'node:sqlite'
}

export function callDriver(name: string): CallDriver | null {
  return drivers.get(name) ?? null
}

export function protocolOf(driver: string, call: DriverCall): Protocol | null {
  return callDriver(driver)?.protocolOf(call) ?? null
}

/** Why a call is left alone, and what a person would do. */
export function whyNot(driver: string, method: string): [reason: string, advice: string] {
  if (driver === 'unknown') {
    return [
      'the driver that executes it is not known',
      'give what it runs on its type (`Pool` of pg, of mysql2/promise), and run this again',
    ]
  }
  const what = callDriver(driver) ? `this use of ${driver}'s \`${method}\`` : `calls of ${driver}`
  return [`${what} can not be rewritten`, 'give the owner an endpoint for it, and call that by hand']
}

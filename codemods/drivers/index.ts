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
import { typeorm } from './typeorm.js'

const drivers = new Map<string, CallDriver>(
  [mysql2, mariadb, pg, pgPromise, postgres, knex, sequelize, typeorm, prisma].map(driver => [
    driver.name,
    driver,
  ]),
)

/** Drivers whose calls give their result at once: an HTTP call can't. */
const SYNCHRONOUS = new Set(['better-sqlite3'])

export function callDriver(name: string): CallDriver | null {
  return drivers.get(name) ?? null
}

export function protocolOf(driver: string, call: DriverCall): Protocol | null {
  return callDriver(driver)?.protocolOf(call) ?? null
}

/** Why a call is left alone, and what a person would do. */
export function whyNot(driver: string, method: string): [reason: string, advice: string] {
  if (SYNCHRONOUS.has(driver)) {
    return [
      `${driver} gives its result at once, and a call over the network can't`,
      'make the function async, and call the client in its place',
    ]
  }
  if (driver === 'unknown') {
    return [
      'the driver that executes it is not known',
      'give what it runs on its type (`Pool` of pg, of mysql2/promise), and run this again',
    ]
  }
  const what = callDriver(driver) ? `this use of ${driver}'s \`${method}\`` : `calls of ${driver}`
  return [`${what} can not be rewritten`, 'give the owner an endpoint for it, and call that by hand']
}

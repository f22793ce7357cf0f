/** Drivers other than mysql2 and pg whose old statements are run. Adding one is a file beside this and a line here. */
import type { OldDriver } from './driver.js'
import { knex } from './knex.js'
import { mariadb } from './mariadb.js'
import { pgPromise } from './pg-promise.js'
import { postgres } from './postgres.js'
import { prisma } from './prisma.js'
import { sequelize } from './sequelize.js'
import { typeorm } from './typeorm.js'

const drivers = new Map<string, OldDriver>([
  ['mariadb', mariadb],
  ['knex', knex],
  ['sequelize', sequelize],
  ['typeorm', typeorm],
  ['pg-promise', pgPromise],
  ['postgres.js', postgres],
  ['prisma', prisma],
])

export function oldDriver(name: string): OldDriver | null {
  return drivers.get(name) ?? null
}

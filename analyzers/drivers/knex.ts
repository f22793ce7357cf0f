/** knex, for its raw SQL only: builder calls come with an issue of their own. https://knexjs.org/guide/raw.html */
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

export const knex: Driver = {
  name: 'knex',
  dialect: 'unknown',
  modules: ['knex'],
  handles: ['Knex', 'Knex.Transaction', 'Transaction', 'QueryBuilder'],
  factories: ['default', 'knex', 'Knex'],
  executes: firstArgument('raw'),
  tags: [],
  texts: [],
  transactionCallbacks: ['transaction'],
  begins: [],
  ends: [],
}

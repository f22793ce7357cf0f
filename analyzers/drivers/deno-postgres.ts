/** deno-postgres. https://deno-postgres.com */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const denoPostgres: Driver = {
  name: 'deno-postgres',
  dialect: 'postgresql',
  modules: ['@db/postgres', '@bartlomieju/postgres', 'deno.land/x/postgres'],
  handles: ['Pool', 'PoolClient', 'Client', 'QueryClient', 'Transaction'],
  factories: [],
  executes: textOrObject(['text'], 'queryObject', 'queryArray'),
  tags: ['queryObject', 'queryArray'],
  texts: [],
  transactionCallbacks: [],
  begins: ['begin'],
  ends: ['commit', 'rollback'],
}

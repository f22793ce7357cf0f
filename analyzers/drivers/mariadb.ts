/** The mariadb connector. https://github.com/mariadb-corporation/mariadb-connector-nodejs */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const mariadb: Driver = {
  name: 'mariadb',
  dialect: 'mysql',
  modules: ['mariadb', 'mariadb/callback'],
  handles: ['Pool', 'PoolConnection', 'Connection', 'PoolCluster'],
  factories: ['createPool', 'createConnection', 'createPoolCluster'],
  executes: textOrObject(['sql'], 'query', 'execute', 'batch', 'prepare', 'queryStream'),
  tags: [],
  texts: [],
  transactionCallbacks: [],
  begins: ['beginTransaction'],
  ends: ['commit', 'rollback'],
}

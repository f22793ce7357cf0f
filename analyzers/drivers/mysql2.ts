/** mysql2 (callbacks and promises) and mysql. https://sidorares.github.io/node-mysql2/docs */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const mysql2: Driver = {
  name: 'mysql2',
  dialect: 'mysql',
  modules: [
    'mysql2',
    'mysql2/promise',
    'mysql2-promise',
    'mysql',
    'promise-mysql',
    'mysql-promise',
    'serverless-mysql',
  ],
  handles: ['Pool', 'PoolConnection', 'PoolNamespace', 'PoolCluster', 'Connection', 'QueryableConnection'],
  factories: ['createPool', 'createConnection', 'createPoolCluster', 'createPoolPromise'],
  executes: textOrObject(['sql'], 'query', 'execute', 'prepare'),
  prepares: { by: ['prepare'], runBy: ['execute'] },
  tags: [],
  texts: ['format', 'raw'],
  transactionCallbacks: [],
  begins: ['beginTransaction'],
  ends: ['commit', 'rollback'],
}

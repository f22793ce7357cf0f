/** mssql. https://github.com/tediousjs/node-mssql */
import type { Driver } from './driver.js'
import { firstArgument, partOfStatement } from './driver.js'

export const mssql: Driver = {
  name: 'mssql',
  dialect: 'mssql',
  modules: ['mssql', 'mssql/msnodesqlv8'],
  handles: ['ConnectionPool', 'Request', 'Transaction', 'PreparedStatement'],
  factories: ['connect', 'query', 'batch'],
  executes: {
    ...firstArgument('query', 'batch', 'prepare'),
    ...partOfStatement('CALL', 'execute'),
  },
  tags: ['query', 'batch'],
  texts: [],
  transactionCallbacks: [],
  begins: ['begin'],
  ends: ['commit', 'rollback'],
}

/** mssql (tedious). https://github.com/tediousjs/node-mssql */
import type { Driver } from './driver.js'
import { firstArgument, partOfStatement } from './driver.js'

export const mssql: Driver = {
  name: 'mssql',
  dialect: 'mssql',
  modules: ['mssql', 'mssql/msnodesqlv8', 'tedious'],
  handles: ['ConnectionPool', 'Request', 'Transaction', 'PreparedStatement', 'Connection'],
  factories: ['connect', 'query', 'batch'],
  executes: {
    ...firstArgument('query', 'batch', 'prepare', 'execSql', 'execSqlBatch'),
    ...partOfStatement('CALL', 'execute', 'callProcedure'),
  },
  tags: ['query', 'batch'],
  texts: [],
  transactionCallbacks: [],
  begins: ['begin', 'beginTransaction'],
  ends: ['commit', 'rollback', 'commitTransaction', 'rollbackTransaction'],
}

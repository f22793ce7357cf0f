/** tedious, without what mssql puts around it. https://tediousjs.github.io/tedious/api-connection.html */
import type { Driver } from './driver.js'
import { firstArgument, partOfStatement } from './driver.js'

export const tedious: Driver = {
  name: 'tedious',
  dialect: 'mssql',
  modules: ['tedious'],
  handles: ['Connection'],
  factories: ['connect'],
  executes: {
    ...firstArgument('execSql', 'execSqlBatch', 'prepare'),
    ...partOfStatement('CALL', 'callProcedure'),
  },
  tags: [],
  // `connection.execSql(new Request(text, done))`
  texts: ['Request'],
  transactionCallbacks: ['transaction'],
  begins: ['beginTransaction'],
  ends: ['commitTransaction', 'rollbackTransaction'],
}

/** postgres.js. https://github.com/porsager/postgres */
import type { Driver } from './driver.js'
import { firstArgument, partOfStatement } from './driver.js'

export const postgres: Driver = {
  name: 'postgres.js',
  dialect: 'postgresql',
  modules: ['postgres'],
  handles: ['Sql', 'TransactionSql', 'ReservedSql', 'ISql'],
  factories: ['default'],
  executes: { ...partOfStatement('', 'unsafe'), ...firstArgument('file') },
  tags: [''],
  texts: [],
  transactionCallbacks: ['begin', 'savepoint'],
  begins: [],
  ends: [],
}

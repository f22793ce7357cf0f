/** Bun's own client, made after postgres.js. https://bun.sh/docs/api/sql */
import type { Driver } from './driver.js'
import { partOfStatement } from './driver.js'

export const bunSql: Driver = {
  name: 'bun-sql',
  dialect: 'postgresql',
  modules: ['bun'],
  handles: ['SQL', 'TransactionSQL', 'ReservedSQL'],
  factories: ['SQL'],
  executes: partOfStatement('', 'unsafe'),
  tags: ['', 'sql'],
  texts: [],
  transactionCallbacks: ['begin', 'savepoint'],
  begins: [],
  ends: [],
}

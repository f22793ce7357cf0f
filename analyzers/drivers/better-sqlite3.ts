/** better-sqlite3 and others with its interface. https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md */
import type { Driver } from './driver.js'
import { firstArgument, partOfStatement, textOrObject } from './driver.js'

export const betterSqlite3: Driver = {
  name: 'better-sqlite3',
  dialect: 'sqlite',
  modules: [
    'better-sqlite3',
    'node:sqlite',
    'bun:sqlite',
    'sqlite3',
    'sqlite',
    'expo-sqlite',
    '@libsql/client',
    'libsql',
    'sql.js',
    'better-sqlite3-multiple-ciphers',
    '@signalapp/sqlcipher',
    '@journeyapps/sqlcipher',
  ],
  handles: ['Database', 'DatabaseSync', 'Client', 'Transaction'],
  factories: ['default', 'open', 'createClient', 'openDatabaseAsync', 'openDatabaseSync'],
  executes: {
    ...firstArgument('prepare', 'exec', 'run', 'all', 'get', 'each', 'query', 'batch', 'executeMultiple'),
    ...partOfStatement('PRAGMA', 'pragma'),
    ...firstArgument('getAllAsync', 'getFirstAsync', 'runAsync', 'execAsync', 'prepareAsync'),
    ...textOrObject(['sql'], 'execute'),
  },
  prepares: {
    by: ['prepare', 'prepareAsync', 'query'],
    runBy: ['run', 'get', 'all', 'each', 'iterate', 'values', 'executeAsync'],
  },
  tags: [],
  texts: [],
  transactionCallbacks: ['transaction', 'withTransactionAsync'],
  begins: [],
  ends: [],
}

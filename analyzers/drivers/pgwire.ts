/** pgwire: scripts, or any number of statements as objects. https://github.com/kagis/pgwire */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const pgwire: Driver = {
  name: 'pgwire',
  dialect: 'postgresql',
  modules: ['pgwire'],
  handles: ['PgClient', 'PgConnection', 'PgPool'],
  factories: ['pgconnect', 'pgconnection', 'pgpool'],
  executes: textOrObject(['statement'], 'query', 'stream'),
  tags: [],
  texts: [],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}

/** TinyPg: statements in `.sql` files, by their path below a folder, beside text. https://github.com/joeandaverde/tinypg */
import type { Driver } from './driver.js'
import { fileByKey, firstArgument } from './driver.js'

export const tinypg: Driver = {
  name: 'tinypg',
  dialect: 'postgresql',
  modules: ['tinypg'],
  handles: ['TinyPg', 'default'],
  factories: [],
  executes: { ...firstArgument('query'), ...fileByKey('sql') },
  tags: [],
  texts: [],
  transactionCallbacks: ['transaction'],
  begins: [],
  ends: [],
}

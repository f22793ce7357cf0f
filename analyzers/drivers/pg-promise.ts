/** pg-promise. https://vitaly-t.github.io/pg-promise/Database.html */
import type { Driver } from './driver.js'
import { partOfStatement, textOrObject } from './driver.js'

export const pgPromise: Driver = {
  name: 'pg-promise',
  dialect: 'postgresql',
  modules: ['pg-promise'],
  handles: ['IDatabase', 'ITask', 'IBaseProtocol', 'IConnected', 'IMain'],
  factories: ['default'],
  executes: {
    ...textOrObject(
      ['text', 'query'],
      ...[
        'any',
        'none',
        'one',
        'oneOrNone',
        'many',
        'manyOrNone',
        'result',
        'query',
        'multi',
        'multiResult',
        'each',
        'map',
      ],
      ...['stream'],
    ),
    ...partOfStatement('CALL', 'func', 'proc'),
  },
  tags: [],
  texts: [
    'as.format',
    'helpers.insert',
    'helpers.update',
    'helpers.concat',
    'QueryFile',
    'PreparedStatement',
    'ParameterizedQuery',
  ],
  transactionCallbacks: ['tx', 'txIf'],
  begins: [],
  ends: [],
}

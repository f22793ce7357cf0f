/** slonik: the text comes from its tags, the pool executes. https://github.com/gajus/slonik */
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

export const slonik: Driver = {
  name: 'slonik',
  dialect: 'postgresql',
  modules: ['slonik', '@slonik/sql-tag', '@silverhand/slonik'],
  handles: ['DatabasePool', 'DatabaseTransactionConnection', 'CommonQueryMethods', 'DatabasePoolConnection'],
  factories: ['createPool'],
  executes: firstArgument(
    ...[
      'query',
      'any',
      'anyFirst',
      'exists',
      'many',
      'manyFirst',
      'maybeOne',
      'maybeOneFirst',
      'one',
      'oneFirst',
      'stream',
    ],
  ),
  tags: [],
  texts: ['sql', 'sql.unsafe', 'sql.type', 'sql.typeAlias', 'sql.fragment'],
  tagFactories: { createSqlTag: 'sql' },
  transactionCallbacks: ['transaction'],
  begins: [],
  ends: [],
}

/** The mariadb connector: rows as they are, 64-bit integers as BigInt, also the `insertId` of writes. */
import { byMethod, type CallDriver, type Protocol } from './driver.js'

const protocol = (method: Protocol['method']): Protocol => ({
  result: 'rows',
  written: 'big header',
  method,
  typeArgument: 'result',
  values: 'list',
  ...(method === 'query' ? { expandsLists: true } : {}),
})

export const mariadb: CallDriver = {
  name: 'mariadb',
  protocolOf: byMethod({ query: protocol('query'), execute: protocol('execute') }),
  byOptions: { mysql: ['date', 'timestamp', 'decimal', 'bigint'] },
  faceOf(type, options) {
    // Of one bit it makes true or false, of a SET a list.
    if ('native' in type && (type.native === 'bit' || type.native === 'set')) return null
    if (type.kind === 'bigint') {
      if (options.bigIntAsNumber) return 'number'
      if (!options.supportBigNumbers) return 'bigint'
      return options.bigNumberStrings ? 'string' : 'number or string'
    }
    // With `supportBigNumbers` it is a number where that is exact.
    if (type.kind === 'decimal' && options.supportBigNumbers) return null
    if (type.kind === 'decimal') return options.decimalAsNumber ? 'number' : 'string'
    const isDate = type.kind === 'date' || type.kind === 'timestamp'
    return isDate && options.dateStrings ? 'string' : 'usual'
  },
}

/** How a driver is called and what it gives: one entry a method. A driver or method that is not listed is left alone. */

/**
 * What the call gives. tuple: `[rows, fields]`. object: `{ rows, rowCount }`. rows: the rows. first: one row or
 * undefined. row: one row or null. nothing: null.
 */
export type ResultForm = 'tuple' | 'object' | 'rows' | 'first' | 'row' | 'nothing'

export interface Protocol {
  result: ResultForm
  /** How placeholders are written in its texts. */
  placeholders: 'question' | 'numbered'
  /** mysql2: whether the values are written into the text, or bound to a prepared statement. */
  method: 'query' | 'execute'
  /** What the type argument of the call names. */
  typeArgument: 'result' | 'row'
  /** The array of values may be left out for one value: `db.any(sql, id)`. */
  takesOneValue?: true
}

const mysql2 = (method: Protocol['method']): Protocol => ({
  result: 'tuple',
  placeholders: 'question',
  method,
  typeArgument: 'result',
})
const mariadb = (method: Protocol['method']): Protocol => ({
  result: 'rows',
  placeholders: 'question',
  method,
  typeArgument: 'result',
})
const pg: Protocol = { result: 'object', placeholders: 'numbered', method: 'query', typeArgument: 'row' }
const pgPromise = (result: ResultForm): Protocol => ({
  result,
  placeholders: 'numbered',
  method: 'query',
  typeArgument: result === 'rows' || result === 'row' ? 'result' : 'row',
  takesOneValue: true,
})

const protocols: Record<string, Record<string, Protocol>> = {
  mysql2: { query: mysql2('query'), execute: mysql2('execute') },
  mariadb: { query: mariadb('query'), execute: mariadb('execute') },
  pg: { query: pg },
  'pg-promise': {
    any: pgPromise('rows'),
    manyOrNone: pgPromise('rows'),
    query: pgPromise('rows'),
    oneOrNone: pgPromise('row'),
    none: pgPromise('nothing'),
    result: pgPromise('object'),
  },
}

/** Drivers whose calls give their result at once: an HTTP call can't. */
const SYNCHRONOUS = new Set(['better-sqlite3'])

export function protocolOf(driver: string, method: string): Protocol | null {
  const methods = Object.hasOwn(protocols, driver) ? protocols[driver]! : {}
  return Object.hasOwn(methods, method) ? methods[method]! : null
}

/** Why calls of a driver or a method of it are left alone. */
export function whyNot(driver: string, method: string): string {
  if (SYNCHRONOUS.has(driver)) return `${driver} gives its result at once, and a call over the network can't`
  if (!Object.hasOwn(protocols, driver)) {
    return driver === 'unknown'
      ? 'the driver that executes it is not known'
      : `calls of ${driver} are not rewritten yet`
  }
  return `${driver}'s \`${method}\` is not rewritten`
}

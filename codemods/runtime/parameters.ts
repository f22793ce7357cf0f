/**
 * From the values that the code hands over to JSON, as the database's driver would have understood them: numbers may
 * come as texts, dates as `Date` or text. What a driver would not take for such a parameter, and what it would make
 * more of than one value, is an error: nothing is sent.
 */
import { type Driver, formatDate, localOffset } from './dates.js'

type Nothing = null | undefined
export type TextInput = string | number | bigint | boolean | Date | Nothing
export type NumberInput = string | number | bigint | boolean | Nothing
export type DateInput = string | number | Date | Nothing
export type BooleanInput = boolean | string | number | Nothing
export type BytesInput = Uint8Array | string | number | boolean | Nothing

/** Takes neither null nor undefined: both are NULL. */
export type Encode = (value: unknown, driver: Driver) => unknown

/** A parameter of an operation: `optional` ones are left out where they have no value. */
export interface Parameter {
  encode: Encode
  optional?: boolean
}

/** The body of a request. */
export function encodeParameters(
  values: object,
  parameters: Record<string, Encode | Parameter>,
  driver: Driver,
): Record<string, unknown> {
  const given = values as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]) => {
      const { encode, optional } =
        typeof parameter === 'function' ? { encode: parameter, optional: false } : parameter
      const value = given[name]
      if (optional && (value === undefined || (encode === flag && !value))) return []
      if (value === undefined && (driver.prepared || driver.noUndefined))
        throw new TypeError(`parameter ${name}: is undefined`)
      try {
        return [[name, value === null || value === undefined ? null : encode(value, driver)]]
      } catch (error) {
        throw new TypeError(`parameter ${name}: ${(error as Error).message}`)
      }
    }),
  )
}

/**
 * A value of the kind that the code handed over, which the owner hands to the same driver: mysql2 writes and binds
 * numbers as numbers and texts as texts, and MySQL compares by what it gets ('1abc' = 1 is true, '1abc' = '1' is not).
 * pg sends all of them as text.
 */
export function text(value: unknown, driver: Driver): string | number | boolean {
  const isMysql = driver.dialect === 'mysql'
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    if (!isMysql) return String(value)
  }
  if (typeof value === 'bigint') {
    if (!isMysql || driver.prepared) return String(value)
    if (value === BigInt(Number(value))) return Number(value)
  }
  if (value instanceof Date && !driver.noDateAsText) {
    if (!isMysql) return formatDate(valid(value), 'local', localOffset(value)).replace(' ', 'T')
    // A prepared statement gets a moment, which is compared in another way than its text.
    if (!driver.prepared) return formatDate(valid(value), driver.timezone)
  }
  if (!isMysql && !driver.byColumn && isPlain(value)) return JSON.stringify(value)
  throw new TypeError(`a text or number is expected, not ${named(value)}`)
}

export const integer = text
export const decimal = text
export const float = text

export function boolean(value: unknown, driver: Driver): string | number | boolean {
  // It would have written whatever is not true as false.
  if (driver.byColumn && typeof value !== 'boolean') throw new TypeError('true or false is expected')
  return text(value, driver)
}

/** MySQL compares a column of big integers with a text by all of its digits, which JSON's numbers don't have. */
export function bigint(value: unknown, driver: Driver): string | number | boolean {
  const isBeyond = typeof value === 'bigint' && value !== BigInt(Number(value))
  return isBeyond ? String(value) : text(value, driver)
}

/** MySQL compares the time of day with, PostgreSQL leaves it out. */
export function date(value: unknown, driver: Driver): string | number | boolean {
  if (!(value instanceof Date)) return text(value, driver)
  const clock = formatDate(valid(value), driver.timezone)
  const day = clock.replace(/ \d\d:.*?(?= BC|$)/, '')
  return driver.dialect === 'mysql' && !clock.includes(' 00:00:00.000') ? clock : day
}

/** Without a zone: on the clock of the driver. */
export function timestamp(value: unknown, driver: Driver): string | number | boolean {
  return value instanceof Date ? formatDate(valid(value), driver.timezone) : text(value, driver)
}

export function instant(value: unknown, driver: Driver): string | number | boolean {
  if (value instanceof Date) return formatDate(valid(value), 'Z', 'Z').replace(' ', 'T')
  if (driver.byColumn && (typeof value === 'string' || typeof value === 'number')) {
    return valid(new Date(value)).toISOString()
  }
  const given = text(value, driver)
  const { sessionZone } = driver
  if (sessionZone === undefined || typeof given === 'boolean') return given
  const written = String(given)
  if (/^\d{4}(?:-\d\d-\d\d|\d{4})$/.test(written)) return `${written} 00:00:00${sessionZone}`
  const isWithoutZone = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(written)
  return isWithoutZone ? `${written}${sessionZone}` : given
}

/** As base64; MySQL compares bits and bytes with numbers, too. */
export function bytes(value: unknown, driver: Driver): string | number | boolean {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  const given = text(value, driver)
  if (driver.byColumn && typeof given === 'string') return Buffer.from(given).toString('base64')
  if (driver.dialect === 'mysql') {
    return typeof given === 'string' ? Buffer.from(given).toString('base64') : given
  }
  const written = String(given)
  const isHex = /^\\x([0-9a-f]{2})*$/i.test(written)
  if (!isHex && written.includes('\\')) throw new TypeError('a Buffer is expected, not a text with escapes')
  return (isHex ? Buffer.from(written.slice(2), 'hex') : Buffer.from(written)).toString('base64')
}

/**
 * As text, which the database reads: JSON of JavaScript would change numbers that it does not hold. pg makes an array
 * of PostgreSQL of a list, mysql2 writes objects as JSON in prepared statements only, and postgres.js makes JSON of all,
 * of a text that is JSON, too.
 */
export function json(value: unknown, driver: Driver): string | number | boolean {
  const isJson = isPlain(value) || ((driver.dialect === 'mysql' || driver.byColumn) && Array.isArray(value))
  if (driver.byColumn && (typeof value === 'string' || typeof value === 'number'))
    return JSON.stringify(value)
  if (isJson && (driver.dialect === 'postgresql' || driver.prepared)) return JSON.stringify(value)
  if (value instanceof Date) throw new TypeError('JSON is expected, not a date')
  return text(value, driver)
}

/** An object that drivers make JSON of. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Date || value instanceof Uint8Array || Array.isArray(value)) return false
  const { toJSON } = value as { toJSON?: unknown }
  return value.constructor === Object || typeof toJSON === 'function'
}

/** Makes an optional part of the statement appear. */
export function flag(): true {
  return true
}

/** `IN (…)`: never empty, as SQL has no empty lists. `IN (?)` takes one value, too. */
export function list(element: Encode): Encode {
  return (value, driver) => {
    const items: unknown[] = Array.isArray(value) ? value : [value]
    if (items.length === 0) throw new TypeError('the list is empty')
    return items.map(each => (each === null || each === undefined ? null : element(each, driver)))
  }
}

/** Rows to be added, each a list of values in the order of these columns: never none, as SQL has no empty VALUES. */
export function rows(columns: Record<string, Encode>): Encode {
  const encodes = Object.entries(columns)
  return (value, driver) => {
    if (!Array.isArray(value) || value.length === 0) throw new TypeError('there are no rows')
    return value.map((row: unknown) => {
      if (!Array.isArray(row) || row.length !== encodes.length)
        throw new TypeError(`a row is no list of ${encodes.length} values`)
      return Object.fromEntries(
        encodes.map(([name, encode], at) => {
          const each: unknown = row[at]
          if (each === undefined && (driver.prepared || driver.noUndefined))
            throw new TypeError(`${name} of a row is undefined`)
          return [name, each === null || each === undefined ? null : encode(each, driver)]
        }),
      )
    })
  }
}

/** Arrays of PostgreSQL, of any depth. */
export function array(element: Encode): Encode {
  return function encode(value, driver): unknown[] {
    if (!Array.isArray(value)) throw new TypeError(`a list is expected, not ${named(value)}`)
    return value.map(each => {
      if (each === null || each === undefined) return null
      return Array.isArray(each) ? encode(each, driver) : element(each, driver)
    })
  }
}

function valid(date: Date): Date {
  if (Number.isNaN(date.getTime())) throw new TypeError('the date is invalid')
  return date
}

/** Tells a value's kind and never the value: it may be a patient's. */
function named(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Uint8Array) return 'a Buffer'
  return value instanceof Date ? 'a date' : `a value of type ${typeof value}`
}

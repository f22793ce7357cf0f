/**
 * From JSON to the values that the database's driver gave: one function for each kind of value. They check what they
 * get: an answer that is none must not pass for data.
 */
import { type Driver, parseDate } from './dates.js'

/** Takes no NULL: that is `null` for all of them. */
export type Decode = (value: unknown, driver: Driver) => unknown

/** Makes a row of what the service sent. */
export function decodeRow(
  row: unknown,
  columns: Record<string, Decode>,
  driver: Driver,
): Record<string, unknown> {
  if (typeof row !== 'object' || row === null) throw new TypeError('a row is not an object')
  const sent = new Map(Object.entries(row))
  return Object.fromEntries(
    Object.entries(columns).map(([name, decode]) => {
      const value: unknown = sent.get(name)
      if (value === undefined) throw new TypeError(`column ${name} is missing`)
      try {
        return [name, value === null ? null : decode(value, driver)]
      } catch (error) {
        throw new TypeError(`column ${name}: ${(error as Error).message}`)
      }
    }),
  )
}

export function string(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError('not a text')
}

export function boolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new TypeError('neither true nor false')
}

/** Of integers, bigints, decimals and floats: `NaN` and `Infinity` come as texts. */
export function number(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && /^-?(\d+(\.\d+)?(e[+-]?\d+)?|Infinity)$|^NaN$/i.test(value))
    return Number(value)
  throw new TypeError('not a number')
}

/** mysql2 with `supportBigNumbers`: a text where a number would not be exact. */
export function exactNumber(value: unknown): number | string {
  const result = number(value)
  return Number.isSafeInteger(result) ? result : String(value)
}

export function bigint(value: unknown): bigint {
  return BigInt(string(value))
}

/** pg gives `infinity` as a number, mysql2 a date that is none for `0000-00-00`. */
export function date(value: unknown, driver: Driver): Date | number {
  const text = string(value)
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  if (text === '-infinity') return Number.NEGATIVE_INFINITY
  const result = parseDate(text, driver.timezone)
  if (result === null) throw new TypeError('not a date')
  return result
}

/** By the local clock, whatever that of the driver is. */
export function localDate(value: unknown, driver: Driver): Date | number {
  return date(value, { ...driver, timezone: 'local' })
}

export function buffer(value: unknown): Buffer {
  const text = string(value)
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new TypeError('not base64')
  return Buffer.from(text, 'base64')
}

export function json(value: unknown): unknown {
  return value
}

/** Arrays of PostgreSQL, of any depth. */
export function array(element: Decode): Decode {
  return function decode(value, driver): unknown[] {
    if (!Array.isArray(value)) throw new TypeError('not a list')
    return value.map(each => {
      if (each === null) return null
      return Array.isArray(each) ? decode(each, driver) : element(each, driver)
    })
  }
}

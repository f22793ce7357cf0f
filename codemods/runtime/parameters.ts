/**
 * From the values that the code hands over to JSON, as the database's driver would have understood them: numbers may
 * come as texts, dates as `Date` or text. What a driver would not take for such a parameter is an error.
 */
import { type Driver, formatDate, localOffset } from './dates.js'

type Nothing = null | undefined
export type TextInput = string | number | bigint | boolean | Date | Nothing
export type NumberInput = string | number | bigint | boolean | Nothing
export type DateInput = string | Date | Nothing
export type BooleanInput = boolean | string | number | Nothing
export type BytesInput = Uint8Array | string | Nothing

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
      try {
        return [[name, value === null || value === undefined ? null : encode(value, driver)]]
      } catch (error) {
        throw new TypeError(`parameter ${name}: ${(error as Error).message}`)
      }
    }),
  )
}

export function text(value: unknown, driver: Driver): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return driver.dialect === 'mysql' ? String(Number(value)) : String(value)
  if (value instanceof Date) {
    if (driver.dialect === 'mysql') return formatDate(valid(value), driver.timezone)
    return formatDate(valid(value), 'local', localOffset(value)).replace(' ', 'T')
  }
  throw new TypeError(`a text is expected, not ${named(value)}`)
}

export function integer(value: unknown, driver: Driver): number {
  const result =
    typeof value === 'bigint' || (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value))
      ? Number(value)
      : truth(value, driver)
  if (Number.isSafeInteger(result)) return result as number
  throw new TypeError(`a whole number is expected, not ${named(value)}`)
}

/** As a text: JSON's numbers are not exact beyond 2^53. */
export function bigint(value: unknown, driver: Driver): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value))
    return String(BigInt(value.trim().replace('+', '')))
  const result = truth(value, driver)
  if (Number.isInteger(result)) return String(BigInt(result as number))
  throw new TypeError(`a whole number is expected, not ${named(value)}`)
}

export function decimal(value: unknown, driver: Driver): string {
  const result = typeof value === 'bigint' ? value : truth(value, driver)
  const digits = typeof result === 'string' ? result.trim() : plain(result)
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(digits))
    return digits
      .replace(/^\+/, '')
      .replace(/^(-?)\./, '$10.')
      .replace(/\.$/, '')
  throw new TypeError(`a decimal number is expected, not ${named(value)}`)
}

/** Without an exponent. */
function plain(value: unknown): string {
  if (typeof value !== 'number') return String(value)
  const [digits = '', exponent] = String(value).split('e')
  if (exponent === undefined) return digits
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.')
  const shift = Number(exponent)
  const sign = value < 0 ? '-' : ''
  return shift < 0
    ? `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
    : `${sign}${whole}${fraction.padEnd(shift, '0')}`
}

export function float(value: unknown, driver: Driver): number | string {
  const result = typeof value === 'bigint' ? Number(value) : truth(value, driver)
  const float = typeof result === 'string' && result.trim() !== '' ? Number(result) : result
  if (typeof float !== 'number' || (Number.isNaN(float) && value !== 'NaN' && typeof value !== 'number')) {
    throw new TypeError(`a number is expected, not ${named(value)}`)
  }
  return Number.isFinite(float) ? float : String(float)
}

/** MySQL has no booleans: true is 1. */
function truth(value: unknown, driver: Driver): unknown {
  return typeof value === 'boolean' && driver.dialect === 'mysql' ? Number(value) : value
}

export function boolean(value: unknown): boolean {
  const word = String(value).trim().toLowerCase()
  if (/^(true|t|yes|y|on|1)$/.test(word)) return true
  if (/^(false|f|no|n|off|0)$/.test(word)) return false
  throw new TypeError(`true or false is expected, not ${named(value)}`)
}

/** MySQL compares the time of day with, PostgreSQL leaves it out. */
export function date(value: unknown, driver: Driver): string {
  if (!(value instanceof Date)) return string(value)
  const clock = formatDate(valid(value), driver.timezone)
  const day = clock.replace(/ \d\d:.*?(?= BC|$)/, '')
  return driver.dialect === 'mysql' && !clock.includes(' 00:00:00.000') ? clock : day
}

/** Without a zone: on the clock of the driver. */
export function timestamp(value: unknown, driver: Driver): string {
  return value instanceof Date ? formatDate(valid(value), driver.timezone) : string(value)
}

export function instant(value: unknown): string {
  return value instanceof Date ? formatDate(valid(value), 'Z', 'Z').replace(' ', 'T') : string(value)
}

export function string(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`a text is expected, not ${named(value)}`)
}

/** As base64. */
export function bytes(value: unknown, driver: Driver): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  const text = string(value)
  const isHex = driver.dialect === 'postgresql' && /^\\x([0-9a-f]{2})*$/i.test(text)
  if (driver.dialect === 'postgresql' && !isHex && text.includes('\\')) {
    throw new TypeError('a Buffer is expected, not a text with escapes')
  }
  return (isHex ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text)).toString('base64')
}

/** As text, which the database reads: JSON of JavaScript would change numbers that it does not hold. */
export function json(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Makes an optional part of the statement appear. */
export function flag(): true {
  return true
}

/** `IN (…)`: never empty, as SQL has no empty lists. */
export function list(element: Encode): Encode {
  return (value, driver) => {
    if (!Array.isArray(value)) throw new TypeError(`a list is expected, not ${named(value)}`)
    if (value.length === 0) throw new TypeError('the list is empty')
    return value.map(each => (each === null || each === undefined ? null : element(each, driver)))
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
  return value instanceof Date ? 'a date' : `a value of type ${typeof value}`
}

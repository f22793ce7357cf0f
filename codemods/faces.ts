/** What JavaScript values a driver makes of a column, by its options. */
import type { DriverOptions } from './operation.js'
import { Refusal } from './site/refusal.js'
import type { Face, WireType } from './wire.js'

/** Kinds whose values depend on how the connection was opened. */
const BY_OPTIONS: Record<string, Set<WireType['kind']>> = {
  mysql2: new Set(['date', 'timestamp', 'decimal', 'bigint']),
  mariadb: new Set(['date', 'timestamp', 'decimal', 'bigint']),
}

/**
 * @param options null where the connection could not be found
 * @throws Refusal where they matter and are not known
 */
export function faceOf(type: WireType, driver: string, options: DriverOptions | null): Face {
  if (options === null && BY_OPTIONS[driver]?.has(type.kind)) {
    throw new Refusal(
      'it is not known how its connection was opened, and so not whether dates and numbers come as text',
      'open the connection with its options written beside it',
    )
  }
  const isMariadb = driver === 'mariadb'
  switch (type.kind) {
    case 'boolean':
      return 'boolean'
    case 'integer':
    case 'float':
      return 'number'
    case 'bigint':
      if (driver === 'mysql2') {
        if (!options?.supportBigNumbers) return 'number'
        return options.bigNumberStrings ? 'string' : 'number or string'
      }
      return isMariadb ? 'bigint' : 'string'
    case 'decimal':
      return driver === 'mysql2' && options?.decimalNumbers ? 'number' : 'string'
    case 'date':
    case 'timestamp':
      return options?.dateStrings ? 'string' : 'Date'
    case 'instant':
      return 'Date'
    case 'text':
    case 'uuid':
    case 'time':
      return 'string'
    case 'bytes':
      return 'Buffer'
    case 'json':
      return 'json'
    case 'array':
      return 'array'
  }
}

/** Operations on MySQL and MariaDB, by mysql2. */
import type { Bound, Database, OperationSpec, RunResult, Statement } from './server.js'

interface QueryOptions {
  sql: string
  values: Bound[]
}

/** A pool or connection of `mysql2/promise`. */
export interface Mysql2 {
  query(options: QueryOptions): Promise<unknown>
  execute(options: QueryOptions): Promise<unknown>
}

/** What is looked at of a column that is read. */
interface Field {
  type: string
  extendedFormat?: string | undefined
  string(encoding?: string): string | null
}

/**
 * What a pool's own options say of rows counts for its own statements alone: rows are objects here; dates, decimals and
 * numbers beyond 2^53 are asked for as text, JSON as what is in it, all else as the driver gives it by itself.
 */
const AS_SENT = {
  dateStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  rowsAsArray: false,
  nestTables: false,
  typeCast(field: Field, next: () => unknown): unknown {
    if (field.type === 'DECIMAL' || field.type === 'NEWDECIMAL') return field.string()
    if (field.type !== 'JSON' && field.extendedFormat !== 'json') return next()
    const text = field.string('utf8')
    return text === null ? null : JSON.parse(text)
  },
}

/**
 * Classes of SQLSTATE that are about a statement, and not about the connection or the server: a value that does not fit
 * (22), a constraint (23, 44), a deadlock (40), an unknown name (42), a trigger's SIGNAL (45), and MySQL's own (HY).
 */
const OF_THE_STATEMENT = /^(?:2[23]|4[0245]|HY)/

export function mysqlDatabase(pool: Mysql2): Database {
  return {
    placeholder: () => '?',
    async run(operation: OperationSpec, { text, values }: Statement): Promise<RunResult> {
      const options = { ...AS_SENT, sql: text, values }
      const [answer] = (await (operation.method === 'execute'
        ? pool.execute(options)
        : pool.query(options))) as [unknown]
      if (Array.isArray(answer)) return { rows: answer as Record<string, unknown>[], result: null }
      const { affectedRows, insertId, changedRows, info, warningStatus, serverStatus, fieldCount } =
        answer as Record<string, unknown>
      return {
        rows: [],
        result: { fieldCount, affectedRows, insertId, info, serverStatus, warningStatus, changedRows },
      }
    },
    refusal(error) {
      const { code, errno, sqlState } = (error ?? {}) as Record<string, unknown>
      if (typeof code !== 'string' || typeof sqlState !== 'string' || !OF_THE_STATEMENT.test(sqlState))
        return null
      return { code, ...(typeof errno === 'number' ? { errno } : {}), sqlState }
    },
    encode,
  }
}

function encode(value: unknown, kind: string): unknown {
  const scale = /^decimal\((\d+)\)$/.exec(kind)?.[1]
  if (scale !== undefined || kind === 'decimal') {
    return typeof value === 'number' && scale !== undefined ? value.toFixed(Number(scale)) : String(value)
  }
  switch (kind) {
    case 'integer':
    case 'float':
      return Number(value)
    case 'date':
    case 'timestamp':
      return value instanceof Date ? localText(value, kind) : String(value)
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'json':
      return value
    default:
      return String(value)
  }
}

function localText(date: Date, kind: 'date' | 'timestamp'): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  if (kind === 'date') return day
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const thousandths = date.getMilliseconds()
  return `${day} ${time}${thousandths === 0 ? '' : `.${String(thousandths).padStart(3, '0')}`}`
}

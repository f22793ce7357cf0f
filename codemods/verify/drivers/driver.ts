/** How a statement runs by the package that a call site used, with what that makes of values. */
import type { DriverOptions } from '../../operation.js'
import type { RewriteDialect } from '../../wire.js'

/** What a driver gives its caller: rows, and what it tells of a write. */
export interface Result {
  rows: Record<string, unknown>[]
  /** What the code may look at: nothing where a driver tells nothing that is rewritten. */
  told: Record<string, unknown>
}

/** Where the database listens. */
export interface Address {
  host: string
  port: number
  user: string
  password: string
  database: string
}

export interface Opening {
  /** A package as the consumer would import it. */
  load<T>(name: string): T
  address: Address
  options: DriverOptions
  dialect: RewriteDialect
}

export interface Running {
  /** `?` or `$1` for values, or what the call's own text has. */
  run(text: string, values: unknown[], method?: 'query' | 'execute'): Promise<Result>
  end(): Promise<unknown>
}

/** Opens one connection. */
export type OldDriver = (opening: Opening) => Promise<Running> | Running

export type Rows = Result['rows']

/** Whether a statement gives rows, where a driver has to be told. */
export function isRead(text: string): boolean {
  return /^\s*(?:\(|SELECT\b|WITH\b(?![\s\S]*\b(?:INSERT|UPDATE|DELETE)\b))/i.test(text)
}

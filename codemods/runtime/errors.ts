/** What can go wrong when another service is called. */

interface Details {
  service: string
  operation: string
  httpStatus: number
  correlationId: string
  cause?: unknown
}

/** A call of another service that failed. */
export class ServiceError extends Error {
  readonly service: string
  readonly operation: string
  /** Of the service's answer; 0 where there was none. Not `status`, which frameworks take for that of their own answer. */
  readonly httpStatus: number
  readonly correlationId: string

  constructor(message: string, details: Details) {
    super(`${details.service}.${details.operation}: ${message}`)
    this.name = new.target.name
    this.service = details.service
    this.operation = details.operation
    this.httpStatus = details.httpStatus
    this.correlationId = details.correlationId
    // Older compilers know no cause, newer ones want it marked as one.
    if (details.cause !== undefined) Object.assign(this, { cause: details.cause })
  }
}

/** The service has no such operation: it runs an older version, or the address is wrong. */
export class NotFoundError extends ServiceError {}

/** No answer, one that came too late, or one that makes no sense. Trying again later may help. */
export class UnavailableError extends ServiceError {
  /** Whether the request may have been carried out all the same. False: it certainly was not. */
  readonly maybeDone: boolean

  constructor(message: string, details: Details & { maybeDone: boolean }) {
    super(message, details)
    this.maybeDone = details.maybeDone
  }
}

/** What the database's driver told of a statement that it refused. */
export interface DatabaseRefusal {
  /** `ER_DUP_ENTRY`, `23505` */
  code: string | undefined
  /** MySQL's number and SQLSTATE. */
  errno: number | undefined
  sqlState: string | undefined
  /** PostgreSQL's name of the constraint. */
  constraint: string | undefined
}

/** The service understood and declined: a value, the key, or what its database refused, as its driver tells it. */
export class RejectedError extends ServiceError implements DatabaseRefusal {
  readonly code: string | undefined
  readonly errno: number | undefined
  readonly sqlState: string | undefined
  readonly constraint: string | undefined

  constructor(message: string, details: Details & Partial<DatabaseRefusal>) {
    super(message, details)
    this.code = details.code
    this.errno = details.errno
    this.sqlState = details.sqlState
    this.constraint = details.constraint
  }
}

/** What an answer of the service tells of it. */
export function refusalIn(body: Record<string, unknown>): DatabaseRefusal {
  const text = (name: keyof DatabaseRefusal): string | undefined => {
    const value = body[name]
    return typeof value === 'string' ? value : undefined
  }
  const errno = typeof body.errno === 'number' ? body.errno : undefined
  return { code: text('code'), errno, sqlState: text('sqlState'), constraint: text('constraint') }
}

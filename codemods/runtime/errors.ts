/** What can go wrong when another service is called. */

interface Details {
  service: string
  operation: string
  /** HTTP status; 0 where there was no answer. */
  status: number
  correlationId: string
  cause?: unknown
}

/** A call of another service that failed. */
export class ServiceError extends Error {
  readonly service: string
  readonly operation: string
  readonly status: number
  readonly correlationId: string

  constructor(message: string, details: Details) {
    super(`${details.service}.${details.operation}: ${message}`)
    this.name = new.target.name
    this.service = details.service
    this.operation = details.operation
    this.status = details.status
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

/** The service understood and declined: a value, the key, a constraint of its database. */
export class RejectedError extends ServiceError {
  /** What the database's driver called it: `ER_DUP_ENTRY`, `23505`. */
  readonly code: string | undefined

  constructor(message: string, details: Details & { code?: string | undefined }) {
    super(message, details)
    this.code = details.code
  }
}

/**
 * Calls the operations of another service: within a time limit, again where that is safe, not at all while the
 * service is down, several reads at once, and with what the service knows for long kept for a while.
 */
import { Batch, type Outcome, type Read, type ReadAnswer } from './batch.js'
import { Breaker } from './breaker.js'
import { Cache } from './cache.js'
import { type Decode, decodeRow } from './columns.js'
import { type CallContext, contextHeaders, contextKey, currentContext } from './context.js'
import type { Driver } from './dates.js'
import { type Endpoint, endpointContent, endpointRequest } from './endpoint.js'
import { NotFoundError, RejectedError, refusalIn, UnavailableError } from './errors.js'
import { exchange, type HttpAnswer, NoAnswer } from './http.js'
import { type Encode, encodeParameters, type Parameter } from './parameters.js'

export interface Operation {
  name: string
  parameters: Record<string, Encode | Parameter>
  columns: Record<string, Decode>
  /** Of a write: doing it twice does what doing it once does. */
  repeatable?: boolean
  /** Of a read: all of it is reference data. */
  reference?: boolean
  /** Written by hand; the others are generated. */
  endpoint?: Endpoint
  /** Where its values differ from those of the other operations. */
  driver?: Driver
}

/** What mysql2 tells about a write. */
export interface MysqlResult {
  affectedRows: number
  changedRows: number
  insertId: number
  warningStatus: number
  info: string
}

/** What pg tells about a write. */
export interface PostgresResult<Row> {
  command: string
  rowCount: number | null
  rows: Row[]
}

export interface Settings {
  name: string
  /** `CLINICAL`: the address is in CLINICAL_API_URL, the key in CLINICAL_API_KEY. */
  environment: string
  driver: Driver
}

export const LIMITS = {
  /** Milliseconds for a call in all, however often it is tried. */
  timeout: 5000,
  attempts: 3,
  /** Milliseconds before the second attempt, at most; each further one may wait twice as long. */
  backoff: 200,
  /** Failures in a row after which a service is left alone, and for how many milliseconds. */
  failures: 5,
  rest: 10_000,
  /** Milliseconds that reference data are kept, and how many answers. */
  keep: 3_600_000,
  answers: 1000,
  /** Reads in one request. */
  batch: 50,
}

/** A request that can be made again. */
interface Call {
  operation: string
  context: CallContext
  repeatable: boolean
  method: string
  path: string
  body: unknown
}

export class Service {
  private readonly settings: Settings
  private readonly limits: typeof LIMITS
  private readonly breaker: Breaker
  private readonly cache: Cache
  private readonly batch: Batch

  constructor(settings: Settings, limits: Partial<typeof LIMITS> = {}) {
    this.settings = settings
    this.limits = { ...LIMITS, ...limits }
    this.breaker = new Breaker(this.limits.failures, this.limits.rest)
    this.cache = new Cache(this.limits.keep, this.limits.answers)
    this.batch = new Batch(this.limits.batch, reads => this.sendReads(reads))
  }

  /** Rows of an operation that only reads. */
  async read<Row>(operation: Operation, values: object): Promise<Row[]> {
    const parameters = this.encode(operation, values)
    const key = JSON.stringify([operation.name, parameters])
    const kept = operation.reference ? this.cache.get(key) : undefined
    if (kept !== undefined) return this.decode(operation, kept, currentContext())
    const { generation } = this.cache
    const { rows, context } =
      operation.endpoint === undefined
        ? await this.batch.add(contextKey(), { operation: operation.name, parameters })
        : await this.callEndpoint(operation, operation.endpoint, parameters, currentContext())
    const decoded = this.decode<Row>(operation, rows, context)
    if (operation.reference) this.cache.set(key, rows, generation)
    return decoded
  }

  /** Runs an operation that writes; returns what the driver of MySQL tells about it. */
  async write<Result>(operation: Operation, values: object): Promise<Result> {
    const { result } = await this.callWrite(operation, values)
    return result as Result
  }

  /** Runs an operation that writes; returns what the driver of PostgreSQL tells about it, with the rows of RETURNING. */
  async writeReturning<Row>(operation: Operation, values: object): Promise<PostgresResult<Row>> {
    const { result, rows, context } = await this.callWrite(operation, values)
    return { ...result, rows: this.decode(operation, rows, context) } as PostgresResult<Row>
  }

  private async callWrite(operation: Operation, values: object): Promise<ReadAnswer & { result: object }> {
    const context = currentContext()
    const parameters = this.encode(operation, values)
    // What was kept may be what is written now; after the call as well, for reads made meanwhile.
    this.cache.clear()
    try {
      if (operation.endpoint !== undefined) {
        return {
          ...(await this.callEndpoint(operation, operation.endpoint, parameters, context)),
          result: {},
        }
      }
      const repeatable = operation.repeatable === true
      const body = await this.call(this.post(operation.name, parameters, context, repeatable))
      const { result, rows } = (body ?? {}) as { result?: unknown; rows?: unknown }
      if (typeof result === 'object' && result !== null) return { result, rows: rows ?? [], context }
      throw this.garbage(operation.name, context, 'there is no result')
    } finally {
      this.cache.clear()
    }
  }

  private async callEndpoint(
    operation: Operation,
    endpoint: Endpoint,
    parameters: Record<string, unknown>,
    context: CallContext,
  ): Promise<ReadAnswer> {
    const fail = (problem: string) => this.rejected(operation.name, problem)
    const request = endpointRequest(endpoint, parameters, fail)
    const repeatable = endpoint.method === 'GET' || operation.repeatable === true
    try {
      const answer = await this.call({ ...request, operation: operation.name, context, repeatable })
      const content = endpointContent(answer, endpoint)
      if (endpoint.answer === 'object')
        return { rows: content === null || content === undefined ? [] : [content], context }
      if (Array.isArray(content)) return { rows: content, context }
    } catch (error) {
      if (error instanceof NotFoundError && endpoint.answer === 'object') return { rows: [], context }
      throw error
    }
    throw this.garbage(operation.name, context, 'there is no list')
  }

  /** One read by its own path, several by the path that takes many. */
  private async sendReads(reads: Read[]): Promise<Outcome[]> {
    const context = currentContext()
    const [first] = reads
    if (first !== undefined && reads.length === 1) {
      const body = await this.call(this.post(first.operation, first.parameters, context, true))
      return [{ answer: { rows: (body as { rows?: unknown } | null)?.rows, context } }]
    }
    const names = reads.map(read => read.operation).join(', ')
    const body = await this.call({
      operation: names,
      context,
      repeatable: true,
      method: 'POST',
      path: '/api/v1/operations',
      body: { calls: reads },
    })
    const { answers } = (body ?? {}) as { answers?: unknown }
    if (!Array.isArray(answers) || answers.length !== reads.length) {
      throw this.garbage(names, context, 'there are not as many answers as calls')
    }
    return reads.map((read, index) => {
      const answer = answers[index] as { rows?: unknown; problem?: { status?: unknown } } | null
      if (answer?.problem === undefined) return { answer: { rows: answer?.rows, context } }
      const { problem } = answer
      return {
        error: this.failure(read.operation, context, {
          status: Number(problem.status),
          body: problem,
          retryAfter: null,
        }),
      }
    })
  }

  private post(name: string, parameters: object, context: CallContext, repeatable: boolean): Call {
    const path = `/api/v1/operations/${encodeURIComponent(name)}`
    return { operation: name, context, repeatable, method: 'POST', path, body: parameters }
  }

  /** Makes a request until there is an answer, as often as that is safe and within the time limit. */
  private async call(call: Call): Promise<unknown> {
    const signal = AbortSignal.timeout(this.limits.timeout)
    const end = performance.now() + this.limits.timeout
    for (let attempt = 1; ; attempt++) {
      if (!this.breaker.admits()) throw this.unavailable(call, 'left alone after failures', false)
      const outcome = await this.attempt(call, signal)
      if ('body' in outcome) return outcome.body
      const { error, mayRepeat, retryAfter } = outcome
      const most = this.limits.backoff * 2 ** (attempt - 1)
      const wait = Math.max((retryAfter ?? 0) * 1000, Math.random() * most)
      if (!mayRepeat || attempt >= this.limits.attempts || performance.now() + wait >= end) throw error
      await new Promise(resolve => setTimeout(resolve, wait))
    }
  }

  private async attempt(
    call: Call,
    signal: AbortSignal,
  ): Promise<{ body: unknown } | { error: Error; mayRepeat: boolean; retryAfter: number | null }> {
    let answer: HttpAnswer
    try {
      answer = await exchange(
        {
          method: call.method,
          url: this.url(call.path),
          headers: {
            accept: 'application/json',
            'x-api-key': this.variable('API_KEY'),
            ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...contextHeaders(call.context),
          },
          body: call.body === undefined ? undefined : JSON.stringify(call.body),
        },
        signal,
      )
    } catch (error) {
      // What is no missing answer, such as a missing setting, says nothing about the service.
      if (!(error instanceof NoAnswer)) {
        this.breaker.succeeded()
        throw error
      }
      this.breaker.failed()
      const failure = this.unavailable(call, error.message, error.sent, error)
      return { error: failure, mayRepeat: !error.sent || call.repeatable, retryAfter: null }
    }
    const { status, body, retryAfter } = answer
    const isDown = status === 502 || status === 503 || status === 504
    if (isDown) this.breaker.failed()
    else this.breaker.succeeded()
    if (status >= 200 && status < 300) return { body }
    const error = this.failure(call.operation, call.context, answer)
    return { error, mayRepeat: status === 429 || (isDown && call.repeatable), retryAfter }
  }

  private encode(operation: Operation, values: object): Record<string, unknown> {
    try {
      return encodeParameters(values, operation.parameters, operation.driver ?? this.settings.driver)
    } catch (error) {
      throw this.rejected(operation.name, (error as Error).message)
    }
  }

  private decode<Row>(operation: Operation, rows: unknown, context: CallContext): Row[] {
    try {
      if (!Array.isArray(rows)) throw new TypeError('there are no rows')
      const driver = operation.driver ?? this.settings.driver
      return rows.map(row => decodeRow(row, operation.columns, driver)) as Row[]
    } catch (error) {
      throw this.garbage(operation.name, context, (error as Error).message)
    }
  }

  private url(path: string): URL {
    return new URL(this.variable('API_URL').replace(/\/+$/, '') + path)
  }

  /** Read at every call: programs load their settings after their modules. */
  private variable(suffix: string): string {
    const name = `${this.settings.environment}_${suffix}`
    const value = process.env[name]
    if (value === undefined || value === '')
      throw new Error(`${name} is not set: calls of ${this.settings.name} need it`)
    return value
  }

  /** The error for an answer that is none of success. */
  private failure(operation: string, context: CallContext, { status, body }: HttpAnswer): Error {
    const told = (body ?? {}) as Record<string, unknown>
    const { title, detail } = told
    const message = [title, detail].filter(text => typeof text === 'string').join(': ') || `status ${status}`
    const details = { ...this.details(operation, context), httpStatus: status }
    if (status === 404) return new NotFoundError(message, details)
    if (status === 429) return new UnavailableError(message, { ...details, maybeDone: false })
    if (status >= 400 && status < 500) {
      return new RejectedError(message, { ...details, ...refusalIn(told) })
    }
    return new UnavailableError(message, { ...details, maybeDone: true })
  }

  /** Declined here already: nothing was sent. */
  private rejected(operation: string, message: string): RejectedError {
    return new RejectedError(message, this.details(operation, currentContext()))
  }

  private garbage(operation: string, context: CallContext, message: string): UnavailableError {
    const details = this.details(operation, context)
    return new UnavailableError(`the answer makes no sense: ${message}`, { ...details, maybeDone: true })
  }

  private unavailable(call: Call, message: string, maybeDone: boolean, cause?: unknown): UnavailableError {
    return new UnavailableError(message, { ...this.details(call.operation, call.context), maybeDone, cause })
  }

  private details(operation: string, { correlationId }: CallContext) {
    return { service: this.settings.name, operation, httpStatus: 0, correlationId }
  }
}

/** What belongs to the request being served, and goes on with every call and event that it causes. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

export interface CallContext {
  /** The same for all that one request causes, in all services. */
  correlationId: string
  /** What caused this directly: the id of an event. */
  causationId?: string
  userId?: string
  /** W3C trace context. */
  traceparent?: string
}

/** One store for the whole process, however many copies of this file it has. */
const KEY = Symbol.for('seamripper.context')
const shared = globalThis as unknown as Record<symbol, AsyncLocalStorage<CallContext> | undefined>
const store = shared[KEY] ?? new AsyncLocalStorage<CallContext>()
shared[KEY] = store

/** Runs `work`; calls and events that it makes, however deep, carry this context. */
export function withContext<T>(context: CallContext, work: () => T): T {
  return store.run(context, work)
}

/** The context of the request being served; a new one outside of requests. */
export function currentContext(): CallContext {
  return store.getStore() ?? { correlationId: randomUUID() }
}

/** The same for all that is done for one request, and for all that is done outside of requests. */
export function contextKey(): string {
  return JSON.stringify(store.getStore() ?? null)
}

/** Headers that carry the context to another service. */
export function contextHeaders(context: CallContext): Record<string, string> {
  const headers: Record<string, string> = { 'x-correlation-id': context.correlationId }
  if (context.traceparent !== undefined) headers.traceparent = context.traceparent
  return headers
}

/**
 * Middleware for Express: takes the caller's correlation id, or makes one, and answers with it.
 *
 *     app.use(correlate)
 */
export function correlate(
  request: { headers: Record<string, string | string[] | undefined> },
  response: { setHeader(name: string, value: string): unknown },
  next: () => void,
): void {
  const context = contextOf(request.headers)
  response.setHeader('x-correlation-id', context.correlationId)
  withContext(context, next)
}

/** The context that the headers of a request carry. */
export function contextOf(headers: Record<string, string | string[] | undefined>): CallContext {
  const context: CallContext = { correlationId: header(headers['x-correlation-id']) ?? randomUUID() }
  const traceparent = header(headers.traceparent)
  if (traceparent !== undefined) context.traceparent = traceparent
  return context
}

/** Only what is safe in headers and logs. */
function header(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : undefined
}

/** Events by CloudEvents 1.0, as JSON. What belongs to no attribute of its own stands in extensions. */
import { randomUUID } from 'node:crypto'
import { currentContext } from '../context.js'

export interface CloudEvent {
  specversion: '1.0'
  id: string
  /** Service that published it: `/inventory-service`. */
  source: string
  /** `service.entity.action`: `billing.charge.created`. */
  type: string
  /** ISO 8601. */
  time: string
  datacontenttype: 'application/json'
  /** Version of the data: a change that readers must know of is a new one. */
  dataversion: string
  /** The same for all that one request causes. */
  correlationid: string
  /** Event that caused this one. */
  causationid?: string
  userid?: string
  /** W3C trace context. */
  traceparent?: string
  data: Record<string, unknown>
}

/** A new event, in the context of the request that is being served. */
export function createEvent(
  type: string,
  source: string,
  dataversion: string,
  data: Record<string, unknown>,
): CloudEvent {
  const { correlationId, causationId, userId, traceparent } = currentContext()
  return {
    specversion: '1.0',
    id: randomUUID(),
    source,
    type,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataversion,
    correlationid: correlationId,
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(userId === undefined ? {} : { userid: userId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  }
}

/**
 * Reads what came from a transport.
 *
 * @throws TypeError with the reason why it is no event
 */
export function parseEvent(text: string): CloudEvent {
  let event: Partial<CloudEvent> | null
  try {
    event = JSON.parse(text)
  } catch {
    throw new TypeError('not JSON')
  }
  if (typeof event !== 'object' || event === null) throw new TypeError('not an object')
  if (event.specversion !== '1.0') throw new TypeError('not of CloudEvents 1.0')
  for (const name of ['id', 'source', 'type'] as const) {
    const value = event[name]
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name} is missing`)
  }
  const { data } = event
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new TypeError('data is not an object')
  return event as CloudEvent
}

/**
 * Transactional outbox: an event is a row, written with the service's own changes in one transaction. The relay (see
 * relay.ts) hands it to the transport. So there is no change without its event, and no event without its change.
 */

import type { Driver } from '../dates.js'
import { type Encode, encodeParameters, type Parameter } from '../parameters.js'
import { type Connection, run } from './database.js'
import { createEvent } from './event.js'

export interface EventType {
  type: string
  /** Version of the data. */
  version: string
  topic: string
  /** Events of one key are applied in order. */
  key: string
  parameters: Record<string, Encode | Parameter>
  /** Where its values differ from those of the other events. */
  driver?: Driver
}

export class Outbox {
  private readonly source: string
  private readonly driver: Driver

  /** @param service the one that publishes; `driver` is that of its database */
  constructor(service: string, driver: Driver) {
    this.source = `/${encodeURIComponent(service)}`
    this.driver = driver
  }

  /**
   * Writes an event, by the connection that holds the transaction it belongs to; by a pool, in one of its own.
   *
   * @returns id of the event
   */
  async publish(connection: Connection, event: EventType, values: object): Promise<string> {
    const data = encodeParameters(values, event.parameters, event.driver ?? this.driver)
    const written = createEvent(event.type, this.source, event.version, data)
    await run(
      connection,
      this.driver.dialect,
      'INSERT INTO seamripper_outbox (id, topic, message_key, event) VALUES (?, ?, ?, ?)',
      [written.id, event.topic, event.key, JSON.stringify(written)],
    )
    return written.id
  }
}

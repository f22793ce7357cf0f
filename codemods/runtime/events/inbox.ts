/**
 * Applies events once each: the row that says that an event was applied is written in the transaction that applies it.
 * An event that can't be applied is set aside with the reason, in the same table, and the next one is taken.
 */
import { createHash } from 'node:crypto'
import { withContext } from '../context.js'
import { type Connection, type Dialect, inTransaction, type Pool, run } from './database.js'
import { type CloudEvent, parseEvent } from './event.js'
import type { Message } from './transport.js'

/** Runs the operation of one type of event. Throws `Refused` where its data are not what the operation takes. */
export type Apply = (connection: Connection, data: Record<string, unknown>) => Promise<unknown>

/** The event is at fault, and always will be. */
export class Refused extends Error {}

export interface InboxOptions {
  pool: Pool
  dialect: Dialect
  /** By type of event. */
  handlers: Record<string, Apply>
  /** Told of events that were set aside, and of what is tried again. */
  onError?: (error: unknown) => void
  /** Milliseconds before the second attempt; each further one waits twice as long. */
  backoff?: number
}

const ATTEMPTS = 6

export class Inbox {
  private readonly options: Required<InboxOptions>

  constructor(options: InboxOptions) {
    this.options = { onError: () => {}, backoff: 100, ...options }
  }

  /** Resolves when the event is applied, was before, or is set aside; rejects while the database is out of reach. */
  async receive({ value }: Pick<Message, 'value'>): Promise<void> {
    let event: CloudEvent
    try {
      event = parseEvent(value)
    } catch (error) {
      const unknown = { source: '', id: '', type: '' }
      return this.setAside(unknown, value, (error as Error).message, hashOf('', value))
    }
    const hash = hashOf(event.source, event.id)
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.apply(event, hash)
      } catch (error) {
        if (isOutOfReach(error)) throw error
        if (isAtFault(error) || attempt === ATTEMPTS) {
          return this.setAside(event, value, (error as Error).message, hash)
        }
        this.options.onError(error)
        await new Promise(resolve => setTimeout(resolve, this.options.backoff * 2 ** (attempt - 1)))
      }
    }
  }

  /** Takes an event that was set aside once more. */
  async retry(hash: string): Promise<void> {
    const { pool, dialect } = this.options
    const event = await inTransaction(pool, async connection => {
      const where = 'event_hash = ? AND failed_at IS NOT NULL'
      const { rows } = await run(
        connection,
        dialect,
        `SELECT event FROM seamripper_inbox WHERE ${where} FOR UPDATE`,
        [hash],
      )
      if (rows[0] === undefined) throw new Error(`No event ${hash} was set aside`)
      await run(connection, dialect, `DELETE FROM seamripper_inbox WHERE ${where}`, [hash])
      return String(rows[0].event)
    })
    await this.receive({ value: event })
  }

  private async apply(event: CloudEvent, hash: string): Promise<void> {
    const { pool, dialect, handlers } = this.options
    const apply = new Map(Object.entries(handlers)).get(event.type)
    if (apply === undefined) throw new Refused(`no operation for events of type ${event.type}`)
    const context = {
      correlationId: event.correlationid,
      causationId: event.id,
      ...(event.userid === undefined ? {} : { userId: event.userid }),
      ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    }
    await inTransaction(pool, async connection => {
      const isNew = await insert(connection, dialect, [
        hash,
        event.source,
        event.id,
        event.type,
        null,
        null,
        null,
      ])
      if (isNew) await withContext(context, () => apply(connection, event.data))
    })
  }

  private async setAside(
    { source, id, type }: Pick<CloudEvent, 'source' | 'id' | 'type'>,
    event: string,
    reason: string,
    hash: string,
  ): Promise<void> {
    const { pool, dialect, onError } = this.options
    await inTransaction(pool, connection =>
      insert(connection, dialect, row(hash, { source, id, type }, { reason: reason.slice(0, 1000), event })),
    )
    onError(new Refused(`Event ${hash} was set aside: ${reason}`))
  }
}

/** Values of a row, for the columns of `insert`. */
function row(
  hash: string,
  { source, id, type }: Pick<CloudEvent, 'source' | 'id' | 'type'>,
  failure?: { reason: string; event: string },
): unknown[] {
  const known = [hash, ...[source, id, type].map(text => text.slice(0, 255))]
  return failure === undefined
    ? [...known, null, null, null]
    : [...known, new Date(), failure.reason, failure.event]
}

/** False if it is there. */
async function insert(connection: Connection, dialect: Dialect, values: unknown[]): Promise<boolean> {
  // Not ON DUPLICATE KEY UPDATE: mysql2 asks for rows found, and so gets 1 for a row that was there.
  const [insert, otherwise] =
    dialect === 'mysql' ? ['INSERT IGNORE', ''] : ['INSERT', 'ON CONFLICT (event_hash) DO NOTHING']
  const sql = `${insert} INTO seamripper_inbox (event_hash, source, id, type, failed_at, reason, event)
               VALUES (?, ?, ?, ?, ?, ?, ?) ${otherwise}`
  return (await run(connection, dialect, sql, values)).affected === 1
}

/** Source and id together are an event's identity, of any length and in any alphabet. */
function hashOf(source: string, id: string): string {
  return createHash('sha256').update(`${source}\n${id}`).digest('hex')
}

/** Data that no column takes, or that break a constraint: classes 22 and 23 of SQLSTATE. */
function isAtFault(error: unknown): boolean {
  const { code, sqlState } = error as { code?: unknown; sqlState?: unknown }
  const state = typeof sqlState === 'string' ? sqlState : typeof code === 'string' ? code : ''
  return error instanceof Refused || /^2[23][0-9A-Z]{3}$/.test(state)
}

/** The event stays where it is until the database is back. */
function isOutOfReach(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return (
    typeof code === 'string' &&
    /^(E[A-Z]+|PROTOCOL_\w+|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN|08...|53...|57P0.)$/.test(code)
  )
}

/**
 * Hands the rows of the outbox to the transport, in order, each at least once: a row is marked when the transport has
 * it, so that whatever dies in between, it is published again, and the receivers know it by its id.
 */
import { acquire, type Connection, type Dialect, discard, type Pool, run } from './database.js'
import { type Message, type Transport, Undeliverable } from './transport.js'

export interface RelayOptions {
  pool: Pool
  dialect: Dialect
  transport: Transport
  /** Told of what went wrong; it is tried again. */
  onError?: (error: unknown) => void
  /** Milliseconds between looks at an empty outbox. */
  interval?: number
}

interface Row {
  position: string | number
  topic: string
  message_key: string
  event: string
}

const BATCH = 100
const LONGEST_WAIT = 30_000
const CLEAN_UP_EVERY = 3_600_000

/** Any number of processes may run a relay: one works, the others wait for its end. */
export class Relay {
  private readonly options: Required<RelayOptions>
  private isStopped = false
  private cleanedAt = Number.NEGATIVE_INFINITY
  private wake: () => void = () => {}
  private readonly done: Promise<void>

  constructor(options: RelayOptions) {
    this.options = { onError: () => {}, interval: 500, ...options }
    this.done = this.work()
  }

  /** Ends after the batch that is on its way. */
  async stop(): Promise<void> {
    this.isStopped = true
    this.wake()
    await this.done
  }

  private async work(): Promise<void> {
    const { pool, dialect, interval, onError } = this.options
    for (let failures = 0; !this.isStopped; ) {
      try {
        const connection = await acquire(pool)
        let isBroken = true
        try {
          if (await lock(connection, dialect)) {
            while (!this.isStopped) {
              const count = await this.relay(connection)
              failures = 0
              if (count === BATCH) continue
              await this.cleanUp(connection)
              await this.wait(interval)
            }
            await unlock(connection, dialect)
          }
          isBroken = false
        } finally {
          // A connection that is closed gives up its lock.
          discard(connection, isBroken)
        }
        await this.wait(interval)
      } catch (error) {
        onError(error)
        failures += 1
        await this.wait(Math.min(LONGEST_WAIT, interval * 2 ** failures) * (0.5 + Math.random() / 2))
      }
    }
  }

  private async wait(milliseconds: number): Promise<void> {
    if (this.isStopped) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Publishes what waits, a batch at most; returns how many. */
  private async relay(connection: Connection): Promise<number> {
    const { rows } = await run(
      connection,
      this.options.dialect,
      `SELECT position, topic, message_key, event FROM seamripper_outbox
        WHERE published_at IS NULL AND failed_at IS NULL ORDER BY position LIMIT ${BATCH}`,
    )
    for (const batch of byTopic(rows as unknown as Row[])) await this.publish(connection, batch)
    return rows.length
  }

  private async publish(connection: Connection, batch: Row[]): Promise<void> {
    try {
      await this.options.transport.publish(batch[0]!.topic, batch.map(messageOf))
    } catch (error) {
      if (!(error instanceof Undeliverable)) throw error
      if (batch.length === 1) return this.setAside(connection, batch[0]!, error.message)
      // One of them is at fault: each by itself.
      for (const row of batch) await this.publish(connection, [row])
      return
    }
    const positions = batch.map(row => row.position)
    const marks = positions.map(() => '?').join(', ')
    const sql = `UPDATE seamripper_outbox SET published_at = CURRENT_TIMESTAMP WHERE position IN (${marks})`
    await run(connection, this.options.dialect, sql, positions)
  }

  /** Published events are kept for a week, for people who look into something. */
  private async cleanUp(connection: Connection): Promise<void> {
    if (performance.now() - this.cleanedAt < CLEAN_UP_EVERY) return
    this.cleanedAt = performance.now()
    const week = this.options.dialect === 'mysql' ? 'INTERVAL 7 DAY' : "INTERVAL '7 days'"
    const sql = `DELETE FROM seamripper_outbox WHERE published_at < CURRENT_TIMESTAMP - ${week}`
    await run(connection, this.options.dialect, sql)
  }

  private async setAside(connection: Connection, row: Row, reason: string): Promise<void> {
    const sql = 'UPDATE seamripper_outbox SET failed_at = CURRENT_TIMESTAMP, reason = ? WHERE position = ?'
    await run(connection, this.options.dialect, sql, [reason.slice(0, 1000), row.position])
    this.options.onError(new Undeliverable(`Event at position ${row.position} was set aside: ${reason}`))
  }
}

function messageOf(row: Row): Message {
  return { key: row.message_key, value: row.event }
}

/** Neighbours of one topic together, in order. */
function byTopic(rows: Row[]): Row[][] {
  const batches: Row[][] = []
  for (const row of rows) {
    const last = batches[batches.length - 1]
    if (last !== undefined && last[0]?.topic === row.topic) last.push(row)
    else batches.push([row])
  }
  return batches
}

/** Two relays at once would mix up the order. The lock lives as long as the connection. */
async function lock(connection: Connection, dialect: Dialect): Promise<boolean> {
  const sql =
    dialect === 'mysql'
      ? `SELECT GET_LOCK(${MYSQL_LOCK}, 0) AS locked`
      : "SELECT pg_try_advisory_lock(hashtext('seamripper_outbox')) AS locked"
  const { rows } = await run(connection, dialect, sql)
  return Number(rows[0]?.locked) === 1
}

async function unlock(connection: Connection, dialect: Dialect): Promise<void> {
  const sql =
    dialect === 'mysql'
      ? `SELECT RELEASE_LOCK(${MYSQL_LOCK})`
      : "SELECT pg_advisory_unlock(hashtext('seamripper_outbox'))"
  await run(connection, dialect, sql)
}

/** Locks of MySQL are the server's, not the database's. */
const MYSQL_LOCK = "CONCAT('seamripper_outbox ', LEFT(SHA2(DATABASE(), 256), 40))"

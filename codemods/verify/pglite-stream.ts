/**
 * The connection of node-postgres to a PostgreSQL in this process, so that values come from the real driver. There is a
 * package for it, over sockets, which wants one exact version of PGlite and six extensions beside it.
 */
import { Duplex } from 'node:stream'

interface Pglite {
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>
}

/** Parse, Bind, Describe, Execute, Close: node-postgres writes each message by itself. */
const PARTS = new Set([...'PBDEC'].map(letter => letter.charCodeAt(0)))

/** What node-postgres calls of a socket, beside reading and writing. */
class PgliteStream extends Duplex {
  private readonly database: Pglite
  /** Messages of a statement up to its Sync: after an error the database skips those that are left. */
  private waiting: Uint8Array[] = []

  constructor(database: Pglite) {
    super()
    this.database = database
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    // `X`: the client goes, but the database stays.
    if (chunk[0] === 0x58) {
      this.push(null)
      done()
      return
    }
    this.waiting.push(chunk)
    if (PARTS.has(chunk[0]!)) {
      done()
      return
    }
    const message = Buffer.concat(this.waiting)
    this.waiting = []
    this.database.execProtocolRaw(new Uint8Array(message)).then(
      answer => {
        if (answer.length > 0) this.push(Buffer.from(answer))
        done()
      },
      (error: Error) => done(error),
    )
  }
}

export function pgliteStream(database: Pglite): Duplex {
  return new PgliteStream(database)
}

/**
 * The connection of node-postgres to a PostgreSQL in this process, so that values come from the real driver; and a port
 * for the others. There is a package for it, which wants one exact version of PGlite and six extensions beside it.
 */
import { createServer, type Server } from 'node:net'
import { Duplex } from 'node:stream'

interface Pglite {
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>
}

/** Parse, Bind, Describe, Execute, Close: the database answers them when their Sync comes. */
const PARTS = new Set([...'PBDEC'].map(letter => letter.charCodeAt(0)))
const TERMINATE = 'X'.charCodeAt(0)
/** Numbers in the place of a protocol version: whether there is TLS, or GSSAPI. */
const QUESTIONS = new Set([80877103, 80877104])

/** What drivers call of a socket, beside reading and writing. */
class PgliteStream extends Duplex {
  private readonly database: Pglite
  private received = Buffer.alloc(0)
  private isStarted = false
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
    this.received = Buffer.concat([this.received, chunk])
    this.answer().then(
      () => done(),
      (error: Error) => done(error),
    )
  }

  private async answer(): Promise<void> {
    for (let message = this.next(); message !== null; message = this.next()) {
      // The client goes, but the database stays.
      if (this.isStarted && message[0] === TERMINATE) {
        this.push(null)
        return
      }
      if (!this.isStarted) {
        if (QUESTIONS.has(message.readInt32BE(4))) {
          this.push('N')
          continue
        }
        this.isStarted = true
      } else if (PARTS.has(message[0]!)) {
        this.waiting.push(message)
        continue
      }
      const whole = Buffer.concat([...this.waiting, message])
      this.waiting = []
      const answer = await this.database.execProtocolRaw(new Uint8Array(whole))
      if (answer.length > 0) this.push(Buffer.from(answer))
    }
  }

  /** A message that is there in full; the first of a connection has no letter in front. */
  private next(): Buffer | null {
    const before = this.isStarted ? 1 : 0
    if (this.received.length < before + 4) return null
    const length = before + this.received.readInt32BE(before)
    if (this.received.length < length) return null
    const message = this.received.subarray(0, length)
    this.received = this.received.subarray(length)
    return message
  }
}

export function pgliteStream(database: Pglite): Duplex {
  return new PgliteStream(database)
}

/** Listens on a port of this machine's own. */
export async function pgliteServer(database: Pglite): Promise<Server> {
  const server = createServer(socket => {
    const stream = pgliteStream(database)
    const end = (): void => {
      socket.destroy()
      stream.destroy()
    }
    socket.on('error', end)
    stream.on('error', end)
    socket.pipe(stream).pipe(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

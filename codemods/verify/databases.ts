/** Databases that are there for one run: PostgreSQL inside of this process, MySQL or MariaDB on a server. */
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'
import type { Duplex as DuplexStream } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'
import type { DriverOptions } from '../operation.js'
import type { Pool } from '../runtime/events/database.js'
import type { Database } from '../runtime/server/server.js'
import type { RewriteDialect } from '../wire.js'
import type { Address, Result, Running } from './drivers/driver.js'
import { oldDriver } from './drivers/index.js'
import type { OpenDatabase } from './generated.js'
import { KeptTables } from './kept-tables.js'
import { withinLimit } from './limit.js'
import { NotVerified, VerifyError } from './not-verified.js'
import { pgliteServer, pgliteStream } from './pglite-stream.js'

export interface Session {
  run(text: string, values: unknown[], method?: 'query' | 'execute'): Promise<Result>
  /** Rows with values as the database writes them, whatever the options of the connection. */
  contents(text: string): Promise<Record<string, unknown>[]>
  /** Runs the owner's operations by this connection. */
  open: OpenDatabase
  /** This connection as a pool that has no other. */
  pool: Pool
}

/** A database in which tables can be made and thrown away. */
export interface Scratch {
  tables: KeptTables
  /** A connection by the driver that is installed for the code of one of the folders. */
  connect(folders: string[], options: DriverOptions): Promise<Session>
  /** A connection by another driver than mysql2 and pg. */
  connectBy(driver: string, folders: string[], options: DriverOptions): Promise<Running>
  /** Ends all connections. */
  disconnect(): Promise<void>
  drop(): Promise<void>
}

/** @param folders of the code that runs it, the first that has it installed counts */
function driverOf<T>(name: string, folders: string[]): T {
  for (const folder of folders) {
    try {
      return createRequire(`${folder}/package.json`)(name) as T
    } catch {}
  }
  throw new NotVerified(
    `${name.split('/')[0]} is not installed for ${folders[0]}: install the dependencies first`,
  )
}

interface MysqlConnection {
  threadId: number
  query(text: string | object, values?: unknown[]): Promise<[unknown]>
  execute(text: string, values?: unknown[]): Promise<[unknown]>
  end(): Promise<void>
}

/** What the server takes for now, so that a statement does the same whenever it runs: noon of 29 February 2024. */
const NOW = 1_709_208_000

/** What a database takes for now: PostgreSQL's has the clock of this process. */
export function clockOf(dialect: RewriteDialect): Date {
  return dialect === 'mysql' ? new Date(NOW * 1000) : new Date()
}

interface MysqlField {
  type: string
  string(): string | null
}

/** What decides what mysql2 makes of a value, so that nothing of the connection's is left to: of decimals it asks no query. */
const AS_TEXT = {
  dateStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  typeCast: (field: MysqlField, otherwise: () => unknown) =>
    /^(?:NEW)?DECIMAL$/.test(field.type) ? field.string() : otherwise(),
}

interface Mysql {
  createConnection(options: object): Promise<MysqlConnection>
}

/** A new database on a server of MySQL or MariaDB. */
export async function mysqlScratch(url: string, folders: string[]): Promise<Scratch> {
  const name = `seamripper_verify_${randomBytes(6).toString('hex')}`
  const uri = new URL(url)
  uri.pathname = '/'
  const mysql = driverOf<Mysql>('mysql2/promise', folders)
  const server = await mysql.createConnection({ uri: uri.href }).catch((error: Error) => {
    throw new VerifyError(`The server of --mysql-url gives no connection: ${error.message}`)
  })
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`).catch(async (error: Error) => {
    await server.end()
    throw new VerifyError(`The server of --mysql-url makes no database: ${error.message}`)
  })
  uri.pathname = `/${name}`
  const connections = new Set<{ end(): Promise<unknown> }>()
  const address: Address = {
    host: uri.hostname,
    port: Number(uri.port || 3306),
    user: decodeURIComponent(uri.username),
    password: decodeURIComponent(uri.password),
    database: name,
  }
  return {
    tables: new KeptTables(),
    async connectBy(driver, from, options) {
      const opening = { from, address, options, dialect: 'mysql' } as const
      let id: unknown = null
      // What is left running on the server would keep its tables locked; maybe it is gone.
      const running = await openBy(driver, opening, () => server.query(`KILL ${id}`).catch(() => {}))
      connections.add(running)
      const { rows } = await running.run('SELECT CONNECTION_ID() AS id', [])
      id = rows[0]!.id
      await running.run(`SET timestamp = ${NOW}`, [])
      return running
    },
    async connect(from, options) {
      const mysql = driverOf<Mysql>('mysql2/promise', from)
      const connection = await mysql.createConnection({ uri: uri.href, ...options })
      connections.add(connection)
      await connection.query(`SET timestamp = ${NOW}`)
      const release = (): void => {}
      return {
        async run(text, values, method = 'query') {
          const call = connection[method](text, values)
          const [answer] = await withinLimit('mysql2', values, call, async () => {
            await server.query(`KILL QUERY ${connection.threadId}`)
            await call.catch(() => {})
          })
          return Array.isArray(answer)
            ? { rows: answer as Record<string, unknown>[], told: {} }
            : { rows: [], told: { ...(answer as object) } }
        },
        async contents(text) {
          const [rows] = await connection.query({ ...AS_TEXT, sql: text })
          return rows as Record<string, unknown>[]
        },
        open: load =>
          (load('database-mysql2') as { mysqlDatabase(of: unknown): Database }).mysqlDatabase(connection),
        pool: {
          getConnection: async () => ({
            query: (text, values) => connection.query(text, values),
            execute: (text: string, values: unknown[]) => connection.execute(text, values),
            release,
          }),
        },
      }
    },
    disconnect: () => endAll(connections),
    async drop() {
      await server.query(`DROP DATABASE ${name}`)
      await server.end()
    },
  }
}

interface PgResult {
  rows: Record<string, unknown>[]
  rowCount: number | null
  command: string
}

interface PgClient {
  connect(): Promise<unknown>
  query(text: string | object, values?: unknown[]): Promise<PgResult>
  end(): Promise<void>
  on(event: 'error', listener: () => void): void
}

interface Pg {
  Client: new (options: { stream: () => DuplexStream; user: string; database: string }) => PgClient
}

/** What a PostgreSQL with nothing in it keeps on its disk: making the first takes seconds, the others are copies. */
let empty: Promise<Blob> | null = null

/** An extension that PGlite brings, as its module exports it. */
type Extension = NonNullable<NonNullable<ConstructorParameters<typeof PGlite>[0]>['extensions']>[string]

/**
 * Extensions, with the names of types and functions by which a table or a statement needs one. What needs another one is
 * not verified.
 */
const EXTENSIONS: [name: string, needed: RegExp, load: () => Promise<Extension>][] = [
  ['citext', /\bcitext\b/i, async () => (await import('@electric-sql/pglite/contrib/citext')).citext],
  ['hstore', /\bhstore\b/i, async () => (await import('@electric-sql/pglite/contrib/hstore')).hstore],
  ['ltree', /\bltree\b/i, async () => (await import('@electric-sql/pglite/contrib/ltree')).ltree],
  [
    'uuid-ossp',
    /\buuid_generate_v/i,
    async () => (await import('@electric-sql/pglite/contrib/uuid_ossp')).uuid_ossp,
  ],
  [
    'pgcrypto',
    /\b(?:crypt|gen_salt|digest|hmac|pgp_\w+|gen_random_bytes)\s*\(/i,
    async () => (await import('@electric-sql/pglite/contrib/pgcrypto')).pgcrypto,
  ],
  [
    'pg_trgm',
    /\b(?:word_)?similarity\s*\(/i,
    async () => (await import('@electric-sql/pglite/contrib/pg_trgm')).pg_trgm,
  ],
  [
    'unaccent',
    /\bunaccent\s*\(/i,
    async () => (await import('@electric-sql/pglite/contrib/unaccent')).unaccent,
  ],
]

/**
 * A new PostgreSQL in this process.
 *
 * @param needed types and statements that it has to know
 */
export async function postgresqlScratch(needed: string): Promise<Scratch> {
  const { PGlite } = await import('@electric-sql/pglite').catch(() => {
    throw new NotVerified(
      'PostgreSQL runs inside of @electric-sql/pglite, which is not installed: npm install --save-dev @electric-sql/pglite',
    )
  })
  if (empty === null) {
    const first = new PGlite()
    await first.waitReady
    empty = first.dumpDataDir('none')
    await empty
    await first.close()
  }
  const wanted = EXTENSIONS.filter(([, isNeeded]) => isNeeded.test(needed))
  const loaded = await Promise.all(wanted.map(async ([name, , load]) => [name, await load()] as const))
  const database = new PGlite({ loadDataDir: await empty, extensions: Object.fromEntries(loaded) })
  await database.waitReady
  for (const [name] of wanted) await database.exec(`CREATE EXTENSION "${name}"`)
  const clients = new Set<{ end(): Promise<unknown> }>()
  let server: Promise<Server> | null = null
  return {
    tables: new KeptTables(),
    async connectBy(driver, from, options) {
      server ??= pgliteServer(database)
      const { port } = (await server).address() as AddressInfo
      const address = { host: '127.0.0.1', port, user: 'postgres', password: '', database: 'postgres' }
      const running = await openBy(driver, { from, address, options, dialect: 'postgresql' })
      clients.add(running)
      return running
    },
    async connect(from) {
      const { Client } = driverOf<Pg>('pg', from)
      const client = new Client({
        stream: () => pgliteStream(database),
        user: 'postgres',
        database: 'postgres',
      })
      client.on('error', () => {})
      await client.connect()
      clients.add(client)
      const types = { getTypeParser: () => (value: string) => value }
      const release = (): void => {}
      return {
        async run(text, values) {
          const { rows, rowCount, command } = await client.query(text, values)
          return { rows, told: { command, rowCount } }
        },
        contents: async text => (await client.query({ text, types })).rows,
        pool: { connect: async () => ({ query: (text, values) => client.query(text, values), release }) },
        open: load => (load('database-pg') as { pgDatabase(of: unknown): Database }).pgDatabase(client),
      }
    },
    disconnect: () => endAll(clients),
    async drop() {
      ;(await server)?.close()
      await database.close()
    },
  }
}

/** @param abandon makes the server forget a statement to which no answer came */
async function openBy(
  name: string,
  { from, ...opening }: { from: string[]; address: Address; options: DriverOptions; dialect: RewriteDialect },
  abandon: () => unknown = () => {},
): Promise<Running> {
  const open = oldDriver(name)
  if (!open) throw new NotVerified(`statements of ${name} are not run`)
  try {
    const running = await open({ load: module => driverOf(module, from), ...opening })
    let isLost = false
    return {
      run: (text, values, method) =>
        withinLimit(name, values, running.run(text, values, method), () => {
          isLost = true
          return abandon()
        }),
      async end() {
        const end = running.end()
        // It may wait for the answer for ever.
        if (isLost) end.catch(() => {})
        else await end
      },
    }
  } catch (error) {
    if (error instanceof NotVerified) throw error
    throw new NotVerified(`${name} opens no connection: ${(error as Error).message}`)
  }
}

async function endAll(connections: Set<{ end(): Promise<unknown> }>): Promise<void> {
  for (const connection of connections) await connection.end()
  connections.clear()
}

/** Databases that are there for one run: PostgreSQL inside of this process, MySQL or MariaDB on a server. */
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Duplex as DuplexStream } from 'node:stream'
import type { DriverOptions } from '../operation.js'
import type { Database } from '../runtime/server/server.js'
import type { OpenDatabase } from './generated.js'
import { pgliteStream } from './pglite-stream.js'

export interface Session {
  /** Rows of a statement, as this driver gives them to its caller. */
  rows(text: string, values: unknown[], method?: 'query' | 'execute'): Promise<Record<string, unknown>[]>
  /** Runs the owner's operations by this connection. */
  open: OpenDatabase
}

/** A database in which tables can be made and thrown away. */
export interface Scratch {
  /** A connection by the driver that is installed for the code of a folder. */
  connect(folder: string, options: DriverOptions): Promise<Session>
  /** Ends all connections. */
  disconnect(): Promise<void>
  drop(): Promise<void>
}

/** What the user has to mend before anything can be verified. */
export class VerifyError extends Error {
  override name = 'VerifyError'
}

/** Why a part can't be verified: for the user, as the end of a sentence. */
export class NotVerified extends Error {
  override name = 'NotVerified'
}

function driverOf<T>(name: string, folder: string): T {
  try {
    return createRequire(`${folder}/package.json`)(name) as T
  } catch {
    throw new NotVerified(
      `${name.split('/')[0]} is not installed for ${folder}: install the dependencies first`,
    )
  }
}

interface MysqlConnection {
  query(text: string, values?: unknown[]): Promise<[unknown]>
  execute(text: string, values?: unknown[]): Promise<[unknown]>
  end(): Promise<void>
}

interface Mysql {
  createConnection(options: object): Promise<MysqlConnection>
}

/** A new database on a server of MySQL or MariaDB. */
export async function mysqlScratch(url: string, folder: string): Promise<Scratch> {
  const name = `seamripper_verify_${randomBytes(6).toString('hex')}`
  const uri = new URL(url)
  uri.pathname = '/'
  const mysql = driverOf<Mysql>('mysql2/promise', folder)
  const server = await mysql.createConnection({ uri: uri.href }).catch((error: Error) => {
    throw new VerifyError(`The server of --mysql-url gives no connection: ${error.message}`)
  })
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`).catch(async (error: Error) => {
    await server.end()
    throw new VerifyError(`The server of --mysql-url makes no database: ${error.message}`)
  })
  uri.pathname = `/${name}`
  const connections = new Set<MysqlConnection>()
  return {
    async connect(from, options) {
      const mysql = driverOf<Mysql>('mysql2/promise', from)
      const connection = await mysql.createConnection({ uri: uri.href, ...options })
      connections.add(connection)
      return {
        async rows(text, values, method = 'query') {
          const [answer] = await connection[method](text, values)
          return Array.isArray(answer) ? (answer as Record<string, unknown>[]) : []
        },
        open: load =>
          (load('database-mysql2') as { mysqlDatabase(of: unknown): Database }).mysqlDatabase(connection),
      }
    },
    disconnect: () => endAll(connections),
    async drop() {
      await server.query(`DROP DATABASE ${name}`)
      await server.end()
    },
  }
}

interface PgClient {
  connect(): Promise<unknown>
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  end(): Promise<void>
  on(event: 'error', listener: () => void): void
}

interface Pg {
  Client: new (options: { stream: () => DuplexStream; user: string; database: string }) => PgClient
}

/** A new PostgreSQL in this process. */
export async function postgresqlScratch(): Promise<Scratch> {
  const { PGlite } = await import('@electric-sql/pglite').catch(() => {
    throw new NotVerified(
      'PostgreSQL runs inside of @electric-sql/pglite, which is not installed: npm install --save-dev @electric-sql/pglite',
    )
  })
  const database = new PGlite()
  await database.waitReady
  const clients = new Set<PgClient>()
  return {
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
      return {
        rows: async (text, values) => (await client.query(text, values)).rows,
        open: load => (load('database-pg') as { pgDatabase(of: unknown): Database }).pgDatabase(client),
      }
    },
    disconnect: () => endAll(clients),
    drop: () => database.close(),
  }
}

async function endAll(connections: Set<{ end(): Promise<void> }>): Promise<void> {
  for (const connection of connections) await connection.end()
  connections.clear()
}

/** The little that outbox and inbox need of a database, for mysql2 and pg. */

/** A connection, client or pool. */
export interface Connection {
  // biome-ignore lint/suspicious/noExplicitAny: what the drivers declare
  query(sql: string, values?: any): Promise<unknown>
}

interface PooledConnection extends Connection {
  release(): void
}

/** A pool of mysql2/promise, or of pg. */
export type Pool = { getConnection(): Promise<PooledConnection> } | { connect(): Promise<PooledConnection> }

export type Dialect = 'mysql' | 'postgresql'

export interface Outcome {
  rows: Record<string, unknown>[]
  affected: number
}

/** Runs a statement with `?` for values. */
export async function run(
  connection: Connection,
  dialect: Dialect,
  sql: string,
  values: unknown[] = [],
): Promise<Outcome> {
  if (dialect === 'mysql') {
    const [result] = (await connection.query(sql, values)) as [Outcome['rows'] | { affectedRows: number }]
    return Array.isArray(result) ? { rows: result, affected: 0 } : { rows: [], affected: result.affectedRows }
  }
  let number = 0
  const numbered = sql.replace(/\?/g, () => `$${++number}`)
  const { rows, rowCount } = (await connection.query(numbered, values)) as {
    rows: Outcome['rows']
    rowCount: number | null
  }
  return { rows, affected: rowCount ?? 0 }
}

export function acquire(pool: Pool): Promise<PooledConnection> {
  return 'getConnection' in pool ? pool.getConnection() : pool.connect()
}

/** Does `work` wholly or not at all. */
export async function inTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await acquire(pool)
  let isBroken = false
  try {
    await connection.query('BEGIN')
    const result = await work(connection)
    await connection.query('COMMIT')
    return result
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {
      isBroken = true
    })
    throw error
  } finally {
    discard(connection, isBroken)
  }
}

/** Gives a connection back; one that may be in the middle of something is closed. */
export function discard(connection: PooledConnection, isBroken: boolean): void {
  const { destroy } = connection as { destroy?: () => void }
  if (!isBroken) connection.release()
  else if (destroy !== undefined) destroy.call(connection)
  else (connection.release as (isBroken: boolean) => void).call(connection, true)
}

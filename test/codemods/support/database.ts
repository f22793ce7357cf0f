/** Both databases behind one interface, for tests that hold for either. */
import { readFileSync } from 'node:fs'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { type Connection, type Dialect, type Pool, run } from '../../../codemods/runtime/events/database.js'
import { type DatabaseAddress, mariadbDatabase, postgresDatabase } from '../../support/databases.js'

type TestPool = Pool & Connection & { end(): Promise<void> }

export interface TestDatabase {
  dialect: Dialect
  address: DatabaseAddress
  pool: TestPool
  /** Rows of a statement with `?` for values. */
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

/** A new database with what `scripts` create: files of codemods/runtime/events without their dialect, or SQL. */
export async function testDatabase(dialect: Dialect, scripts: string[] = []): Promise<TestDatabase> {
  const address = dialect === 'mysql' ? await mariadbDatabase() : await postgresDatabase()
  const pool = poolOf(dialect, address)
  for (const script of scripts) {
    const file = new URL(`../../../codemods/runtime/events/${script}.${dialect}.sql`, import.meta.url)
    const text = /^\w+$/.test(script) ? readFileSync(file, 'utf8') : script
    for (const statement of text.split(';').filter(part => part.trim() !== '')) await pool.query(statement)
  }
  const rows: TestDatabase['rows'] = async (sql, values) => (await run(pool, dialect, sql, values)).rows
  return { dialect, address, pool, rows }
}

export function poolOf(dialect: Dialect, address: DatabaseAddress): TestPool {
  if (dialect === 'mysql') return mysql.createPool(address)
  const pool = new pg.Pool(address)
  // The server's end is no error of a test.
  pool.on('error', () => {})
  return pool
}

/** Runs operations the old way and the new on a real database, and compares values and their types. */
import { join } from 'node:path'
import type { Table } from '../../analyzers/model.js'
import { clientNames } from '../generate/client/names.js'
import { generateFiles } from '../generate/index.js'
import type { Operation, OperationUse } from '../operation.js'
import type { Repository } from '../repository/index.js'
import type { RewriteDialect } from '../wire.js'
import { compare, type Difference } from './compare.js'
import { mysqlScratch, NotVerified, postgresqlScratch, type Scratch, type Session } from './databases.js'
import { type Compiled, type Connected, compile, connect } from './generated.js'
import { parameterSets } from './parameters.js'
import { rowsOf } from './rows.js'
import { createTable, tableName } from './schema.js'

export interface VerifyOptions {
  operations: Operation[]
  repository: Repository
  /** Server of MySQL or MariaDB on which databases may be made; null where there is none. */
  mysqlUrl: string | null
  onProgress?: (stage: string, done: number, total: number) => void
}

/** One operation as one consumer calls it. */
export interface Verification {
  operation: Operation
  consumer: string
  outcome:
    | { kind: 'equal'; calls: number; rows: number }
    | { kind: 'different'; difference: Difference }
    | { kind: 'not verified'; reason: string }
}

/** Drivers whose old statements are run, by dialect. */
const DRIVERS: Record<RewriteDialect, string> = { mysql: 'mysql2', postgresql: 'pg' }

export async function verify(options: VerifyOptions): Promise<Verification[]> {
  const { operations, repository, onProgress } = options
  const pairs = operations.flatMap(operation => {
    const consumers = new Map(operation.uses.map(use => [use.service, use]))
    return [...consumers.values()].map(use => ({ operation, use }))
  })
  const verified: Verification[] = []
  const compiled = compile(generateFiles(operations, repository))
  const scratches = new Map<RewriteDialect, Scratch>()
  try {
    for (const { operation, use } of pairs) {
      onProgress?.('verify', verified.length, pairs.length)
      const outcome = await outcomeOf({ operation, use, compiled, scratches, options })
      verified.push({ operation, consumer: use.service, outcome })
    }
  } finally {
    compiled.remove()
    for (const scratch of scratches.values()) await scratch.drop()
  }
  return verified
}

interface Task {
  operation: Operation
  use: OperationUse
  compiled: Compiled
  /** Databases of this run so far. */
  scratches: Map<RewriteDialect, Scratch>
  options: VerifyOptions
}

async function outcomeOf(task: Task): Promise<Verification['outcome']> {
  try {
    refuse(task.operation, task.use)
    return await verifyOne(task)
  } catch (error) {
    if (error instanceof NotVerified) return { kind: 'not verified', reason: error.message }
    throw error
  }
}

/** @throws NotVerified for what is not run yet */
function refuse(operation: Operation, use: OperationUse): void {
  if (operation.kind === 'write') throw new NotVerified('it writes: only reads are run')
  if (operation.endpoint !== null) throw new NotVerified('an endpoint answers it that is written by hand')
  if (operation.uses.some(({ service, strategy }) => service === use.service && strategy === 'split')) {
    throw new NotVerified(
      'it is one part of a split: joining in memory is not compared with the old statement',
    )
  }
  if (use.driver !== DRIVERS[operation.dialect]) {
    throw new NotVerified(
      `statements of ${use.driver} are not run, only those of ${DRIVERS[operation.dialect]}`,
    )
  }
}

async function verifyOne(task: Task): Promise<Verification['outcome']> {
  const { operation, use, compiled, options } = task
  const { map, workspace } = options.repository
  const services = map.services.map(({ name }) => name)
  const folderOf = (service: string): string =>
    join(workspace.root, map.services.find(({ name }) => name === service)?.path ?? '.')
  const owner = options.repository.homeOf(operation.owner)
  const consumer = options.repository.clientsOf(use.service)
  if (!owner || !consumer) throw new NotVerified('one of its services is not in the repository')
  const tables = operation.tables.map(id => tableOf(id, options.repository))
  const rows = generatedRows(tables, operation, options.repository)
  const scratch = await scratchOf(task, folderOf(use.service))
  const created: Table[] = []
  let old: Session | null = null
  let connected: Connected | null = null
  try {
    old = await scratch.connect(folderOf(use.service), use.options)
    for (const table of tables) {
      await create(table, operation.dialect, old)
      created.push(table)
    }
    const own = await scratch.connect(folderOf(operation.owner), {})
    const { file, client, environment } = clientNames(operation.owner, services)
    const names = { owner: owner.folder, consumer: consumer.folder, file, client, environment }
    connected = await connect(compiled, names, own.open)
    const sets = parameterSets(operation, tables, rows)
    const found = await compare({ operation, tables, rows, sets, old, connected })
    return typeof found === 'number'
      ? { kind: 'equal', calls: found, rows: rows.length }
      : { kind: 'different', difference: found }
  } finally {
    await connected?.close()
    for (const table of created) await old?.rows(`DROP TABLE ${tableName(table, operation.dialect)}`, [])
    await scratch.disconnect()
  }
}

function tableOf(id: string, { tables }: Repository): Table {
  const table = tables.get(id)
  if (!table || table.columns.length === 0) throw new NotVerified(`the columns of ${id} are not known`)
  if (table.kind === 'view')
    throw new NotVerified(`${id} is a view, whose statement the catalogue does not keep`)
  return table
}

function generatedRows(tables: Table[], { dialect }: Operation, { map }: Repository) {
  try {
    return rowsOf(tables, map.foreignKeys, dialect)
  } catch (error) {
    throw new NotVerified((error as Error).message)
  }
}

/** One database for all operations of a dialect. */
async function scratchOf({ operation, scratches, options }: Task, folder: string): Promise<Scratch> {
  const { dialect } = operation
  const known = scratches.get(dialect)
  if (known) return known
  if (dialect === 'mysql' && options.mysqlUrl === null) {
    throw new NotVerified('there is no database for MySQL: give --mysql-url')
  }
  const made = dialect === 'mysql' ? await mysqlScratch(options.mysqlUrl!, folder) : await postgresqlScratch()
  scratches.set(dialect, made)
  return made
}

async function create(table: Table, dialect: RewriteDialect, session: Session): Promise<void> {
  try {
    for (const text of createTable(table, dialect)) await session.rows(text, [])
  } catch (error) {
    const name = tableName(table, dialect)
    throw new NotVerified(`the database refused ${name} as the catalogue has it: ${(error as Error).message}`)
  }
}

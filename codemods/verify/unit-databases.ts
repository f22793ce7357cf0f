/** The databases of one unit while it is verified: with its tables, and without them afterwards. */
import { join } from 'node:path'
import type { Table } from '../../analyzers/model.js'
import type { OperationUse } from '../operation.js'
import type { RewriteDialect } from '../wire.js'
import { mysqlScratch, postgresqlScratch, type Scratch, type Session } from './databases.js'
import { NotVerified } from './not-verified.js'
import { withoutDatabases } from './old-statement.js'
import { type Inserted, quoteName, tableName } from './schema.js'
import { isView } from './tables.js'
import type { Task, VerifyOptions } from './task.js'

/** Drivers by which all databases are made and filled, and the owner runs its operations. */
export const DRIVERS: Record<RewriteDialect, string> = { mysql: 'mysql2', postgresql: 'pg' }

export class UnitDatabases {
  private readonly opened = new Set<Scratch>()
  private readonly made: [Session, string][] = []
  private readonly ends: (() => Promise<void>)[] = []
  private readonly tables = new Map<Scratch, Table[]>()
  private readonly isPlain: boolean

  constructor(
    private readonly task: Task,
    private readonly inserted: Inserted | null,
  ) {
    this.isPlain = task.use.driver === DRIVERS[task.dialect]
  }

  /** A connection to a database with these tables, for the code of a service. */
  async open(database: string, service: string, tables: Table[]): Promise<Session> {
    const { dialect, use, operations } = this.task
    // The owner has the driver, the consumer maybe another one only.
    // What the owner's database runs by may be installed for the consumer only, whose statements it gets.
    const own = this.foldersOf(this.isPlain ? service : (operations[0]?.owner ?? service))
    const folders = this.isPlain ? [...own, ...this.foldersOf(use.service)] : own
    const scratch = await scratchOf(this.task, database, folders)
    this.opened.add(scratch)
    const session = await scratch.connect(folders, this.isPlain && service === use.service ? use.options : {})
    // The old way's has the tables of all; each of the others those of one service.
    const holder = database === 'before' ? '' : service
    const plain = tables.filter(table => !isView(table))
    if (dialect === 'postgresql') await session.run('SET search_path TO public', [])
    await scratch.tables.have(plain, holder, dialect, this.inserted, session)
    if (dialect === 'postgresql') {
      const all = [...(this.tables.get(scratch) ?? []), ...tables]
      this.tables.set(scratch, all)
      await session.run(searchPathTo(all), [])
    }
    await this.createViews(tables.filter(isView), session)
    return session
  }

  /** What runs statements of the consumer as its code does: by its driver. */
  async running(database: string, session: Session): Promise<Pick<Session, 'run'>> {
    if (this.isPlain) return session
    const { driver, service, options } = this.task.use
    const scratch = await scratchOf(this.task, database, [])
    return scratch.connectBy(driver, this.foldersOf(service), options)
  }

  /** Runs a generated script that makes a table. */
  async runScript(session: Session, script: string, table: string): Promise<void> {
    const statements = script.replace(/^\s*--.*$/gm, '').split(';')
    for (const statement of statements) if (statement.trim() !== '') await session.run(statement, [])
    this.made.push([session, `TABLE ${table}`])
  }

  /** Has something ended before the databases are. */
  beforeClosing(end: () => Promise<void>): void {
    this.ends.push(end)
  }

  async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end()
    for (const [session, what] of this.made.reverse()) await session.run(`DROP ${what}`, [])
    for (const scratch of this.opened) await scratch.disconnect()
  }

  private foldersOf(service: string): string[] {
    const { workspace, packageFoldersOf } = this.task.options.repository
    return packageFoldersOf(service).map(folder => join(workspace.root, folder))
  }

  /**
   * Views by the text of their scripts, each after those that it reads. Like the statements, that text is the analysed
   * code's: it runs in this database only, without names of others.
   */
  private async createViews(views: Table[], session: Session): Promise<void> {
    const { dialect, options } = this.task
    for (let left = views; left.length > 0; ) {
      const problems: string[] = []
      const failed: Table[] = []
      for (const view of left) {
        const query = options.repository.queryOf(view)
        if (query === null) throw new NotVerified(`the query of the view ${view.id} is not known`)
        const name = tableName(view, dialect)
        try {
          await session.run(`CREATE VIEW ${name} AS ${withoutDatabases(query, dialect)}`, [])
          this.made.push([session, `VIEW ${name}`])
        } catch (error) {
          failed.push(view)
          problems.push(`the database refused the view ${view.id}: ${(error as Error).message}`)
        }
      }
      if (failed.length === left.length) throw new NotVerified(problems[0]!)
      left = failed
    }
  }
}

/**
 * What lets statements name tables without their schemas, as those do whose connection has a search path. It holds for all
 * connections: PGlite has one session.
 */
function searchPathTo(tables: Table[]): string {
  const schemas = [...new Set(tables.flatMap(({ schema }) => schema ?? []))].sort()
  return `SET search_path TO ${[...schemas.map(schema => quoteName(schema, 'postgresql')), 'public'].join(', ')}`
}

/** A database, by what it is for: all units of a dialect use the same ones, one after the other. */
async function scratchOf(
  { dialect, scratches, options }: Task,
  database: string,
  folders: string[],
): Promise<Scratch> {
  const key = `${dialect} ${database}`
  const known = scratches.get(key)
  if (known) return known
  if (dialect === 'mysql' && options.mysqlUrl === null) {
    throw new NotVerified('there is no database for MySQL: give --mysql-url')
  }
  const made =
    dialect === 'mysql'
      ? await mysqlScratch(options.mysqlUrl!, folders)
      : await postgresqlScratch(typesAndTexts(options))
  scratches.set(key, made)
  return made
}

/** What all statements of a run are made of. */
function typesAndTexts({ operations, alone = [], repository }: VerifyOptions): string {
  const ids = new Set([
    ...operations.flatMap(({ tables, uses }) => [...tables, ...uses.flatMap(ownTables)]),
    ...alone.flatMap(({ use }) => ownTables(use)),
  ])
  const tables = repository.map.tables.filter(({ id }) => ids.has(id))
  const types = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)))
  const texts = operations.flatMap(({ statement, uses }) => [
    JSON.stringify(statement),
    ...uses.map(({ before }) => JSON.stringify(before?.parts)),
  ])
  texts.push(...alone.map(({ use }) => JSON.stringify(use.before?.parts)))
  return [...types, ...texts].join('\n').replaceAll('\\n', ' ')
}

function ownTables({ split }: OperationUse): string[] {
  return [...(split?.tables ?? []), ...(split?.spare ?? [])]
}

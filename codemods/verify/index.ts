/** Runs operations the old way and the new on real databases, and compares values and their types. */
import { join } from 'node:path'
import type { Table } from '../../analyzers/model.js'
import { clientNames } from '../generate/client/names.js'
import { generateFiles } from '../generate/index.js'
import type { AloneUse, Operation, OperationUse, OwnPart, StatementPart } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { type ParameterUse, parametersOf } from '../sql/parameters.js'
import { readStatement, tokensOf } from '../sql/read.js'
import type { Statement } from '../sql/tree.js'
import { columnsOfQuery, rootEnvironment, type Typing } from '../sql/typing.js'
import type { RewriteDialect } from '../wire.js'
import { compare, type Difference } from './compare.js'
import { clockOf, mysqlScratch, postgresqlScratch, type Scratch, type Session } from './databases.js'
import { oldDriver } from './drivers/index.js'
import { type Compiled, compile, connect, type Names } from './generated.js'
import { type Literals, literalsOf } from './literals.js'
import { NotVerified } from './not-verified.js'
import { positional, withoutDatabases } from './old-statement.js'
import { orderOf } from './order.js'
import { type Parameterised, parameterSets, type Values } from './parameters.js'
import { type Row, rowsOf } from './rows.js'
import { type Inserted, tableName } from './schema.js'
import { startEvents, type Target, textOf, wayOf } from './way.js'

export interface VerifyOptions {
  operations: Operation[]
  /** Call sites that call no one. */
  alone?: AloneUse[]
  repository: Repository
  /** Server of MySQL or MariaDB on which databases may be made; null where there is none. */
  mysqlUrl: string | null
  /** Rows of all tables, in the place of those that are made for each operation. */
  rows?: Row[]
  onProgress?: (stage: string, done: number, total: number) => void
}

/** What one consumer calls in place of a statement. */
export interface Verification {
  /** One, or one for each foreign part of a split; none for a call site that calls no one. */
  operations: Operation[]
  /** Such a call site. */
  alone?: OperationUse
  consumer: string
  strategy: OperationUse['strategy']
  outcome:
    | { kind: 'equal'; calls: number; rows: number }
    | { kind: 'different'; difference: Difference }
    | { kind: 'not verified'; reason: string }
}

/** Drivers by which all databases are made and filled, and the owner runs its operations. */
const DRIVERS: Record<RewriteDialect, string> = { mysql: 'mysql2', postgresql: 'pg' }

export async function verify(options: VerifyOptions): Promise<Verification[]> {
  const { operations, alone = [], repository, onProgress } = options
  const units = [...unitsOf(operations), ...alone.map(each => ({ operations: [], ...each }))]
  const verified: Verification[] = []
  const files = generateFiles(operations, repository)
  const compiled = compile(files, repository.workspace.root)
  const scratches = new Map<string, Scratch>()
  try {
    for (const unit of units) {
      onProgress?.('verify', verified.length, units.length)
      const outcome = await outcomeOf({ ...unit, files, compiled, scratches, options })
      const { service, strategy } = unit.use
      const called = unit.operations
      const alone = called.length === 0 ? { alone: unit.use } : {}
      verified.push({ operations: called, ...alone, consumer: service, strategy, outcome })
    }
  } finally {
    compiled.remove()
    for (const scratch of scratches.values()) await scratch.drop()
  }
  return verified
}

/** A call site, and those that are like it: the same statement and the same way to do without. */
interface Unit {
  dialect: RewriteDialect
  operations: Operation[]
  use: OperationUse
}

function unitsOf(operations: Operation[]): Unit[] {
  const byId = new Map(operations.map(operation => [operation.id, operation]))
  const units = new Map<string, Unit>()
  for (const operation of operations) {
    for (const use of operation.uses) {
      const { service, strategy, driver, before, split } = use
      const key = JSON.stringify([
        split ? '' : operation.id,
        service,
        strategy,
        driver,
        before?.parts,
        before?.values,
        split,
      ])
      const called = calledBy(split).flatMap(id => byId.get(id) ?? [])
      const all = split ? [...new Set(called)] : [operation]
      // The expressions of its values are those of the operation that is asked first.
      const first =
        split?.first && byId.get(split.first.operation)?.uses.find(each => each.access === use.access)
      if (!units.has(key)) units.set(key, { dialect: operation.dialect, operations: all, use: first ?? use })
    }
  }
  return [...units.values()]
}

/** Ids of the operations of a split, in the order of the calls. */
function calledBy(split: OwnPart | undefined): string[] {
  if (!split) return []
  return [...(split.first ? [split.first.operation] : []), ...split.joins.map(join => join.operation)]
}

interface Task extends Unit {
  /** Generated files, as text and as code. */
  files: Map<string, string>
  compiled: Compiled
  /** Databases of this run so far. */
  scratches: Map<string, Scratch>
  options: VerifyOptions
}

async function outcomeOf(task: Task): Promise<Verification['outcome']> {
  try {
    refuse(task)
    return await verifyVariants(task)
  } catch (error) {
    if (error instanceof NotVerified) return { kind: 'not verified', reason: error.message }
    throw error
  }
}

/**
 * Of a split whose text grows each variant: not all need to find rows, but none may give others.
 *
 * @throws NotVerified where no variant is verified
 */
async function verifyVariants(task: Task): Promise<Verification['outcome']> {
  const { use } = task
  const { variants = [], ...split } = use.split ?? {}
  let found = null as (Verification['outcome'] & { kind: 'equal' }) | null
  let reason = null as NotVerified | null
  for (const variant of [null, ...variants]) {
    const before = variant && { ...use.before!, parts: [{ kind: 'text' as const, text: variant.before }] }
    const as = variant && { ...use, before: before!, split: { ...(split as OwnPart), text: variant.text } }
    try {
      const outcome = await verifyOne(as ? { ...task, use: as } : task)
      if (outcome.kind !== 'equal') return outcome
      found = { ...outcome, calls: outcome.calls + (found?.calls ?? 0) }
    } catch (error) {
      if (!(error instanceof NotVerified)) throw error
      reason ??= error
    }
  }
  return found ?? Promise.reject(reason)
}

/** @throws NotVerified for what is not run */
function refuse({ operations, use }: Unit): void {
  for (const { endpoint, owner } of operations) {
    if (endpoint === null) continue
    throw new NotVerified(
      `${endpoint.method} ${endpoint.path} of ${owner} answers it, which is written by hand, and only generated code is run here. Test the endpoint there, or take it out of rewrite.endpoints to have an operation that can be verified`,
    )
  }
  const isKept = use.before && (use.strategy !== 'split' || use.split)
  if (!isKept || calledBy(use.split).some(called => !operations.some(({ id }) => id === called))) {
    throw new NotVerified('it was rewritten by a version that did not keep the statement of the call site')
  }
  if (!oldDriver(use.driver) && !Object.values(DRIVERS).includes(use.driver)) {
    throw new NotVerified(`statements of ${use.driver} are not run`)
  }
}

async function verifyOne(task: Task): Promise<Verification['outcome']> {
  const { dialect, operations, use, compiled, options } = task
  const { repository } = options
  const [first] = operations
  const namesOf = new Map(
    operations.map(operation => [operation.owner, namesFor(operation, use, repository)]),
  )
  const ownTables = (use.split?.tables ?? []).map(id => tableOf(id, repository))
  const tablesBy = new Map<string, Table[]>()
  for (const { owner, tables } of operations) {
    const known = tablesBy.get(owner) ?? []
    const touched = withViewsUnder(
      tables.map(id => tableOf(id, repository)),
      dialect,
      repository,
    )
    tablesBy.set(owner, [...new Set([...known, ...touched])])
  }
  const spareTables = withViewsUnder(
    (use.split?.spare ?? []).map(id => tableOf(id, repository)),
    dialect,
    repository,
  )
  const all = [...[...tablesBy.values()].flat(), ...spareTables, ...ownTables]
  refuseSameNames(all, dialect)
  const { text, tree } = treeOf(task, repository)
  const inserted = insertedBy(text, tree)
  const filled = all.filter(table => !isView(table))
  const rows =
    options.rows?.filter(({ table }) => filled.some(({ id }) => id === table)) ??
    generatedRows(filled, inserted, literalsOf(tree, clockOf(dialect)), use.split?.held, dialect, repository)
  const folderOf = (service: string): string =>
    join(repository.workspace.root, repository.map.services.find(({ name }) => name === service)?.path ?? '.')
  const opened: Scratch[] = []
  const created: [Session, string][] = []
  const ends: (() => Promise<void>)[] = []
  const isPlain = use.driver === DRIVERS[dialect]
  const open = async (database: string, service: string, made: Table[]): Promise<Session> => {
    // The owner has the driver, the consumer maybe another one only.
    const folder = folderOf(isPlain ? service : (first?.owner ?? service))
    const scratch = await scratchOf(task, database, folder)
    opened.push(scratch)
    const connection = await scratch.connect(folder, isPlain && service === use.service ? use.options : {})
    // The old way's has the tables of all; each of the others those of one service.
    const holder = database === 'before' ? '' : service
    const tables = made.filter(table => !isView(table))
    await scratch.tables.have(tables, holder, dialect, inserted, connection)
    await createViews(made.filter(isView), dialect, connection, repository, view =>
      created.push([connection, `VIEW ${tableName(view, dialect)}`]),
    )
    return connection
  }
  try {
    /** As the code of the consumer runs it. */
    const running = async (database: string, session: Session): Promise<Pick<Session, 'run'>> =>
      isPlain
        ? session
        : (await scratchOf(task, database, '')).connectBy(use.driver, folderOf(use.service), use.options)
    const before = await open('before', use.service, all)
    const beforeBy = await running('before', before)
    const isEvent = use.strategy === 'event'
    const consumer = use.split || isEvent ? await open('consumer', use.service, ownTables) : before
    const consumerBy = use.split ? await running('consumer', consumer) : beforeBy
    const targets: Target[] = []
    for (const [at, [owner, tables]] of [...tablesBy].entries()) {
      const session = await open(`owner ${at}`, owner, tables)
      const names = namesOf.get(owner)!
      const isReference = operations.some(({ reference }) => reference)
      const connected = await connect(compiled, names, session.open, isReference)
      ends.push(() => connected.close())
      for (const operation of operations)
        if (operation.owner === owner) targets.push({ operation, tables, session, connected, names })
    }
    let events: Awaited<ReturnType<typeof startEvents>> | null = null
    if (isEvent) {
      const { session: owner, names } = targets[0]!
      for (const [connection, name, folder] of [
        [consumer, 'outbox', names.consumer],
        [owner, 'inbox', names.owner],
      ] as const) {
        await runScript(connection, task.files.get(`${folder}/migrations/${name}.sql`) ?? '')
        created.push([connection, `TABLE seamripper_${name}`])
      }
      const relay = await open('consumer', use.service, [])
      events = await startEvents({ operation: first!, compiled, names, consumer, relay, owner })
      ends.push(() => events!.stop())
    }
    const columns = use.split ? columnsOfWhole(tree, dialect, all) : first!.columns
    const order =
      tree?.kind === 'select' && columns
        ? orderOf(
            tree.query,
            columns.map(({ name }) => name),
          )
        : null
    const sessions = { before, beforeBy, consumer, consumerBy }
    const parts = { targets, use, dialect, ownTables, spareTables, ...sessions, compiled, events, order }
    const sets =
      use.split && !use.split.first?.grows
        ? parameterSets(placeholdersOf(task, all, repository), all, rows)
        : setsFor(first!, use, all, rows)
    const found = await compare(wayOf({ ...parts, inserts: inserted !== null }), rows, sets)
    return typeof found === 'number'
      ? { kind: 'equal', calls: found, rows: rows.length }
      : { kind: 'different', difference: found }
  } finally {
    for (const end of ends.reverse()) await end()
    for (const [connection, what] of created.reverse()) await connection.run(`DROP ${what}`, [])
    for (const scratch of new Set(opened)) await scratch.disconnect()
  }
}

function namesFor(operation: Operation, use: OperationUse, repository: Repository): Names {
  const owner = repository.homeOf(operation.owner)
  const consumer = repository.homeOf(use.service)
  const clients = repository.clientsOf(use.service)
  if (!owner || !consumer || !clients) throw new NotVerified('one of its services is not in the repository')
  const services = repository.map.services.map(({ name }) => name)
  const { file, client, environment } = clientNames(operation.owner, services)
  return {
    owner: owner.folder,
    consumer: consumer.folder,
    clients: clients.folder,
    file,
    client,
    environment,
    framework: owner.framework,
  }
}

function tableOf(id: string, repository: Repository): Table {
  const table = repository.table(id)
  if (!table || table.columns.length === 0) throw new NotVerified(`the columns of ${id} are not known`)
  return table
}

/** An operation knows the view that it reads and the tables under it, not the views between. */
function withViewsUnder(tables: Table[], dialect: RewriteDialect, repository: Repository): Table[] {
  const all = new Set(tables)
  // What is added while this goes on is looked at as well.
  for (const view of all) {
    if (!isView(view)) continue
    const names = new Set(tokensOf(repository.queryOf(view) ?? '', dialect).map(({ value }) => value))
    for (const { id, kind, datastore, name } of repository.map.tables)
      if (kind === 'view' && datastore === view.datastore && names.has(name)) all.add(tableOf(id, repository))
  }
  return [...all]
}

function isView({ kind }: Table): boolean {
  return kind === 'view'
}

/** The database of the old statement has the tables of all of them. */
function refuseSameNames(tables: Table[], dialect: RewriteDialect): void {
  const names = tables.map(table => tableName(table, dialect).toLowerCase())
  const twice = tables.find((_, at) => names.indexOf(names[at]!) !== at)
  if (twice) throw new NotVerified(`two of its tables are called ${twice.name}, in databases of their own`)
}

/** The statement as a tree; of an operation without its values. */
function treeOf(
  { dialect, operations, use }: Unit,
  { parsers }: Repository,
): { text: string; tree: Statement | null } {
  const write = (parts: StatementPart[]): string =>
    parts
      .map(part => {
        if (part.kind === 'text') return part.text
        if (part.kind === 'joined') return part.parts.map(each => write([each])).join(part.separator)
        return part.kind === 'parameter' ? 'NULL' : write(part.parts)
      })
      .join('')
  const text = use.split ? positional(textOf(use, dialect), dialect).text : write(operations[0]!.statement)
  return { text, tree: readStatement(text, dialect, parsers) }
}

/** What an INSERT gives values for, and what has to be unique for it. */
function insertedBy(text: string, tree: Statement | null): Inserted | null {
  if (tree?.kind !== 'insert' || tree.columns.length === 0) return null
  const target = /\bON\s+CONFLICT\s*\(([\w\s,"]*)\)/i.exec(text)?.[1] ?? ''
  return { columns: tree.columns, unique: target.match(/\w+/g) ?? [] }
}

function generatedRows(
  tables: Table[],
  inserted: Inserted | null,
  literals: Literals,
  held: OwnPart['held'],
  dialect: RewriteDialect,
  { map }: Repository,
) {
  try {
    return rowsOf(tables, map.foreignKeys, dialect, inserted, literals, held)
  } catch (error) {
    throw new NotVerified((error as Error).message)
  }
}

/** Values for what the call site hands over. */
function setsFor(
  operation: Operation,
  use: OperationUse,
  tables: Table[],
  rows: ReturnType<typeof rowsOf>,
): Values[] {
  const byCode = new Map<string, string[]>()
  for (const { name, code } of use.before!.arguments) byCode.set(code, [...(byCode.get(code) ?? []), name])
  return parameterSets(
    operation,
    tables,
    rows,
    [...byCode.values()].filter(names => names.length > 1),
  )
}

/** The values of a statement that was taken apart as parameters: each is called as its placeholder is. */
function placeholdersOf({ dialect, use }: Unit, tables: Table[], { parsers }: Repository): Parameterised {
  const { text, names } = positional(textOf(use, dialect), dialect)
  const statement = readStatement(text, dialect, parsers)
  const found = statement ? parametersOf(statement, typingOf(dialect, tables)) : new Map()
  const parameters = new Map(
    names.map((name, index) => {
      const { type, role, column } = (found.get(index) ?? { type: null }) as ParameterUse
      if (type === null) throw new NotVerified(`the type of its parameter ${index + 1} is not known`)
      const isList = role === 'list' && dialect === 'mysql' && use.split?.method === 'query'
      const whole = isList && type.kind !== 'array' ? ({ kind: 'list', of: type } as const) : type
      return [name, { name, type: whole, optional: false, column }]
    }),
  )
  return { dialect, parameters: [...parameters.values()] }
}

/** Columns of the result of a statement that was taken apart; null where not all are told. */
function columnsOfWhole(
  tree: Statement | null,
  dialect: RewriteDialect,
  tables: Table[],
): { name: string }[] | null {
  if (tree?.kind !== 'select') return null
  return columnsOfQuery(tree.query, rootEnvironment(typingOf(dialect, tables)), true)
}

function typingOf(dialect: RewriteDialect, tables: Table[]): Typing {
  const findTable = (_schema: string | null, name: string) =>
    tables.find(table => table.name.toLowerCase() === name.toLowerCase()) ?? null
  return { dialect, findTable, itemText: () => '' }
}

/** A database, by what it is for: all operations of a dialect use the same ones, one after the other. */
async function scratchOf(
  { dialect, scratches, options }: Task,
  database: string,
  folder: string,
): Promise<Scratch> {
  const key = `${dialect} ${database}`
  const known = scratches.get(key)
  if (known) return known
  if (dialect === 'mysql' && options.mysqlUrl === null) {
    throw new NotVerified('there is no database for MySQL: give --mysql-url')
  }
  const made =
    dialect === 'mysql'
      ? await mysqlScratch(options.mysqlUrl!, folder)
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

/**
 * Views by the text of their scripts, each after those that it reads. Like the statements, that text is the analysed
 * code's: it runs in this database only, without names of others.
 */
async function createViews(
  views: Table[],
  dialect: RewriteDialect,
  session: Session,
  repository: Repository,
  onMade: (view: Table) => void,
): Promise<void> {
  for (let left = views; left.length > 0; ) {
    const problems: string[] = []
    const failed: Table[] = []
    for (const view of left) {
      const query = repository.queryOf(view)
      if (query === null) throw new NotVerified(`the query of the view ${view.id} is not known`)
      const text = `CREATE VIEW ${tableName(view, dialect)} AS ${withoutDatabases(query, dialect)}`
      try {
        await session.run(text, [])
        onMade(view)
      } catch (error) {
        failed.push(view)
        problems.push(`the database refused the view ${view.id}: ${(error as Error).message}`)
      }
    }
    if (failed.length === left.length) throw new NotVerified(problems[0]!)
    left = failed
  }
}

async function runScript(session: Session, script: string): Promise<void> {
  const statements = script.replace(/^\s*--.*$/gm, '').split(';')
  for (const statement of statements) if (statement.trim() !== '') await session.run(statement, [])
}

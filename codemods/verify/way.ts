/**
 * How a call site ran its statement, on a database with all of its tables; and how it runs now: the client calls the
 * owner's server over HTTP, on a database with the owner's tables alone. Of a split the call site's own part runs on a
 * third one, with the consumer's tables alone, and so does an event's outbox.
 */
import type { Table } from '../../analyzers/model.js'
import { publisherOf } from '../generate/events/names.js'
import type { Operation, OperationUse, OwnPart } from '../operation.js'
import type { Pool } from '../runtime/events/database.js'
import type { MemoryTransport } from '../runtime/events/memory.js'
import type { Relay, RelayOptions } from '../runtime/events/relay.js'
import type { inOrder, joinRows } from '../runtime/join.js'
import { fullText } from '../site/template.js'
import type { RewriteDialect } from '../wire.js'
import type { Given, Outcome, Side, Way } from './compare.js'
import type { Session } from './databases.js'
import type { Result } from './drivers/driver.js'
import type { Compiled, Connected, Names } from './generated.js'
import { NotVerified } from './not-verified.js'
import { oldStatement, positional, type Statement, withoutDatabases } from './old-statement.js'
import type { Order } from './order.js'
import type { Values } from './parameters.js'
import type { Row } from './rows.js'
import { quoteName, tableName } from './schema.js'

export interface Parts {
  /** What the call site calls: one, or one for each foreign part of a split. */
  targets: Target[]
  use: OperationUse
  dialect: RewriteDialect
  /** Tables of the consumer that its statement reads, where it is a split. */
  ownTables: Table[]
  /** Tables of others that only the old statement reads. */
  spareTables: Table[]
  /** Sessions of the consumer's driver on all tables and on its own. */
  before: Session
  consumer: Session
  /** The same by the driver that the consumer's code uses. */
  beforeBy: Pick<Session, 'run'>
  consumerBy: Pick<Session, 'run'>
  compiled: Compiled
  events: Events | null
  /** What the code of the call site runs, as far as it was read anew; for other values it is what was kept of it. */
  statements: Map<Values, Statement>
  /** The database took such a one. */
  onReadAnew(): void
  /** Null where its rows are asked for in none. */
  order: Order | null
  /** Keys that the database numbers begin anew with each run. */
  inserts: boolean
}

/** An operation, and its owner's database with its tables alone. */
export interface Target {
  operation: Operation
  tables: Table[]
  session: Session
  connected: Connected
  names: Names
}

/** The relay of the consumer's outbox and the inbox of the owner, running. */
export interface Events {
  publish(values: Values): Promise<void>
  /** @returns why the owner did not apply what was published; null where it did */
  settled(): Promise<string | null>
  clear(): Promise<void>
}

export function wayOf(parts: Parts): Way {
  const { targets, use, dialect, ownTables, spareTables } = parts
  const [first] = targets
  const writes = first?.operation.kind === 'write'
  const owners = new Map(targets.map(({ session, tables }) => [session, tables]))
  const all = [...[...owners.values()].flat(), ...spareTables, ...ownTables]
  const after = use.split
    ? runSplit(parts, use.split)
    : parts.events
      ? runEvent(parts.events)
      : runLift(first!)
  const hasResult = writes && !parts.events
  const sessionOf = (side: Side): Session => (side === 'before' ? parts.before : first!.session)
  return {
    writes,
    order: parts.order,
    isLater: parts.events !== null,
    async fill(side, rows) {
      if (side === 'before') return fill(parts.before, all, rows, parts)
      await parts.events?.clear()
      for (const [session, tables] of owners) await fill(session, tables, rows, parts)
      await fill(parts.consumer, ownTables, rows, parts)
    },
    async run(side, values) {
      try {
        const result =
          side === 'before' ? await runBefore(parts, first?.operation, values) : await after(values)
        if (side === 'before' && parts.statements.has(values)) parts.onReadAnew()
        return {
          rows: result.rows.map(row => ({ ...row })),
          told: hasResult ? result.told : null,
          tables: writes ? await contentsOf(sessionOf(side), first!.tables, dialect) : {},
          touched: Number(result.told.affectedRows ?? result.told.rowCount ?? result.rows.length),
        }
      } catch (error) {
        if (error instanceof NotVerified) throw error
        // Written into a text, a value that the code's types exclude is no statement any more.
        if (side === 'before' && parts.statements.delete(values)) return this.run(side, values)
        if (side === 'after') for (const { connected } of targets) connected.renew()
        return errorOf(error)
      }
    },
  }
}

/** `original`: Sequelize puts the driver's inside of its own. */
type DriverError = Error & { code?: string; original?: { code?: string }; httpStatus?: number }

function errorOf(error: unknown): Outcome {
  const { name, code, original, httpStatus, message } = error as DriverError
  const told = { error: code ?? original?.code ?? message }
  return name === 'RejectedError' && httpStatus === 0 ? { ...told, refused: true } : told
}

function runBefore(
  { use, beforeBy, dialect, statements }: Parts,
  operation: Operation | undefined,
  values: Values,
): Promise<Result> {
  const { text, values: bound } =
    statements.get(values) ??
    (use.split && !use.split.first?.grows
      ? positionalStatement(textOf(use, dialect), values, dialect)
      : oldStatement(use.before!, operation!, values))
  return beforeBy.run(withoutDatabases(text, dialect), bound, use.split?.method ?? operation!.method)
}

/** The text that a split was made of, with all that may be there. */
export function textOf({ before }: OperationUse, dialect: RewriteDialect): string {
  const { parts } = before!
  const [part] = parts
  if (parts.length === 1 && part?.kind === 'text') return part.text
  return fullText(parts, dialect).text
}

function positionalStatement(text: string, values: Values, dialect: RewriteDialect): Statement {
  const { text: written, names } = positional(text, dialect)
  return { text: written, values: names.map(name => values[name]) }
}

/** The client's function in place of the statement. */
function runLift({ operation, connected }: Target): (values: Values) => Promise<Result> {
  return async values => {
    const answer = await connected.client()[operation.name]!(values)
    if (operation.kind !== 'write') return { rows: answer as Given['rows'], told: {} }
    if (operation.dialect === 'mysql') return { rows: [], told: answer as unknown as Result['told'] }
    const { rows, ...told } = answer as unknown as Result['told'] & { rows: Given['rows'] }
    return { rows, told }
  }
}

/** The own part, joined with what the clients give for its keys: as the call site does it. */
function runSplit(parts: Parts, own: OwnPart): (values: Values) => Promise<Result> {
  const { targets, dialect, compiled, consumerBy } = parts
  const load = () =>
    compiled.load(`${targets[0]!.names.clients}/runtime/join`) as {
      inOrder: typeof inOrder
      joinRows: typeof joinRows
    }
  const text = withoutDatabases(own.text, dialect)
  const firstRows = async (
    { operation: id, values: given, grows }: NonNullable<OwnPart['first']>,
    values: Values,
  ) => {
    const { operation, connected } = targets.find(target => target.operation.id === id)!
    if (grows) return (await connected.client()[operation.name]!(values)) as Result['rows']
    const handed = Object.fromEntries(given.map(({ name, place }) => [name, values[String(place)]]))
    return (await connected.client()[operation.name]!(handed)) as Result['rows']
  }
  const ownRows = (values: Values) => {
    const kept = Object.values(values).filter((_, place) => !own.gone.includes(place))
    const left = own.gone.length === 0 ? values : { ...kept }
    const statement = positionalStatement(text, left as Values, dialect)
    return consumerBy.run(statement.text, statement.values, own.method).then(({ rows }) => rows)
  }
  return async values => {
    const query = own.first ? firstRows(own.first, values) : ownRows(values)
    const joins = own.joins.map(join => {
      const { operation, connected } = targets.find(target => target.operation.id === join.operation)!
      const client = connected.client()
      const others = Object.fromEntries(join.values.map(({ name, place }) => [name, values[String(place)]]))
      return {
        fetch: (keys: unknown[]) =>
          client[operation.name]!({ [join.parameter]: keys, ...others }) as Promise<object[]>,
        kind: join.kind,
        key: join.ownKey,
        foreignKey: join.foreignKey,
        ...(join.addedKey ? { dropKey: true } : {}),
        ...(join.isRanked ? { ranked: true } : {}),
        columns: Object.fromEntries(join.columns.map(({ name, column }) => [name, column])),
      }
    })
    if (own.joins.length === 0) return { rows: await query, told: {} }
    const runtime = load()
    const joined = runtime.joinRows(query, ...joins)
    return { rows: await (own.order ? runtime.inOrder(joined, own.order) : joined), told: {} }
  }
}

/** Published, relayed and applied. */
function runEvent(events: Events): (values: Values) => Promise<Result> {
  return async values => {
    await events.publish(values)
    const problem = await events.settled()
    if (problem !== null) throw new Error(problem)
    return { rows: [], told: {} }
  }
}

export interface EventParts {
  operation: Operation
  compiled: Compiled
  names: Names
  /** The consumer's connection, one for the relay, and the owner's. */
  consumer: Session
  relay: Session
  owner: Session
}

/** The generated publisher, its relay, and the owner's inbox, with a transport in this process. */
export async function startEvents(parts: EventParts): Promise<Events & { stop(): Promise<void> }> {
  const { operation, compiled, names, consumer, relay, owner } = parts
  const runtime = `${names.consumer}/runtime/events`
  const load = <T>(path: string): T => compiled.load(path) as T
  const { MemoryTransport: Transport } = load<{ MemoryTransport: new () => MemoryTransport }>(
    `${runtime}/memory`,
  )
  const { Relay: Relaying } = load<{ Relay: new (options: RelayOptions) => Relay }>(`${runtime}/relay`)
  const { subscribe } = load<{ subscribe: Subscribe }>(`${names.owner}/events/subscribe`)
  const publishers = load<Record<string, Record<string, Publish>>>(`${names.consumer}/events/${names.file}`)
  const publish = publishers[names.client.replace(/Client$/, 'Events')]![publisherOf(operation.event!)]!
  const transport = new Transport()
  let problem: string | null = null
  await subscribe(transport, owner.pool, error => {
    problem = (error as Error).message
  })
  const { dialect } = operation
  const relaying = new Relaying({ pool: relay.pool, dialect, transport, interval: 5 })
  return {
    async publish(values) {
      problem = null
      const connection = await ('connect' in consumer.pool
        ? consumer.pool.connect()
        : consumer.pool.getConnection())
      await publish(connection, values)
    },
    async settled() {
      for (const end = Date.now() + 30_000; ; ) {
        const waiting = await consumer.contents(
          'SELECT id FROM seamripper_outbox WHERE published_at IS NULL AND failed_at IS NULL',
        )
        if (waiting.length === 0) break
        if (Date.now() > end) throw new NotVerified('the event was not published within 30 s')
        await new Promise(resolve => setTimeout(resolve, 5))
      }
      await transport.settled()
      const [aside] = await owner.contents('SELECT reason FROM seamripper_inbox WHERE failed_at IS NOT NULL')
      return aside ? (problem ?? String(aside.reason)) : null
    },
    async clear() {
      await consumer.run('DELETE FROM seamripper_outbox', [])
      await owner.run('DELETE FROM seamripper_inbox', [])
    },
    async stop() {
      await relaying.stop()
      await transport.close()
    },
  }
}

type Publish = (connection: unknown, values: Values) => Promise<string>
type Subscribe = (transport: MemoryTransport, pool: Pool, onError: (error: unknown) => void) => Promise<void>

async function fill(session: Session, tables: Table[], rows: Row[], parts: Parts): Promise<void> {
  const { dialect } = parts
  for (const table of tables) {
    if (table.kind === 'view') continue
    const name = tableName(table, dialect)
    const restart = dialect === 'mysql' ? `TRUNCATE TABLE ${name}` : `TRUNCATE TABLE ${name} RESTART IDENTITY`
    await session.run(parts.inserts ? restart : `DELETE FROM ${name}`, [])
    const own = rows.filter(row => row.table === table.id)
    if (own.length === 0) continue
    const columns = table.columns.map(column => quoteName(column.name, dialect)).join(', ')
    let position = 0
    const mark = (): string => (dialect === 'mysql' ? '?' : `$${++position}`)
    const marks = own.map(() => `(${table.columns.map(mark).join(', ')})`)
    const values = own.flatMap(({ cells }) => table.columns.map(column => cells.get(column.name) ?? null))
    try {
      await session.run(`INSERT INTO ${name} (${columns}) VALUES ${marks.join(', ')}`, values)
    } catch (error) {
      throw new NotVerified(`the database refused generated rows of ${name}: ${(error as Error).message}`)
    }
  }
}

async function contentsOf(
  session: Session,
  tables: Table[],
  dialect: RewriteDialect,
): Promise<Given['tables']> {
  const contents: Given['tables'] = {}
  for (const table of tables.filter(({ kind }) => kind === 'table'))
    contents[table.id] = (await session.contents(`SELECT * FROM ${tableName(table, dialect)}`)).map(row => ({
      ...row,
    }))
  return contents
}

/** One unit, run the old way and the new. */
import { isDeepStrictEqual } from 'node:util'
import { clientNames } from '../generate/client/names.js'
import type { Operation, OperationUse } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { compare, type Difference } from './compare.js'
import { clockOf, type Session } from './databases.js'
import { connect, type Names } from './generated.js'
import { literalsOf } from './literals.js'
import { NotVerified } from './not-verified.js'
import type { Statement } from './old-statement.js'
import type { Values } from './parameters.js'
import { type Reread, readAnew } from './reread/index.js'
import { type Row, rowsOf } from './rows.js'
import { isView, tablesOf, type UnitTables } from './tables.js'
import type { Task, VerifyOptions } from './task.js'
import { UnitDatabases } from './unit-databases.js'
import { valueSetsOf } from './value-sets.js'
import { type Events, startEvents, type Target, wayOf } from './way.js'
import { insertedBy, orderedBy, treeOf } from './whole-statement.js'

export type Outcome =
  /** `kept`: why it was compared with nothing but what the rewrite kept of the call site; null where its code was read. */
  | { kind: 'equal'; calls: number; rows: number; kept: string | null }
  | { kind: 'different'; difference: Difference }
  | { kind: 'not verified'; reason: string }

/**
 * Makes databases and rows, and compares what both ways give for many values.
 *
 * @throws NotVerified where it can't be run
 */
export async function verifyUnit(task: Task): Promise<Outcome> {
  const { dialect, use, compiled, options } = task
  const { repository } = options
  const tables = tablesOf(task, repository)
  const { text, tree } = treeOf(task, repository)
  const inserted = insertedBy(text, tree)
  const filled = tables.all.filter(table => !isView(table))
  const rows =
    options.rows?.filter(({ table }) => filled.some(({ id }) => id === table)) ??
    withReason(() => {
      const literals = literalsOf(tree, clockOf(dialect))
      return rowsOf(filled, repository.map.foreignKeys, dialect, inserted, literals, use.split?.held)
    })
  const databases = new UnitDatabases(task, inserted)
  try {
    const before = await databases.open('before', use.service, tables.all)
    const beforeBy = await databases.running('before', before)
    const isEvent = use.strategy === 'event'
    const consumer = use.split || isEvent ? await databases.open('consumer', use.service, tables.own) : before
    const consumerBy = use.split ? await databases.running('consumer', consumer) : beforeBy
    const targets = await openOwners(task, tables, databases)
    const events = isEvent ? await openEvents(task, targets[0]!, consumer, databases) : null
    const { sets, statements, kept } = readAnewOf(task, valueSetsOf(task, tables.all, rows, repository))
    let ran = 0
    const way = wayOf({
      statements,
      onReadAnew: () => ran++,
      ...{ targets, use, dialect, compiled, events },
      ...{ ownTables: tables.own, spareTables: tables.spare },
      ...{ before, beforeBy, consumer, consumerBy },
      order: orderedBy(task, tree, tables.all),
      inserts: inserted !== null,
    })
    const found = await compare(way, rows, sets)
    return typeof found === 'number'
      ? { kind: 'equal', calls: found, rows: rows.length, kept: kept ?? (ran > 0 ? null : REFUSED) }
      : { kind: 'different', difference: found }
  } finally {
    await databases.close()
  }
}

const REFUSED = 'the database took none of the statements that it was read to run'

/** The sets that a unit is called with, and what the code of its call sites runs for them, as far as that can be read. */
function readAnewOf(
  { operations, use, alike, options }: Task,
  sets: Values[],
): { sets: Values[]; statements: Map<Values, Statement>; kept: string | null } {
  const [operation] = operations
  if (use.split || !operation) return { sets, statements: new Map(), kept: 'it was taken apart' }
  const [first, ...others] = [use, ...alike].map(each => readUse(operation, each, sets, options))
  const all = typeof first === 'string' ? { sets, statements: new Map<Values, Statement>() } : first!
  for (const other of others) {
    if (typeof other === 'string') continue
    for (const [values, statement] of other.statements) {
      const isKnown = [...all.statements].some(known => isDeepStrictEqual(known, [values, statement]))
      if (isKnown) continue
      all.sets.push(values)
      all.statements.set(values, statement)
    }
  }
  return { ...all, kept: [first, ...others].find(each => typeof each === 'string') ?? null }
}

/** What is in the code still is read there, the rest where git has it. */
function readUse(
  operation: Operation,
  use: OperationUse,
  sets: Values[],
  { repository, planned = [], former }: VerifyOptions,
): Reread | string {
  const isPlanned = planned.some(({ access, edit }) => access === use.access && edit !== null)
  const state = isPlanned ? { repository, planned } : (former?.(use.access) ?? 'its code is not at hand')
  return typeof state === 'string' ? state : readAnew(operation, use, sets, state)
}

/** The owners' servers, each on a database with its tables alone, and clients that call them. */
async function openOwners(
  { operations, use, compiled, options }: Task,
  { byOwner }: UnitTables,
  databases: UnitDatabases,
): Promise<Target[]> {
  const isReference = operations.some(({ reference }) => reference)
  const targets: Target[] = []
  for (const [at, [owner, tables]] of [...byOwner].entries()) {
    const own = operations.filter(operation => operation.owner === owner)
    const names = namesFor(own[0]!, use, options.repository)
    const session = await databases.open(`owner ${at}`, owner, tables)
    const connected = await connect(compiled, names, session.open, isReference)
    databases.beforeClosing(() => connected.close())
    targets.push(...own.map(operation => ({ operation, tables, session, connected, names })))
  }
  return targets
}

async function openEvents(
  { files, compiled, use }: Task,
  { operation, names, session: owner }: Target,
  consumer: Session,
  databases: UnitDatabases,
): Promise<Events> {
  for (const [session, name, folder] of [
    [consumer, 'outbox', names.consumer],
    [owner, 'inbox', names.owner],
  ] as const) {
    const script = files.get(`${folder}/migrations/${name}.sql`) ?? ''
    await databases.runScript(session, script, `seamripper_${name}`)
  }
  const relay = await databases.open('consumer', use.service, [])
  const events = await startEvents({ operation, compiled, names, consumer, relay, owner })
  databases.beforeClosing(() => events.stop())
  return events
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

function withReason(make: () => Row[]): Row[] {
  try {
    return make()
  } catch (error) {
    throw new NotVerified((error as Error).message)
  }
}

/** What to do with every cross-service access, and the operations that this needs. */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Access } from '../../analyzers/model.js'
import { matchesTable } from '../../analyzers/owners/patterns.js'
import { type Described, describe } from '../describe/describe.js'
import { refuseSessionState } from '../describe/session.js'
import { faceOf } from '../faces.js'
import { clientNames } from '../generate/client/names.js'
import { eventTypeOf, publisherOf } from '../generate/events/names.js'
import type { Operation, OperationUse } from '../operation.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { protocolOf, whyNot } from '../site/protocols.js'
import { Refusal } from '../site/refusal.js'
import { readResult } from '../site/result.js'
import { callAt, codeOf, type SourceFile } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import { textEdits } from '../site/text-edits.js'
import { readWrapper } from '../site/wrapper.js'
import { readStatement } from '../sql/read.js'
import type { FindTable } from '../sql/typing.js'
import { applyEdits } from '../transforms/text-edits.js'
import type { RewriteDialect } from '../wire.js'
import type { AccessPlan, EventEdit, LiftEdit, RewritePlan, SplitEdit } from './plan.js'
import { planSplit, SPLIT_ADVICE } from './split.js'

export interface PlanOptions {
  /** Also statements inside of a transaction, whose atomicity is lost. */
  inTransactions: boolean
}

/** An access that can be lifted, before its operation has a name. */
interface Lift {
  plan: AccessPlan
  described: Described
  operation: Omit<Operation, 'name' | 'uses'>
  use: OperationUse
  edit: Omit<LiftEdit, 'operation'> | Omit<SplitEdit, 'operation'> | Omit<EventEdit, 'operation' | 'publish'>
}

export function planRewrites(repository: Repository, options: PlanOptions): RewritePlan {
  const lifts: Lift[] = []
  const accesses: AccessPlan[] = []
  for (const access of repository.map.accesses) {
    if (access.migration || !access.tables.some(table => table.crossService)) continue
    const plan = emptyPlan(access)
    accesses.push(plan)
    try {
      const planOne = isLater(access, repository)
        ? planEvent
        : foreignOwner(access) === null
          ? planLift
          : planSplitCall
      lifts.push(planOne(access, plan, repository, options))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      plan.reason = error.message
      plan.advice = error.advice
    }
  }
  refuseContradictions(lifts, repository.existing)
  const made = lifts.filter(lift => lift.plan.reason !== CONTRADICTION)
  const operations = nameOperations(made, repository.existing)
  nameEvents([...operations.values()], repository)
  for (const lift of made) {
    const operation = operations.get(lift.operation.id)!
    lift.plan.strategy = lift.edit.kind
    lift.plan.operations = [operation.id]
    lift.plan.edit =
      lift.edit.kind === 'event'
        ? { ...lift.edit, operation: operation.name, publish: publisherOf(operation.event!) }
        : { ...lift.edit, operation: operation.name }
  }
  return {
    schemaVersion: 1,
    accesses,
    operations: [...operations.values()].sort((a, b) => compare(a.owner, b.owner) || compare(a.name, b.name)),
  }
}

const CONTRADICTION =
  'another place of the service, with other options of its driver, gets other values for the same rows'

/** The uses of an operation in one service share a function, and so have to want the same values. */
function refuseContradictions(lifts: Lift[], existing: Operation[]): void {
  const known = new Map<string, string>()
  const wanted = ({ faces, options }: OperationUse): string =>
    JSON.stringify([faces, options.timezone ?? 'local'])
  for (const { id, uses } of existing) for (const use of uses) known.set(`${id} ${use.service}`, wanted(use))
  for (const { plan, operation, use } of lifts) {
    const key = `${operation.id} ${use.service}`
    const first = known.get(key) ?? wanted(use)
    known.set(key, first)
    if (first === wanted(use)) continue
    plan.reason = CONTRADICTION
    plan.advice = 'open both connections with the same options'
  }
}

function emptyPlan(access: Access): AccessPlan {
  const foreign = access.tables.filter(table => table.crossService)
  return {
    access: access.id,
    service: access.service,
    file: access.file,
    line: access.line,
    column: access.column,
    owners: [...new Set(foreign.map(table => table.owner!))].sort(),
    tables: [...new Set(foreign.map(table => table.id!))].sort(),
    strategy: 'by hand',
    reason: '',
    advice: null,
    lost: [],
    operations: [],
    edit: null,
  }
}

/** @throws Refusal with the first reason against it */
function planLift(access: Access, plan: AccessPlan, repository: Repository, options: PlanOptions): Lift {
  const owner = onlyOwner(access)
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository)
  const { file, call, protocol } = site
  const template = readSiteStatement(file, call, protocol, site.onlyText, dialect, site.wrapper)
  const described = describe(template.parts, {
    dialect,
    parsers: repository.parsers,
    findTable: tablesOf(access, repository),
  })
  const isWrite = described.kind === 'write'
  if (isWrite && site.wrapper && protocol.result !== 'nothing') refuseWrittenResult(file, call)
  const result = readResult(file, call, protocol.result, isWrite)
  plan.reason = `all of its tables belong to ${owner}`
  if (access.reachedBy.includes(owner))
    plan.lost.push(`${owner}, which uses this code too, calls itself over the network`)
  return {
    ...madeOf(
      {
        access,
        plan,
        owner,
        dialect,
        described,
        method: protocol.method,
        strategy: 'lift',
        isDiscarded: result.isDiscarded,
      },
      repository,
    ),
    edit: {
      kind: 'lift',
      ...callOf(access, owner, file, call, repository),
      result: protocol.result,
      isWrite,
      typeArgument: protocol.typeArgument,
      arguments: described.arguments,
    },
  }
}

/**
 * The foreign part becomes one call for all rows, and is joined to what the rest of the statement gives.
 *
 * @throws Refusal with the first reason against it
 */
function planSplitCall(access: Access, plan: AccessPlan, repository: Repository, options: PlanOptions): Lift {
  const { service } = access
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository)
  const { file, call, protocol, wrapper } = site
  if (protocol.result !== 'tuple' && protocol.result !== 'object' && protocol.result !== 'rows') {
    throw new Refusal('a function between the call and the driver takes one row out of its result')
  }
  const sql = site.onlyText?.text
  if (sql === undefined || site.onlyText?.repeats.length !== 0) {
    throw new Refusal(
      'own and foreign tables in one statement, whose SQL text is not one and known',
      SPLIT_ADVICE,
    )
  }
  refuseSessionState(sql, dialect)
  const split = planSplit(access, sql, dialect, repository)
  const described = describe(split.template, {
    dialect,
    parsers: repository.parsers,
    findTable: tablesOf(access, repository),
  })
  if (!readStatement(applyEdits(sql, split.own), dialect, repository.parsers)) {
    throw new Refusal('what is left of its SQL without the foreign part is no statement')
  }
  const text = wrapper?.text ?? 0
  if (!textEdits(file, call, text, sql, split.own)) {
    throw new Refusal('its SQL text is not written beside the call', SPLIT_ADVICE)
  }
  const home = repository.homeOf(service)!
  plan.reason = `${split.owner} gives its part for all rows in one call, joined by ${split.join.foreignKey}`
  plan.lost.push('the two parts are read one after the other, no longer at one moment')
  return {
    ...madeOf(
      {
        access,
        plan,
        owner: split.owner,
        dialect,
        described,
        method: 'query',
        strategy: 'split',
        isDiscarded: false,
      },
      repository,
    ),
    edit: {
      kind: 'split',
      ...callOf(access, split.owner, file, call, repository),
      result: protocol.result,
      isWrite: false,
      typeArgument: protocol.typeArgument,
      sql,
      text,
      own: split.own,
      runtime: relativeModule(access.file, `${home.folder}/runtime/join${home.extension}`),
      join: { ...split.join, parameter: described.arguments[0]!.name },
    },
  }
}

/** A write of which the config says that the owner may apply it later. */
function isLater(access: Access, { workspace }: Repository): boolean {
  const { later } = workspace.config.rewrite
  const written = access.tables.filter(table => table.op === 'write')
  return (
    written.length > 0 &&
    access.tables.every(({ id }) => id !== null && later.some(pattern => matchesTable(pattern, id)))
  )
}

/**
 * The write becomes an event, written by the connection that the write ran on: in its transaction, if there is one.
 *
 * @throws Refusal with the first reason against it
 */
function planEvent(access: Access, plan: AccessPlan, repository: Repository): Lift {
  const owner = onlyOwner(access)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository, true)
  const { file, call, protocol } = site
  const template = readSiteStatement(file, call, protocol, site.onlyText, dialect, site.wrapper)
  const context = { dialect, parsers: repository.parsers, findTable: tablesOf(access, repository) }
  const described = describe(template.parts, context)
  const { isDiscarded } = readResult(file, call, protocol.result, true)
  const receiver = call.callee?.object as Node | undefined
  if (!isDiscarded) throw new Refusal('its result is looked at, which an event does not have')
  if (site.wrapper || !receiver) throw new Refusal('the connection that it runs on is not seen at the call')
  plan.reason = `${owner} may apply it later, the config says`
  plan.lost.push('what is read right after it may not have it yet')
  const names = clientNames(
    owner,
    repository.map.services.map(service => service.name),
  )
  const home = repository.homeOf(access.service)!
  const making = { access, plan, owner, dialect, described, method: protocol.method, isDiscarded }
  return {
    ...madeOf({ ...making, strategy: 'event' }, repository),
    edit: {
      kind: 'event',
      ...callOf(access, owner, file, call, repository),
      client: {
        name: names.client.replace(/Client$/, 'Events'),
        module: relativeModule(access.file, `${home.folder}/events/${names.file}${home.extension}`),
      },
      result: protocol.result,
      isWrite: true,
      typeArgument: protocol.typeArgument,
      connection: codeOf(file, receiver),
      arguments: described.arguments,
    },
  }
}

function refuseTransaction(access: Access, plan: AccessPlan, options: PlanOptions): void {
  if (access.transaction === null) return
  plan.lost.push(
    `it no longer commits or rolls back with the transaction that begins at ${access.transaction}`,
  )
  if (options.inTransactions) return
  throw new Refusal(
    `it runs in the transaction that begins at ${access.transaction}`,
    'move it before or after the transaction, make the change with a saga or an event, or ask for it with --in-transactions',
  )
}

function tablesOf(access: Access, { tables }: Repository): FindTable {
  return (schema, name) => {
    const found = access.tables.find(
      table =>
        table.table.toLowerCase() === name.toLowerCase() && (schema === null || table.schema === schema),
    )
    return found?.id ? (tables.get(found.id) ?? null) : null
  }
}

interface Making {
  access: Access
  plan: AccessPlan
  owner: string
  dialect: RewriteDialect
  described: Described
  method: Operation['method']
  strategy: OperationUse['strategy']
  isDiscarded: boolean
}

/** The operation and its use. */
function madeOf(making: Making, repository: Repository): Omit<Lift, 'edit'> {
  const { access, plan, owner, dialect, described, method } = making
  const connection = repository.optionsOf(access)
  const faces = described.columns.map(({ type }) =>
    faceOf(type, access.driver, making.isDiscarded ? {} : connection),
  )
  const driver = ownerDriver(access, owner, dialect, repository)
  const statement = withoutDatabase(described.statement, access, dialect)
  const id = createHash('sha256')
    .update(JSON.stringify([owner, dialect, method, statement, described.parameters]))
    .digest('hex')
    .slice(0, 12)
  const tables = access.tables.filter(table => table.owner === owner).map(table => table.id!)
  return {
    plan,
    described,
    operation: {
      id,
      owner,
      datastore: access.datastore!,
      dialect,
      driver,
      method,
      statement,
      parameters: described.parameters,
      columns: described.columns,
      kind: described.kind,
      idempotent: described.kind !== 'write',
      reference: described.kind !== 'write' && isReference(tables, repository),
      tables: [...new Set(tables)].sort(),
      endpoint: null,
      event: null,
    },
    use: {
      service: access.service,
      file: access.file,
      access: access.id,
      strategy: making.strategy,
      driver: access.driver,
      faces,
      options: connection ?? {},
    },
  }
}

function isReference(tables: string[], { workspace }: Repository): boolean {
  const { reference } = workspace.config.rewrite
  return tables.every(id => reference.some(pattern => matchesTable(pattern, id)))
}

/** Where the call is, and the client that takes its place. */
function callOf(access: Access, owner: string, file: SourceFile, call: Node, repository: Repository) {
  const consumer = repository.homeOf(access.service)!
  const names = clientNames(
    owner,
    repository.map.services.map(service => service.name),
  )
  return {
    line: access.line,
    column: access.column,
    code: codeOf(file, call),
    client: {
      name: names.client,
      module: relativeModule(access.file, `${consumer.folder}/clients/${names.file}${consumer.extension}`),
    },
  }
}

/** The owner of the foreign tables of a statement that has own tables too; null for any other statement. */
function foreignOwner(access: Access): string | null {
  if (
    access.kind !== 'sql' ||
    access.tables.some(table => table.op !== 'read' || table.owner === null || table.via)
  )
    return null
  const owners = new Set(access.tables.map(table => table.owner!))
  const others = [...owners].filter(owner => owner !== access.service)
  return owners.size === 2 && others.length === 1 ? others[0]! : null
}

/** @throws Refusal where there is none, or more than one */
function onlyOwner(access: Access): string {
  const open = access.tables.find(table => !table.system && table.owner === null)
  if (open) {
    throw new Refusal(`nobody is known to own ${open.table}`, 'say who does under `owners` in seamripper.yml')
  }
  if (access.tables.some(table => table.system))
    throw new Refusal('it reads the catalogue of the database itself')
  if (access.kind !== 'sql')
    throw new Refusal('it calls a stored routine', 'give the owner an operation that calls it')
  const via = access.tables.find(table => table.via !== undefined)
  const owners = [...new Set(access.tables.map(table => table.owner!))].sort()
  if (owners.length > 1) {
    const own = owners.filter(owner => access.reachedBy.includes(owner))
    throw new Refusal(
      via
        ? `it goes through ${via.via}, which joins tables of ${list(owners)}`
        : `one statement joins tables of ${list(owners)}`,
      own.length > 0
        ? 'ask the owner for its part with one call for all rows, or keep a copy of its columns up to date by events'
        : 'let one of them have an endpoint for it, which asks the others',
    )
  }
  if (access.tables.some(table => table.op === 'ddl'))
    throw new Refusal('it changes the schema', 'make it a migration of the owner')
  return owners[0]!
}

function dialectOf(access: Access, { map }: Repository): RewriteDialect {
  const dialect = map.datastores.find(each => each.id === access.datastore)?.dialect
  if (dialect === 'mysql' || dialect === 'postgresql') return dialect
  throw new Refusal(
    dialect === undefined || dialect === 'unknown'
      ? 'it is not known which database it runs on'
      : `statements of ${dialect} are not moved`,
  )
}

/** The call in the source, and how its driver is called. */
function readSite(access: Access, repository: Repository, mayBeHanded = false) {
  const site = repository.sites.get(access.id)
  const file = repository.sourceOf(access.file)
  const call = site && file ? callAt(file, site.start, site.end) : null
  if (!site || !file || !call) throw new Refusal('the call could not be found in the source')
  if (!file.isTypeScript) throw new Refusal('the file is JavaScript, and the clients are TypeScript')
  if (!repository.homeOf(access.service)) throw new Refusal('the code belongs to no service or library')
  if (site.wrapper) {
    const { file: path, name } = site.wrapper
    const wrapper = readWrapper(path, name, {
      driver: access.driver,
      open: repository.sourceOf,
      resolve: repository.resolve,
    })
    return { file, call, protocol: wrapper.protocol, onlyText: site.onlyText, wrapper }
  }
  if (!mayBeHanded) refuseHandedConnection(file, call)
  const method = methodOf(call)
  const protocol = protocolOf(access.driver, method)
  if (!protocol) throw new Refusal(whyNot(access.driver, method))
  return { file, call, protocol, onlyText: site.onlyText, wrapper: null }
}

/**
 * A connection that the caller hands over is handed over for its transaction.
 *
 * @throws Refusal
 */
function refuseHandedConnection(file: SourceFile, call: Node): void {
  let receiver: Node | undefined = call.callee?.object ?? call.tag
  while (receiver?.type === 'MemberExpression' && receiver.object.type !== 'ThisExpression')
    receiver = receiver.object
  if (receiver?.type !== 'Identifier') return
  const binding = file.bindings.of(receiver)
  if (binding?.kind !== 'param') return
  const type = binding.identifier.typeAnnotation as Node | undefined
  const told = `${receiver.name} ${type ? codeOf(file, type) : ''}`
  if (/\bPool\b(?!\s*\|)/.test(told) || (/pool|^db\b|^database\b/i.test(receiver.name) && !type)) return
  throw new Refusal(
    `it runs on \`${receiver.name}\`, which its caller hands over, maybe for a transaction`,
    'move it out of what the connection is handed over for, and run it on the pool',
  )
}

/**
 * What a wrapper makes of a write's result is made for rows.
 *
 * @throws Refusal where the result is looked at
 */
function refuseWrittenResult(file: SourceFile, call: Node): void {
  if (readResult(file, call, 'rows', false).isDiscarded) return
  throw new Refusal('a function between the call and the driver makes something of the result of the write')
}

function methodOf(call: Node): string {
  const { callee } = call
  return callee?.property?.name ?? callee?.name ?? ''
}

/** Driver with which the owner runs the statement: its own, or the consumer's where it was not seen to run any. */
function ownerDriver(access: Access, owner: string, dialect: RewriteDialect, repository: Repository): string {
  const used = repository.driversOf(owner, access.datastore)
  const supported = dialect === 'mysql' ? ['mysql2'] : ['pg', 'pg-promise']
  const found = used.find(driver => supported.includes(driver))
  if (found) return found
  const others = used.filter(driver => driver !== 'unknown')
  if (others.length > 0)
    throw new Refusal(
      `${owner} runs its statements with ${others[0]}, for which no operations can be generated`,
    )
  return supported[0]!
}

/** Database names in front of tables go: the owner's connection has its own. */
function withoutDatabase(
  statement: Operation['statement'],
  access: Access,
  dialect: RewriteDialect,
): Operation['statement'] {
  if (dialect !== 'mysql') return statement
  const names = new Set(access.tables.flatMap(table => (table.schema === null ? [] : [table.schema])))
  if (names.size === 0) return statement
  const escaped = [...names].map(name => name.replace(/[^\w]/g, '\\$&')).join('|')
  const qualifier = new RegExp(
    `(?<![\\w\`.'"])(?:\`(?:${escaped})\`|(?:${escaped}))\\s*\\.\\s*(?=[\\w\`])`,
    'g',
  )
  return statement.map(part => {
    if (part.kind === 'text') return { ...part, text: part.text.replace(qualifier, '') }
    return part.kind === 'optional' ? { ...part, parts: withoutDatabase(part.parts, access, dialect) } : part
  })
}

/** Types of the events among them; those of earlier runs keep theirs. */
function nameEvents(operations: Operation[], { map }: Repository): void {
  const services = map.services.map(service => service.name)
  const taken = new Set(operations.flatMap(operation => operation.event ?? []))
  for (const operation of operations) {
    if (operation.event !== null || operation.uses.every(use => use.strategy !== 'event')) continue
    operation.event = eventTypeOf(operation, services, taken)
    taken.add(operation.event)
  }
}

/** One operation for equal statements, by id; those of earlier runs keep their names. */
function nameOperations(lifts: Lift[], existing: Operation[]): Map<string, Operation> {
  const operations = new Map(existing.map(operation => [operation.id, structuredClone(operation)]))
  const taken = new Map<string, Set<string>>()
  const namesOf = (owner: string): Set<string> => {
    const names = taken.get(owner) ?? new Set<string>()
    taken.set(owner, names)
    return names
  }
  for (const { owner, name } of existing) namesOf(owner).add(name.toLowerCase())
  const sorted = lifts.toSorted(
    (a, b) =>
      compare(a.operation.owner, b.operation.owner) ||
      compare(JSON.stringify(a.operation.statement), JSON.stringify(b.operation.statement)) ||
      compare(a.operation.id, b.operation.id),
  )
  for (const { operation, described } of sorted) {
    if (operations.has(operation.id)) continue
    const names = namesOf(operation.owner)
    const name = freeName(described.names, names)
    names.add(name.toLowerCase())
    operations.set(operation.id, { ...operation, name, uses: [] })
  }
  for (const { operation, use } of lifts) {
    const { uses } = operations.get(operation.id)!
    if (uses.some(known => known.access === use.access)) continue
    uses.push(use)
    uses.sort(
      (a, b) => compare(a.service, b.service) || compare(a.file, b.file) || compare(a.access, b.access),
    )
  }
  return operations
}

/** Files are named after operations: names that differ in case only are one on some systems. */
function freeName(candidates: string[], taken: Set<string>): string {
  const free = candidates.find(name => !taken.has(name.toLowerCase()))
  if (free) return free
  const base = candidates.at(-1) ?? 'runStatement'
  for (let number = 2; ; number++) if (!taken.has(`${base}${number}`.toLowerCase())) return `${base}${number}`
}

/** How a file imports another: `./x`, `../seamripper/clients/clinical`. */
export function relativeModule(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

function list(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What to do with every cross-service access, and the operations that this needs. */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Access } from '../../analyzers/model.js'
import { type Described, describe } from '../describe/describe.js'
import { faceOf } from '../faces.js'
import { clientNames } from '../generate/client/names.js'
import type { Operation, OperationUse } from '../operation.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { protocolOf, whyNot } from '../site/protocols.js'
import { Refusal } from '../site/refusal.js'
import { readResult } from '../site/result.js'
import { callAt, codeOf, type SourceFile } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import { readWrapper } from '../site/wrapper.js'
import type { RewriteDialect } from '../wire.js'
import type { AccessPlan, LiftEdit, RewritePlan } from './plan.js'

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
  edit: Omit<LiftEdit, 'operation'>
}

export function planRewrites(repository: Repository, options: PlanOptions): RewritePlan {
  const lifts: Lift[] = []
  const accesses: AccessPlan[] = []
  for (const access of repository.map.accesses) {
    if (access.migration || !access.tables.some(table => table.crossService)) continue
    const plan = emptyPlan(access)
    accesses.push(plan)
    try {
      const lift = planLift(access, plan, repository, options)
      lifts.push(lift)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      plan.reason = error.message
      plan.advice = error.advice
    }
  }
  const operations = nameOperations(lifts, repository.existing)
  for (const lift of lifts) {
    const operation = operations.get(lift.operation.id)!
    lift.plan.strategy = 'lift'
    lift.plan.operations = [operation.id]
    lift.plan.edit = { ...lift.edit, operation: operation.name }
  }
  return {
    schemaVersion: 1,
    accesses,
    operations: [...operations.values()].sort((a, b) => compare(a.owner, b.owner) || compare(a.name, b.name)),
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
  if (access.transaction !== null) {
    plan.lost.push(
      `it no longer commits or rolls back with the transaction that begins at ${access.transaction}`,
    )
    if (!options.inTransactions) {
      throw new Refusal(
        `it runs in the transaction that begins at ${access.transaction}`,
        'move it before or after the transaction, make the change with a saga or an event, or ask for it with --in-transactions',
      )
    }
  }
  const dialect = dialectOf(access, repository)
  const home = repository.homeOf(owner)
  const consumer = repository.homeOf(access.service)
  if (!home || !consumer) throw new Refusal('the service that holds the code, or the owner, has no folder')
  const site = readSite(access, repository)
  const { file, call, protocol } = site
  if (!file.isTypeScript) throw new Refusal('the file is JavaScript, and the clients are TypeScript')
  const template = readSiteStatement(file, call, protocol, site.onlyText, dialect, site.wrapper)
  const described = describe(template.parts, {
    dialect,
    parsers: repository.parsers,
    findTable: (schema, name) => {
      const found = access.tables.find(
        table =>
          table.table.toLowerCase() === name.toLowerCase() && (schema === null || table.schema === schema),
      )
      return found?.id ? (repository.tables.get(found.id) ?? null) : null
    },
  })
  const isWrite = described.kind === 'write'
  if (isWrite && site.wrapper && protocol.result !== 'nothing') refuseWrittenResult(file, call)
  const result = readResult(file, call, protocol.result, isWrite)
  const connection = repository.optionsOf(access)
  const faces = result.isDiscarded
    ? described.columns.map(({ type }) => faceOf(type, access.driver, {}))
    : described.columns.map(({ type }) => faceOf(type, access.driver, connection))
  const driver = ownerDriver(access, owner, dialect, repository)
  const statement = withoutDatabase(described.statement, access, dialect)
  const id = createHash('sha256')
    .update(JSON.stringify([owner, dialect, protocol.method, statement, described.parameters]))
    .digest('hex')
    .slice(0, 12)
  const names = clientNames(
    owner,
    repository.map.services.map(service => service.name),
  )
  plan.reason = `all of its tables belong to ${owner}`
  if (access.reachedBy.includes(owner))
    plan.lost.push(`${owner}, which uses this code too, calls itself over the network`)
  return {
    plan,
    described,
    operation: {
      id,
      owner,
      datastore: access.datastore!,
      dialect,
      driver,
      method: protocol.method,
      statement,
      parameters: described.parameters,
      columns: described.columns,
      kind: described.kind,
      idempotent: !isWrite,
      reference: false,
      tables: [...new Set(access.tables.map(table => table.id!))].sort(),
      endpoint: null,
      event: null,
    },
    use: {
      service: access.service,
      file: access.file,
      access: access.id,
      strategy: 'lift',
      driver: access.driver,
      faces,
      options: connection ?? {},
    },
    edit: {
      kind: 'lift',
      line: access.line,
      column: access.column,
      code: codeOf(file, call),
      result: protocol.result,
      isWrite,
      typeArgument: protocol.typeArgument,
      client: {
        name: names.client,
        module: relativeModule(access.file, `${consumer.folder}/clients/${names.file}${consumer.extension}`),
      },
      arguments: described.arguments,
    },
  }
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
function readSite(access: Access, repository: Repository) {
  const site = repository.sites.get(access.id)
  const file = repository.sourceOf(access.file)
  const call = site && file ? callAt(file, site.start, site.end) : null
  if (!site || !file || !call) throw new Refusal('the call could not be found in the source')
  if (site.wrapper) {
    const { file: path, name } = site.wrapper
    const wrapper = readWrapper(path, name, {
      driver: access.driver,
      open: repository.sourceOf,
      resolve: repository.resolve,
    })
    return { file, call, protocol: wrapper.protocol, onlyText: site.onlyText, wrapper }
  }
  refuseHandedConnection(file, call)
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

/** The one service that each table belongs to, with the evidence for it. */
import { indexServices, type ServiceIndex } from '../datastores/environment.js'
import type { Evidence, Service } from '../model.js'
import { centralHolders, isMigrator } from './central.js'
import { type DatabaseOwner, namesMatch, ownerOfDatastore } from './database-names.js'
import { matchesTable } from './patterns.js'
import type { Creation, OwnedTable, OwnerInput, Ownership, TableModel, TableUse } from './types.js'

export type {
  Creation,
  OwnedTable,
  OwnerInput,
  Ownership,
  TableModel,
  TableUse,
  UnreadWay,
} from './types.js'
export { ownersWithoutTable } from './without-table.js'

/**
 * Decides the owner of each table, by the first of these that tells one:
 *
 * 1. the configuration;
 * 2. the service whose own scripts create it; scripts in one central place (see `centralHolders`) don't count,
 *    unless no other service uses the table, or their folder or file is named after a service that does;
 * 3. the database that it lies in, if that is one service's by connection or by name, or the schema, if that bears the
 *    name of one that uses it;
 * 4. the only service that writes it, or, where no statement does, that has a model of it;
 * 5. the only one that adds rows to it, while others change them.
 *
 * Else it is open, and the evidence names those who could be it.
 * @returns by table id
 */
export function decideOwners(given: OwnerInput): Map<string, Ownership> {
  // What migrations fill and change tells of no owner either.
  const tables = given.tables.map(table => ({
    ...table,
    uses: table.uses.filter(use => !isMigrator(use.service)),
  }))
  const input = { ...given, tables }
  const context: Context = {
    ...input,
    central: centralHolders(input.tables, input.services),
    databases: new Map(),
    schemaUsers: schemaUsersOf(input.tables),
    deployed: indexServices(input.services.filter(service => service.kind === 'service')),
  }
  return new Map(input.tables.map(table => [table.id, decideOwner(table, context)]))
}

interface Context extends OwnerInput {
  /** Holders of scripts that tell no owner, with the reason. */
  central: Map<string, string>
  /** Owners of datastores, found once each. */
  databases: Map<string, DatabaseOwner | null>
  /** Services that use some table of a schema, by datastore and schema. */
  schemaUsers: Map<string, Set<string>>
  /** Services alone, without libraries. */
  deployed: ServiceIndex
}

function decideOwner(table: OwnedTable, context: Context): Ownership {
  const noted: Evidence[] = []
  const inferred = (isMadeAround(table, context) ? bySchema(table, context, noted) : null) ??
    byScripts(table, context, noted) ??
    byDatabase(table, context, noted) ??
    bySchema(table, context, noted) ??
    byWriter(table, context, noted) ??
    byAdder(table, context, noted) ?? { owner: null, confidence: 'open', evidence: candidates(table, noted) }
  const configured = byConfig(table, context)
  if (configured === null) return inferred
  // `init` writes down what was inferred: why it was stays worth telling.
  const isSame = configured.owner !== null && configured.owner === inferred.owner
  return isSame ? { ...configured, evidence: [...configured.evidence, ...inferred.evidence] } : configured
}

function byConfig(table: OwnedTable, { config }: Context): Ownership | null {
  for (const [pattern, owner] of Object.entries(config.owners)) {
    if (!matchesTable(pattern, table.id)) continue
    const reason = owner === null ? `open on purpose (${pattern})` : `the configuration says so (${pattern})`
    const evidence = [
      { file: config.file ?? 'seamripper.yml', line: config.lines[`owners.${pattern}`] ?? 1, reason },
    ]
    return { owner, confidence: 'config', evidence }
  }
  return null
}

/** By the scripts that create the table. What they say without deciding goes to `noted`. */
function byScripts(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const own = table.creations.filter(({ service }) => service !== null && !context.central.has(service))
  const holders = new Set(own.map(creation => creation.service!))
  if (holders.size === 1) return migrated(table, [...holders][0]!, context)
  if (holders.size > 1) {
    const chosen = amongHolders(table, [...holders])
    if (chosen !== null) return migrated(table, chosen, context)
    for (const { file, line, service } of own)
      noted.push({ file, line, reason: `created by a script of ${service} too` })
    return null
  }
  const alone = aloneWith(table, context)
  if (alone) return alone
  const named = new Set<string>()
  for (const { file, line, service } of table.creations) {
    const why =
      service === null
        ? 'which belongs to no service'
        : `which tells no owner: ${context.central.get(service)}`
    const namesake = serviceInPath(file, service, context)
    if (namesake && table.uses.some(use => use.service === namesake.name)) {
      named.add(namesake.name)
      noted.push({ file, line, reason: `created by a central script that is named after ${namesake.name}` })
    } else noted.push({ file, line, reason: `created by a central script, ${why}` })
  }
  if (named.size !== 1) return null
  return { owner: [...named][0]!, confidence: 'migration', evidence: noted }
}

/** A table of a central place that no other service uses is the holder's, if the holder is a service. */
function aloneWith({ creations, uses }: OwnedTable, { services }: Context): Ownership | null {
  const owner = creations[0]?.service
  const isService = services.some(service => service.name === owner && service.kind === 'service')
  if (!owner || !isService || isMigrator(owner)) return null
  if ([...creations, ...uses].some(item => item.service !== owner)) return null
  const evidence = creations.map(({ file, line }) => ({
    file,
    line,
    reason: `created by a script of ${owner}, and no other service uses it`,
  }))
  return { owner, confidence: 'migration', evidence }
}

function migrated(table: OwnedTable, owner: string, { central }: Context): Ownership {
  const isOther = ({ service }: Creation): number => Number(service !== owner)
  const creations = table.creations.toSorted((a, b) => isOther(a) - isOther(b))
  const evidence = creations.map(({ file, line, service, library, ifNotExists }) => {
    if (service === owner) {
      const holder = library === undefined ? owner : `${library}, a library that only ${owner} uses`
      return { file, line, reason: `created by a script of ${holder}` }
    }
    const who = service === null ? 'a script of no service' : `a script of ${service}`
    const how = ifNotExists ? ', if it is not there' : ''
    return {
      file,
      line,
      reason: `created by ${who} too${how}${service !== null && central.has(service) ? ' (central)' : ''}`,
    }
  })
  return { owner, confidence: 'migration', evidence }
}

/**
 * Several services bring a script for one table: the one that creates it while the others say IF NOT EXISTS;
 * else the only one of them that writes it.
 */
function amongHolders(table: OwnedTable, holders: string[]): string | null {
  const firm = new Set(table.creations.filter(item => !item.ifNotExists).map(item => item.service))
  const creating = holders.filter(holder => firm.has(holder))
  if (creating.length === 1) return creating[0]!
  const writers = writersOf(table)
  const writing = holders.filter(holder => writers.has(holder))
  return writing.length === 1 && writers.size === 1 ? writing[0]! : null
}

/**
 * The service that the file of a central script, or a folder between it and its holder's, is named after; the
 * innermost counts.
 */
function serviceInPath(file: string, holder: string | null, { services, deployed }: Context): Service | null {
  const folder = services.find(service => service.name === holder)?.path ?? '.'
  const below = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file
  const parts = below
    .replace(/\.\w+$/, '')
    .split('/')
    .reverse()
  for (const [depth, part] of parts.entries()) {
    // A file's name holds a version and a description beside the service: `V3__billing-service.sql`.
    const words =
      depth === 0
        ? [part, part.replace(/^[VRB]?[\d._-]+/i, '').replace(/[-_.](schema|tables|init)$/i, '')]
        : [part]
    for (const word of words) {
      const named = word === '' ? null : deployed.named(word)
      if (named) return named
    }
  }
  return null
}

function byDatabase(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const { datastore } = table
  if (!context.databases.has(datastore)) {
    context.databases.set(datastore, ownerOfDatastore(datastore, context.services, context.connections))
  }
  const found = context.databases.get(datastore)
  return found ? { owner: found.service, confidence: 'database', evidence: [found.evidence, ...noted] } : null
}

/** Whether no service but one that lies around all others makes it, whose scripts may be for these. */
function isMadeAround({ creations }: OwnedTable, { services, central }: Context): boolean {
  return creations.every(
    ({ service }) =>
      service === null ||
      central.has(service) ||
      services.some(({ name, path }) => name === service && path === '.'),
  )
}

/** A schema that is named after a service which uses it, as where services share a database and have a schema each. */
function bySchema(
  { datastore, schema, creations, uses }: OwnedTable,
  { services, schemaUsers }: Context,
  noted: Evidence[],
): Ownership | null {
  if (schema === null) return null
  const named = services.filter(service => service.kind === 'service' && namesMatch(schema, service))
  const [service] = named
  if (!service || named.length !== 1 || !schemaUsers.get(schemaKey(datastore, schema))?.has(service.name))
    return null
  const own = [...uses, ...creations].sort(
    (a, b) => Number(b.service === service.name) - Number(a.service === service.name),
  )
  const { file, line } = own[0] ?? service.evidence[0] ?? { file: service.path, line: 1 }
  const reason = `the name of the schema ${schema} is that of ${service.name}`
  return { owner: service.name, confidence: 'database', evidence: [{ file, line, reason }, ...noted] }
}

function schemaUsersOf(tables: OwnedTable[]): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>()
  for (const { datastore, schema, uses } of tables) {
    if (schema === null) continue
    const key = schemaKey(datastore, schema)
    users.set(key, new Set([...(users.get(key) ?? []), ...uses.map(use => use.service)]))
  }
  return users
}

function schemaKey(datastore: string, schema: string): string {
  return `${datastore}\0${schema}`
}

/**
 * By who writes it. A service that alone has models of it, which are not read, may write it as well: where the writer
 * has none, it is open which of the two it belongs to.
 */
function byWriter(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const writers = [...writersOf(table).values()]
  const modellers = distinctServices(table.models.filter(model => model.isOwn))
  if (writers.length === 0) return byModel(table, modellers, context, noted)
  if (writers.length !== 1) return null
  const { service, file, line } = writers[0]!
  const others = modellers.filter(model => model.service !== service)
  if (others.length > 0 && table.models.every(model => model.service !== service)) {
    noted.push(...others.map(model => evidenceOf(model, 'open:')))
    return null
  }
  const readers = new Set(table.uses.filter(use => use.service !== service).map(use => use.service)).size
  const reason = `only ${service} writes it${readers > 0 ? `, ${readers} ${readers === 1 ? 'other reads' : 'others read'} it` : ''}`
  return {
    owner: service,
    confidence: 'only-writer',
    evidence: [{ file, line, reason }, ...unreadWays(table, writers[0]!, context), ...noted],
  }
}

/** Nothing that is read writes it, but others read it: the only service that has a model of it. */
function byModel(
  table: OwnedTable,
  modellers: TableModel[],
  context: Context,
  noted: Evidence[],
): Ownership | null {
  const [model] = modellers
  // Who only changes rows may do so to another's.
  if (!model || model.write !== null || table.models.some(({ service }) => service !== model.service))
    return null
  const { service, by, file, line } = model
  const reason = `only ${service} has a ${by} for it, and no statement writes it`
  return {
    owner: service,
    confidence: 'only-writer',
    evidence: [{ file, line, reason }, ...unreadWays(table, model, context), ...noted],
  }
}

/** Whose rows they are: others only change or delete them. */
function byAdder(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const adders = [...firstUses(table, use => use.adds).values()]
  if (adders.length !== 1 || writersOf(table).size < 2) return null
  const { service, file, line } = adders[0]!
  const others = [...writersOf(table).keys()].filter(writer => writer !== service)
  const reason = `only ${service} adds rows to it, ${others.join(', ')} ${others.length === 1 ? 'changes' : 'change'} them`
  return {
    owner: service,
    confidence: 'only-adder',
    evidence: [{ file, line, reason }, ...unreadWays(table, adders[0]!, context), ...noted],
  }
}

/**
 * Others on the same database that may write it in ways that are not read: the only writer may be one of several. Where
 * the models of another are known and none names the table, that one does not.
 */
function unreadWays(
  { datastore, models }: OwnedTable,
  { service, file, line }: { service: string; file: string; line: number },
  { connections, unread, modelled }: Context,
): Evidence[] {
  const others = distinctServices(models.filter(model => model.service !== service))
  const [model] = others
  const unnamed = [...unread].filter(
    ([name, { isNamed }]) =>
      name !== service &&
      !others.some(other => other.service === name) &&
      !(isNamed && modelled.has(name)) &&
      connections[name]?.some(store => store.datastore === datastore),
  )
  const count = others.length + unnamed.length - 1
  const more = count > 0 ? `, and ${count} more may` : ''
  if (model) return [evidenceOf(model, 'not certain:', `, which may write it${more}`)]
  const [first] = unnamed
  if (!first) return []
  const [other, { how }] = first
  return [
    { file, line, reason: `not certain: ${other} may write it too, by the ${how}, not read here${more}` },
  ]
}

function evidenceOf({ service, by, write, file, line }: TableModel, state: string, end = ''): Evidence {
  const what = write === null ? `has a ${by} for it` : `writes it by a ${by}`
  return { file, line, reason: `${state} ${service} ${what}${end}` }
}

/** The first of each service. */
function distinctServices(models: TableModel[]): TableModel[] {
  return [...new Map(models.toReversed().map(model => [model.service, model])).values()].sort((a, b) =>
    compareText(a.service, b.service),
  )
}

/** First write of each service. */
function writersOf(table: OwnedTable): Map<string, TableUse> {
  return firstUses(table, use => use.op === 'write')
}

function firstUses(table: OwnedTable, isMeant: (use: TableUse) => boolean): Map<string, TableUse> {
  const first = new Map<string, TableUse>()
  const ordered = table.uses
    .filter(isMeant)
    .sort((a, b) => compareText(a.service, b.service) || compareText(a.file, b.file) || a.line - b.line)
  for (const use of ordered) if (!first.has(use.service)) first.set(use.service, use)
  return first
}

/** For an open table: who writes it, or, if no one does, who reads it. */
function candidates(table: OwnedTable, noted: Evidence[]): Evidence[] {
  const writers = writersOf(table)
  const shown = writers.size > 0 ? writers : firstUses(table, use => use.op === 'read')
  const verb = writers.size > 0 ? 'writes' : 'reads'
  const found = [...shown.values()].map(({ service, file, line }) => ({
    file,
    line,
    reason: `open: ${service} ${verb} it`,
  }))
  return [...noted, ...found]
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

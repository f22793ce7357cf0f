/** Which datastore each service's connections mean, with the evidence. */
import { groupBy } from '../graph/group-by.js'
import type { Diagnostic, Dialect, Service } from '../model.js'
import { own } from '../own.js'
import type { Connection } from './connection.js'
import { connectionsOf } from './connections.js'
import { compatible, dialectOfDriver, hasOwnClient } from './dialects.js'
import { type Doubt, disagreements } from './doubts.js'
import { environmentOfService, indexServices, placeDeployments, placeSettings } from './environment.js'
import { assignIds, type Identifiable, manyHosts } from './identity.js'
import { namesMatch } from './names.js'
import { overridden } from './overridden.js'
import { SETTINGS_READERS } from './readers/index.js'
import { isOwnOfWorker } from './readers/wrangler.js'
import { Registry } from './registry.js'
import { withoutStages } from './stages.js'
import type { DatastoreInput, DatastoreResult, FileEvidence, SettingsFile } from './types.js'
import { placeUntold, type Untold } from './untold.js'

export { type DatastoreHint, datastoreFor, datastoreOfAccess, qualifierIsDatabase } from './lookup.js'
export { readCodeDefaults } from './readers/code-defaults.js'
export type {
  ConnectionFact,
  DatastoreInput,
  DatastoreResult,
  FileEvidence,
  ServiceDatastore,
  Setting,
  SettingsFile,
} from './types.js'

/** True for paths that can hold evidence of datastores: the caller reads only these. */
export function isSettingsFile(path: string): boolean {
  return SETTINGS_READERS.some(reader => reader.matches(path))
}

/**
 * Finds the datastores. In this order a service's is decided by: `services.x.datastore` of the config; its
 * connections (see `connectionsOf`); the database that its own schema scripts create; the only datastore of
 * its dialect in the repository; where no file of the repository tells any database, one datastore `default` for all;
 * and one of its own, where it has no table in common with others. What stays open is reported.
 */
export function findDatastores(input: DatastoreInput): DatastoreResult {
  const evidence = { ...input.evidence, settings: [...input.evidence.settings, ...input.defaults] }
  const found = findConnections(input, evidence)
  const registry = new Registry()

  const stages = withoutStages(
    withoutServersOwn(
      found.connections.filter(item => item.database !== null) as (Found & { database: string })[],
    ),
  )
  const named = stages.connections
  const scripted = scriptedBeside(input, found.connections)
  const ids = assignIds<Identifiable>([...named, ...scripted.values()])
  for (const connection of mainFirst(named, input.services)) {
    registry.add(connection.service, ids.get(connection)!, { ...connection, connections: connection.names })
  }
  const oneOrMany = manyHosts(named, ids, input.active)
  addFromConfig(input, registry)
  addFromScripts(
    input,
    found.connections,
    registry,
    database => ids.get(scripted.get(database)!) ?? database.name,
  )
  const untold = untoldServices(input, found.connections, registry)
  const diagnostics = placeUntold(untold, registry, evidence.servers, input.apart)
  return {
    datastores: registry.list(),
    byService: registry.byService,
    diagnostics: distinct([
      ...evidence.diagnostics,
      ...found.diagnostics,
      ...oneOrMany,
      ...stages.diagnostics,
      ...diagnostics,
    ]),
  }
}

/** What settings files say, each read by the readers of its path. */
export function readSettingsFiles(files: SettingsFile[]): FileEvidence {
  const all: FileEvidence = {
    settings: [],
    connections: [],
    servers: [],
    deployments: [],
    configMapUses: [],
    diagnostics: [],
  }
  for (const file of files) {
    for (const reader of SETTINGS_READERS) {
      if (!reader.matches(file.path)) continue
      const found = reader.read(file)
      append(all.settings, found.settings)
      append(all.connections, found.connections)
      append(all.servers, found.servers)
      append(all.deployments, found.deployments)
      append(all.configMapUses, found.configMapUses)
      append(all.diagnostics, found.diagnostics)
    }
  }
  return all
}

/** `push(...items)` would put them all on the stack. */
function append<T>(list: T[], items: T[] = []): void {
  for (const item of items) list.push(item)
}

type Found = Connection & { service: string }

/** The connections of all services for which the config doesn't name the datastore. */
function findConnections(
  input: DatastoreInput,
  evidence: FileEvidence,
): { connections: Found[]; diagnostics: Diagnostic[] } {
  const facts = [...input.connections, ...evidence.connections]
  const variables = new Set(
    facts
      .flatMap(fact => [fact.urlEnv, fact.databaseEnv, ...fact.furtherEnvs, fact.hostEnv])
      .filter(name => name !== null),
  )
  const index = indexServices(input.services)
  const placed = placeSettings(index, evidence, variables)
  const byName = groupBy(evidence.settings, each => each.name)
  const deployed = placeDeployments(evidence.deployments, index)
  const isOnly = input.services.filter(({ kind }) => kind === 'service').length < 2
  const connections: Found[] = []
  const doubts = new Map<Service, Doubt[]>()
  for (const service of input.services) {
    if (own(input.config.connections, service.name)) continue
    const reached = input.services.filter(item => own(input.libraries, service.name)?.includes(item.name))
    const deployments = deployed.get(service) ?? []
    const isActive = input.active.includes(service.name)
    const result = connectionsOf({
      service,
      index,
      deployments,
      environment: environmentOfService(service, reached, deployments, placed, byName, isOnly),
      facts: ownFirst(input.connections, service, reached),
      // A worker without SQL has no database of its own, and what it runs of a library shares that one's.
      configured: ownFirst(evidence.connections, service, reached).filter(
        fact => input.holding.includes(service.name) || !isOwnOfWorker(fact),
      ),
      evidence,
      hasScript: input.databases.some(database => database.service === service.name),
      isConcerned: isActive || input.scripted.includes(service.name),
      dependencies: own(input.dependencies, service.name) ?? [],
      drivers: [service, ...reached].flatMap(({ name }) => own(input.dependencies, name) ?? []),
    })
    connections.push(...result.connections.map(connection => ({ ...connection, service: service.name })))
    if (isActive) doubts.set(service, result.doubts)
  }
  return { connections, diagnostics: disagreements(doubts) }
}

/**
 * A database that is called after another service is not the main one of a service that has a connection besides, in
 * whatever order its files open them; nor is one that a script to be run by hand opens by a default of its own.
 */
function mainFirst<T extends Found & { database: string }>(connections: T[], services: Service[]): T[] {
  const isOfAnother = ({ service, database }: T): boolean => {
    const named = services.filter(each => each.kind === 'service' && namesMatch(database, each))
    return named.length > 0 && named.every(({ name }) => name !== service)
  }
  const isOfScripts = ({ source, evidence }: T): boolean =>
    source === 'code' && evidence.every(({ file }) => SCRIPTS_FOLDER.test(file))
  const weakness = (connection: T): number => (isOfAnother(connection) ? 2 : isOfScripts(connection) ? 1 : 0)
  return connections.toSorted((a, b) => weakness(a) - weakness(b))
}

const SCRIPTS_FOLDER = /(?:^|\/)scripts\//

/** Databases that a server brings along: a default in code that has to name some database. */
const SERVERS_OWN = new Set(['postgres', 'template1', 'mysql', 'master', 'defaultdb'])

/**
 * Where code alone names a server's own database, and deployments or settings files name one and no other of its dialect,
 * that one is meant: what runs gets the name from these.
 */
function withoutServersOwn<T extends Found & { database: string }>(connections: T[]): T[] {
  return connections.map(connection => {
    if (connection.source !== 'code' || !SERVERS_OWN.has(connection.database)) return connection
    const told = connections.filter(
      ({ source, dialect }) => source !== 'code' && compatible(dialect, connection.dialect),
    )
    const [first] = told
    if (!first || told.some(({ database }) => database !== first.database)) return connection
    const { database, host, hostScope } = first
    const reason = `${connection.database} is a default of ${connection.service} in code, and ${database} what is deployed`
    const evidence = connection.evidence.map(({ file, line }) => ({ file, line, reason }))
    return { ...connection, database, host, hostScope, evidence }
  })
}

function ownFirst<T extends { owner: string | null }>(items: T[], service: Service, reached: Service[]): T[] {
  const mine = items.filter(item => item.owner === service.name)
  return [...mine, ...items.filter(item => reached.some(library => library.name === item.owner))]
}

function addFromConfig({ config, dependencies }: DatastoreInput, registry: Registry): void {
  const file = config.file ?? 'seamripper.yml'
  const at = (key: string, reason: string) => [{ file, line: config.lines[key] ?? 1, reason }]
  for (const [id, { dialect }] of Object.entries(config.datastores)) {
    const datastore = registry.know(
      id,
      dialect ?? 'unknown',
      at(`datastores.${id}`, 'declared in the configuration'),
    )
    if (dialect) datastore.dialect = dialect
  }
  for (const [name, id] of Object.entries(config.connections)) {
    const evidence = at(`services.${name}.datastore`, `the configuration says that ${name} uses ${id}`)
    registry.add(name, id, {
      dialect: spokenBy(own(dependencies, name)),
      source: 'config',
      connections: [],
      searchPaths: [],
      evidence,
    })
  }
}

type NamedByScript = DatastoreInput['databases'][number]

/**
 * Databases that scripts name on a warehouse that some connection reaches: one of PostgreSQL that bears the same name is
 * another. Scripts for two servers may be one database, moved from one to the other.
 */
function scriptedBeside(
  { databases }: DatastoreInput,
  connections: Found[],
): Map<NamedByScript, Identifiable> {
  const spoken = new Set(connections.map(({ dialect }) => dialect))
  return new Map(
    databases
      .filter(({ dialect }) => hasOwnClient(dialect) && spoken.has(dialect))
      .map(item => [item, { database: item.name, dialect: item.dialect, host: null, hostScope: null }]),
  )
}

/** The databases that schema scripts name: of services that no connection tells of, where it is only one. */
function addFromScripts(
  { databases }: DatastoreInput,
  connections: Found[],
  registry: Registry,
  idOf: (database: NamedByScript) => string,
): void {
  for (const database of databases) {
    const { name, dialect, service, file, line } = database
    if (overridden(registry.byService, database) !== null) continue
    const id = idOf(database)
    registry.know(id, dialect, [{ file, line, reason: 'named by a schema script' }])
    if (service === null || registry.of(service).length > 0) continue
    const others = databases.some(item => item.service === service && item.name !== name)
    const speaksAnother = connections.some(
      item => item.service === service && !compatible(item.dialect, dialect),
    )
    if (others || speaksAnother) continue
    const evidence = [{ file, line, reason: `a schema script of ${service} names ${name}` }]
    registry.add(service, id, { dialect, source: 'code', connections: [], searchPaths: [], evidence })
  }
}

/** Active services without a datastore, and connections without a name of those that have one of another dialect. */
function untoldServices(input: DatastoreInput, connections: Found[], registry: Registry): Untold[] {
  return input.services
    .filter(({ name, kind }) => kind === 'service' && input.active.includes(name))
    .flatMap(({ name: service }): Untold[] => {
      const stores = registry.of(service)
      const unnamed = connections.filter(
        item =>
          item.service === service &&
          item.database === null &&
          !stores.some(store => compatible(store.dialect, item.dialect)),
      )
      if (unnamed.length > 0)
        return unnamed.map(connection => ({ service, connection, dialect: connection.dialect }))
      return stores.length > 0
        ? []
        : [{ service, connection: null, dialect: spokenBy(own(input.dependencies, service)) }]
    })
}

/** Dialect of a service by its npm drivers. */
function spokenBy(dependencies: string[] = []): Dialect {
  const spoken = new Set(dependencies.map(dialectOfDriver).filter(item => item !== null))
  return spoken.size === 1 ? [...spoken][0]! : 'unknown'
}

/** Many places that open the same connection say the same. */
function distinct(diagnostics: Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map(each => [`${each.code}\0${each.file}\0${each.message}`, each])).values()]
}

/** Which datastore each service's connections mean, with the evidence. */
import type { Datastore, Dialect, Evidence, Service } from '../model.js'
import { type Connection, connectionsOf } from './connections.js'
import { compatible, dialectOfDriver } from './dialects.js'
import { environmentOfService, placeSettings } from './environment.js'
import { assignIds } from './identity.js'
import { SETTINGS_READERS } from './readers/index.js'
import type { DatastoreInput, DatastoreResult, DatastoreSource, FileEvidence, SettingsFile } from './types.js'

export { type DatastoreHint, datastoreFor, datastoreOfAccess, qualifierIsDatabase } from './lookup.js'
export { readCodeDefaults } from './readers/code-defaults.js'

/** True for paths that hold evidence of datastores: the caller reads only these. */
export function isSettingsFile(path: string): boolean {
  return SETTINGS_READERS.some(reader => reader.matches(path))
}

/** What settings files say, each read by the readers of its path. */
export function readSettingsFiles(files: SettingsFile[]): FileEvidence {
  const all: FileEvidence = { settings: [], connections: [], servers: [], deployments: [], diagnostics: [] }
  for (const file of files) {
    for (const reader of SETTINGS_READERS) {
      if (!reader.matches(file.path)) continue
      const found = reader.read(file)
      all.settings.push(...(found.settings ?? []))
      all.connections.push(...(found.connections ?? []))
      all.servers.push(...(found.servers ?? []))
      all.deployments.push(...(found.deployments ?? []))
      all.diagnostics.push(...(found.diagnostics ?? []))
    }
  }
  return all
}

/** A connection whose database is known, and whose it is. */
type Named = Connection & { database: string; service: string }

/**
 * Finds the datastores. In this order a service's is decided by: `services.x.datastore` of the config; its
 * connections (see `connectionsOf`); the database that its own schema scripts create; the only datastore of
 * its dialect in the repository; and, where no file of the repository tells any database, one datastore
 * `default` for all. What stays open is reported.
 */
export function findDatastores(input: DatastoreInput): DatastoreResult {
  const evidence = readSettingsFiles(input.files)
  const diagnostics = [...evidence.diagnostics]
  const named: Named[] = []
  const unnamed = new Map<string, Connection[]>()
  const facts = [...input.connections, ...evidence.connections]
  const variables = new Set(
    facts.flatMap(fact => [fact.urlEnv, fact.databaseEnv, fact.hostEnv].filter(name => name !== null)),
  )
  const placed = placeSettings(input.services, evidence, variables)

  for (const service of input.services) {
    if (input.config.services[service.name]?.datastore) continue
    const reached = input.services.filter(item => input.libraries[service.name]?.includes(item.name))
    const owners = new Set([service.name, ...reached.map(item => item.name)])
    const result = connectionsOf({
      service,
      services: input.services,
      environment: environmentOfService(service, input.services, reached, placed, evidence),
      facts: ownFirst(input.connections, service.name, owners),
      configured: ownFirst(evidence.connections, service.name, owners),
      evidence,
      dependencies: input.dependencies[service.name] ?? [],
    })
    for (const connection of result.connections) {
      if (connection.database !== null)
        named.push({ ...connection, database: connection.database, service: service.name })
      else unnamed.set(service.name, [...(unnamed.get(service.name) ?? []), connection])
    }
    if (input.active.includes(service.name)) diagnostics.push(...result.diagnostics)
  }

  const ids = assignIds(named)
  const byService: DatastoreResult['byService'] = {}
  const datastores = new Map<string, Datastore>()
  for (const connection of named) {
    add(
      connection.service,
      ids.get(connection)!,
      connection.dialect,
      connection.source,
      connection.names,
      connection.evidence,
    )
  }
  addFromConfig()
  addFromScripts()
  addUntold()

  return {
    datastores: [...datastores.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    byService,
    diagnostics,
  }

  function add(
    service: string,
    id: string,
    dialect: Dialect,
    source: DatastoreSource,
    connections: string[],
    reasons: Evidence[],
  ): void {
    const datastore = know(id, dialect, reasons)
    byService[service] ??= []
    const known = byService[service].find(item => item.datastore === id)
    if (known) known.connections.push(...connections.filter(name => !known.connections.includes(name)))
    else
      byService[service].push({
        datastore: id,
        dialect: datastore.dialect,
        source,
        connections,
        evidence: reasons,
      })
  }

  function know(id: string, dialect: Dialect, reasons: Evidence[]): Datastore {
    const datastore = datastores.get(id) ?? { id, dialect, evidence: [] }
    datastores.set(id, datastore)
    if (datastore.dialect === 'unknown') datastore.dialect = dialect
    for (const item of reasons) {
      const seen = datastore.evidence.some(
        old => old.file === item.file && old.line === item.line && old.reason === item.reason,
      )
      if (!seen) datastore.evidence.push(item)
    }
    return datastore
  }

  function addFromConfig(): void {
    const file = input.config.file ?? 'seamripper.yml'
    const at = (key: string, reason: string) => [{ file, line: input.config.lines[key] ?? 1, reason }]
    for (const [id, { dialect }] of Object.entries(input.config.datastores)) {
      const datastore = know(
        id,
        dialect ?? 'unknown',
        at(`datastores.${id}`, 'declared in the configuration'),
      )
      if (dialect) datastore.dialect = dialect
    }
    for (const [name, { datastore: id }] of Object.entries(input.config.services)) {
      if (!id) continue
      const reasons = at(`services.${name}.datastore`, `the configuration says that ${name} uses ${id}`)
      add(name, id, spokenBy(name), 'config', [], reasons)
    }
  }

  function addFromScripts(): void {
    for (const { name, dialect, service, file, line } of input.databases) {
      know(name, dialect, [{ file, line, reason: 'named by a schema script' }])
      if (service === null || (byService[service]?.length && byService[service][0]!.source !== 'code'))
        continue
      if (
        byService[service]?.length ||
        unnamed.get(service)?.some(item => !compatible(item.dialect, dialect))
      )
        continue
      const others = input.databases.some(item => item.service === service && item.name !== name)
      if (others) continue
      add(
        service,
        name,
        dialect,
        'code',
        [],
        [{ file, line, reason: `a schema script of ${service} names ${name}` }],
      )
    }
  }

  /** Services of which no file tells the database. */
  function addUntold(): void {
    const told = [...datastores.values()]
    // A server that a compose file starts counts where nothing that a service says is left.
    if (told.length === 0) {
      for (const server of evidence.servers) {
        if (server.database === null || !/^[\w-]+$/.test(server.database)) continue
        const reason = `${server.name} creates it`
        if (input.active.length > 0)
          told.push(know(server.database, server.dialect, [{ file: server.file, line: server.line, reason }]))
      }
    }
    const distinct = [...new Map(told.map(item => [item.id, item])).values()]
    const defaults = new Map<string, { dialect: Dialect; services: string[] }>()
    for (const service of input.services) {
      if (service.kind !== 'service' || !input.active.includes(service.name)) continue
      const open = unnamed.get(service.name) ?? []
      const missing = open.length > 0 ? open : byService[service.name]?.length ? [] : [null]
      for (const connection of missing) untold(service, connection, distinct, defaults)
    }
    const severalDialects = defaults.size > 1
    for (const { dialect, services } of defaults.values()) {
      const id = severalDialects && dialect !== 'unknown' ? `default-${dialect}` : 'default'
      for (const service of services) {
        const connections = (unnamed.get(service) ?? []).filter(item => compatible(item.dialect, dialect))
        add(
          service,
          id,
          dialect,
          'default',
          connections.flatMap(item => item.names),
          connections.flatMap(item => item.evidence),
        )
      }
      diagnostics.push({
        severity: 'warning',
        code: 'datastore-unknown',
        message:
          `no file tells which database is used by ${services.join(', ')}: they are taken to share one, called ${id}. ` +
          `Name it in seamripper.yml: services.${services[0]}.datastore: <database>`,
        file: null,
        line: null,
      })
    }
  }

  function untold(
    service: Service,
    connection: Connection | null,
    told: Datastore[],
    defaults: Map<string, { dialect: Dialect; services: string[] }>,
  ): void {
    const dialect = connection?.dialect ?? spokenBy(service.name)
    const fitting = told.filter(item => compatible(item.dialect, dialect))
    if (fitting.length === 1) {
      const { id } = fitting[0]!
      const reason = `${service.name} is taken to use ${id}, the only ${dialect === 'unknown' ? '' : `${dialect} `}database that files of this repository name`
      const place = connection?.evidence[0] ?? fitting[0]!.evidence[0]
      const reasons = place ? [{ file: place.file, line: place.line, reason }] : []
      add(
        service.name,
        id,
        dialect === 'unknown' ? fitting[0]!.dialect : dialect,
        'only-one',
        connection?.names ?? [],
        reasons,
      )
    } else if (fitting.length === 0) {
      const entry = defaults.get(dialect) ?? { dialect, services: [] }
      defaults.set(dialect, entry)
      if (!entry.services.includes(service.name)) entry.services.push(service.name)
    } else {
      const place = connection?.evidence[0]
      diagnostics.push({
        severity: 'warning',
        code: 'datastore-open',
        message:
          `no file tells which of ${fitting
            .map(item => item.id)
            .sort()
            .join(', ')} ${service.name} connects to. ` +
          `Say it in seamripper.yml: services.${service.name}.datastore: <database>`,
        file: place?.file ?? null,
        line: place?.line ?? null,
      })
    }
  }

  /** Dialect of a service by its npm drivers. */
  function spokenBy(service: string): Dialect {
    const spoken = new Set(
      (input.dependencies[service] ?? []).map(dialectOfDriver).filter(item => item !== null),
    )
    return spoken.size === 1 ? [...spoken][0]! : 'unknown'
  }
}

function ownFirst<T extends { owner: string | null }>(items: T[], own: string, owners: Set<string>): T[] {
  const mine = items.filter(item => item.owner === own)
  return [
    ...mine,
    ...items.filter(item => item.owner !== own && item.owner !== null && owners.has(item.owner)),
  ]
}

export type {
  ConnectionFact,
  DatastoreInput,
  DatastoreResult,
  SettingsFile,
} from './types.js'

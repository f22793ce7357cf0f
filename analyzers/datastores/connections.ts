/** What the connections of one service mean, in the environment that it runs with. */
import type { Diagnostic, Dialect, Evidence, Service } from '../model.js'
import { compatible, dialectOfDriver, dialectOfName } from './dialects.js'
import type { Environment, ServiceIndex, ServiceSetting } from './environment.js'
import { isDatabaseName, plainServiceName, readVariableName } from './names.js'
import { own } from './own.js'
import {
  type ConnectionFact,
  type Deployment,
  type FileEvidence,
  SETTING_SOURCES,
  type Setting,
  type SettingSource,
} from './types.js'
import { parseDatabaseUrl } from './url.js'

/** A connection of a service with all that is known put together. */
export interface Connection {
  /** Null where no file tells. */
  database: string | null
  dialect: Dialect
  /** Server, without those that only mean "this machine". */
  host: string | null
  /** Where the host's name can be compared with others, see `placedHost`; null: among all deployments. */
  hostScope: string | null
  source: SettingSource
  /** What accesses may call it. */
  names: string[]
  evidence: Evidence[]
}

/** One possible name for the database, strongest first in a list. */
interface Candidate {
  database: string
  dialect: Dialect | null
  host: string | null
  source: SettingSource
  evidence: Evidence
}

export interface ServiceContext {
  service: Service
  index: ServiceIndex
  /** What runs the service's code. */
  deployments: Deployment[]
  environment: Environment
  /** Facts of the service's own code, then of the libraries that it reaches. */
  facts: ConnectionFact[]
  /** Connections of configuration files, likewise. */
  configured: ConnectionFact[]
  /** All files' evidence: servers, and settings of others for a variable that is set in one place only. */
  evidence: FileEvidence
  dependencies: string[]
}

/**
 * All connections of a service. Those of its code come first, then those of configuration files, and only
 * where neither tells a database, those that its settings describe.
 */
export function connectionsOf(context: ServiceContext): {
  connections: Connection[]
  diagnostics: Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const described = describedBySettings(context)
  const found: Connection[] = []
  for (const fact of [...context.facts, ...context.configured]) {
    const connection = connectionOf(fact, context, diagnostics)
    found.push(
      connection.database === null ? (fromSettings(fact, connection, described) ?? connection) : connection,
    )
  }
  const named = found.filter(connection => connection.database !== null)
  // A configuration file without a usable name tells nothing where code or settings do.
  const unnamed = found.filter(connection => connection.database === null)
  const extra = described.filter(
    item => !named.some(connection => compatible(connection.dialect, item.dialect)),
  )
  const kept =
    named.length + extra.length > 0 ? unnamed.filter(item => isMissing(item, [...named, ...extra])) : unnamed
  return { connections: merged([...named, ...extra, ...kept]), diagnostics }
}

/** An unnamed connection that can't be one of those with a name, because it speaks another dialect. */
function isMissing(unnamed: Connection, named: Connection[]): boolean {
  return (
    unnamed.dialect !== 'unknown' &&
    !named.some(connection => compatible(connection.dialect, unnamed.dialect))
  )
}

function connectionOf(fact: ConnectionFact, context: ServiceContext, diagnostics: Diagnostic[]): Connection {
  const candidates = candidatesOf(fact, context)
  const best = candidates[0]
  const host = hostOf(fact, best, context)
  const connection: Connection = {
    database: best?.database ?? null,
    dialect: dialectOf(fact, best, host.host, context),
    ...host,
    source: best?.source ?? 'code',
    names: [`${fact.file}:${fact.line}`, ...(fact.name === null ? [] : [fact.name])],
    evidence: best
      ? [best.evidence]
      : [{ file: fact.file, line: fact.line, reason: 'opens a connection whose database no file names' }],
  }
  const others = candidates.filter(item => item.database !== best?.database)
  if (best && others.length > 0) diagnostics.push(disagreement(context.service.name, best, others))
  return connection
}

function candidatesOf(fact: ConnectionFact, context: ServiceContext): Candidate[] {
  const candidates: Candidate[] = []
  const { name: service } = context.service
  if (fact.urlEnv !== null) {
    for (const setting of context.environment.get(fact.urlEnv) ?? [])
      candidates.push(...fromUrl(setting, service))
  }
  if (fact.databaseEnv !== null) {
    for (const setting of context.environment.get(fact.databaseEnv) ?? [])
      candidates.push(...fromName(setting, service))
  }
  const place = { file: fact.file, line: fact.line }
  const url = fact.url === null ? null : parseDatabaseUrl(fact.url)
  if (url?.database && isDatabaseName(url.database)) {
    const reason = `${service} connects to ${url.database}${fact.urlEnv === null ? '' : ` unless ${fact.urlEnv} says otherwise`}`
    candidates.push({
      database: url.database,
      dialect: url.dialect,
      host: url.host,
      source: 'code',
      evidence: { ...place, reason },
    })
  }
  if (fact.database !== null) {
    const database = sqliteName(fact)
    const reason = `${service} connects to ${database}${fact.databaseEnv === null ? '' : ` unless ${fact.databaseEnv} says otherwise`}`
    if (isDatabaseName(database))
      candidates.push({ database, dialect: null, host: null, source: 'code', evidence: { ...place, reason } })
  }
  // Where code gives the same default twice (in the call and in a configuration module) one is enough.
  candidates.sort((a, b) => SETTING_SOURCES.indexOf(a.source) - SETTING_SOURCES.indexOf(b.source))
  return candidates.length > 0 ? candidates : onlyPlace(fact, context)
}

/** The file of a sqlite connection stands for its database: `./data/app.db` is `app`. */
function sqliteName(fact: ConnectionFact): string {
  const isSqlite = fact.dialect === 'sqlite' || dialectOfDriver(fact.driver) === 'sqlite'
  return (isSqlite ? parseDatabaseUrl(`file:${fact.database}`)?.database : null) ?? fact.database!
}

/**
 * The value of a variable that is set nowhere in the service's reach, if all files that do set it agree:
 * a checkout seldom holds the settings of every service, but one name seldom means two things.
 */
function onlyPlace(fact: ConnectionFact, context: ServiceContext): Candidate[] {
  const service = context.service.name
  const candidates = context.evidence.settings.flatMap((setting: Setting) => {
    if (setting.value.includes('$')) return []
    const seen: ServiceSetting = { ...setting, distance: 0 }
    if (setting.name === fact.urlEnv) return fromUrl(seen, service)
    return setting.name === fact.databaseEnv ? fromName(seen, service) : []
  })
  const names = new Set(candidates.map(candidate => candidate.database))
  if (names.size !== 1) return []
  const best = candidates.reduce((a, b) =>
    SETTING_SOURCES.indexOf(b.source) < SETTING_SOURCES.indexOf(a.source) ? b : a,
  )
  const variable = fact.databaseEnv ?? fact.urlEnv
  const reason = `the only value of ${variable} in the repository is ${best.database}`
  return [{ ...best, evidence: { ...best.evidence, reason } }]
}

function fromUrl(setting: ServiceSetting, service: string): Candidate[] {
  const url = parseDatabaseUrl(setting.value)
  if (!url?.database || !isDatabaseName(url.database)) return []
  return [
    {
      database: url.database,
      dialect: url.dialect,
      host: url.host,
      source: setting.source,
      evidence: {
        file: setting.file,
        line: setting.line,
        reason: `${setting.name} of ${service} names ${url.database}`,
      },
    },
  ]
}

function fromName(setting: ServiceSetting, service: string): Candidate[] {
  if (!isDatabaseName(setting.value)) return []
  return [
    {
      database: setting.value,
      dialect: readVariableName(setting.name)?.dialect ?? null,
      host: null,
      source: setting.source,
      evidence: {
        file: setting.file,
        line: setting.line,
        reason: `${setting.name} of ${service} is ${setting.value}`,
      },
    },
  ]
}

function hostOf(
  fact: ConnectionFact,
  best: Candidate | undefined,
  context: ServiceContext,
): Pick<Connection, 'host' | 'hostScope'> {
  const setting = fact.hostEnv === null ? undefined : context.environment.get(fact.hostEnv)?.[0]
  if (best?.host) return placedHost(best.host, best.evidence.file, best.source, context)
  if (setting) return placedHost(setting.value, setting.file, setting.source, context)
  return placedHost(fact.host, fact.file, 'code', context)
}

/**
 * A host and the scope in which its name can be compared with others: the compose file that starts a server of
 * that name; else all deployments together, which describe one running platform; else the file that names it,
 * for an `.env` file or a default in code may each be meant for another machine.
 */
function placedHost(
  host: string | null | undefined,
  file: string,
  source: SettingSource,
  { evidence }: ServiceContext,
): Pick<Connection, 'host' | 'hostScope'> {
  const bare = host?.replace(/:\d+$/, '') ?? null
  if (
    bare === null ||
    !/^[\w.-]+$/.test(bare) ||
    /^(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)$/.test(bare)
  ) {
    return { host: null, hostScope: null }
  }
  const started = evidence.servers.filter(server => server.name === bare || server.alias === bare)
  const server =
    started.find(item => item.file === file) ??
    (source !== 'deployment' && started.length === 1 ? started[0] : undefined)
  if (server) return { host: server.name, hostScope: server.file }
  return { host: bare, hostScope: source === 'deployment' ? null : file }
}

function dialectOf(
  fact: ConnectionFact,
  best: Candidate | undefined,
  host: string | null,
  context: ServiceContext,
): Dialect {
  const certain = fact.dialect ?? dialectOfDriver(fact.driver) ?? best?.dialect
  if (certain) return certain
  const label = fact.databaseEnv === null ? null : readVariableName(fact.databaseEnv)?.label
  return dialectFromSettings(label ?? '', host, context)
}

/** Dialect of a connection that its code doesn't tell: `DB_TYPE=mysql`, `DB_PORT=3306`, the server's image, the npm drivers. */
function dialectFromSettings(label: string, host: string | null, context: ServiceContext): Dialect {
  for (const [name, settings] of context.environment) {
    const meaning = readVariableName(name)
    if (!meaning || meaning.label !== label) continue
    const value = settings[0]!.value
    if (meaning.role === 'dialect' && dialectOfName(value)) return dialectOfName(value)!
    const byPort = meaning.role === 'port' ? own(PORTS, value) : undefined
    if (byPort) return byPort
  }
  const server = context.evidence.servers.find(item => item.name === host || item.alias === host)
  if (server) return server.dialect
  const spoken = new Set(context.dependencies.map(dialectOfDriver).filter(dialect => dialect !== null))
  return spoken.size === 1 ? [...spoken][0]! : 'unknown'
}

const PORTS: Record<string, Dialect> = { '3306': 'mysql', '5432': 'postgresql', '1433': 'mssql' }

/**
 * The connections that a service's settings describe by themselves, grouped by the words beside `DB_NAME`.
 * `BILLING_DB_NAME` in a file for all services is billing's; the words of another service are not its.
 */
function describedBySettings(context: ServiceContext): Connection[] {
  const { service, index, environment } = context
  const own = plainServiceName(service.name)
  const described: { connection: Connection; label: string; distance: number }[] = []
  for (const [name, settings] of environment) {
    const meaning = readVariableName(name)
    const usable = settings.flatMap(setting => {
      const candidate =
        meaning?.role === 'database' ? fromName(setting, service.name)[0] : fromUrl(setting, service.name)[0]
      return candidate ? [{ setting, candidate }] : []
    })
    const best = usable[0]
    // A URL tells by its value; the words of its variable are only a label then.
    const label = meaning?.label ?? urlLabel(name)
    if (!best || label === null || belongsToAnother(label, service, index)) continue
    const host = best.candidate.host ?? hostBeside(meaning?.label ?? label, environment)
    const placed = placedHost(host, best.setting.file, best.setting.source, context)
    described.push({
      label,
      distance: best.setting.distance,
      connection: {
        database: best.candidate.database,
        dialect: best.candidate.dialect ?? dialectFromSettings(label, placed.host, context),
        ...placed,
        source: best.candidate.source,
        names: label === '' ? [] : [label],
        evidence: [best.candidate.evidence],
      },
    })
  }
  const nearest = described.some(item => item.distance < 100)
    ? described.filter(item => item.distance < 100)
    : described
  nearest.sort(
    (a, b) =>
      rank(a.label) - rank(b.label) || comparePlaces(a.connection.evidence[0]!, b.connection.evidence[0]!),
  )
  const connections = nearest.map(item => item.connection)
  return connections.length > 0 ? connections : startedBeside(context)

  function rank(label: string): number {
    return plainServiceName(label) === own && label !== '' ? 0 : label === '' ? 1 : 2
  }
}

/** What a file names first is its main thing. */
function comparePlaces(a: Evidence, b: Evidence): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}

function hostBeside(label: string, environment: Environment): string | null {
  for (const [name, settings] of environment) {
    const meaning = readVariableName(name)
    if (meaning?.role === 'host' && meaning.label === label) return settings[0]!.value
  }
  return null
}

/** Words of a URL's variable beside those that say "database URL". Null: it belongs to a test. */
function urlLabel(name: string): string | null {
  const words = name.toUpperCase().split('_')
  if (words.some(word => /^(TEST|SHADOW|E2E|CI)$/.test(word))) return null
  return words
    .filter(
      word =>
        !/^(DB|DATABASE|URL|URI|CONNECTION|STRING|DSN|SQL|DIRECT|JDBC)$/.test(word) &&
        dialectOfName(word) === null,
    )
    .join('_')
}

function belongsToAnother(label: string, own: Service, index: ServiceIndex): boolean {
  const named = label === '' ? null : index.named(label)
  return named !== null && named !== own && named.kind === 'service'
}

/** The database of a server that a compose file starts and the service waits for. */
function startedBeside(context: ServiceContext): Connection[] {
  const { service, deployments, evidence } = context
  return deployments.flatMap(deployment =>
    evidence.servers
      .filter(server => server.file === deployment.file && deployment.dependsOn.includes(server.name))
      .flatMap((server): Connection[] => {
        const database = server.database?.replace(/^\$\{\w+:?-([^}]*)\}$/, '$1') ?? null
        if (database === null || !isDatabaseName(database)) return []
        const reason = `${service.name} waits for ${server.name}, which creates ${database}`
        return [
          {
            database,
            dialect: server.dialect,
            host: server.name,
            hostScope: server.file,
            source: 'deployment',
            names: [],
            evidence: [{ file: server.file, line: server.line, reason }],
          },
        ]
      }),
  )
}

/** The described connection that an unnamed one must be: the one of its dialect, or of its name. */
function fromSettings(fact: ConnectionFact, unnamed: Connection, described: Connection[]): Connection | null {
  const fitting = described.filter(item => compatible(item.dialect, unnamed.dialect))
  const plain = fact.name?.toLowerCase() ?? ''
  const byName = fitting.filter(item =>
    item.names.some(name => name !== '' && plain.includes(name.toLowerCase().replaceAll('_', ''))),
  )
  const chosen = byName.length === 1 ? byName[0] : fitting.length === 1 ? fitting[0] : undefined
  if (!chosen) return null
  return {
    ...chosen,
    dialect: unnamed.dialect === 'unknown' ? chosen.dialect : unnamed.dialect,
    names: [...unnamed.names, ...chosen.names],
  }
}

/** Connections to the same database of the same kind become one, in the place of the first. */
function merged(connections: Connection[]): Connection[] {
  const result: Connection[] = []
  for (const connection of connections) {
    const same = result.find(
      item =>
        item.database === connection.database &&
        compatible(item.dialect, connection.dialect) &&
        (item.host === connection.host ||
          item.host === null ||
          connection.host === null ||
          isCopy(item) ||
          isCopy(connection)),
    )
    if (!same) {
      result.push({ ...connection, names: [...connection.names], evidence: [...connection.evidence] })
      continue
    }
    if (same.dialect === 'unknown') same.dialect = connection.dialect
    if (same.host === null) Object.assign(same, { host: connection.host, hostScope: connection.hostScope })
    same.names = [...new Set([...same.names, ...connection.names])]
    for (const item of connection.evidence) {
      if (!same.evidence.some(known => known.file === item.file && known.line === item.line))
        same.evidence.push(item)
    }
  }
  return result
}

/** A reading copy of a server is the same database. */
function isCopy(connection: Connection): boolean {
  return /(^|[-_.])(read|reader|ro|replica|slave|secondary|standby|follower)\d*([-_.]|$)/i.test(
    connection.host ?? '',
  )
}

function disagreement(service: string, taken: Candidate, others: Candidate[]): Diagnostic {
  const rest = others.map(item => `${item.database} (${item.evidence.file}:${item.evidence.line})`).join(', ')
  return {
    severity: 'warning',
    code: 'datastore-disagreement',
    message:
      `the database of ${service} is taken to be ${taken.database}, but other files say ${rest}: ` +
      'deployments override .env files, these override example files, and these override defaults in code. ' +
      `If it is another one, say so in seamripper.yml: services.${service}.datastore`,
    file: taken.evidence.file,
    line: taken.evidence.line,
  }
}

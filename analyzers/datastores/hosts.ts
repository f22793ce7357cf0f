/** Where a connection's server is, and which dialect it speaks. */
import type { Dialect } from '../model.js'
import { own } from '../own.js'
import type { Candidate, Connection, ServiceContext } from './connection.js'
import { dialectOfDriver, dialectOfName } from './dialects.js'
import { readVariableName } from './names.js'
import type { ConnectionFact, SettingSource } from './types.js'

export function hostOf(
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
export function placedHost(
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

export function dialectOf(
  fact: ConnectionFact,
  best: Candidate | undefined,
  host: string | null,
  context: ServiceContext,
): Dialect {
  // A URL tells what is connected to, where options may also be those of a test: `{ dialect: 'sqlite', storage: ':memory:' }`.
  const byUrl = best?.isUrl ? best.dialect : null
  const certain = dialectOfDriver(fact.driver) ?? byUrl ?? fact.dialect ?? best?.dialect
  if (certain) return certain
  const label = fact.databaseEnv === null ? null : readVariableName(fact.databaseEnv)?.label
  return dialectFromSettings(label ?? '', host, context)
}

/** Dialect of a connection that its code doesn't tell: `DB_TYPE=mysql`, `DB_PORT=3306`, the server's image, the npm drivers. */
export function dialectFromSettings(label: string, host: string | null, context: ServiceContext): Dialect {
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

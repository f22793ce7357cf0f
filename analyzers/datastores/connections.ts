/** What the connections of one service mean, in the environment that it runs with. */
import { groupBy } from '../graph/group-by.js'
import { type Dialect, NO_FILE_NAMES_IT } from '../model.js'
import { candidatesOf } from './candidates.js'
import type { Connection, ServiceContext } from './connection.js'
import { type DescribedConnection, describedBySettings } from './described.js'
import { compatible, dialectOfDriver, speaksSeveral } from './dialects.js'
import type { Doubt } from './doubts.js'
import { dialectOf, hostOf } from './hosts.js'
import { isOwnOfWorker } from './readers/wrangler.js'
import { searchPathsOf } from './search-path.js'
import type { ConnectionFact } from './types.js'

/**
 * All connections of a service. Those of its code come first, then those of configuration files, and only
 * where neither tells a database, those that its settings describe.
 */
export function connectionsOf(context: ServiceContext): { connections: Connection[]; doubts: Doubt[] } {
  const doubts: Doubt[] = []
  const facts = factsOf(context)
  const spoken = spokenBy(facts, context.drivers)
  const described = describedBySettings(context).filter(({ dialect }) =>
    spoken.length === 0 ? context.isConcerned : spoken.some(each => compatible(each, dialect)),
  )
  const opened: { fact: ConnectionFact; connection: Connection }[] = []
  for (const fact of facts) {
    const connection = connectionOf(fact, context, doubts)
    const meant = connection.database === null ? fromSettings(fact, connection, described) : null
    if (meant) doubts.push(...doubtOf(meant))
    opened.push({ fact, connection: meant === null ? connection : identified(connection, meant) })
  }
  const found = withoutFallbacks(opened, doubts)
  const named = found.filter(connection => connection.database !== null)
  // A configuration file without a usable name tells nothing where code or settings do.
  const unnamed = found.filter(connection => connection.database === null)
  const extra = described.filter(
    item => !named.some(connection => compatible(connection.dialect, item.dialect)),
  )
  doubts.push(...extra.flatMap(doubtOf))
  const told = [...named, ...extra]
  const kept = told.length > 0 ? unnamed.filter(item => isMissing(item, told)) : unnamed
  for (const item of unnamed) {
    if (kept.includes(item)) continue
    // It is taken to mean the first database of its dialect, where it may look for names in a way of its own.
    const meant = told.find(connection => compatible(connection.dialect, item.dialect))!
    meant.searchPaths = [...meant.searchPaths, ...item.searchPaths]
    meant.clients = [...meant.clients, ...item.clients]
  }
  return {
    connections: merged([...told, ...kept]),
    doubts,
  }
}

/**
 * Those of the code, then those of configuration files, but not of one whose connections the code tells. The database of a
 * worker's own counts where nothing else tells.
 */
function factsOf({ facts, configured, drivers }: ServiceContext): ConnectionFact[] {
  const opening = new Set(facts.map(({ file }) => file))
  const told = [...facts, ...configured.filter(fact => !isOwnOfWorker(fact) && !opening.has(fact.file))]
  return spokenBy(told, drivers).length > 0 ? told : configured
}

/**
 * The dialects that a service can speak, as its connections and drivers tell; `unknown` where one may be of several.
 * None where nothing tells. A database of another kind may be named for all services, and is not this one's.
 */
function spokenBy(facts: readonly ConnectionFact[], drivers: readonly string[]): Dialect[] {
  return [
    ...facts.map(({ dialect, driver }) => dialect ?? dialectOfDriver(driver) ?? 'unknown'),
    ...drivers.map(name => dialectOfDriver(name) ?? (speaksSeveral(name) ? 'unknown' : null)),
  ].filter(dialect => dialect !== null)
}

/**
 * One variable may hold a connection that is opened in one way or another (`url ? new Pool(url) : new Pool(options)`). What
 * only a default in code tells of is not what runs where settings tell of another.
 */
function withoutFallbacks(
  opened: { fact: ConnectionFact; connection: Connection }[],
  doubts: Doubt[],
): Connection[] {
  const byVariable = groupBy(
    opened.filter(({ fact }) => fact.name !== null),
    ({ fact }) => `${fact.file}\0${fact.name}`,
  )
  return opened.flatMap(({ fact, connection }) => {
    const { database, evidence } = connection
    const isDefault = database !== null && connection.source === 'code'
    const ways = isDefault ? (byVariable.get(`${fact.file}\0${fact.name}`) ?? []) : []
    const meant = ways.find(
      way =>
        way.connection.database !== null &&
        way.connection.source !== 'code' &&
        compatible(way.connection.dialect, connection.dialect),
    )?.connection
    if (!meant) return [connection]
    meant.names.push(...connection.names)
    if (meant.database !== database) {
      const taken = { database: meant.database!, evidence: meant.evidence[0]! }
      doubts.push({ taken, others: [{ database: database!, evidence: evidence[0]! }] })
    }
    return []
  })
}

/** An unnamed connection that can't be one of those with a name, because it speaks another dialect. */
function isMissing(unnamed: Connection, named: Connection[]): boolean {
  return (
    unnamed.dialect !== 'unknown' &&
    !named.some(connection => compatible(connection.dialect, unnamed.dialect))
  )
}

function connectionOf(fact: ConnectionFact, context: ServiceContext, doubts: Doubt[]): Connection {
  const candidates = candidatesOf(fact, context)
  const best = candidates[0]
  const host = hostOf(fact, best, context)
  const names = [`${fact.file}:${fact.line}`, fact.openedAt, fact.name].filter(name => name !== null)
  const connection: Connection = {
    database: best?.database ?? null,
    dialect: dialectOf(fact, best, host.host, context),
    ...host,
    source: best?.source ?? 'code',
    searchPaths: searchPathsOf(
      names,
      fact.searchPath.length > 0 ? fact.searchPath : (best?.searchPath ?? []),
    ),
    names,
    clients: fact.driver === null ? [] : [fact.driver],
    evidence: best ? [best.evidence] : [{ file: fact.file, line: fact.line, reason: NO_FILE_NAMES_IT }],
  }
  const others = candidates.filter(item => item.database !== best?.database)
  if (best && others.length > 0) doubts.push({ taken: best, others })
  const overridden = others.filter(({ source }) => source === 'code').map(({ database }) => database)
  return overridden.length > 0 && best?.source !== 'code' ? { ...connection, overridden } : connection
}

/** The described connection that an unnamed one must be: the one of its dialect, or of its name. */
function fromSettings(
  fact: ConnectionFact,
  unnamed: Connection,
  described: DescribedConnection[],
): DescribedConnection | null {
  const fitting = described.filter(item => compatible(item.dialect, unnamed.dialect))
  const plain = fact.name?.toLowerCase() ?? ''
  const byName = fitting.filter(item =>
    item.names.some(name => name !== '' && plain.includes(name.toLowerCase().replaceAll('_', ''))),
  )
  // Two deployments of the service may wait for the same server.
  const chosen = byName.length === 1 ? byName[0] : merged(fitting).length === 1 ? fitting[0] : undefined
  return chosen ?? null
}

function identified(unnamed: Connection, { others, ...meant }: DescribedConnection): Connection {
  return {
    ...meant,
    dialect: unnamed.dialect === 'unknown' ? meant.dialect : unnamed.dialect,
    searchPaths: unnamed.searchPaths.length > 0 ? unnamed.searchPaths : meant.searchPaths,
    names: [...unnamed.names, ...meant.names],
    clients: unnamed.clients,
  }
}

function doubtOf({ database, evidence, others }: DescribedConnection): Doubt[] {
  return database === null || others.length === 0
    ? []
    : [{ taken: { database, evidence: evidence[0]! }, others }]
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
    same.searchPaths = [...same.searchPaths, ...connection.searchPaths]
    same.names = [...new Set([...same.names, ...connection.names])]
    same.clients = [...same.clients, ...connection.clients]
    if (connection.overridden) same.overridden = [...(same.overridden ?? []), ...connection.overridden]
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

/** Services with accesses of which no file tells the database. */
import type { Datastore, Diagnostic, Dialect } from '../model.js'
import type { Connection } from './connection.js'
import { compatible } from './dialects.js'
import { isDatabaseName } from './names.js'
import type { Registry } from './registry.js'
import type { DatabaseServer } from './types.js'

/** A service whose database is not told, or one of its connections if it has some. */
export interface Untold {
  service: string
  connection: Connection | null
  dialect: Dialect
}

/**
 * Gives each the only datastore of its dialect that the repository names; where it names none, one `default`
 * that all share. Where it names several, one of its own that is called after it, if it has no table in common with
 * others; else the service stays without. All but the first are reported.
 *
 * @param apart services that have no table in common with others
 */
export function placeUntold(
  untold: Untold[],
  registry: Registry,
  servers: DatabaseServer[],
  apart: string[],
): Diagnostic[] {
  if (untold.length === 0) return []
  const named = registry.list()
  const told = named.length > 0 ? named : started(servers, registry)
  const nameless: Untold[] = []
  const alone: Untold[] = []
  const open = new Map<string, Untold[]>()
  for (const item of untold) {
    const fitting = told.filter(datastore => compatible(datastore.dialect, item.dialect))
    if (fitting.length === 1) addOnlyOne(item, fitting[0]!, registry)
    else if (fitting.length === 0) nameless.push(item)
    else if (apart.includes(item.service) && named.every(({ id }) => id !== item.service)) alone.push(item)
    else {
      const choices = fitting.map(datastore => datastore.id).join(', ')
      open.set(choices, [...(open.get(choices) ?? []), item])
    }
  }
  return [
    ...shareDefault(nameless, registry),
    ...giveOwn(alone, registry),
    ...[...open].map(([choices, items]) => openDiagnostic(choices, items)),
  ]
}

/** Databases of servers that compose files start: told by nobody else, they are better than no name. */
function started(servers: DatabaseServer[], registry: Registry): Datastore[] {
  const found = new Map<string, Datastore>()
  for (const { name, database, dialect, file, line } of servers) {
    if (database === null || !isDatabaseName(database)) continue
    const datastore = registry.know(database, dialect, [{ file, line, reason: `${name} creates it` }])
    found.set(datastore.id, datastore)
  }
  return [...found.values()]
}

function addOnlyOne({ service, connection, dialect }: Untold, only: Datastore, registry: Registry): void {
  const kind = dialect === 'unknown' ? 'database' : `${dialect} database`
  const reason = `${service} is taken to use ${only.id}, the only ${kind} that files of this repository name`
  const place = connection?.evidence[0] ?? only.evidence[0]
  registry.add(service, only.id, {
    dialect: dialect === 'unknown' ? only.dialect : dialect,
    source: 'only-one',
    connections: connection?.names ?? [],
    searchPaths: connection?.searchPaths ?? [],
    evidence: place ? [{ file: place.file, line: place.line, reason }] : [],
  })
}

/** One datastore for all that are nameless, or one a dialect. */
function shareDefault(nameless: Untold[], registry: Registry): Diagnostic[] {
  const spoken = [...new Set(nameless.map(item => item.dialect))].filter(dialect => dialect !== 'unknown')
  const byId = new Map<string, Untold[]>()
  for (const item of nameless) {
    const id = spoken.length > 1 && item.dialect !== 'unknown' ? `default-${item.dialect}` : 'default'
    byId.set(id, [...(byId.get(id) ?? []), item])
    registry.add(item.service, id, {
      dialect: spoken.length === 1 ? spoken[0]! : item.dialect,
      source: 'default',
      connections: item.connection?.names ?? [],
      searchPaths: item.connection?.searchPaths ?? [],
      evidence: item.connection?.evidence ?? [],
    })
  }
  return [...byId].map(([id, items]) => {
    const services = servicesOf(items)
    return warning(
      'datastore-unknown',
      `no file tells which database is used by ${services.join(', ')}: they are taken to share one, called ${id}. ` +
        `Name it in seamripper.yml: services.${services[0]}.datastore: <database>`,
    )
  })
}

/** Each a datastore of its own, called after the service. */
function giveOwn(alone: Untold[], registry: Registry): Diagnostic[] {
  for (const { service, connection, dialect } of alone)
    registry.add(service, service, {
      dialect,
      source: 'default',
      connections: connection?.names ?? [],
      searchPaths: connection?.searchPaths ?? [],
      evidence: connection?.evidence ?? [],
    })
  const services = servicesOf(alone)
  if (services.length === 0) return []
  return [
    warning(
      'datastore-unknown',
      `no file tells which database is used by ${services.join(', ')}: no other service uses a table of ` +
        `${services.length === 1 ? 'it, so it is taken to have a database' : 'theirs, so each is taken to have a database'} ` +
        `of its own, called after it. Name it in seamripper.yml: services.${services[0]}.datastore: <database>`,
      alone.find(item => item.connection)?.connection?.evidence[0],
    ),
  ]
}

function openDiagnostic(choices: string, items: Untold[]): Diagnostic {
  const services = servicesOf(items)
  return warning(
    'datastore-open',
    `no file tells which of ${choices} is used by ${services.join(', ')}. ` +
      `Say it in seamripper.yml: services.${services[0]}.datastore: <database>`,
    items.find(item => item.connection)?.connection?.evidence[0],
  )
}

function servicesOf(items: Untold[]): string[] {
  return [...new Set(items.map(item => item.service))]
}

function warning(code: string, message: string, place?: { file: string; line: number }): Diagnostic {
  return { severity: 'warning', code, message, file: place?.file ?? null, line: place?.line ?? null }
}

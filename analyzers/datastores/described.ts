/** The connections that settings describe by themselves. */
import type { Evidence, Service } from '../model.js'
import { fromName, fromUrl } from './candidates.js'
import type { Connection, Named, ServiceContext } from './connection.js'
import { compatible, dialectOfName } from './dialects.js'
import { type Environment, type ServiceIndex, weaknessOf } from './environment.js'
import { dialectFromSettings, placedHost } from './hosts.js'
import { isDatabaseName, plainServiceName, readVariableName } from './names.js'
import { searchPathsOf } from './search-path.js'

/** With the databases that weaker sources name for the same. */
export interface DescribedConnection extends Connection {
  others: Named[]
}

interface Labelled {
  connection: DescribedConnection
  label: string
  distance: number
}

/**
 * The connections that a service's settings describe by themselves, grouped by the words beside `DB_NAME`.
 * `BILLING_DB_NAME` in a file for all services is billing's; the words of another service are not its.
 */
export function describedBySettings(context: ServiceContext): DescribedConnection[] {
  const { service, index, environment } = context
  const own = plainServiceName(service.name)
  const described: Labelled[] = []
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
    const names = label === '' ? [] : [label]
    described.push({
      label,
      distance: best.setting.distance,
      connection: {
        database: best.candidate.database,
        dialect: best.candidate.dialect ?? dialectFromSettings(label, placed.host, context),
        ...placed,
        searchPaths: searchPathsOf(names, best.candidate.searchPath),
        source: best.candidate.source,
        names,
        clients: [],
        evidence: [best.candidate.evidence],
        others: [],
      },
    })
  }
  const placed = described.some(item => item.distance < 100)
    ? described.filter(item => item.distance < 100)
    : described
  const nearest = strongestOfEach(placed)
  nearest.sort(
    (a, b) =>
      rank(a.label) - rank(b.label) || comparePlaces(a.connection.evidence[0]!, b.connection.evidence[0]!),
  )
  const connections = nearest.map(({ connection }) => connection)
  return connections.length > 0 ? connections : startedBeside(context)

  function rank(label: string): number {
    return plainServiceName(label) === own && label !== '' ? 0 : label === '' ? 1 : 2
  }
}

/**
 * Of those that bear the same words, one of which a file of the service's own tells, the one that says most, with the
 * databases that the others name: its own `DATABASE_URL`, the `DB_NAME` that its code falls back to and a `DIRECT_URL` for all
 * are one connection, seen from several places. What one file names apart is several.
 */
function strongestOfEach(described: Labelled[]): Labelled[] {
  const strength = ({ connection, distance }: Labelled): number =>
    weaknessOf(connection.source, connection.evidence[0]!.file) * 1000 + distance
  const kept: Labelled[] = []
  for (const item of described.toSorted((a, b) => strength(a) - strength(b))) {
    const same = kept.find(
      ({ label, distance, connection }) =>
        label === item.label &&
        Math.min(distance, item.distance) === 0 &&
        compatible(connection.dialect, item.connection.dialect) &&
        connection.evidence[0]!.file !== item.connection.evidence[0]!.file,
    )
    if (!same) {
      kept.push(item)
      continue
    }
    const { database, evidence } = item.connection
    if (database !== null && database !== same.connection.database)
      same.connection.others.push({ database, evidence: evidence[0]! })
  }
  return kept
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
function startedBeside(context: ServiceContext): DescribedConnection[] {
  const { service, deployments, evidence } = context
  return deployments.flatMap(deployment =>
    evidence.servers
      .filter(server => server.file === deployment.file && deployment.dependsOn.includes(server.name))
      .flatMap((server): DescribedConnection[] => {
        const database = server.database?.replace(/^\$\{\w+:?-([^}]*)\}$/, '$1') ?? null
        if (database === null || !isDatabaseName(database)) return []
        const reason = `${service.name} waits for ${server.name}, which creates ${database}`
        return [
          {
            database,
            dialect: server.dialect,
            host: server.name,
            hostScope: server.file,
            searchPaths: [],
            source: 'deployment',
            names: [],
            clients: [],
            evidence: [{ file: server.file, line: server.line, reason }],
            others: [],
          },
        ]
      }),
  )
}

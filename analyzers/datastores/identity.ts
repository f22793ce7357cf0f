/** When connections of several services mean the same database, and what it is called. */
import type { Diagnostic, Dialect } from '../model.js'

export interface Identifiable {
  database: string
  dialect: Dialect
  host: string | null
  hostScope: string | null
}

/**
 * Gives each connection the id of its datastore. The id is the database's name: services that name the same
 * database are taken to share it. Only proof that one name means several makes several of it, told apart by
 * `-dialect` or `@host`:
 *
 * - the dialects differ;
 * - one scope (see `placedHost`) names two hosts for it: a compose file that starts two servers, deployments of
 *   one platform, one `.env` file. `mysql`, `mysql.internal` and `localhost` in files of three services are no
 *   proof: each may be meant for another machine. `db` and `db.prod.svc` are one host, named in short and in full.
 */
export function assignIds<T extends Identifiable>(connections: T[]): Map<T, string> {
  const ids = new Map<T, string>()
  for (const [database, named] of groupBy(connections, item => item.database)) {
    const dialects = [...new Set(named.map(item => item.dialect))].filter(dialect => dialect !== 'unknown')
    const byDialect = groupBy(named, item => (dialects.length > 1 ? item.dialect : 'any'))
    for (const [dialect, group] of byDialect) {
      const base = dialect === 'any' || dialect === 'unknown' ? database : `${database}-${dialect}`
      const split = differentHosts(group)
      for (const item of group) {
        const server = split.get(scoped(item))
        ids.set(item, server === undefined ? base : `${base}@${server}`)
      }
    }
  }
  return ids
}

/** Datastores that services reach under different hosts: taken for one, which the user may know better. */
export function manyHosts<T extends Identifiable & { service: string }>(
  connections: T[],
  ids: ReadonlyMap<Identifiable, string>,
  active: string[],
): Diagnostic[] {
  const placed = connections.filter(item => item.host !== null && active.includes(item.service))
  return [...groupBy(placed, item => ids.get(item)!)].flatMap(([id, group]): Diagnostic[] => {
    const hosts = new Set(group.map(item => item.host!))
    const byServer = groupBy(group, item => shortName(item.host!, hosts))
    const services = new Set(group.map(item => item.service))
    // Where all services know one of them, the others are its copies or stages.
    if ([...byServer.values()].some(items => new Set(items.map(item => item.service)).size === services.size))
      return []
    const list = [...byServer].map(
      ([server, items]) => `${[...new Set(items.map(item => item.service))].join(', ')} at ${server}`,
    )
    const message =
      `${id} is taken to be one database, though its host has several names: ${list.join('; ')}. ` +
      `If they are several, give each service its own in seamripper.yml: services.${group[0]!.service}.datastore`
    return [{ severity: 'info', code: 'datastore-hosts', message, file: null, line: null }]
  })
}

/** Hosts that stand beside another one in the same scope, by scope and name: short name of the server. */
function differentHosts(group: Identifiable[]): Map<string, string> {
  const split = new Map<string, string>()
  for (const [, inScope] of groupBy(
    group.filter(item => item.host !== null),
    item => item.hostScope ?? '',
  )) {
    const hosts = new Set(inScope.map(item => item.host!))
    const servers = new Set([...hosts].map(host => shortName(host, hosts)))
    if (servers.size < 2) continue
    for (const item of inScope) split.set(scoped(item), shortName(item.host!, hosts))
  }
  return split
}

/** The shortest of the hosts that this one begins with: `db` for `db.prod.svc.cluster.local`. */
function shortName(host: string, hosts: ReadonlySet<string>): string {
  const shorter = [...hosts].filter(other => host.startsWith(`${other}.`))
  return shorter.sort((a, b) => a.length - b.length)[0] ?? host
}

function scoped(item: Identifiable): string {
  return `${item.hostScope ?? ''}\0${item.host}`
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

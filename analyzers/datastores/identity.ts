/** When connections of several services mean the same database, and what it is called. */
import type { Dialect } from '../model.js'

export interface Identifiable {
  database: string
  dialect: Dialect
  host: string | null
  hostScope: string | null
}

/**
 * Gives each connection the id of its datastore. Equal names mean the same datastore, unless the dialects
 * differ or files that can be compared name different hosts. The id is the database's name; where one name
 * means several, the dialect or the host is added to it.
 */
export function assignIds<T extends Identifiable>(connections: T[]): Map<T, string> {
  const ids = new Map<T, string>()
  for (const [database, named] of groupBy(connections, item => item.database)) {
    const dialects = [...new Set(named.map(item => item.dialect))].filter(dialect => dialect !== 'unknown')
    const byDialect = groupBy(named, item => (dialects.length > 1 ? item.dialect : 'any'))
    for (const [dialect, group] of byDialect) {
      const base = dialect === 'any' || dialect === 'unknown' ? database : `${database}-${dialect}`
      const split = differentHosts(group)
      for (const item of group)
        ids.set(item, item.host !== null && split.has(scoped(item)) ? `${base}@${item.host}` : base)
    }
  }
  return ids
}

/** Hosts that stand beside another one in the same naming scope, so that they must be different servers. */
function differentHosts(group: Identifiable[]): Set<string> {
  const split = new Set<string>()
  for (const [, inScope] of groupBy(
    group.filter(item => item.host !== null),
    item => item.hostScope ?? '',
  )) {
    const hosts = new Set(inScope.map(scoped))
    if (hosts.size > 1) for (const host of hosts) split.add(host)
  }
  return split
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

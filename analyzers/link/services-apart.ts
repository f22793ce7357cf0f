/** Services that have no table in common with others, by name: which database they use changes nothing between them. */
import type { SchemaSet } from '../catalogue/types.js'
import type { DraftAccess } from './draft.js'

/**
 * Services whose tables no other service names, in a statement or a script; but for those that a service makes itself,
 * which may be called as one of another database is.
 */
export function servicesApart(
  drafts: Pick<DraftAccess, 'executed' | 'service' | 'reachedBy'>[],
  sets: Pick<SchemaSet, 'service' | 'tables'>[],
): string[] {
  const usersOf = new Map<string, Set<string>>()
  const makersOf = new Map<string, Set<string>>()
  for (const { executed, service, reachedBy } of drafts) {
    const users = reachedBy.length > 0 ? reachedBy : [service ?? '']
    for (const { name, system } of executed.tables)
      if (!system) for (const user of users) addTo(usersOf, name, user)
  }
  for (const { service, tables } of sets) for (const { name } of tables) addTo(makersOf, name, service ?? '')
  const services = new Set([...usersOf.values()].flatMap(users => [...users]))
  for (const [name, users] of usersOf) {
    const makers = makersOf.get(name) ?? new Set()
    const named = new Set([...users, ...makers])
    if (named.size > 1) for (const user of users) if (!makers.has(user)) services.delete(user)
  }
  return [...services]
}

function addTo(map: Map<string, Set<string>>, name: string, service: string): void {
  const key = name.toLowerCase()
  const known = map.get(key)
  if (known) known.add(service)
  else map.set(key, new Set([service]))
}

/** All generated files, from the operations alone. */
import type { Operation } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { type Consumer, clientFiles } from './client/index.js'
import { eventFiles } from './events/index.js'
import { ownerFiles } from './owner.js'

/** Path -> text, relative to the root. */
export function generateFiles(operations: Operation[], repository: Repository): Map<string, string> {
  const files = new Map<string, string>()
  const byOwner = groupBy(operations, operation => [operation.owner])
  for (const [owner, own] of byOwner) {
    const home = repository.homeOf(owner)
    if (home) for (const [path, text] of ownerFiles(home, own)) files.set(path, text)
  }
  const services = repository.map.services.map(service => service.name)
  const consumers = new Set(operations.flatMap(operation => operation.uses.map(use => use.service)))
  for (const consumer of consumersOf([...consumers], repository)) {
    for (const { path, text } of clientFiles(consumer, operations, services)) files.set(path, text)
  }
  for (const name of new Set([...byOwner.keys(), ...consumers])) {
    const home = repository.homeOf(name)
    if (!home) continue
    const { folder, extension } = home
    for (const { path, text } of eventFiles({ name, folder, extension }, operations, services)) {
      files.set(path, text)
    }
  }
  return files
}

/** Folders of clients, each with the services that use it. */
function consumersOf(services: string[], repository: Repository): Consumer[] {
  const byFolder = new Map<string, Consumer>()
  for (const service of services) {
    const home = repository.clientsOf(service)
    if (!home) continue
    const { folder, extension } = home
    const isShared = home.package !== null
    const known = byFolder.get(folder) ?? { folder, services: [], extension, isShared }
    byFolder.set(folder, { ...known, services: [...known.services, service] })
  }
  return [...byFolder.values()]
}

function groupBy<T>(items: T[], keysOf: (item: T) => string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    for (const each of new Set(keysOf(item))) groups.set(each, [...(groups.get(each) ?? []), item])
  }
  return groups
}

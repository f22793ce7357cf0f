/** Which SQL dialects a repository speaks, as its dependencies say. */
import { hasOwnClient } from '../datastores/dialects.js'
import type { Driver } from '../drivers/driver.js'
import { isCommandLine } from '../drivers/engines.js'
import { driverOfModule } from '../drivers/index.js'
import type { Dialect } from '../model.js'
import type { Workspace } from '../workspace/types.js'

/** Dialects of the drivers in `package.json` files, by service or library; those of the root count for all. */
export function dialectsByService(workspace: Workspace): Map<string, Set<Dialect>> {
  const dialects = new Map<string, Set<Dialect>>()
  const root = new Set<Dialect>()
  const folders = new Map(workspace.services.map(service => [service.path, service.name]))
  for (const pkg of workspace.packages) {
    const found = pkg.dependencies.flatMap(name => driverOfModule(name)?.dialect ?? [])
    const service = folders.get(pkg.path)
    if (pkg.path === '.' || !service) for (const dialect of found) root.add(dialect)
    if (service) dialects.set(service, new Set([...(dialects.get(service) ?? []), ...found]))
  }
  for (const service of workspace.services) {
    const own = dialects.get(service.name)
    if (!own || own.size === 0) dialects.set(service.name, new Set(root))
  }
  return dialects
}

/** The dialect of a service if its dependencies leave only one. */
export function onlyDialect(dialects: Set<Dialect> | undefined): Dialect {
  const known = [...(dialects ?? [])].filter(dialect => dialect !== 'unknown')
  return known.length === 1 ? known[0] : 'unknown'
}

/**
 * The only driver of a service, for receivers whose driver can't be told: of its executions whose driver is known,
 * else of its dependencies. What runs on a warehouse beside the database says nothing of these.
 *
 * @param known driver and service or library of each execution whose driver is known
 */
export function onlyDrivers(
  workspace: Workspace,
  known: { service: string | null; driver: Driver }[],
): Map<string, Driver> {
  const used = new Map<string, Set<Driver>>()
  const add = (service: string | undefined | null, driver: Driver): void => {
    if (service) used.set(service, new Set([...(used.get(service) ?? []), driver]))
  }
  // A script that starts a client says nothing of what the service's own connections are.
  for (const { service, driver } of known) if (!isCommandLine(driver)) add(service, driver)
  const told = new Set([...used].filter(([, all]) => [...all].some(isOfDatabase)).map(([service]) => service))
  const folders = new Map(workspace.services.map(service => [service.path, service.name]))
  for (const pkg of workspace.packages) {
    const service = folders.get(pkg.path)
    if (service && told.has(service)) continue
    for (const name of pkg.dependencies) {
      const driver = driverOfModule(name)
      if (driver) add(service, driver)
    }
  }
  return new Map(
    [...used].flatMap(([service, all]) => {
      const beside = [...all].filter(isOfDatabase)
      const [only, ...others] = beside.length > 0 ? beside : all
      return only === undefined || others.length > 0 ? [] : [[service, only] as const]
    }),
  )
}

function isOfDatabase({ dialect }: Driver): boolean {
  return !hasOwnClient(dialect)
}

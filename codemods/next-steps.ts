/** What is left to do after files were written, for people. */
import { posix } from 'node:path'
import { clientNames } from './generate/client/names.js'
import type { Rewrite } from './index.js'
import type { Operation, OperationUse } from './operation.js'

export function nextSteps({ plan, rewritten, repository }: Rewrite): string[] {
  const operationsOf = (areEvents: boolean): Operation[] => {
    const accesses = rewritten.filter(({ strategy }) => (strategy === 'event') === areEvents)
    const ids = new Set(accesses.flatMap(access => access.operations))
    return plan.operations.filter(operation => ids.has(operation.id))
  }
  const operations = operationsOf(false)
  const services = repository.map.services.map(service => service.name)
  // Code of a library has the environment of whoever runs it.
  const runBy = new Map(rewritten.map(({ access, reachedBy }) => [access, reachedBy]))
  const callersOf = ({ access, service }: OperationUse): string[] => {
    const services = runBy.get(access) ?? []
    return services.length === 0 ? [service] : services
  }
  const owners = [...new Set(operations.map(operation => operation.owner))]
  const steps = owners.flatMap(owner => mounting(owner, operations, repository))
  for (const owner of owners) {
    const callers = [
      ...new Set(
        operations.filter(each => each.owner === owner).flatMap(each => each.uses.flatMap(callersOf)),
      ),
    ]
    const { environment } = clientNames(owner, services)
    steps.push(`Set ${environment}_API_URL and ${environment}_API_KEY for ${callers.sort().join(', ')}.`)
  }
  steps.push(...eventSteps(operationsOf(true), repository))
  if (steps.length > 0) steps.push('Read the changes, type-check both sides, and run their tests: git diff')
  return steps
}

/** Tables and programs without which an event is not written, or stays where it was written. */
function eventSteps(events: Operation[], { homeOf }: Rewrite['repository']): string[] {
  const owners = new Set(events.map(({ owner }) => owner))
  const uses = events.flatMap(each => each.uses).filter(({ strategy }) => strategy === 'event')
  const migrationOf = (service: string, table: string): string[] => {
    const home = homeOf(service)
    return home ? [`${home.folder}/migrations/${table}.sql`] : []
  }
  return [
    ...[...new Set(uses.map(({ service }) => service))]
      .sort()
      .flatMap(service =>
        migrationOf(service, 'outbox').map(
          path =>
            `Run ${path} in the database of ${service}, and start a Relay there, which publishes its events.`,
        ),
      ),
    ...[...owners]
      .sort()
      .flatMap(owner =>
        migrationOf(owner, 'inbox').map(
          path =>
            `Run ${path} in the database of ${owner}, and call subscribe of events/subscribe there, which applies them.`,
        ),
      ),
  ]
}

function mounting(
  owner: string,
  operations: Operation[],
  { homeOf, driversOf, dependsOn, map }: Rewrite['repository'],
): string[] {
  const home = homeOf(owner)
  const operation = operations.find(each => each.owner === owner && each.endpoint === null)
  if (!home || !operation) return []
  const database = operation.dialect === 'mysql' ? 'mysqlDatabase' : 'pgDatabase'
  const options = `{ database: ${database}(pool), operations, apiKeys: [process.env.OPERATIONS_API_KEY ?? ''] }`
  const folder = `./${posix.basename(home.folder)}`
  const imports = `from '${folder}/…'`
  const drivers = driversOf(owner, operation.datastore)
  const own = operation.dialect === 'mysql' ? ['mysql2'] : ['pg', 'pg-promise']
  const used = new Set(operations.filter(each => each.owner === owner).flatMap(each => each.tables))
  const schemas = new Set(map.tables.flatMap(({ id, schema }) => (used.has(id) ? (schema ?? []) : [])))
  const path = operation.dialect === 'mysql' ? [] : [...schemas].sort()
  const pool = poolStep(owner, drivers, own, dependsOn(owner, own), path)
  if (home.framework === 'express') {
    return [
      ...pool,
      `In ${owner}, mount its operations: app.use('/api/v1/operations', operationsRouter(${options})), all ${imports}.`,
    ]
  }
  if (home.framework === 'fastify') {
    return [
      ...pool,
      `In ${owner}, register its operations: app.register(operationsPlugin, { prefix: '/api/v1/operations', …${options} }), all ${imports}.`,
    ]
  }
  if (dependsOn(owner, ['@nestjs/common'])) {
    return [
      ...pool,
      `In ${owner}, add a controller of Nest that answers POST /api/v1/operations/<name> with createServer(${options}), all ${imports}: it is written out under "Nest" in docs/rewrite.md. Let guards of the whole application pass it, which has keys of its own, and let no interceptor wrap its answers.`,
    ]
  }
  return [
    ...pool,
    `In ${owner}, answer POST /api/v1/operations/<name> with createServer(${options}), all ${imports}.`,
  ]
}

/**
 * What the owner runs its operations by, where it has nothing of the kind.
 *
 * @param schemas of tables that statements may name without them
 */
function poolStep(
  owner: string,
  drivers: string[],
  own: string[],
  isInstalled: boolean,
  schemas: string[],
): string[] {
  if (drivers.some(driver => own.includes(driver))) return []
  const path =
    schemas.length === 0 ? '' : `, with the search path of these (its tables are in ${schemas.join(', ')})`
  if (drivers.length > 0) {
    return [
      `In ${owner}, open a pool of ${own[0]} for its operations: it runs its own statements with ${drivers[0]}${path}.`,
    ]
  }
  return isInstalled
    ? []
    : [`In ${owner}, install ${own[0]} and open a pool for its operations: it has none yet.`]
}

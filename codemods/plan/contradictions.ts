/** Uses that want different values of one operation. */
import { callDriver } from '../drivers/index.js'
import type { OperationUse } from '../operation.js'
import type { Repository } from '../repository/index.js'
import type { Planned } from './operation.js'

/** Uses of an operation that share a client share a function, and so have to want the same values: the first decides. */
export function withoutContradictions(planned: Planned[], repository: Repository): Planned[] {
  const known = new Map<string, string>()
  const wanted = ({ faces, options, driver }: OperationUse): string =>
    JSON.stringify([faces, options.timezone ?? 'local', callDriver(driver)?.writesByColumn ?? false])
  const keyOf = (id: string, { service }: OperationUse): string =>
    `${id} ${repository.clientsOf(service)?.folder}`
  for (const { id, uses } of repository.existing)
    for (const use of uses) known.set(keyOf(id, use), wanted(use))
  return planned.filter(({ plan, calls }) => {
    const agrees = calls.every(({ operation, use }) => {
      const key = keyOf(operation.id, use)
      const first = known.get(key) ?? wanted(use)
      known.set(key, first)
      return first === wanted(use)
    })
    if (agrees) return true
    plan.reason =
      'another place that shares its client, with other options of its driver, gets other values for the same rows'
    plan.advice = 'open both connections with the same options'
    return false
  })
}

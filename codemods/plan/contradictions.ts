/** Uses that want different values of one operation. */
import type { Operation, OperationUse } from '../operation.js'
import type { Planned } from './operation.js'

/** The uses of an operation in one service share a function, and so have to want the same values: the first decides. */
export function withoutContradictions(planned: Planned[], existing: Operation[]): Planned[] {
  const known = new Map<string, string>()
  const wanted = ({ faces, options }: OperationUse): string =>
    JSON.stringify([faces, options.timezone ?? 'local'])
  for (const { id, uses } of existing) for (const use of uses) known.set(`${id} ${use.service}`, wanted(use))
  return planned.filter(({ plan, operation, use }) => {
    const key = `${operation.id} ${use.service}`
    const first = known.get(key) ?? wanted(use)
    known.set(key, first)
    if (first === wanted(use)) return true
    plan.reason =
      'another place of the service, with other options of its driver, gets other values for the same rows'
    plan.advice = 'open both connections with the same options'
    return false
  })
}

/** Makes and keeps what `map` and `explain` tell of `rewrite`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bool, list, nullable, object, oneOf, text } from '../analyzers/cache/shape.js'
import type { Addition, RewriteInput } from '../analyzers/repository.js'
import { OPERATIONS_FILE } from '../analyzers/workspace/recorded.js'
import type { Forecast, Outlook } from './forecast.js'
import type { Strategy } from './operation.js'

/**
 * Planned after the analysis, in the time that reading the crossings' files once more takes; kept in the cache.
 *
 * @param most crossings to plan: with more, nothing is planned
 */
export function outlookOf(most: number): Addition<Outlook> {
  return {
    ...outlook,
    inputs: root => `${most} ${outlook.inputs(root)}`,
    make: input => makeOutlook(input, most),
  }
}

const outlook: Omit<Addition<Outlook>, 'make'> = {
  namespace: 'rewrites',
  shape: object<Outlook>({
    problem: nullable(text),
    isTooMany: bool,
    accesses: list(
      object<Forecast>({
        access: text,
        strategy: oneOf<Strategy>({ lift: true, split: true, event: true, 'by hand': true }),
        operations: list(text),
        reason: text,
        advice: nullable(text),
        lost: list(text),
      }),
    ),
  }),
  inputs(root) {
    const path = join(root, OPERATIONS_FILE)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  },
}

async function makeOutlook(input: RewriteInput, most: number): Promise<Outlook> {
  const nothing = { problem: null, isTooMany: false, accesses: [] }
  const crossing = input.map.accesses.filter(access => access.tables.some(table => table.crossService))
  if (crossing.length === 0) return nothing
  if (crossing.length > most) return { ...nothing, isTooMany: true }
  // The parser of the code is loaded only where there is something to plan.
  const { planFrom, RewriteError } = await import('./index.js')
  try {
    const { plan } = await planFrom(input, { inTransactions: false })
    const names = new Map(plan.operations.map(({ id, owner, name }) => [id, `${owner}.${name}`]))
    return {
      ...nothing,
      accesses: plan.accesses.map(({ access, strategy, operations, reason, advice, lost }) => ({
        access,
        strategy,
        operations: operations.map(id => names.get(id)!),
        reason,
        advice,
        lost,
      })),
    }
  } catch (error) {
    if (error instanceof RewriteError) return { ...nothing, problem: error.message }
    throw error
  }
}

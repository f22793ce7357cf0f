import { groupBy, orderBy } from '../../graph/index.js'
import type { ChangeOfKnown, CountedUses, GateResult, Violation } from '../types.js'

/**
 * What a change mended, and what it put on a baseline: what there is before and after it, counted as a baseline
 * counts. What is allowed, before or after, is in neither.
 *
 * @param renamed present path of a file by its path before the change
 */
export function changeOfKnown(
  now: GateResult,
  before: GateResult,
  renamed: (path: string) => string,
): ChangeOfKnown {
  const former = groupBy(
    before.violations.filter(isNotAllowed).map(each => ({ ...each, file: renamed(each.file) })),
    keyOf,
  )
  const present = groupBy(now.violations.filter(isNotAllowed), keyOf)
  const allowed = groupBy(
    now.violations.filter(violation => !isNotAllowed(violation)),
    keyOf,
  )
  const mended = [...former].flatMap(([key, was]) =>
    counted(was, was.length - (present.get(key)?.length ?? 0) - (allowed.get(key)?.length ?? 0)),
  )
  const accepted = [...present].flatMap(([key, is]) => {
    const known = is.filter(({ state }) => state === 'baseline')
    return counted(known, Math.min(known.length, is.length - (former.get(key)?.length ?? 0)))
  })
  return { mended: sorted(mended), accepted: sorted(accepted) }
}

function isNotAllowed({ state }: Violation): boolean {
  return state !== 'allowed'
}

function keyOf({ service, table, op, file }: Violation): string {
  return JSON.stringify([service, table, op, file])
}

function counted(of: Violation[], count: number): CountedUses[] {
  if (count <= 0) return []
  const { service, owner, table, op, file } = of[0]!
  return [{ service, owner, table, op, file, count }]
}

function sorted(uses: CountedUses[]): CountedUses[] {
  return uses.sort(
    orderBy(
      each => each.service,
      each => each.table ?? '',
      each => each.op,
      each => each.file,
    ),
  )
}

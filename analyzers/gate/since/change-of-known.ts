import { groupBy, orderBy } from '../../graph/index.js'
import type { DependencyMap, Table } from '../../model.js'
import type { ChangeOfKnown, CountedUses, GateResult, Violation } from '../types.js'
import { asNow, type Change } from './introduced.js'

/**
 * What a change mended, and what it put on a baseline: what there is before and after it, counted as a baseline
 * counts. What is allowed, before or after, is in neither, and what the config makes no crossing is not mended: by a rule that
 * is off, an owner that is another or open.
 *
 * @param map the present one
 * @param off what would be a violation now, were its rule not switched off
 * @param names present names of what the change renamed
 */
export function changeOfKnown(
  now: GateResult,
  before: GateResult,
  map: Pick<DependencyMap, 'tables'>,
  off: Violation[],
  names: Pick<Change, 'renamed' | 'presentTable' | 'presentService'>,
): ChangeOfKnown {
  const former = groupBy(
    before.violations.filter(isNotAllowed).map(each => asNow(each, names)),
    keyOf,
  )
  const present = groupBy(now.violations.filter(isNotAllowed), keyOf)
  const left = groupBy([...now.violations, ...off], keyOf)
  const tables = new Map(map.tables.map(table => [table.id, table]))
  const mended = [...former].flatMap(([key, was]) =>
    isCrossed(was[0]!, tables) ? counted(was, was.length - (left.get(key)?.length ?? 0)) : [],
  )
  const accepted = [...present].flatMap(([key, is]) => {
    const was = former.get(key) ?? []
    const known = is.filter(isKnown)
    // What is new beside an entry that is used up is on no baseline, and the entry was there before.
    return counted(known, Math.min(known.length - was.filter(isKnown).length, is.length - was.length))
  })
  return { mended: sorted(mended), accepted: sorted(accepted) }
}

/** Whether a use of a table could still be a violation. */
function isCrossed({ service, table: id }: Violation, tables: ReadonlyMap<string, Table>): boolean {
  const table = tables.get(id ?? '')
  if (table === undefined) return true
  return table.owner === null ? table.ownerConfidence === 'open' : table.owner !== service
}

function isNotAllowed({ state }: Violation): boolean {
  return state !== 'allowed'
}

function isKnown({ state }: Violation): boolean {
  return state === 'baseline'
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

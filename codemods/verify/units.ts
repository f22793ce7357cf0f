/** What is verified at once. */
import type { Operation, OperationUse, OwnPart } from '../operation.js'
import type { RewriteDialect } from '../wire.js'

/** A call site, and those that are like it: the same statement and the same way to do without. */
export interface Unit {
  dialect: RewriteDialect
  operations: Operation[]
  use: OperationUse
  /** The others, of which the same was kept. */
  alike: OperationUse[]
}

export function unitsOf(operations: Operation[]): Unit[] {
  const byId = new Map(operations.map(operation => [operation.id, operation]))
  const units = new Map<string, Unit>()
  for (const operation of operations) {
    for (const use of operation.uses) {
      const { service, strategy, driver, before, split } = use
      const key = JSON.stringify([
        split ? '' : operation.id,
        service,
        strategy,
        driver,
        before?.parts,
        before?.values,
        split,
      ])
      const called = calledBy(split).flatMap(id => byId.get(id) ?? [])
      const all = split ? [...new Set(called)] : [operation]
      // The expressions of its values are those of the operation that is asked first.
      const first =
        split?.first && byId.get(split.first.operation)?.uses.find(each => each.access === use.access)
      const known = units.get(key)
      if (known) known.alike.push(use)
      else units.set(key, { dialect: operation.dialect, operations: all, use: first ?? use, alike: [] })
    }
  }
  return [...units.values()]
}

/** Ids of the operations of a split, in the order of the calls. */
export function calledBy(split: OwnPart | undefined): string[] {
  if (!split) return []
  return [...(split.first ? [split.first.operation] : []), ...split.joins.map(join => join.operation)]
}

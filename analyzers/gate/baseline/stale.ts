/** Entries of baselines that list more than there is, each with the reason: mended is only one of them. */
import type { DependencyMap, Table } from '../../model.js'
import { isSqlFile } from '../incidents.js'
import { generalOp } from '../ops.js'
import type { GateOp, StaleEntry, StaleReason, Violation } from '../types.js'
import type { Counted } from './apply.js'

interface StaleInput {
  map: Pick<DependencyMap, 'tables' | 'foreignKeys'>
  /** All of them, after the baseline. */
  violations: readonly Violation[]
  /** What would be violations too, were its rules not switched off. */
  switchedOff(): readonly Violation[]
  /** Where the baseline of a service is. */
  todoOf(service: string): string
}

/** Entries that list more than there is. */
export function staleEntries(counted: readonly Counted[], input: StaleInput): StaleEntry[] {
  const stale = counted.filter(({ entry, found, strict }) => found + strict < entry.count)
  if (stale.length === 0) return []
  const tables = new Map(input.map.tables.map(table => [table.id, table]))
  const off = input.switchedOff()
  return stale.map(count => {
    const { todo, entry, found, strict } = count
    return {
      service: todo.service,
      table: entry.table,
      op: entry.op,
      source: entry.source,
      listed: entry.count,
      found: found + strict,
      reasons: reasonsOf(count, tables, off, input),
      file: todo.file,
      line: entry.line,
    }
  })
}

function reasonsOf(
  { todo, entry, found, weaker, strict }: Counted,
  tables: ReadonlyMap<string, Table>,
  off: readonly Violation[],
  { map, violations, todoOf }: StaleInput,
): StaleEntry['reasons'] {
  const table = tables.get(entry.table ?? '')
  const isHere = (violation: Violation) =>
    violation.table === entry.table &&
    violation.file === entry.source &&
    todoOf(violation.service) === todo.file
  const here = violations.filter(isHere)
  const isOpen = table?.owner === null
  const isOwn = table !== undefined && table.owner === todo.service
  const general = generalOp(entry.op)
  const special = here.filter(({ state, op }) => state === 'new' && generalOp(op) === entry.op)
  const allowed = here.filter(({ state, op }) => state === 'allowed' && isAlike(op, entry.op))
  // Who owns neither of the two tables for sure has no key that crosses.
  const openKeys = map.foreignKeys.filter(
    ({ from, to, file }) =>
      entry.op === 'foreign-key' &&
      to === entry.table &&
      file === entry.source &&
      (isOpen || tables.get(from)?.owner === null),
  )
  const silent = off.filter(violation => isHere(violation) && isAlike(violation.op, entry.op))

  let left = entry.count - found - strict
  const reasons: StaleEntry['reasons'] = []
  const take = (reason: StaleReason, most: number) => {
    const count = Math.min(left, most)
    if (count > 0) reasons.push({ reason, count })
    left -= count
  }
  if (general !== null) take(isOpen ? 'open-owner' : general, weaker)
  take(special[0]?.op ?? entry.op, special.length)
  take('allowed', allowed.length)
  take('rule-off', silent.length)
  if (isOwn) take('own-table', left)
  take('open-owner', openKeys.length)
  // Other uses of an open table are told, unless it is open on purpose or a script that runs once has them.
  const isUntold = table?.ownerConfidence === 'config' || isSqlFile(entry.source)
  if (isOpen && isUntold && entry.op !== 'foreign-key') take('open-owner', left)
  take('mended', left)
  return reasons
}

/** The same, or one is a special case of the other: what crosses nothing any more is no join or transaction. */
function isAlike(op: GateOp, other: GateOp): boolean {
  return (generalOp(op) ?? op) === (generalOp(other) ?? other)
}

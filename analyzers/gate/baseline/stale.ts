/** Entries of baselines that list more than there is, each with the reason: mended is only one of them. */
import { groupBy } from '../../graph/index.js'
import type { DependencyMap, Table } from '../../model.js'
import { isSqlFile } from '../incidents.js'
import { generalOp } from '../ops.js'
import type { GateOp, StaleEntry, StaleReason, Violation } from '../types.js'
import type { Counted } from './apply.js'

interface StaleInput {
  map: Pick<DependencyMap, 'tables' | 'foreignKeys' | 'accesses'>
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
  counted: Counted,
  tables: ReadonlyMap<string, Table>,
  off: readonly Violation[],
  input: StaleInput,
): StaleEntry['reasons'] {
  const { todo, entry, found, weaker, strict } = counted
  const { map, violations, todoOf } = input
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
  const take = (reason: StaleReason, most: number, to?: string) => {
    const count = Math.min(left, most)
    if (count > 0) reasons.push({ reason, count, ...(to === undefined ? {} : { to }) })
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
  if (left > 0)
    for (const [to, count] of inOtherDatabases(counted, tables, input)) take('other-database', count, to)
  take('mended', left)
  return reasons
}

/** Uses in the same file of tables that are called as this one, in other databases: how many of each. */
function inOtherDatabases(
  { todo, entry }: Counted,
  tables: ReadonlyMap<string, Table>,
  { map, todoOf }: StaleInput,
): [table: string, count: number][] {
  const former = entry.table === null ? null : nameIn(entry.table, tables)
  const isAlso = (id: string | null): id is string => {
    if (id === null || former === null) return false
    const { datastore, name } = nameIn(id, tables)
    return name === former.name && datastore !== former.datastore
  }
  const ids =
    entry.op === 'foreign-key'
      ? map.foreignKeys.filter(({ to, file }) => file === entry.source && isAlso(to)).map(({ to }) => to)
      : map.accesses
          .filter(
            ({ file, reachedBy }) =>
              file === entry.source && reachedBy.some(each => todoOf(each) === todo.file),
          )
          .flatMap(access => [
            ...new Set(access.tables.filter(({ op }) => isAlike(op, entry.op)).map(({ id }) => id)),
          ])
          .filter(isAlso)
  return [...groupBy(ids, id => id)].map(([id, uses]) => [id, uses.length])
}

/** Of a table's id: its database, and what it is called there. Of one that is on the map no more, by the id alone. */
function nameIn(id: string, tables: ReadonlyMap<string, Table>): Pick<Table, 'datastore' | 'name'> {
  const [datastore, ...name] = id.split('/')
  return tables.get(id) ?? { datastore: datastore!, name: name.at(-1) ?? '' }
}

/** The same, or one is a special case of the other: what crosses nothing any more is no join or transaction. */
function isAlike(op: GateOp, other: GateOp): boolean {
  return (generalOp(op) ?? op) === (generalOp(other) ?? other)
}

import { groupBy } from '../../graph/index.js'
import { isStrict } from '../allow/index.js'
import { generalOp } from '../ops.js'
import type { StaleEntry, Violation } from '../types.js'
import { type TodoEntry, todoKey } from './todo-file.js'
import type { Todo } from './todos.js'

/** Of violations of one kind in one file, more than are listed: those that are told as the new ones come last. */
export type Newest = (violations: Violation[], todo: Todo) => Violation[]

/** An entry of a baseline with what there is of it now. */
export interface Counted {
  todo: Todo
  entry: TodoEntry
  /** Violations of just this kind that it accepts. */
  found: number
  /** Violations that it accepts as the more general operation: reads that were joins when it was written. */
  weaker: number
}

export interface Baselined {
  violations: Violation[]
  counted: Counted[]
}

/**
 * Marks as known what the baselines list: by service, table, operation and file, as often as they say.
 *
 * @param todoOf where the baseline of a service is
 */
export function applyBaseline(
  violations: Violation[],
  todos: readonly Todo[],
  todoOf: (service: string) => string,
  newest: Newest,
): Baselined {
  const open = new Map(
    [
      ...groupBy(
        violations.filter(violation => violation.state === 'new' && !isStrict(violation)),
        ({ service, table, op, file }) => todoOf(service) + todoKey({ table, op, source: file }),
      ),
    ].map(([key, group]) => [key, group]),
  )
  const known = new Set<Violation>()
  const take = (todo: Todo, entry: Pick<TodoEntry, 'table' | 'op' | 'source'>, most: number): number => {
    const key = todo.file + todoKey(entry)
    const group = open.get(key) ?? []
    const taken = (group.length > most ? newest(group, todo) : group).slice(0, most)
    open.set(
      key,
      group.filter(violation => !taken.includes(violation)),
    )
    for (const violation of taken) known.add(violation)
    return taken.length
  }
  const counted = todos.flatMap(todo =>
    todo.entries.map(entry => ({ todo, entry, found: take(todo, entry, entry.count), weaker: 0 })),
  )
  // Only after all have what they list: a join that became a read is still known.
  for (const count of counted) {
    const general = generalOp(count.entry.op)
    const left = count.entry.count - count.found
    if (general !== null && left > 0) {
      count.weaker = take(count.todo, { ...count.entry, op: general }, left)
    }
  }
  return {
    violations: violations.map(violation =>
      known.has(violation) ? { ...violation, state: 'baseline' } : violation,
    ),
    counted,
  }
}

/** Entries that list more than there is. */
export function staleEntries(counted: readonly Counted[]): StaleEntry[] {
  return counted
    .filter(({ entry, found }) => found < entry.count)
    .map(({ todo, entry, found }) => ({
      service: todo.service,
      table: entry.table,
      op: entry.op,
      source: entry.source,
      listed: entry.count,
      found,
      file: todo.file,
      line: entry.line,
    }))
}

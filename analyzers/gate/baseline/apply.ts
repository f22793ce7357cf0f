import { groupBy } from '../../graph/index.js'
import { isStrict } from '../allow/index.js'
import { generalOp } from '../ops.js'
import type { RelatedPlace, Violation } from '../types.js'
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
  /** Violations of just this kind that no baseline accepts any more: there still, so it is not stale for them. */
  strict: number
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
  const keyOf = ({ service, table, op, file }: Violation) =>
    todoOf(service) + todoKey({ table, op, source: file })
  const isOpen = (violation: Violation) => violation.state === 'new' && !isStrict(violation)
  const open = groupBy(violations.filter(isOpen), keyOf)
  const strict = groupBy(violations.filter(isStrict), keyOf)
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
    todo.entries.map(entry => {
      const found = take(todo, entry, entry.count)
      const left = entry.count - found
      const kept = Math.min(left, strict.get(todo.file + todoKey(entry))?.length ?? 0)
      return { todo, entry, found, weaker: 0, strict: kept }
    }),
  )
  // Only after all have what they list: a join that became a read is still known.
  for (const count of counted) {
    const general = generalOp(count.entry.op)
    const left = count.entry.count - count.found - count.strict
    if (general !== null && left > 0) {
      count.weaker = take(count.todo, { ...count.entry, op: general }, left)
    }
  }
  const beside = new Map<Violation, RelatedPlace>()
  for (const { todo, entry, found } of counted) {
    const left = open.get(todo.file + todoKey(entry)) ?? []
    if (found === 0 || left.length === 0) continue
    // Which of them is the new one is a guess where all are alike; the figure is not.
    const message = `the baseline accepts ${found} of ${found + left.length} such uses in this file`
    for (const violation of left) beside.set(violation, { file: todo.file, line: entry.line, message })
  }
  return {
    violations: violations.map(violation => {
      if (known.has(violation)) return { ...violation, state: 'baseline' }
      const place = beside.get(violation)
      return place === undefined ? violation : { ...violation, related: [...violation.related, place] }
    }),
    counted,
  }
}

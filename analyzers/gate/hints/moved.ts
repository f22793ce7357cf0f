import { groupBy } from '../../graph/index.js'
import type { GateResult, Hint } from '../types.js'

/** Uses that are gone from one file and new in another one of the same service, as often as they are both. */
interface Move {
  todo: string
  from: string
  to: string
}

/**
 * What a baseline accepts in one file, is gone there and is new in another one: the same table, used in the same way. The
 * code was moved, as it seems; that it is the same code nobody says.
 */
export function moved({ violations, stale }: GateResult, todoOf: (service: string) => string): Hint[] {
  const fresh = violations.filter(({ state, table }) => state === 'new' && table !== null)
  const byUse = groupBy(fresh, ({ service, table, op }) => JSON.stringify([todoOf(service), table, op]))
  const moves = stale.flatMap(({ file, table, op, source, reasons }): Move[] => {
    const gone = reasons.find(({ reason }) => reason === 'mended')?.count ?? 0
    const there = byUse.get(JSON.stringify([file, table, op])) ?? []
    const taken = there.filter(each => each.file !== source).slice(0, gone)
    for (const each of taken) there.splice(there.indexOf(each), 1)
    return taken.map(each => ({ todo: file, from: source, to: each.file }))
  })
  return [...groupBy(moves, move => JSON.stringify(move)).values()].map(of => {
    const { todo, from, to } = of[0]!
    const what =
      of.length === 1
        ? `a use that the baseline accepts in ${from} is gone there, and new in ${to}`
        : `${of.length} uses that the baseline accepts in ${from} are gone there, and new in ${to}`
    return {
      file: todo,
      message: `${what}. If the code only moved, put it on the baseline at its new place; this accepts all else that is new, too:`,
      git: null,
      command: ['baseline', '--write'],
    }
  })
}

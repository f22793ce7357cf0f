import { groupBy } from '../../graph/index.js'
import type { GateResult, Hint, StaleEntry, Violation } from '../types.js'

/** A use that is gone from one file and new in another one of the same service, or in the same one of another service. */
export interface Move {
  todo: string
  from: string
  /** Where it is new. */
  violation: Violation
}

/**
 * What a baseline accepts in one file, is gone there and is new in another one, or for another service: the same table, used in the same way. The
 * code was moved, as it seems; that it is the same code nobody says. The entries of it are not said to be mended.
 */
export function moved(
  { violations, stale }: Pick<GateResult, 'violations' | 'stale'>,
  todoOf: (service: string) => string,
): Pick<GateResult, 'hints' | 'stale'> & { moves: Move[] } {
  const fresh = violations.filter(({ state, table }) => state === 'new' && table !== null)
  const byUse = groupBy(fresh, ({ service, table, op }) => JSON.stringify([todoOf(service), table, op]))
  const byFile = groupBy(fresh, ({ file, table, op }) => JSON.stringify([file, table, op]))
  const isTaken = new Set<Violation>()
  const moves = stale.map(({ file, table, op, source, reasons }): Move[] => {
    const gone = reasons.find(({ reason }) => reason === 'mended')?.count ?? 0
    const elsewhere = byUse.get(JSON.stringify([file, table, op]))?.filter(each => each.file !== source) ?? []
    // A file that went to another service's folder is known by its new name, as git tells.
    const ofOthers =
      byFile.get(JSON.stringify([source, table, op]))?.filter(each => todoOf(each.service) !== file) ?? []
    const taken = [...ofOthers, ...elsewhere].filter(each => !isTaken.has(each)).slice(0, gone)
    for (const each of taken) isTaken.add(each)
    return taken.map(violation => ({ todo: file, from: source, violation }))
  })
  return {
    moves: moves.flat(),
    stale: stale.map((entry, index) => ({ ...entry, reasons: reasonsOf(entry, moves[index]!) })),
    hints: [
      ...groupBy(moves.flat(), ({ todo, from, violation }) =>
        JSON.stringify([todo, from, violation.file]),
      ).values(),
    ].map(hintOf),
  }
}

/** Where a use is now: in another file, or in the same one, which is of another service now. */
export function newPlaceOf({ from, violation: { file, service } }: Move): string {
  return file === from ? service : file
}

/** What moved is not mended; it is told before that is. */
function reasonsOf({ reasons }: StaleEntry, moves: readonly Move[]): StaleEntry['reasons'] {
  const byFile = groupBy(moves, newPlaceOf)
  return reasons.flatMap(each => {
    if (each.reason !== 'mended') return [each]
    const mended = each.count - moves.length
    return [
      ...[...byFile].map(([to, of]) => ({ reason: 'moved' as const, count: of.length, to })),
      ...(mended > 0 ? [{ ...each, count: mended }] : []),
    ]
  })
}

function hintOf(moves: Move[]): Hint {
  const { todo, from, violation } = moves[0]!
  const uses =
    moves.length === 1
      ? `a use that the baseline accepts in ${from} is`
      : `${moves.length} uses that the baseline accepts in ${from} are`
  const what =
    violation.file === from
      ? `${uses} of ${violation.service} now, whose baseline does not have ${moves.length === 1 ? 'it' : 'them'}`
      : `${uses} gone there, and new in ${violation.file}`
  return {
    file: todo,
    message: `${what}. If the code only moved, put it on the baseline at its new place; this accepts all else that is new, too:`,
    violations: moves.map(({ violation: { fingerprint } }) => fingerprint),
    git: null,
    command: ['baseline', '--write'],
  }
}

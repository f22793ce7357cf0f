import { groupBy } from '../../graph/index.js'
import type { LineRange } from '../git/git.js'
import { touches, withVerdict } from '../judge.js'
import type { GateResult, Since, Violation } from '../types.js'

/** What is known of the change between two states. */
export interface Change extends Since {
  /** Present path of a file by its path at the beginning of the change. */
  renamed(path: string): string
  /** Lines of a present file that the change added or altered. */
  changedLines(path: string): LineRange[]
}

/**
 * Of a result what the change introduced: all that would have been told at its beginning as well is taken out, its
 * violations with the state `earlier`. A statement that only moved was there; one that the change altered counts as
 * introduced, as a whole run would tell it on changed lines.
 */
export function introduced(now: GateResult, before: GateResult, change: Change): GateResult {
  const earlier = new Set<Violation>()
  const former = groupBy(before.violations.filter(isNew), each => keyOf(each, change.renamed(each.file)))
  for (const [key, present] of groupBy(now.violations.filter(isNew), each => keyOf(each, each.file))) {
    const left = [...(former.get(key) ?? [])]
    const match = (violation: Violation, isSame: (other: Violation) => boolean): boolean => {
      const index = left.findIndex(isSame)
      if (index === -1) return false
      left.splice(index, 1)
      earlier.add(violation)
      return true
    }
    const altered = present.filter(
      violation => !match(violation, other => textOf(other) === textOf(violation)),
    )
    if (altered.length === 0 || left.length === 0) continue
    const lines = change.changedLines(altered[0]!.file)
    for (const violation of altered) {
      if (!touches(violation, lines)) match(violation, () => true)
    }
  }
  const stale = new Set(
    before.stale.map(entry =>
      staleKey({ ...entry, source: change.renamed(entry.source), file: change.renamed(entry.file) }),
    ),
  )
  const unused = new Set(before.unusedAllows.map(({ file, text }) => `${change.renamed(file)}\0${text}`))
  const problems = new Set(before.problems.map(({ file, message }) => `${change.renamed(file)}\0${message}`))
  return withVerdict({
    ...now,
    since: { ref: change.ref, commit: change.commit },
    violations: now.violations.map(each => (earlier.has(each) ? { ...each, state: 'earlier' } : each)),
    stale: now.stale.filter(entry => !stale.has(staleKey(entry))),
    unusedAllows: now.unusedAllows.filter(({ file, text }) => !unused.has(`${file}\0${text}`)),
    problems: now.problems.filter(({ file, message }) => !problems.has(`${file}\0${message}`)),
  })
}

function isNew({ state }: Violation): boolean {
  return state === 'new'
}

/** What the rule is about may change with the config, so it is part of the key, like the severity. */
function keyOf({ rule, severity, service, table, op }: Violation, file: string): string {
  return JSON.stringify([rule, severity, service, table, op, file])
}

function textOf({ sql }: Violation): string | null {
  return sql?.replace(/\s+/g, ' ').trim() ?? null
}

function staleKey({ file, table, op, source, listed, found }: GateResult['stale'][number]): string {
  return JSON.stringify([file, table, op, source, listed, found])
}

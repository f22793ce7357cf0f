import { groupBy } from '../../graph/index.js'
import type { PresentTable } from '../former-tables.js'
import type { LineRange } from '../git/git.js'
import { touches, withVerdict } from '../judge.js'
import type { GateResult, Since, Violation } from '../types.js'
import type { PresentService } from './renamed-services.js'

/** What is known of the change between two states. */
export interface Change extends Since {
  /** Present path of a file by its path at the beginning of the change. */
  renamed(path: string): string
  /** Present id of a table by its id at the beginning of the change. */
  presentTable: PresentTable
  /** Present name of a service by its name at the beginning of the change. */
  presentService: PresentService
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
  const earlierUses = before.violations.filter(isNew).map(each => asNow(each, change))
  const former = groupBy(earlierUses, each => keyOf(each, each.file))
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
      staleKey({
        ...entry,
        table: entry.table === null ? null : change.presentTable(entry.table),
        source: change.renamed(entry.source),
        file: change.renamed(entry.file),
      }),
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

/**
 * A result by owners that were kept, without what the one by present owners accepts: a baseline that is written now
 * counts a use of a table whose owner is open as a plain one.
 */
export function lenient(byKept: GateResult, byPresent: GateResult): GateResult {
  const accepted = new Map(
    byPresent.violations.filter(({ state }) => state !== 'new').map(each => [placeKey(each), each]),
  )
  const stale = new Set(byPresent.stale.map(staleKey))
  return withVerdict({
    ...byKept,
    violations: byKept.violations.map(violation => {
      const known = violation.state === 'new' ? accepted.get(placeKey(violation)) : undefined
      return known === undefined
        ? violation
        : { ...violation, state: known.state, allowedBy: known.allowedBy }
    }),
    stale: byKept.stale.filter(entry => stale.has(staleKey(entry))),
  })
}

function placeKey({ service, table, file, line, column, accessId }: Violation): string {
  return JSON.stringify([service, table, file, line, column, accessId])
}

/** A use from before the change, by the names that its service, its file and its table have now. */
export function asNow(
  violation: Violation,
  { renamed, presentTable, presentService }: Pick<Change, 'renamed' | 'presentTable' | 'presentService'>,
): Violation {
  const { service, file, table, sql } = violation
  const present = table === null ? null : presentTable(table)
  return {
    ...violation,
    service: presentService(service),
    file: renamed(file),
    table: present,
    sql: table === present || sql === null ? sql : withName(sql, nameOf(table!), nameOf(present!)),
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** A statement with another name of a table, which is a word of it. */
function withName(sql: string, from: string, to: string): string {
  return sql
    .split(/([\w$]+)/)
    .map(word => (word.toLowerCase() === from.toLowerCase() ? to : word))
    .join('')
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

/** Transactions: between a begin and its commit in one function, or inside of a callback that runs in one. */

import { unknownDriver } from '../drivers/index.js'
import type { FunctionId } from '../extract/facts.js'
import { lineAt } from '../extract/positions.js'
import { groupBy } from '../graph/index.js'
import type { SqlStatement } from '../sql/types.js'
import type { CallIndex, CallSite } from './calls.js'
import { codeOf } from './evaluator/code-of.js'
import { calleeOf } from './targets.js'
import { siteKey } from './trace/executions.js'

/** Names of functions that run their callback inside of a transaction. */
const RUNS_IN_TRANSACTION =
  /^(?:tx|begin|(?:\w*(?:with|in|run|do|exec\w*|start|create|use)\w*)?transaction(?:al)?(?:ally)?|\w*transaction(?:Async)?|withTx|inTx|runInTx|\$transaction)$/i

interface Region {
  begin: string
  file: string
  /** Calls of this function and of those within it. */
  fn: FunctionId | null
  from: number
  to: number
}

/**
 * @param statementsOf statements that a call executes, to see a BEGIN written as SQL
 * @returns for the key of each call inside of a transaction, `file:line` where that begins
 */
export function findTransactions(
  index: CallIndex,
  statementsOf: (site: CallSite) => SqlStatement[],
): Map<string, string> {
  const regions = index.sites.filter(runsInTransaction).flatMap(callbackRegions)
  for (const sites of index.ofFile.values()) {
    const byFunction = groupBy(sites, site => site.call.fn)
    for (const inOne of byFunction.values()) regions.push(...explicitRegions(inOne, statementsOf))
  }
  const inside = callsInside(index, regions)
  const runners = runnersAmong(index, inside)
  if (runners.size === 0) return inside
  const handed = index.sites
    .filter(({ targets }) =>
      targets.some(each => each.kind === 'function' && runners.has(`${each.file}#${each.fn}`)),
    )
    .flatMap(callbackRegions)
  return handed.length === 0 ? inside : callsInside(index, [...regions, ...handed])
}

function callbackRegions(site: CallSite): Region[] {
  const { facts, call } = site
  return call.callbacks.map(fn => ({
    begin: placeOf(site),
    file: facts.file,
    fn,
    from: call.start,
    to: call.end,
  }))
}

function placeOf({ facts, call }: CallSite): string {
  return `${facts.file}:${lineAt(facts.lineStarts, call.start)}`
}

/** Functions (`file#function`) that call a function that they are given inside of a transaction. */
function runnersAmong(index: CallIndex, inside: Map<string, string>): Set<string> {
  return new Set(
    index.sites.flatMap(site => {
      const callee = site.facts.nodes[calleeOf(site.facts, site.call)]
      return callee.kind === 'param' && inside.has(siteKey(site)) ? [`${site.facts.file}#${callee.fn}`] : []
    }),
  )
}

/** `db.transaction().execute(async trx => …)`, as Kysely has it. */
const TRANSACTION_BUILT = /\btransaction\(\)(?:\.\w+\(\))*\.execute$/

function runsInTransaction(site: CallSite): boolean {
  if (site.call.callbacks.length === 0) return false
  if (TRANSACTION_BUILT.test(codeOf(site.facts, calleeOf(site.facts, site.call)))) return true
  return site.targets.some(target => {
    switch (target.kind) {
      case 'driver':
        return target.driver.transactionCallbacks.includes(target.path.at(-1) ?? '')
      case 'function':
        return RUNS_IN_TRANSACTION.test(methodName(site))
      case 'unknown':
      case 'interface':
        return (
          unknownDriver.transactionCallbacks.includes(target.method) ||
          RUNS_IN_TRANSACTION.test(target.method)
        )
      case 'external':
        return RUNS_IN_TRANSACTION.test(target.path.at(-1) ?? '')
      default:
        return false
    }
  })
}

function methodName({ facts, call }: CallSite): string {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call') return ''
  const callee = facts.nodes[node.callee]
  return callee.kind === 'member' || callee.kind === 'import' || callee.kind === 'variable' ? callee.name : ''
}

/** From each begin to the last commit or rollback after it, before the next begin. */
function explicitRegions(sites: CallSite[], statementsOf: (site: CallSite) => SqlStatement[]): Region[] {
  const marks = sites.flatMap(site => {
    const mark = markOf(site, statementsOf(site))
    return mark ? [{ site, mark }] : []
  })
  marks.sort((a, b) => a.site.call.start - b.site.call.start)
  return marks.flatMap(({ site, mark }, at): Region[] => {
    if (mark !== 'begin') return []
    let last: CallSite | null = null
    for (const later of marks.slice(at + 1)) {
      if (later.mark === 'begin') break
      last = later.site
    }
    const { facts, call } = site
    return [
      {
        begin: placeOf(site),
        file: facts.file,
        fn: call.fn,
        from: call.start,
        // A begin whose end lies elsewhere holds to the end of its function.
        to: last ? last.call.start : Number.MAX_SAFE_INTEGER,
      },
    ]
  })
}

function markOf(site: CallSite, statements: SqlStatement[]): 'begin' | 'end' | null {
  // A text that begins and ends one is complete in itself.
  let written: 'begin' | 'end' | null = null
  for (const { transaction } of statements) {
    if (transaction === 'begin') written = 'begin'
    else if (transaction !== null) written = written === 'begin' ? null : 'end'
  }
  if (written || statements.some(({ transaction }) => transaction !== null)) return written
  for (const target of site.targets) {
    const [driver, method] =
      target.kind === 'driver'
        ? [target.driver, target.path.at(-1) ?? '']
        : target.kind === 'unknown' || target.kind === 'interface'
          ? [unknownDriver, target.method]
          : [unknownDriver, methodName(site)]
    // `transaction()` without a callback gives a transaction that is ended by hand (sequelize, knex).
    if (driver.begins.includes(method) || /^begin(?:Transaction)?$|^startTransaction$/.test(method))
      return 'begin'
    if (
      target.kind === 'driver' &&
      driver.transactionCallbacks.includes(method) &&
      site.call.callbacks.length === 0
    )
      return 'begin'
    if (driver.ends.includes(method) || /^(?:commit|rollback)(?:Transaction)?$/.test(method)) return 'end'
  }
  return null
}

function callsInside(index: CallIndex, regions: Region[]): Map<string, string> {
  const byFile = groupBy(regions, region => region.file)
  const inside = new Map<string, string>()
  for (const site of index.sites) {
    const { facts, call } = site
    const own = byFile.get(facts.file)
    if (own === undefined) continue
    // The innermost transaction counts.
    const around = own
      .filter(region => call.start > region.from && call.start < region.to && isWithin(site, region.fn))
      .sort((a, b) => b.from - a.from)
    if (around.length > 0) inside.set(siteKey(site), around[0].begin)
  }
  return inside
}

function isWithin({ facts, call }: CallSite, fn: FunctionId | null): boolean {
  for (let at = call.fn; ; at = facts.functions[at].parent) {
    if (at === fn) return true
    if (at === null) return false
  }
}

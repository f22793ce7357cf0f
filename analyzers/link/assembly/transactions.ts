/** Transactions: what begins and ends them, and which write to tables of several owners. */
import { groupBy } from '../../graph/index.js'
import type { Access, CrossTransaction } from '../../model.js'
import { compare } from '../../order.js'
import type { Workspace } from '../../workspace/types.js'
import type { DraftAccess } from '../draft.js'
import type { TransactionHints } from '../transactions/index.js'

/** Calls with SQL that begins or ends a transaction, by file. */
export function marksByFile(accesses: { draft: DraftAccess }[]): Map<string, TransactionHints['written']> {
  const byFile = new Map<string, TransactionHints['written']>()
  for (const { draft } of accesses) {
    const mark = draft.executed.transaction
    if (mark === null) continue
    const { file, at } = draft.site
    const marks = byFile.get(file)
    if (marks) marks.push([at, mark])
    else byFile.set(file, [[at, mark]])
  }
  return byFile
}

/**
 * Transactions that write to tables of two owners or more.
 *
 * @param runIn for each access, where the transactions begin that it is part of
 */
export function crossTransactions(
  runIn: Map<Access, string[]>,
  { files, services }: Workspace,
): CrossTransaction[] {
  const byBegin = groupBy(
    [...runIn].flatMap(([access, begins]) => begins.map(begin => ({ begin, access }))),
    ({ begin }) => begin,
  )
  const ownerOf = new Map(files.map(({ path, owner }) => [path, owner]))
  const deployed = new Set(services.flatMap(each => (each.kind === 'service' ? [each.name] : [])))
  const found: CrossTransaction[] = []
  for (const [begin, parts] of byBegin) {
    const service = ownerOf.get(begin.slice(0, begin.lastIndexOf(':'))) ?? '.'
    // A library's method that one service runs on its tables and another in a transaction on its own ones.
    const inside = parts.flatMap(({ access }) =>
      deployed.has(service) && access.service !== service && !access.reachedBy.includes(service)
        ? []
        : [access],
    )
    const written = inside.flatMap(access =>
      access.tables.filter(table => table.op === 'write' && table.owner !== null),
    )
    const owners = [...new Set(written.map(table => table.owner as string))].sort()
    if (owners.length < 2) continue
    found.push({
      service,
      begin,
      owners,
      tables: [...new Set(written.map(table => table.id as string))].sort(),
      accesses: inside.map(access => access.id),
    })
  }
  return found.sort((a, b) => compare(a.begin, b.begin))
}

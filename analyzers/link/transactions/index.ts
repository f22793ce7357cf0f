/** Transactions: between a begin and its commit, or inside of a callback that runs in one. */
import { type CallIndex, type FileCalls, functionKey } from '../calls.js'
import type { Handing } from './handed.js'
import { type FileTransactions, noHints, type TransactionHints } from './in-file.js'

export {
  type ConnectionUses,
  type FunctionName,
  followConnections,
  type HandedOn,
  type Implementing,
  usesOf,
} from './handed.js'
export { type FileTransactions, noHints, type TransactionHints, transactionsOf } from './in-file.js'
export { findKept, type Subclasses } from './kept.js'

/** The transactions of all files. */
export interface Transactions {
  /** For the key of each call inside of one, `file:line` where that begins. */
  inside: Map<string, string>
  /** Functions (see `functionKey`) that call a function that they are given inside of one. */
  runners: Set<string>
  /** Calls inside of one that hand its connection to functions of the repository. */
  handing: Handing[]
}

/**
 * @param written calls with SQL that begins or ends a transaction, by file
 * @param transactionsOf the transactions of one file that has such hints
 */
export function findTransactions(
  index: CallIndex,
  written: Map<string, TransactionHints['written']>,
  transactionsOf: (calls: FileCalls, hints: TransactionHints) => FileTransactions,
): Transactions {
  const byFile = new Map<string, FileTransactions>()
  const running = new Set<string>()
  const calls = new Map<string, Record<'handed' | 'kept' | 'whole', Set<number>>>()
  const mark = (what: 'handed' | 'kept' | 'whole', key: string): void => {
    for (const { file, at } of index.ofFunction.get(key) ?? []) {
      const known = calls.get(file) ?? { handed: new Set(), kept: new Set(), whole: new Set() }
      calls.set(file, known)
      known[what].add(at)
    }
  }
  for (const each of index.files.values()) {
    const marks = written.get(each.file)
    byFile.set(each.file, marks ? transactionsOf(each, { ...noHints, written: marks }) : each.transactions)
  }
  for (const [file, { runners, keepers, wholes }] of byFile) {
    for (const fn of runners) {
      running.add(functionKey(file, fn))
      mark('handed', functionKey(file, fn))
    }
    for (const fn of keepers) mark('kept', functionKey(file, fn))
    for (const fn of wholes) mark('whole', functionKey(file, fn))
  }
  for (const [file, { handed, kept, whole }] of calls) {
    byFile.set(
      file,
      transactionsOf(index.files.get(file)!, {
        written: written.get(file) ?? [],
        handed: inOrder(handed),
        kept: inOrder(kept),
        whole: inOrder(whole),
      }),
    )
  }
  const inside = new Map<string, string>()
  for (const [file, found] of byFile) {
    for (const [start, line] of found.inside) inside.set(`${file}@${start}`, `${file}:${line}`)
  }
  const handing = [...byFile].flatMap(([file, { handing }]) =>
    handing.map(({ line, ...each }): Handing => ({ ...each, file, begin: `${file}:${line}` })),
  )
  return { inside, runners: running, handing }
}

function inOrder(ats: Set<number>): number[] {
  return [...ats].sort((a, b) => a - b)
}

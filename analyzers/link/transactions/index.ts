/** Transactions: between a begin and its commit, or inside of a callback that runs in one. */
import { type CallIndex, type FileCalls, functionKey } from '../calls.js'
import type { Handing } from './handed.js'
import type { FileTransactions, TransactionHints } from './in-file.js'

export {
  type ConnectionUses,
  type FunctionName,
  followConnections,
  type HandedOn,
  type Implementing,
  usesOf,
} from './handed.js'
export { type FileTransactions, type TransactionHints, transactionsOf } from './in-file.js'
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
  const handed = new Map<string, { handed: Set<number>; kept: Set<number> }>()
  const running = new Set<string>()
  for (const calls of index.files.values()) {
    const marks = written.get(calls.file)
    byFile.set(
      calls.file,
      marks ? transactionsOf(calls, { written: marks, handed: [], kept: [] }) : calls.transactions,
    )
  }
  for (const [file, { runners, keepers }] of byFile) {
    for (const fn of runners) {
      running.add(functionKey(file, fn))
      for (const site of index.ofFunction.get(functionKey(file, fn)) ?? []) {
        const known = handed.get(site.file) ?? { handed: new Set(), kept: new Set() }
        handed.set(site.file, known)
        known.handed.add(site.at)
        if (keepers.includes(fn)) known.kept.add(site.at)
      }
    }
  }
  for (const [file, { handed: runs, kept }] of handed) {
    const hints = { written: written.get(file) ?? [], handed: inOrder(runs), kept: inOrder(kept) }
    byFile.set(file, transactionsOf(index.files.get(file)!, hints))
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

/** Who calls what, and in which transaction: for stages that follow a value from a function to its callers. */
import { lineAt } from '../extract/positions.js'
import type { CallIndex, FileCalls } from './calls.js'
import { functionKey } from './calls.js'
import type { SourceFiles } from './files.js'
import type { Target } from './targets.js'
import { noHints, type Transactions, transactionsOf } from './transactions/index.js'

export interface LinkedCall {
  /** Offsets of the whole expression. */
  start: number
  end: number
  /** Functions of the repository that it may run. */
  runs: { file: string; name: string; line: number }[]
  /** The method or export of a driver that it may run: `connect`, `Pool`. */
  driver: { name: string; path: string[] } | null
  /** Methods of interfaces of the repository that it calls: whatever implements one may run. */
  interfaces: { name: string; method: string }[]
  /** It may run something that could not be told. */
  isOpen: boolean
  /** `file:line` where the transaction begins that it is made in; null outside of any. */
  transaction: string | null
}

export interface CallGraph {
  /** Calls of a source file, also of one that the analysis had no need to read. */
  callsOf(file: string): LinkedCall[]
  /** What web frameworks' applications and requests have in the service that a file is of, and where it is shared. */
  sharedIn(file: string): { name: string; file: string }[]
}

/**
 * @param read what the calls of a file may run
 * @param findAll the transactions of the files in the index
 */
export function createCallGraph(
  index: CallIndex,
  source: SourceFiles,
  read: (file: string) => FileCalls,
  findAll: () => Transactions,
): CallGraph {
  const known = new Map<string, LinkedCall[]>()
  let transactions: Transactions | null = null

  function insideOf(calls: FileCalls): (start: number) => string | null {
    transactions ??= findAll()
    const { file } = calls
    const { inside, runners } = transactions
    if (index.files.has(file)) return start => inside.get(`${file}@${start}`) ?? null
    const isRunner = (target: Target): boolean =>
      target.kind === 'function' && runners.has(functionKey(target.file, target.fn))
    const handed = calls.targetsOf.flatMap((targets, at) =>
      targets.some(id => isRunner(calls.targets[id])) ? [at] : [],
    )
    const found =
      handed.length === 0
        ? calls.transactions
        : transactionsOf(source.facts(file)!, calls, { ...noHints, handed })
    const lines = new Map(found.inside)
    return start => (lines.has(start) ? `${file}:${lines.get(start)}` : null)
  }

  return {
    sharedIn: file => source.shared(file),
    callsOf(file) {
      const before = known.get(file)
      if (before) return before
      if (!source.isModule(file) || source.facts(file) === null) return []
      const calls = index.files.get(file) ?? read(file)
      const transactionAt = insideOf(calls)
      const found = calls.targetsOf.map((targets, at) =>
        linkedCall(
          calls.spans[at * 2],
          calls.spans[at * 2 + 1],
          targets.map(id => calls.targets[id]),
          transactionAt,
          source,
        ),
      )
      known.set(file, found)
      return found
    },
  }
}

function linkedCall(
  start: number,
  end: number,
  targets: Target[],
  transactionAt: (start: number) => string | null,
  source: SourceFiles,
): LinkedCall {
  const driver = targets.find(target => target.kind === 'driver')
  return {
    start,
    end,
    runs: targets.flatMap(target => {
      const facts = target.kind === 'function' ? source.facts(target.file) : null
      if (target.kind !== 'function' || facts === null) return []
      const fn = facts.functions[target.fn]
      return fn ? [{ file: target.file, name: fn.name, line: lineAt(facts.lineStarts, fn.start) }] : []
    }),
    driver: driver?.kind === 'driver' ? { name: driver.driver.name, path: driver.path } : null,
    interfaces: targets.flatMap(target =>
      target.kind === 'interface' ? [{ name: target.name, method: target.method }] : [],
    ),
    isOpen: targets.length === 0 || targets.some(isOpen),
    transaction: transactionAt(start),
  }
}

function isOpen({ kind }: Target): boolean {
  return kind === 'bound' || kind === 'unknown' || kind === 'interface' || kind === 'external'
}

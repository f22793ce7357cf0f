/** Transactions that go on in functions which get their connection: `await saveItems(client, items)`. */
import { isWithin } from '../../extract/enclosing.js'
import type { FileFacts, FunctionId } from '../../extract/facts.js'
import type { CallIndex, FileCalls } from '../calls.js'
import { once } from '../once.js'
import type { Target } from '../targets.js'
import { isOn, namesIn, type Way, waysOf } from './connection.js'
import { KEPT, type KeptNames } from './kept.js'

/** All that the function runs, and what that runs, is on the connection of the transaction. */
export const FOR_ALL: Way = 'all'

/** A call that hands the connection on to what it runs. */
export interface HandedOn {
  /** Which of the calls of its file. */
  at: number
  ways: Way[]
}

/** What a function does on the connection that it gets. */
export interface ConnectionUses {
  /** Offsets of the calls that run on it. */
  inside: number[]
  handed: HandedOn[]
}

/** A function of a file, or a method of a class of it by its name. */
export type FunctionName = { fn: FunctionId } | { cls: number; method: string }

/**
 * What a function of a file, with those within it, does on the connection that it gets in these ways.
 *
 * @param kept names of what a storage keeps
 */
export function usesOf(
  facts: FileFacts,
  calls: Pick<FileCalls, 'targets' | 'targetsOf'>,
  of: FunctionName,
  ways: Way[],
  kept: string[],
): ConnectionUses {
  const fn = functionOf(facts, of)
  if (fn === null) return { inside: [], handed: [] }
  const unnamed = ways.filter(way => way === KEPT || way === FOR_ALL)
  const connections = [...namesIn(facts, fn, ways), ...kept]
  const own = facts.calls.flatMap((call, at) => (isWithin(facts, call.fn, fn) ? [{ call, at }] : []))
  return {
    inside: own
      .filter(({ call }) => unnamed.includes(FOR_ALL) || isOn(facts, call, connections))
      .map(({ call }) => call.start),
    handed: own.flatMap(({ at }) => handedOn(facts, calls, at, connections, unnamed)),
  }
}

/** The function of such a name; null where the class has none. */
export function functionOf(facts: FileFacts, of: FunctionName): FunctionId | null {
  return 'fn' in of ? of.fn : (facts.classes[of.cls]?.methods[of.method] ?? null)
}

/**
 * What a call hands of the connections to functions of the repository: one entry at most.
 *
 * @param unnamed ways in which all that the call runs has it besides, without being handed it
 */
export function handedOn(
  facts: FileFacts,
  calls: Pick<FileCalls, 'targets' | 'targetsOf'>,
  at: number,
  connections: string[],
  unnamed: Way[],
): HandedOn[] {
  const runsOwn = calls.targetsOf[at].some(
    id => calls.targets[id].handed === undefined && isOwn(calls.targets[id]),
  )
  const handed = runsOwn ? waysOf(facts, facts.calls[at], connections) : []
  const ways = runsOwn ? [...handed, ...unnamed] : handed
  return ways.length === 0 ? [] : [{ at, ways }]
}

function isOwn({ kind }: Target): boolean {
  return kind === 'function' || kind === 'interface'
}

/** In so many ways a function may get the connection of one transaction: code that puts it deeper each round has no end. */
const MAX_WAYS = 12

/** Which classes implement an interface of the repository. */
export interface Implementing {
  implementers(file: string, name: string): { file: string; cls: number }[] | undefined
}

/** A call in a transaction that hands on its connection. */
export interface Handing extends HandedOn {
  /** `file:line` where the transaction begins. */
  begin: string
  file: string
}

/** One that was found in a function which got the connection from another. */
interface Followed extends Handing {
  by?: { key: string; handing: Followed }
}

/**
 * Calls that run in a transaction though they stand in another function than its begin.
 *
 * @param findKept what storages keep, asked for once, where a transaction has it that some do
 * @param usesIn what a function of a file does on a connection
 * @returns by the key of a call (`file@offset`), `file:line` of the beginnings of its transactions
 */
export function followConnections(
  first: Handing[],
  index: CallIndex,
  { implementers }: Implementing,
  findKept: () => KeptNames,
  usesIn: (calls: FileCalls, of: FunctionName, ways: Way[], kept: string[]) => ConnectionUses,
): Map<string, Set<string>> {
  const inside = new Map<string, Set<string>>()
  /** Ways that were followed, by transaction and function. */
  const followed = new Map<string, Set<Way>>()
  /** Functions, by transaction, that run something on its connection, by themselves or by what they call. */
  const running = new Set<string>()
  const rest: Followed[] = [...first]
  const kept = once(findKept)
  for (let handing = rest.pop(); handing; handing = rest.pop()) {
    const { begin } = handing
    for (const { file, ...of } of functionsRun(handing)) {
      const calls = index.files.get(file)
      const key = JSON.stringify([begin, file, of])
      const ways = calls === undefined ? [] : newWays(key, handing.ways)
      if (running.has(key)) noteCalls(handing)
      if (calls === undefined || ways.length === 0) continue
      const names = ways.includes(KEPT) ? kept().of(file, of) : []
      const uses = usesIn(calls, of, ways, names)
      for (const start of uses.inside) note(file, start, begin)
      if (uses.inside.length > 0) {
        running.add(key)
        noteCalls(handing)
      }
      rest.push(...uses.handed.map(each => ({ ...each, begin, file, by: { key, handing } })))
    }
  }
  return inside

  function note(file: string, start: number, begin: string): void {
    const known = inside.get(`${file}@${start}`)
    if (known) known.add(begin)
    else inside.set(`${file}@${start}`, new Set([begin]))
  }

  /**
   * The calls by which a function came to run on the connection: `this.run(text)` of an object that holds it hands over nothing
   * else. Those of the function that begins the transaction are known.
   */
  function noteCalls(handing: Followed): void {
    for (let { file, at, begin, by } = handing; by !== undefined; { file, at, begin, by } = by.handing) {
      note(file, index.files.get(file)!.spans[2 * at], begin)
      running.add(by.key)
    }
  }

  function newWays(key: string, ways: Way[]): Way[] {
    const known = followed.get(key) ?? new Set()
    followed.set(key, known)
    const found = ways.filter(way => !known.has(way)).slice(0, MAX_WAYS - known.size)
    for (const way of found) known.add(way)
    return found
  }

  function functionsRun({ file, at }: Handing): ({ file: string } & FunctionName)[] {
    const calls = index.files.get(file)!
    // What a cache tells of calls that there are not is not believed.
    return (calls.targetsOf[at] ?? []).flatMap((id): ({ file: string } & FunctionName)[] => {
      const target = calls.targets[id]
      if (target.handed !== undefined) return []
      if (target.kind === 'function') return [{ file: target.file, fn: target.fn }]
      return target.kind === 'interface'
        ? (implementers(target.file, target.name) ?? []).map(each => ({ ...each, method: target.method }))
        : []
    })
  }
}

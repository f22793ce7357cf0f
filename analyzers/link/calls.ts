/** All calls of the files read so far, by what they run, so that the callers of a function are found at once. */
import type { CallFacts, FileFacts, FunctionId } from '../extract/facts.js'
import type { Evaluator } from './evaluator/state.js'
import type { Handing } from './handing.js'
import { interfaceKey } from './interfaces.js'
import type { Sink } from './sinks/index.js'
import type { Target } from './targets.js'
import type { FileTransactions } from './transactions/index.js'

/** A call. Its facts and targets are looked up when they are asked for: of most calls nothing but the place is. */
export interface CallSite {
  readonly file: string
  /** Which of the calls of its file. */
  readonly at: number
  /** Offsets of the whole expression. */
  readonly start: number
  readonly end: number
  readonly facts: FileFacts
  readonly call: CallFacts
  readonly targets: Target[]
  /** What it hands to what it runs. */
  readonly handing: Handing
}

/** What is known of the calls of one file. */
export interface FileCalls {
  file: string
  /** Start and end of each call, one after the other. */
  spans: number[]
  /** What the calls may run, each once. */
  targets: Target[]
  /** For each call, which of these. */
  targetsOf: number[][]
  /** For each call that may be found as one of a function or a method, what it hands over. */
  handed: Handing[]
  sinks: CallSink[]
  /** Calls of the repository's own functions that sound like sinks: see `ownSinkOf`. */
  ownSinks: CallSink[]
  /** Names that query builders give to parts of their statements: see `builder-names.ts`. */
  builderNames: string[]
  /** Transactions, as far as the file alone tells, without its SQL. */
  transactions: FileTransactions
  /** Calls in functions that take a migration back. */
  undoing: number[]
}

export interface CallSink {
  /** Which of the calls of its file. */
  at: number
  sink: Sink
}

/** Who calls what, for finding the callers of a function. */
export interface CallerIndex {
  ofFunction: Lookup<CallSite[]>
  ofInterface: Lookup<CallSite[]>
  ofUnknown: Lookup<CallSite[]>
  /** Interfaces (`file#name`) that a class (`file#id`) implements. */
  interfacesOf(cls: string): Iterable<string> | undefined
}

interface Lookup<T> {
  get(key: string): T | undefined
}

export interface CallIndex {
  /** The files whose calls were added, in that order. */
  files: Map<string, FileCalls>
  /** A call of a file; undefined where there is none. */
  site(file: string, at: number): CallSite | undefined
  /** Adds the calls of a file that were not added before. */
  add(calls: FileCalls): void
  /** Calls of functions, by `file#function`, and by `file#function bound` those where these were bound to some arguments. */
  ofFunction: Lookup<CallSite[]>
  /** Calls of methods of interfaces, by `file#interface.method`. */
  ofInterface: Lookup<CallSite[]>
  /** Calls of methods of something that could not be told, by the method's name. */
  ofUnknown: Lookup<CallSite[]>
}

/** @param factsOf facts of a file that was read */
export function createCallIndex(factsOf: (file: string) => FileFacts | null): CallIndex {
  const files = new Map<string, FileCalls>()
  const sites = new Map<string, CallSite[]>()
  const [ofFunction, ofInterface, ofUnknown] = [createLookup(), createLookup(), createLookup()]
  return {
    files,
    site,
    add(calls) {
      files.set(calls.file, calls)
      const keys = calls.targets.map(keyOfTarget)
      for (const [at, targets] of calls.targetsOf.entries()) {
        for (const id of targets) keys[id]?.into.add(keys[id].key, calls.file, at)
      }
    },
    ofFunction,
    ofInterface,
    ofUnknown,
  }

  function site(file: string, at: number): CallSite | undefined {
    const calls = files.get(file)
    if (calls === undefined || !(at < calls.targetsOf.length)) return undefined
    let known = sites.get(file)
    if (known === undefined) {
      known = []
      sites.set(file, known)
    }
    known[at] ??= new Site(calls, at, factsOf)
    return known[at]
  }

  function keyOfTarget(target: Target): { into: ReturnType<typeof createLookup>; key: string } | null {
    switch (target.kind) {
      case 'function':
        return { into: ofFunction, key: functionKey(target.file, target.fn) }
      case 'bound':
        return { into: ofFunction, key: boundKey(target.file, target.fn) }
      case 'interface':
        return { into: ofInterface, key: `${interfaceKey(target.file, target.name)}.${target.method}` }
      case 'unknown':
        return target.receiver === '' || target.handed !== undefined
          ? null
          : { into: ofUnknown, key: target.method }
      default:
        return null
    }
  }

  /** Calls by a key. They are made sites when someone asks. */
  function createLookup() {
    const places = new Map<string, [file: string, at: number][]>()
    const made = new Map<string, CallSite[]>()
    return {
      add(key: string, file: string, at: number): void {
        const list = places.get(key)
        if (!list) places.set(key, [[file, at]])
        else {
          const last = list[list.length - 1]
          if (last[0] !== file || last[1] !== at) list.push([file, at])
        }
      },
      get(key: string): CallSite[] | undefined {
        const list = places.get(key)
        if (!list) return undefined
        let found = made.get(key)
        if (found?.length !== list.length) {
          found = list.map(([file, at]) => site(file, at)!)
          made.set(key, found)
        }
        return found
      },
    }
  }
}

/** There are thousands, so what is looked up is no closure of each. */
class Site implements CallSite {
  constructor(
    private readonly calls: FileCalls,
    readonly at: number,
    private readonly factsOf: (file: string) => FileFacts | null,
  ) {}

  get file(): string {
    return this.calls.file
  }

  get start(): number {
    return this.calls.spans[this.at * 2]
  }

  get end(): number {
    return this.calls.spans[this.at * 2 + 1]
  }

  get facts(): FileFacts {
    const facts = this.factsOf(this.file)
    if (facts === null) throw new Error(`${this.file} was read before and now is not`)
    return facts
  }

  get call(): CallFacts {
    return this.facts.calls[this.at]
  }

  get targets(): Target[] {
    return this.calls.targetsOf[this.at].map(id => this.calls.targets[id])
  }

  get handing(): Handing {
    return this.calls.handed[this.at]
  }
}

export function functionKey(file: string, fn: FunctionId): string {
  return `${file}#${fn}`
}

/** Key of the calls of a function that was bound to some of its arguments. */
function boundKey(file: string, fn: FunctionId): string {
  return `${functionKey(file, fn)} bound`
}

/** Calls of a function where that was bound to some of its arguments: `read = run.bind(null, 'replica')`, `read(text)`. */
export function callersBound(callers: CallerIndex, file: string, fn: FunctionId): CallSite[] {
  return callers.ofFunction.get(boundKey(file, fn)) ?? []
}

/** Calls that may run a function: by name, through an interface of its class, or on a receiver that can't be told. */
export function callersOf(e: Evaluator, callers: CallerIndex, file: string, fn: FunctionId): CallSite[] {
  const facts = e.program.facts(file)
  const target = facts?.functions[fn]
  if (!facts || !target) return []
  const found = new Set(callers.ofFunction.get(functionKey(file, fn)))
  const isMethod = target.cls !== null && target.name !== 'constructor' && target.parent === null
  if (!isMethod) return [...found]
  for (const key of callers.interfacesOf(`${file}#${target.cls}`) ?? []) {
    for (const site of callers.ofInterface.get(`${key}.${target.name}`) ?? []) found.add(site)
  }
  return found.size > 0 ? [...found] : (callers.ofUnknown.get(target.name) ?? [])
}

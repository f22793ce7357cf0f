/** All calls of the files read so far, by what they run, so that the callers of a function are found at once. */
import type { CallFacts, FileFacts, FunctionId } from '../extract/facts.js'
import type { Evaluator } from './evaluator/state.js'
import { interfaceKey } from './interfaces.js'
import type { Target } from './targets.js'

export interface CallSite {
  facts: FileFacts
  call: CallFacts
  targets: Target[]
}

/** Who calls what, for finding the callers of a function. */
export interface CallerIndex {
  ofFunction: Lookup<CallSite[]>
  ofInterface: Lookup<CallSite[]>
  ofUnknown: Lookup<CallSite[]>
  /** Interfaces that a class (`file#id`) implements, as `file#name`. */
  interfacesOf(cls: string): Iterable<string> | undefined
}

interface Lookup<T> {
  get(key: string): T | undefined
}

export interface CallIndex {
  sites: CallSite[]
  /** Calls of a file, in the order of its facts. */
  ofFile: Map<string, CallSite[]>
  /** Calls of functions, by `file#function`. */
  ofFunction: Map<string, CallSite[]>
  /** Calls of methods of interfaces, by `file#interface.method`. */
  ofInterface: Map<string, CallSite[]>
  /** Calls of methods of something that could not be told, by the method's name. */
  ofUnknown: Map<string, CallSite[]>
}

export function createCallIndex(): CallIndex {
  return {
    sites: [],
    ofFile: new Map(),
    ofFunction: new Map(),
    ofInterface: new Map(),
    ofUnknown: new Map(),
  }
}

/**
 * Adds the calls of files that were not added before, and gives their sites.
 *
 * @param targetsOf what each call of a file may run
 */
export function addCalls(
  index: CallIndex,
  files: FileFacts[],
  targetsOf: (facts: FileFacts) => Target[][],
): CallSite[] {
  const added: CallSite[] = []
  for (const facts of files) {
    if (index.ofFile.has(facts.file)) continue
    const targets = targetsOf(facts)
    const sites = facts.calls.map((call, at): CallSite => ({ facts, call, targets: targets[at] }))
    index.ofFile.set(facts.file, sites)
    for (const site of sites) {
      added.push(site)
      for (const target of site.targets) {
        if (target.kind === 'function') push(index.ofFunction, `${target.file}#${target.fn}`, site)
        else if (target.kind === 'interface') {
          push(index.ofInterface, `${interfaceKey(target.file, target.name)}.${target.method}`, site)
        } else if (target.kind === 'unknown' && target.receiver !== '')
          push(index.ofUnknown, target.method, site)
      }
    }
  }
  // Not as arguments of one call: there may be more of them than a call can have.
  for (const site of added) index.sites.push(site)
  return added
}

function push(map: Map<string, CallSite[]>, key: string, site: CallSite): void {
  const list = map.get(key)
  if (!list) map.set(key, [site])
  else if (list.at(-1) !== site) list.push(site)
}

/** Calls that may run a function: by name, through an interface of its class, or on a receiver that can't be told. */
export function callersOf(e: Evaluator, callers: CallerIndex, file: string, fn: FunctionId): CallSite[] {
  const facts = e.program.facts(file)
  const target = facts?.functions[fn]
  if (!facts || !target) return []
  const found = new Set(callers.ofFunction.get(`${file}#${fn}`))
  const isMethod = target.cls !== null && target.name !== 'constructor' && target.parent === null
  if (!isMethod) return [...found]
  for (const key of callers.interfacesOf(`${file}#${target.cls}`) ?? []) {
    for (const site of callers.ofInterface.get(`${key}.${target.name}`) ?? []) found.add(site)
  }
  return found.size > 0 ? [...found] : (callers.ofUnknown.get(target.name) ?? [])
}

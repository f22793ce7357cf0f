/** All calls of the files read so far, by what they run, so that the callers of a function are found at once. */
import type { CallFacts, FileFacts, FunctionId } from '../extract/facts.js'
import type { Evaluator } from './evaluator/state.js'
import type { Interfaces } from './interfaces.js'
import { interfaceKey } from './interfaces.js'
import type { Target } from './targets.js'
import { targetsOf } from './targets.js'

export interface CallSite {
  facts: FileFacts
  call: CallFacts
  targets: Target[]
}

export interface CallIndex {
  sites: CallSite[]
  /** Calls of functions, by `file#function`. */
  ofFunction: Map<string, CallSite[]>
  /** Calls of methods of interfaces, by `file#interface.method`. */
  ofInterface: Map<string, CallSite[]>
  /** Calls of methods of something that could not be told, by the method's name. */
  ofUnknown: Map<string, CallSite[]>
  files: Set<string>
}

export function createCallIndex(): CallIndex {
  return { sites: [], ofFunction: new Map(), ofInterface: new Map(), ofUnknown: new Map(), files: new Set() }
}

/** Adds the calls of files that were not added before, and gives their sites. */
export function addCalls(e: Evaluator, index: CallIndex, files: FileFacts[]): CallSite[] {
  const added: CallSite[] = []
  for (const facts of files) {
    if (index.files.has(facts.file)) continue
    index.files.add(facts.file)
    for (const call of facts.calls) {
      const site: CallSite = { facts, call, targets: targetsOf(e, facts, call) }
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
  index.sites.push(...added)
  return added
}

function push(map: Map<string, CallSite[]>, key: string, site: CallSite): void {
  const list = map.get(key)
  if (!list) map.set(key, [site])
  else if (list.at(-1) !== site) list.push(site)
}

/** Calls that may run a function: by name, through an interface of its class, or on a receiver that can't be told. */
export function callersOf(
  e: Evaluator,
  index: CallIndex,
  interfaces: Interfaces,
  file: string,
  fn: FunctionId,
): CallSite[] {
  const facts = e.program.facts(file)
  const target = facts?.functions[fn]
  if (!facts || !target) return []
  const found = new Set(index.ofFunction.get(`${file}#${fn}`))
  const isMethod = target.cls !== null && target.name !== 'constructor' && target.parent === null
  if (!isMethod) return [...found]
  for (const key of interfaces.ofClass.get(`${file}#${target.cls}`) ?? []) {
    for (const site of index.ofInterface.get(`${key}.${target.name}`) ?? []) found.add(site)
  }
  return found.size > 0 ? [...found] : (index.ofUnknown.get(target.name) ?? [])
}

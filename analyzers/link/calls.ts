/** All calls of the files read so far, by what they run, so that the callers of a function are found at once. */
import type { CallFacts, FileFacts, FunctionId } from '../extract/facts.js'
import type { Evaluator } from './evaluate.js'
import type { Target } from './targets.js'
import { implementationsOf, targetsOf } from './targets.js'

export interface CallSite {
  facts: FileFacts
  call: CallFacts
  targets: Target[]
}

export interface CallIndex {
  sites: CallSite[]
  /** Callers by `functionKey`. */
  callers: Map<string, CallSite[]>
  /** Calls that could not be resolved, by the name of the method. */
  unresolved: Map<string, CallSite[]>
  files: Set<string>
}

export function functionKey(file: string, fn: FunctionId): string {
  return `${file}#${fn}`
}

export function createCallIndex(): CallIndex {
  return { sites: [], callers: new Map(), unresolved: new Map(), files: new Set() }
}

/**
 * Adds the calls of some files.
 * @param files facts of files not added before
 * @param implementers classes by the interface that they implement, `file#name`
 * @returns the sites added
 */
export function addCalls(
  e: Evaluator,
  index: CallIndex,
  files: FileFacts[],
  implementers: Map<string, { file: string; cls: number }[]>,
): CallSite[] {
  const added: CallSite[] = []
  for (const facts of files) {
    if (index.files.has(facts.file)) continue
    index.files.add(facts.file)
    for (const call of facts.calls) {
      const site: CallSite = { facts, call, targets: targetsOf(e, facts, call) }
      added.push(site)
      for (const target of site.targets) {
        if (target.kind === 'function') push(index.callers, functionKey(target.file, target.fn), site)
        else if (target.kind === 'interface') {
          const classes = implementers.get(`${target.file}#${target.name}`) ?? []
          for (const each of implementationsOf(e, classes, target.method)) {
            push(index.callers, functionKey(each.file, each.fn), site)
          }
          push(index.unresolved, target.method, site)
        } else if (target.kind === 'unknown') push(index.unresolved, target.method, site)
        else if (target.kind === 'external') push(index.unresolved, target.path.at(-1) ?? '', site)
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

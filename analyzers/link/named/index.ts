/** Which services run a function of a library: of those that reach its file, the ones whose code speaks of it. */
import type { FunctionId } from '../../extract/facts.js'
import type { CallSite } from '../calls.js'
import type { SourceFiles } from '../files.js'
import { once } from '../once.js'
import type { Reach } from '../reach.js'
import { enclosingIn } from './enclosing.js'
import { createGuards, type Guard } from './guards.js'
import { seek, spokenOf } from './mentions.js'
import { createSpeakers, type Speech } from './speakers.js'

const NO_NAMES: ReadonlySet<string> = new Set()

/** Functions of libraries that call each other in a chain longer than this count as run by whoever reaches the first. */
const MAX_ROUNDS = 8

export interface NamedRuns {
  /** Services that can run what stands at a place of a library, sorted. */
  servicesAt(site: CallSite): string[]
  /** Names that were looked for, and the files that speak of some of them. */
  names: string[]
  files: string[]
}

/**
 * A library's file has functions of which a service may call one. It counts as run by the service only if some file that the
 * service runs imports the function, or takes it out of an object, and does so with whatever named thing is around it. Where
 * that file is a library's too, the function in which it does so must be run by the service in its turn. Names are not
 * resolved: a method is spoken of wherever one of its name is, so a service may be said to run too much; too little only
 * where a method of an object is called by a computed key (`repository[name]()`).
 *
 * @param sites places in libraries that services reach
 * @param isLibrary whether a file is no service's own
 */
export function findNamedRuns(
  sites: CallSite[],
  paths: string[],
  source: SourceFiles,
  reach: Reach,
  isLibrary: (path: string) => boolean,
): NamedRuns {
  // Of no use where no service reaches a library's statement.
  const renamed = once(
    () =>
      new Set(
        paths.flatMap(path =>
          source
            .module(path)
            .reexports.flatMap(([as, origins]) =>
              origins.flatMap(({ name }) => (name === as || name === '*' ? [] : [name])),
            ),
        ),
      ),
  )
  const sought = new Set<string>()
  /** Names to be looked for next, in all files. */
  let next = new Set<string>()
  /** By file, the names of what it declares itself, and those of them that it was not yet asked for as its own. */
  const ownNames = new Map<string, { all: Set<string>; fresh: Set<string> }>()
  const guardsOf = new Map<string, (fn: FunctionId | null) => Guard[]>()
  const guards = new Map<CallSite, Guard[]>()
  for (const site of sites)
    if (reach.servicesOf(site.file).length > 0) guards.set(site, guardsAt(site.file, site.call.fn))

  const speaking = next.size === 0 ? [] : paths.filter(path => reach.servicesOf(path).length > 0)
  const speeches: Speech[] = []
  /** Objects of which some file takes a property by a computed key. */
  const anyOf = new Set<string>()
  const files = new Set<string>()
  for (let round = 0; next.size > 0 && round < MAX_ROUNDS; round++) {
    const names = next
    next = new Set()
    for (const name of names) sought.add(name)
    const inAll = seek(names)
    for (const path of speaking) {
      const own = ownNames.get(path)
      const mayBeOwn = own === undefined ? [] : [...own.fresh].filter(name => !names.has(name))
      own?.fresh.clear()
      listen(path, mayBeOwn.length === 0 ? inAll : seek(new Set([...names, ...mayBeOwn])), own?.all)
    }
  }
  const isSpokenBy = createSpeakers(speeches, reach, anyOf, name => sought.has(name))
  return { servicesAt, names: [...sought].sort(), files: [...files].sort() }

  function servicesAt(site: CallSite): string[] {
    const named = guards.get(site) ?? []
    return reach.servicesOf(site.file).filter(service => named.every(guard => isSpokenBy(guard, service)))
  }

  /** Notes what a file says, each in the function of a library in which it says it. */
  function listen(path: string, names: ReturnType<typeof seek>, own = NO_NAMES): void {
    const found = spokenOf(source.text(path) ?? '', names, own)
    if (found.words.size > 0) files.add(path)
    for (const name of found.objects) anyOf.add(name)
    if (found.mentions.length === 0) return
    const facts = isLibrary(path) ? source.facts(path) : null
    const functionAt = facts === null ? () => null : enclosingIn(facts)
    const seen = new Set<string>()
    for (const { name, at, isMember } of found.mentions) {
      const fn = functionAt(at)
      const key = `${fn}\0${isMember}\0${name}`
      if (seen.has(key)) continue
      seen.add(key)
      speeches.push({ name, isMember, path, within: guardsAt(path, fn) })
    }
  }

  /** What has to be spoken of before a function runs; its names are looked for from now on. */
  function guardsAt(path: string, fn: FunctionId | null): Guard[] {
    if (fn === null) return []
    let ofFile = guardsOf.get(path)
    if (ofFile === undefined) {
      ofFile = createGuards({
        facts: source.facts(path)!,
        lines: (source.text(path) ?? '').split('\n'),
        isOwn: module => source.resolve(path, module) !== null,
        isRenamed: name => renamed().has(name),
      })
      guardsOf.set(path, ofFile)
    }
    const found = ofFile(fn)
    for (const { name, holder } of found) {
      let own = ownNames.get(path)
      if (own === undefined) {
        own = { all: new Set(), fresh: new Set() }
        ownNames.set(path, own)
      }
      if (!own.all.has(name)) {
        own.all.add(name)
        own.fresh.add(name)
      }
      for (const each of holder === undefined ? [name] : [name, holder]) if (!sought.has(each)) next.add(each)
    }
    return found
  }
}

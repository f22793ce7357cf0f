/** Which services run a function of a library: of those that reach its file, the ones whose code speaks of it. */
import type { FunctionId } from '../../extract/facts.js'
import type { CallSite } from '../calls.js'
import type { SourceFiles } from '../files.js'
import { once } from '../once.js'
import type { Reach } from '../reach.js'
import { createGuards, type Guard } from './guards.js'
import { madeInside } from './made-inside.js'
import { seek, spokenOf, spokenOfBesides } from './mentions.js'

const NO_NAMES: ReadonlySet<string> = new Set()

export interface NamedRuns {
  /** Services that can run what stands at a place of a library, sorted. */
  servicesAt(site: CallSite): string[]
  /** Names that were looked for, and the files that speak of some of them. */
  names: string[]
  files: string[]
}

/**
 * A library's file has functions of which a service may call one. It counts as run by the service only if some file that the
 * service runs, its own or a library's, imports the function, or takes it out of an object, and does so with whatever named
 * thing is around it. Names are not resolved: a method is spoken of wherever one of its name is, so a service may be said
 * to run too much; too little only where a method of an object is called by a computed key (`repository[name]()`).
 *
 * @param sites places in libraries that services reach
 */
export function findNamedRuns(
  sites: CallSite[],
  paths: string[],
  source: SourceFiles,
  reach: Reach,
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
  const guards = new Map<CallSite, Guard[]>()
  /** By file, the names of what it declares itself. */
  const ownNames = new Map<string, Set<string>>()
  const insideOf = new Map<string, Map<string, number>>()
  const guardsOf = new Map<string, (fn: FunctionId | null) => Guard[]>()
  for (const site of sites) {
    const { file } = site
    if (reach.servicesOf(file).length === 0) continue
    let ofFile = guardsOf.get(file)
    if (ofFile === undefined) {
      ofFile = createGuards({
        facts: site.facts,
        lines: (source.text(file) ?? '').split('\n'),
        isOwn: module => source.resolve(file, module) !== null,
        isRenamed: name => renamed().has(name),
      })
      guardsOf.set(file, ofFile)
      insideOf.set(file, madeInside(site.facts))
    }
    const ofSite = ofFile(site.call.fn)
    guards.set(site, ofSite)
    const own = ownNames.get(file) ?? new Set()
    for (const { name } of ofSite) own.add(name)
    ownNames.set(file, own)
  }
  const names = new Set(
    [...guards.values()]
      .flat()
      .flatMap(({ name, holder }) => (holder === undefined ? [name] : [name, holder])),
  )
  const sought = seek(names)
  const speaking = names.size === 0 ? [] : paths.filter(path => reach.servicesOf(path).length > 0)
  /** By name, the files that have such a name or import it, and those that speak of it as of a property. */
  const words = new Map<string, string[]>()
  const members = new Map<string, string[]>()
  /** Objects of which some file takes a property by a computed key. */
  const anyOf = new Set<string>()
  const files: string[] = []
  for (const path of speaking) {
    const text = source.text(path) ?? ''
    const found = spokenOf(text, sought)
    if (found.words.size > 0) files.push(path)
    for (const name of found.objects) anyOf.add(name)
    const own = ownNames.get(path) ?? NO_NAMES
    const besides = own.size > 0 ? spokenOfBesides(text, own, insideOf.get(path)) : null
    for (const name of found.words) {
      // Another file's function has to be imported, so that a word alone is another thing of that name.
      const spoken =
        besides !== null && own.has(name) ? besides : { words: found.members, members: found.members }
      if (spoken.words.has(name)) addTo(words, name, path)
      if (spoken.members.has(name)) addTo(members, name, path)
    }
  }
  const speakers = new Map<string, Set<string>>()
  return { servicesAt, names: [...names].sort(), files }

  function servicesAt(site: CallSite): string[] {
    const reaching = reach.servicesOf(site.file)
    const named = guards.get(site) ?? []
    return reaching.filter(service =>
      named.every(
        guard => (guard.holder !== undefined && anyOf.has(guard.holder)) || speakersOf(guard).has(service),
      ),
    )
  }

  function speakersOf({ name, isMember }: Guard): Set<string> {
    const key = `${name}\0${isMember}`
    let found = speakers.get(key)
    if (found === undefined) {
      found = new Set((isMember ? members : words).get(name)?.flatMap(path => reach.servicesOf(path)))
      speakers.set(key, found)
    }
    return found
  }
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const known = lists.get(key)
  if (known) known.push(value)
  else lists.set(key, [value])
}

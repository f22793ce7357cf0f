/** Which services speak of a name, by what they run. */
import { groupBy } from '../../graph/index.js'
import type { Reach } from '../reach.js'
import type { Guard } from './guards.js'

/** A file that speaks of a name. */
export interface Speech {
  name: string
  isMember: boolean
  path: string
  /** What has to be spoken of before it runs there. */
  within: Guard[]
}

/**
 * Whether a service speaks of what stands around a function: in code that runs by itself, or in a function of which it speaks
 * in its turn. That a function calls itself, or two each other, runs none of them.
 *
 * @param anyOf objects of which any property may be meant
 * @param isSought whether a name was looked for; of one that was not, anyone may speak
 */
export function createSpeakers(
  speeches: readonly Speech[],
  reach: Reach,
  anyOf: ReadonlySet<string>,
  isSought: (name: string) => boolean,
): (guard: Guard, service: string) => boolean {
  const byPath = groupBy(speeches, ({ path }) => path)
  const byService = new Map<string, Speech[]>()
  for (const [path, said] of byPath)
    for (const service of reach.servicesOf(path)) {
      const all = byService.get(service)
      if (all) all.push(...said)
      else byService.set(service, [...said])
    }
  const known = new Map<string, ReadonlySet<string>>()

  return (guard, service) => {
    let spoken = known.get(service)
    if (spoken === undefined) {
      spoken = spokenBy(byService.get(service) ?? [])
      known.set(service, spoken)
    }
    return holds(guard, spoken)
  }

  function spokenBy(said: readonly Speech[]): ReadonlySet<string> {
    const spoken = new Set<string>()
    for (let waiting = said; ; ) {
      const left = waiting.filter(({ name, isMember, path, within }) => {
        if (!within.every(guard => holds(guard, spoken))) return true
        spoken.add(keyOf(name, false))
        spoken.add(isMember ? keyOf(name, true) : keyOf(name, false, path))
        return false
      })
      if (left.length === waiting.length) return spoken
      waiting = left
    }
  }

  function holds({ name, isMember, holder, only }: Guard, spoken: ReadonlySet<string>): boolean {
    return (
      !isSought(name) ||
      (holder !== undefined && anyOf.has(holder)) ||
      spoken.has(keyOf(name, isMember, only))
    )
  }
}

/** @param only the file that alone can mean it, if one can */
function keyOf(name: string, isMember: boolean, only = ''): string {
  return `${isMember}\0${name}\0${only}`
}

/** Answers that depend on one another, also in circles: each is found once. */
import { type Bond, distinct } from './bond.js'

export interface Circles {
  /** How deep the one that is looked for at the moment goes. */
  depth: number
  remembered(key: string, find: () => Bond[]): Bond[]
}

export function createCircles(): Circles {
  const known = new Map<string, Bond[]>()
  /** Those that are being looked at, with the number of those around each. */
  const active = new Map<string, number>()
  /** Those on a way that leads to one of these: the outermost that they lead to. */
  const partial = new Map<string, { bonds: Bond[]; leadsTo: number }>()
  let leadsTo = Number.POSITIVE_INFINITY
  const circles: Circles = { depth: 0, remembered }
  return circles

  /**
   * A parameter or field is looked at once; where it leads to itself it adds nothing. What was found on the way around
   * such a circle lacks what its first one finds, and is kept only until that is complete: without it, each way through
   * many circles would be gone.
   */
  function remembered(key: string, find: () => Bond[]): Bond[] {
    const before = known.get(key)
    if (before) return before
    const [index, part] = [active.get(key), partial.get(key)]
    if (index !== undefined || part) {
      leadsTo = Math.min(leadsTo, index ?? part!.leadsTo)
      return part?.bonds ?? []
    }
    const own = active.size
    const [outer, outerLeadsTo] = [circles.depth, leadsTo]
    active.set(key, own)
    circles.depth = 0
    leadsTo = Number.POSITIVE_INFINITY
    const bonds = distinct(find())
    active.delete(key)
    circles.depth = outer
    if (leadsTo >= own) {
      known.set(key, bonds)
      for (const [each, { leadsTo: index }] of partial) if (index >= own) partial.delete(each)
      leadsTo = outerLeadsTo
    } else {
      partial.set(key, { bonds, leadsTo })
      leadsTo = Math.min(leadsTo, outerLeadsTo)
    }
    return bonds
  }
}

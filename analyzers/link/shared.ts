/** What a service's web application has that files share by it: see `extract/shared.ts`. */
import { groupBy } from '../graph/group-by.js'
import type { SharedAt } from './program.js'

/**
 * What each owner of files finds: what its own files share, and under other names what one library does, whose plug-in or
 * middleware it may load.
 */
export function sharedByOwner(
  found: SharedAt[],
  ownerOf: (file: string) => string,
  libraries: Set<string>,
): (owner: string) => SharedAt[] {
  const byOwner = groupBy(found, ({ file }) => ownerOf(file))
  const known = new Map<string, SharedAt[]>()
  const ofLibraries = groupBy(
    found.filter(({ file }) => libraries.has(ownerOf(file))),
    ({ name }) => name,
  )
  return owner => {
    let all = known.get(owner)
    if (all === undefined) {
      const own = byOwner.get(owner) ?? []
      const names = new Set(own.map(({ name }) => name))
      const others = [...ofLibraries].filter(
        ([name, each]) => !names.has(name) && new Set(each.map(({ file }) => ownerOf(file))).size === 1,
      )
      all = [...own, ...others.flatMap(([, each]) => each)]
      known.set(owner, all)
    }
    return all
  }
}

import type { Git } from '../git/git.js'

/** Renames of one file that are followed: more is no history, but a loop. */
const MOST_HOPS = 20

/** Says where a file is now that was renamed, at one state of the repository. */
export interface Renames {
  /** Null for a file that was deleted, and where there is no history to tell. */
  find(path: string): string | null
}

/** Without git nothing is known of renames. */
export const noRenames: Renames = { find: () => null }

/**
 * Follows files through the commits that renamed them, by git's similarity.
 *
 * @param commit the state that is looked at; null for the working tree
 * @param exists whether a file is there in that state
 */
export function gitRenames(git: Git, commit: string | null, exists: (path: string) => boolean): Renames {
  const found = new Map<string, string | null>()
  return {
    find(path) {
      let target = found.get(path)
      if (target === undefined) {
        target = follow(path)
        found.set(path, target)
      }
      return target
    },
  }

  function follow(path: string): string | null {
    let current = path
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const next =
        (commit === null ? git.renamesSince('HEAD').get(current) : undefined) ??
        git.renamedTo(current, commit ?? 'HEAD')
      if (next === null) return null
      if (exists(next)) return next
      current = next
    }
    return null
  }
}

import { groupBy } from '../../graph/index.js'
import type { Service } from '../../model.js'
import { isWithin } from '../../workspace/paths.js'

/** Gives the present name of a service or library by the one that it had when a change began. */
export type PresentService = (name: string) => string

/**
 * A name that is gone and one that is new are of one service if it lies in the same folder, or if most of the files that were
 * renamed in the one's folder are in the other's now: services are called by their folders.
 *
 * @param renames present path of each renamed file by its former one
 */
export function presentServices(
  before: readonly Service[],
  now: readonly Service[],
  renames: ReadonlyMap<string, string>,
): PresentService {
  const names = new Set(now.map(({ name }) => name))
  const former = new Set(before.map(({ name }) => name))
  const gone = before.filter(({ name }) => !names.has(name))
  const come = now.filter(({ name }) => !former.has(name))
  if (gone.length === 0 || come.length === 0) return name => name
  const found = new Map(
    gone.flatMap(({ name, path }): [string, string][] => {
      const present = come.find(each => each.path === path) ?? movedTo(path, come, renames)
      return present === undefined ? [] : [[name, present.name]]
    }),
  )
  return name => found.get(name) ?? name
}

function movedTo(
  folder: string,
  come: readonly Service[],
  renames: ReadonlyMap<string, string>,
): Service | undefined {
  const moved = [...renames].flatMap(([from, to]) => (isWithin(from, folder) ? [to] : []))
  const byService = groupBy(moved, path => come.find(service => isWithin(path, service.path)))
  return come.find(service => (byService.get(service)?.length ?? 0) * 2 > moved.length)
}

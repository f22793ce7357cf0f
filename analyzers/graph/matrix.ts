import type { DependencyMap } from '../model.js'
import { type Crossing, crossings, type Tally, tally } from './crossings.js'
import { groupBy } from './group-by.js'

/** Who reaches into whom: services that cross, by owners that are reached into. Both sorted by name. */
export interface Matrix {
  services: string[]
  owners: string[]
  /** One row a service, one cell an owner; null where nothing crosses. */
  cells: (Tally | null)[][]
}

/** The matrix service × owner over all crossings. */
export function matrix(map: DependencyMap): Matrix {
  return matrixOf(crossings(map))
}

/** The matrix over some crossings. */
export function matrixOf(all: Crossing[]): Matrix {
  const services = [...new Set(all.map(crossing => crossing.service))].sort()
  const owners = [...new Set(all.map(crossing => crossing.owner))].sort()
  const byService = groupBy(all, crossing => crossing.service)
  const cells = services.map(service => {
    const byOwner = groupBy(byService.get(service)!, crossing => crossing.owner)
    return owners.map(owner => (byOwner.has(owner) ? tally(byOwner.get(owner)!) : null))
  })
  return { services, owners, cells }
}

import { DirectedGraph } from 'graphology'
import { stronglyConnectedComponents } from 'graphology-components'
import type { DependencyMap } from '../model.js'
import { crossings } from './crossings.js'
import { groupBy } from './group-by.js'
import { orderBy } from './order-by.js'

/** One service in the order of separation. */
export interface SeparationStep {
  service: string
  /** Accesses of services that come later in the order to its tables: these need an API of it first. */
  incoming: number
  /** Its accesses to tables of services that come later: these need to become calls. */
  outgoing: number
}

/**
 * Groups of services that reach into each other, directly or round about: none of a group can be separated
 * without touching another. Each sorted by name; larger groups first.
 */
export function cycles(map: DependencyMap): string[][] {
  const graph = new DirectedGraph()
  for (const { service, owner } of crossings(map)) graph.mergeEdge(service, owner)
  return stronglyConnectedComponents(graph)
    .filter(group => group.length > 1)
    .map(group => group.sort())
    .sort(
      orderBy(
        group => -group.length,
        group => group[0]!,
      ),
    )
}

/**
 * An order in which to give services a database of their own: each time the one into whose tables the fewest
 * accesses of the others reach, then the one that reaches out least. A service that is separated no longer
 * reaches into others, so its accesses stop counting. Services that neither cross nor are crossed are not in it.
 */
export function separationOrder(map: DependencyMap): SeparationStep[] {
  const weights = [
    ...groupBy(crossings(map), ({ service, owner }) => JSON.stringify([service, owner])).values(),
  ].map(group => ({
    from: group[0]!.service,
    to: group[0]!.owner,
    accesses: new Set(group.map(crossing => crossing.access)).size,
  }))
  const left = new Set(weights.flatMap(weight => [weight.from, weight.to]))
  const order: SeparationStep[] = []
  while (left.size > 0) {
    const steps = new Map([...left].map(service => [service, { service, incoming: 0, outgoing: 0 }]))
    for (const { from, to, accesses } of weights) {
      if (!left.has(from) || !left.has(to)) continue
      steps.get(from)!.outgoing += accesses
      steps.get(to)!.incoming += accesses
    }
    const next = [...steps.values()].sort(
      orderBy(
        step => step.incoming,
        step => step.outgoing,
        step => step.service,
      ),
    )[0]!
    left.delete(next.service)
    order.push(next)
  }
  return order
}

import { DirectedGraph } from 'graphology'
import { stronglyConnectedComponents } from 'graphology-components'
import type { DependencyMap } from '../model.js'
import { crossings, tally } from './crossings.js'
import { crossForeignKeys } from './findings.js'
import { groupBy } from './group-by.js'
import { orderBy } from './order-by.js'

/** One service in the order of separation: what is left to replace when its turn comes. */
export interface SeparationStep {
  service: string
  /**
   * Accesses of services that come later in the order to its tables, each once for each service: these need an API
   * of it first.
   */
  incoming: number
  /** Its accesses to tables of services that come later, each once: these need to become calls. */
  outgoing: number
  /** Whose accesses `incoming` are, most first. */
  by: Partner[]
  /** Into whose tables `outgoing` are, most first; an access to tables of several owners counts for each of them. */
  into: Partner[]
  /** Transactions that it is part of and that write to tables of another service that comes later. */
  transactions: number
  /** Foreign keys between its tables and those of services that come later. */
  foreignKeys: number
}

/** A service on the other side, and how many accesses there are between the two. */
export interface Partner {
  service: string
  accesses: number
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
 * accesses of the others reach, then the one that reaches out least, then the one with the fewest transactions and
 * foreign keys across. A service that is separated no longer reaches into others, so its accesses stop counting.
 * Services that no access, no transaction and no foreign key ties to others are not in it.
 */
export function separationOrder(map: DependencyMap): SeparationStep[] {
  const ties = tiesOf(map)
  const left = new Set([
    ...ties.weights.flatMap(({ from, to }) => [from, to]),
    ...ties.transactions.flatMap(({ beginner, owners }) =>
      beginner === null ? owners : [beginner, ...owners],
    ),
    ...ties.foreignKeys.flat(),
  ])
  const order: SeparationStep[] = []
  while (left.size > 0) {
    const [next] = fewestIncoming(ties, left)
      .map(service => stepOf(service, ties, left))
      .sort(
        orderBy(
          step => step.outgoing,
          step => step.transactions + step.foreignKeys,
          step => step.service,
        ),
      )
    left.delete(next!.service)
    order.push(next!)
  }
  return order
}

/** All that ties services to each other. */
interface Ties {
  /** How many accesses of one service use tables of another. */
  weights: { from: string; to: string; accesses: number }[]
  /** Of each service, the owners that each of its crossing accesses reaches into. */
  ownersByService: Map<string, string[][]>
  /** Who begins each transaction that crosses (nobody, if it is a library's), and whose tables it writes to. */
  transactions: { beginner: string | null; owners: string[] }[]
  /** The owners of both ends of each foreign key that crosses. */
  foreignKeys: string[][]
}

function tiesOf(map: DependencyMap): Ties {
  const all = crossings(map)
  const libraries = new Set(map.services.filter(({ kind }) => kind === 'library').map(({ name }) => name))
  const pairs = groupBy(all, ({ service, owner }) => JSON.stringify([service, owner]))
  return {
    weights: [...pairs.values()].map(group => ({
      from: group[0]!.service,
      to: group[0]!.owner,
      accesses: tally(group).accesses,
    })),
    ownersByService: new Map(
      [...groupBy(all, ({ service }) => service)].map(([service, group]) => [
        service,
        [...groupBy(group, ({ access }) => access).values()].map(uses => uses.map(({ owner }) => owner)),
      ]),
    ),
    transactions: map.transactions.map(({ service, owners }) => ({
      beginner: libraries.has(service) ? null : service,
      owners,
    })),
    foreignKeys: crossForeignKeys(map).flatMap(({ fromOwner, toOwner }) =>
      fromOwner === null || toOwner === null ? [] : [[fromOwner, toOwner]],
    ),
  }
}

/** Of the services that are left, those into whose tables the fewest accesses of the others reach. */
function fewestIncoming({ weights }: Ties, left: Set<string>): string[] {
  const incoming = new Map([...left].map(service => [service, 0]))
  for (const { from, to, accesses } of weights) {
    if (left.has(from) && left.has(to)) incoming.set(to, incoming.get(to)! + accesses)
  }
  const fewest = [...incoming.values()].reduce((least, value) => Math.min(least, value))
  return [...left].filter(service => incoming.get(service) === fewest)
}

function stepOf(service: string, ties: Ties, left: Set<string>): SeparationStep {
  const isOther = (name: string) => name !== service && left.has(name)
  const by = partners(
    ties.weights.filter(({ from, to }) => to === service && isOther(from)),
    'from',
  )
  const into = partners(
    ties.weights.filter(({ from, to }) => from === service && isOther(to)),
    'to',
  )
  return {
    service,
    incoming: by.reduce((sum, { accesses }) => sum + accesses, 0),
    outgoing: (ties.ownersByService.get(service) ?? []).filter(owners => owners.some(isOther)).length,
    by,
    into,
    transactions: ties.transactions.filter(
      ({ beginner, owners }) =>
        (beginner === null || left.has(beginner)) &&
        (beginner === service || owners.includes(service)) &&
        owners.some(isOther),
    ).length,
    foreignKeys: ties.foreignKeys.filter(ends => ends.includes(service) && ends.some(isOther)).length,
  }
}

function partners(weights: Ties['weights'], side: 'from' | 'to'): Partner[] {
  return weights
    .map(weight => ({ service: weight[side], accesses: weight.accesses }))
    .sort(
      orderBy(
        ({ accesses }) => -accesses,
        each => each.service,
      ),
    )
}

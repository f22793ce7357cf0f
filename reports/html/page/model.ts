import {
  type Crossing,
  crossings,
  groupBy,
  type SeparationStep,
  separationOrder,
} from '../../../analyzers/graph/index.js'
import type { Access, Table } from '../../../analyzers/model.js'
import { kindOf, openCrossings } from '../../board/arrows.js'
import type { ArrowKind, Card } from '../../board/board.js'
import type { PageData, State } from '../page-data.js'
import type { View } from './view.js'

/** A use of a table: a crossing, or a use of a table whose owner is open (with an empty `owner`). */
export interface Use extends Crossing {
  kind: ArrowKind
  state: State | null
}

/** What is embedded, made ready to be looked up. */
export interface Model extends PageData {
  uses: Use[]
  tables: Map<string, Table>
  accesses: Map<string, Access>
  cards: Map<string, Card>
  /** All services on the map, with a card or folded. */
  services: Set<string>
  /** Key of the card that holds a table. */
  cardOfTable: Map<string, string>
  hasStates: boolean
  /** The order in which services can be separated, of the whole map. */
  separation: SeparationStep[]
}

export function modelOf(data: PageData): Model {
  const { map, board } = data
  const states = new Map(data.states.map(each => [useKey(each.access, each.service, each.table), each.state]))
  const use = (crossing: Crossing): Use => ({
    ...crossing,
    kind: crossing.owner === '' ? 'open' : kindOfUse(crossing),
    state: states.get(useKey(crossing.access.id, crossing.service, crossing.table)) ?? null,
  })
  return {
    ...data,
    uses: [...crossings(map), ...openCrossings(map)].map(use),
    tables: new Map(map.tables.map(table => [table.id, table])),
    accesses: new Map(map.accesses.map(access => [access.id, access])),
    cards: new Map(board.cards.map(card => [card.key, card])),
    services: new Set([
      ...board.cards.flatMap(card => card.service ?? []),
      ...(board.idle?.services ?? []).map(each => each.service),
    ]),
    cardOfTable: new Map(
      board.cards.flatMap(card =>
        [...card.rows, ...card.squares].map(({ table }) => [table, card.key] as const),
      ),
    ),
    hasStates: states.size > 0,
    separation: separationOrder(map),
  }
}

function useKey(access: string, service: string, table: string): string {
  return JSON.stringify([access, service, table])
}

function kindOfUse({ write, ddl, join }: Crossing): ArrowKind {
  return kindOf({ reads: 0, writes: Number(write), ddl: Number(ddl), joins: Number(join) })
}

/** The uses that the filters let through. */
export function shown(model: Model, view: View): Use[] {
  const filters = filtersOf(view)
  if (last?.model !== model || last.filters !== filters)
    last = { model, filters, uses: filtered(model, view) }
  return last.uses
}

/** The filters of a view as a text, to tell whether they have changed. */
export function filtersOf({ kinds, states, from, into }: View): string {
  return JSON.stringify([[...kinds], [...states], from, into])
}

/** Asked for at every movement of the pointer. */
let last: { model: Model; filters: string; uses: Use[] } | undefined

function filtered(model: Model, { kinds, from, into, states }: View): Use[] {
  return model.uses.filter(
    use =>
      kinds.has(use.kind) &&
      (from === '' || use.service === from) &&
      (into === '' || use.owner === into) &&
      (use.state === null || states.has(use.state)),
  )
}

/** Accesses behind some uses, each once, in their order. */
export function accessesOf(uses: Use[]): Access[] {
  return [...new Set(uses.map(use => use.access))]
}

/** Accesses to one owner's tables, each once for each service that makes it, as the cards count them. */
export function arriving(uses: Use[]): number {
  return [...groupBy(uses, use => use.service).values()].reduce(
    (sum, group) => sum + accessesOf(group).length,
    0,
  )
}

/** The services by whose code a table is used in any way, its owner included. */
export function usersOf(model: Model, table: string): Map<string, Access[]> {
  const all = model.map.accesses.filter(
    access => !access.migration && access.tables.some(used => used.id === table),
  )
  const pairs = all.flatMap(access => access.reachedBy.map(service => ({ service, access })))
  return new Map(
    [...groupBy(pairs, pair => pair.service)].map(([service, group]) => [
      service,
      group.map(pair => pair.access),
    ]),
  )
}

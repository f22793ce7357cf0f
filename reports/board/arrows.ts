import {
  type Crossing,
  crossings,
  groupBy,
  orderBy,
  type Tally,
  tableKey,
  tally,
} from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { arrowPath } from './arrow-path.js'
import { type Arrow, type ArrowKind, type Card, SIZES } from './board.js'

/** Above so many arrows to tables nobody can follow them: one arrow to each card that sums them up. */
const MOST_TABLE_ARROWS = 140

/** A service's use of one table of another service, or of one whose owner is open. */
export interface Use {
  from: string
  /** Key of the card that holds the table. */
  toCard: string
  table: string
  crossings: Crossing[]
}

/** What some uses are foremost. */
export function kindOf({ writes, ddl, joins }: Omit<Tally, 'accesses'>): Exclude<ArrowKind, 'open'> {
  if (writes > 0 || ddl > 0) return 'write'
  return joins > 0 ? 'join' : 'read'
}

/** The uses to draw, sorted by service, card and table: all of them, or those of some crossings. */
export function usesOf(map: DependencyMap, all = [...crossings(map), ...openCrossings(map)]): Use[] {
  const datastores = new Map(map.tables.map(table => [table.id, table.datastore]))
  const toOwners = all
    .filter(each => each.owner !== '')
    .map(crossing => ({ crossing, toCard: `service:${crossing.owner}` }))
  const toOpen = all
    .filter(each => each.owner === '')
    .flatMap(crossing => {
      const datastore = datastores.get(crossing.table)
      return datastore === undefined ? [] : [{ crossing, toCard: `open:${datastore}` }]
    })
  const groups = groupBy([...toOwners, ...toOpen], ({ crossing }) =>
    JSON.stringify([crossing.service, crossing.table]),
  )
  return [...groups.values()]
    .map(group => ({
      from: group[0]!.crossing.service,
      toCard: group[0]!.toCard,
      table: group[0]!.crossing.table,
      crossings: group.map(({ crossing }) => crossing),
    }))
    .sort(
      orderBy(
        use => use.from,
        use => use.toCard,
        use => use.table,
      ),
    )
}

/** Uses of tables whose owner is open, in the shape of crossings (with an empty owner) though they are none. */
export function openCrossings(map: DependencyMap): Crossing[] {
  return map.accesses
    .filter(access => !access.migration)
    .flatMap(access => {
      const open = access.tables.filter(used => used.owner === null && !used.system)
      return [...groupBy(open, tableKey)].flatMap(([table, used]) =>
        access.reachedBy.map(service => ({
          service,
          owner: '',
          table,
          access,
          read: used.some(each => each.op === 'read'),
          write: used.some(each => each.op === 'write'),
          ddl: used.some(each => each.op === 'ddl'),
          join: false,
        })),
      )
    })
}

const ORDER: ArrowKind[] = ['open', 'read', 'join', 'write']

/** The arrows between placed cards: to tables, or to cards where there are too many for that. */
export function arrowsOf(uses: Use[], cards: Card[]): Arrow[] {
  const byKey = new Map(cards.map(card => [card.key, card]))
  const isOpen = (use: Use) => byKey.get(use.toCard)?.service === null
  const detailed = uses.filter(use => !isOpen(use)).length <= MOST_TABLE_ARROWS
  const groups = groupBy(uses, use =>
    JSON.stringify([use.from, use.toCard, detailed && !isOpen(use) ? use.table : null]),
  )
  return [...groups.values()]
    .flatMap(group => {
      const from = byKey.get(`service:${group[0]!.from}`)
      const to = byKey.get(group[0]!.toCard)
      if (!from || !to) return []
      const table = detailed && !isOpen(group[0]!) ? group[0]!.table : null
      const sums = tally(group.flatMap(use => use.crossings))
      return {
        kind: isOpen(group[0]!) ? ('open' as const) : kindOf(sums),
        from: group[0]!.from,
        fromCard: from.key,
        toCard: to.key,
        table,
        tally: sums,
        path: arrowPath(from, outOf(from), to, heightOf(to, table)),
      }
    })
    .sort(orderBy(arrow => ORDER.indexOf(arrow.kind)))
}

/** Height at which arrows leave a card. */
export function outOf(card: Pick<Card, 'y' | 'height'>): number {
  return card.y + Math.min(card.height, SIZES.header) / 2
}

/** Height of a table on its card; of the card's heading where the table has no row. */
export function heightOf(
  card: Pick<Card, 'y' | 'height' | 'rows' | 'squares'>,
  table: string | null,
): number {
  const row = card.rows.find(each => each.table === table)
  if (row) return row.y + SIZES.row / 2
  const square = card.squares.find(each => each.table === table)
  return square ? square.y + SIZES.square / 2 : outOf(card)
}

import type { DependencyMap } from '../../analyzers/model.js'
import { arrange } from './arrange.js'
import { bow } from './arrow-path.js'
import { arrowsOf, usesOf } from './arrows.js'
import { type Arrow, type Board, type Card, type Idle, SIZES } from './board.js'
import { cardsOf } from './cards.js'
import { ownerColour } from './colours.js'
import { foldIdle } from './idle.js'

export type { Arrow, ArrowKind, Board, Card } from './board.js'

/** Stands for the folded services while places are found. */
const IDLE = 'idle'
/** Room for the legend. */
const NARROWEST = 840

/** Lays out a map. The same map gives the same board. */
export function boardOf(map: DependencyMap): Board {
  const uses = usesOf(map)
  const all = cardsOf(map)
  const links = uses.map(use => ({
    from: `service:${use.from}`,
    to: use.toCard,
    weight: use.crossings.length,
  }))
  const { shown: boxes, idle } = foldIdle(all, new Set(links.flatMap(({ from, to }) => [from, to])))
  const known = new Set(boxes.map(box => box.key))
  const { width, height, places } = arrange(
    idle === null ? boxes : [...boxes, { ...idle, key: IDLE }],
    links.filter(({ from, to }) => known.has(from) && known.has(to)),
  )
  const cards = boxes.map((box, index): Card => {
    const { x, y } = places.get(box.key)!
    return {
      ...box,
      x,
      y,
      colour: ownerColour(index),
      rows: box.rows.map(row => ({ ...row, y: row.y + y })),
      squares: box.squares.map(square => ({ ...square, x: square.x + x, y: square.y + y })),
    }
  })
  const placed = (): Idle | null => {
    if (idle === null) return null
    const { x, y } = places.get(IDLE)!
    const services = idle.services.map(each => ({ ...each, x: each.x + x, y: each.y + y }))
    return { ...idle, x, y, services }
  }
  const arrows = arrowsOf(uses, cards)
  const right = Math.max(0, ...arrows.map(arrow => rightOf(arrow, cards)))
  return { width: Math.max(NARROWEST, width, right + SIZES.margin), height, cards, idle: placed(), arrows }
}

/** How far an arrow that goes round within a column reaches to the right. */
function rightOf({ fromCard, toCard }: Arrow, cards: Card[]): number {
  const from = cards.find(card => card.key === fromCard)!
  const to = cards.find(card => card.key === toCard)!
  return from.x === to.x ? from.x + from.width + bow(from.y, to.y) : 0
}

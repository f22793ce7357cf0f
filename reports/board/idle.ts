import { plain } from '../text/plain.js'
import { count } from '../text/words.js'
import { type Card, type Idle, SIZES } from './board.js'
import { squaresIn } from './squares.js'

type Box = Omit<Card, 'x' | 'y' | 'colour'>

/** Up to so many have a card each; more would take the room of those that the map is about. */
const MOST_CARDS = 6

/** What a fold of services has before it is placed; squares are placed from its own corner. */
export type Fold = Omit<Idle, 'x' | 'y'>

/**
 * Folds services that own no table and use none of others into one box, a square each, where there are many.
 *
 * @param linked keys of the cards that an arrow begins or ends at
 */
export function foldIdle(boxes: Box[], linked: ReadonlySet<string>): { shown: Box[]; idle: Fold | null } {
  const isIdle = ({ key, service, rows, squares }: Box) =>
    service !== null && rows.length + squares.length === 0 && !linked.has(key)
  const folded = boxes.filter(isIdle)
  if (folded.length <= MOST_CARDS) return { shown: boxes, idle: null }
  const { header, padding } = SIZES
  const { width } = folded[0]!
  const { squares, height } = squaresIn(folded.length, width, header + 4)
  return {
    shown: boxes.filter(box => !isIdle(box)),
    idle: {
      title: plain(count(folded.length, 'service')),
      subtitle: 'no tables, none of others used',
      width,
      height: header + 4 + height + padding,
      services: folded.map(({ service }, index) => ({ service: service!, ...squares[index]! })),
    },
  }
}

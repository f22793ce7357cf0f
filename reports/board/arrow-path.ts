import type { Card } from './board.js'

/** What of a card an arrow needs to know. */
type Box = Pick<Card, 'x' | 'y' | 'width'>

/** Space between the head of an arrow and its card. */
const HEAD = 3

/**
 * The way of an arrow from one card to another, each at a height: it leaves and comes in level, through the gutters
 * between the columns. Within a column it goes round on the right.
 */
export function arrowPath(from: Box, fromY: number, to: Box, toY: number): string {
  if (from.x === to.x) {
    const side = from.x + from.width
    const control = round(side + bow(fromY, toY))
    return `M${side} ${fromY}C${control} ${fromY} ${control} ${toY} ${side + HEAD} ${toY}`
  }
  const right = to.x > from.x
  const startX = right ? from.x + from.width : from.x
  const endX = right ? to.x - HEAD : to.x + to.width + HEAD
  const bend = Math.max(46, Math.abs(endX - startX) / 2.2) * (right ? 1 : -1)
  return `M${startX} ${fromY}C${round(startX + bend)} ${fromY} ${round(endX - bend)} ${toY} ${endX} ${toY}`
}

/** How far an arrow within a column goes out. */
export function bow(fromY: number, toY: number): number {
  return 30 + Math.min(40, Math.abs(fromY - toY) / 10)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

import { groupBy, rankServicesOf, tally } from '../../../analyzers/graph/index.js'
import type { Card } from '../../board/board.js'
import { barWidth, inAndOut, mostOut, subtitle } from '../../board/draw.js'
import { arriving, type Model, type Use } from './model.js'

/** Writes into the cards how many accesses the filters let through, so that cards and arrows say the same. */
export function writeSums(model: Model, uses: Use[], nodes: Map<string, SVGGElement>): void {
  const crossing = uses.filter(use => use.owner !== '')
  const out = new Map(rankServicesOf(crossing).map(({ service, accesses }) => [service, accesses]))
  const into = new Map(
    [...groupBy(crossing, use => use.owner)].map(([owner, group]) => [owner, arriving(group)]),
  )
  const ofTable = new Map(
    [...groupBy(uses, use => use.table)].map(([table, group]) => [table, tally(group).accesses]),
  )
  const most = mostOut(model.board)
  for (const card of model.board.cards) {
    if (card.service !== null)
      writeHeading(card, out.get(card.service) ?? 0, into.get(card.service) ?? 0, most, nodes)
    for (const { table, uses } of card.rows)
      if (uses > 0) write(nodes.get(`table:${table}`), '.uses', String(ofTable.get(table) ?? 0))
  }
}

function writeHeading(
  card: Card,
  out: number,
  into: number,
  most: number,
  nodes: Map<string, SVGGElement>,
): void {
  const node = nodes.get(card.key)
  write(node, '.subtitle', subtitle(out, into, card.rows.length + card.squares.length))
  write(node?.parentElement, '.far-out', inAndOut(out, into))
  node?.querySelector('.out')?.setAttribute('width', String(out > 0 ? barWidth(card, out, most) : 0))
}

function write(within: Element | null | undefined, part: string, text: string): void {
  const element = within?.querySelector(part)
  if (element) element.textContent = text
}

import { type Board, type Card, type Idle, SIZES } from '../board/board.js'
import {
  drawFrame,
  drawHeading,
  drawIdleHeading,
  drawIdleService,
  drawRow,
  drawSquare,
  inAndOut,
  mostOut,
} from '../board/draw.js'
import { textWidth, wrap } from '../board/text-width.js'
import { plain } from '../text/plain.js'
import { count } from '../text/words.js'
import { xml } from '../text/xml.js'

/** Sizes that are tried for the title that fills a card when the map is seen from afar. */
const FAR_SIZES = [34, 30, 26, 22, 18, 15]
/** Bold text is so much wider. */
const BOLD = 1.12

/**
 * The cards of a board with what the page's script holds on to: every service, table and datastore is a button
 * (`data-node` has its key), and every card has a large title for when its rows are too small to read.
 */
export function drawCards(board: Board): string {
  return [
    ...board.cards.map(card => drawCard(card, mostOut(board))),
    ...(board.idle === null ? [] : [drawIdleBox(board.idle)]),
  ].join('\n')
}

/** Every one of these services is a button as well; their names as a list are in the panel. */
function drawIdleBox(idle: Idle): string {
  const squares = idle.services.map(each =>
    node(
      `service:${each.service}`,
      `${each.service}, service without tables`,
      squareBox(each),
      `<g class="near">${drawIdleService(each)}</g>`,
    ),
  )
  const { x, y, title } = idle
  const far = `<text class="far-title" font-size="26" x="${x + SIZES.padding + 4}" y="${y + 30}">${xml(title)}</text>`
  return `<g class="group" data-card="idle"><g class="near">${drawIdleHeading(idle)}</g>${squares.join('\n')}<g class="far" aria-hidden="true">${far}</g></g>`
}

function squareBox({ x, y }: { x: number; y: number }): Box {
  return { x: x + 1, y: y - 1, width: SIZES.square + 2, height: SIZES.square + 2 }
}

function drawCard(card: Card, most: number): string {
  const { x, y, width } = card
  const parts = [
    drawFrame(card),
    node(
      card.key,
      nameOf(card),
      {
        x,
        y,
        width,
        height: Math.min(card.height, SIZES.header),
        ...(card.service === null ? {} : { farHeight: card.height }),
      },
      `<g class="near">${drawHeading(card, most)}</g>`,
    ),
    ...card.rows.map(row =>
      node(
        `table:${row.table}`,
        `${row.table}, table${row.uses > 0 ? `, ${count(row.uses, 'access', 'accesses')} by other services` : ''}`,
        { x: x + 6, y: row.y, width: width - 8, height: SIZES.row },
        `<g class="near">${drawRow(row, card)}</g>`,
      ),
    ),
    ...card.squares.map(square =>
      node(
        `table:${square.table}`,
        `${square.table}, table`,
        squareBox(square),
        `<g class="near">${drawSquare(square, card)}</g>`,
      ),
    ),
    `<g class="far" aria-hidden="true">${drawFar(card)}</g>`,
  ]
  return `<g class="group" data-card="${xml(card.key)}">${parts.join('\n')}</g>`
}

function nameOf({ service, title, subtitle, out, into }: Card): string {
  if (service === null) return `${title}, ${subtitle}`
  return `${service}, service, ${count(out, 'access', 'accesses')} to others' tables, ${into} by others to its own`
}

interface Box {
  x: number
  y: number
  width: number
  height: number
  /** Its height when the map is seen from afar, if that is another. */
  farHeight?: number
}

/** A button, named by its title, which is its tooltip as well; the ground makes all of its area react. */
function node(key: string, name: string, { x, y, width, height, farHeight }: Box, content: string): string {
  const far = farHeight === undefined ? '' : ` data-near-height="${height}" data-far-height="${farHeight}"`
  return `<g class="node" role="button" tabindex="-1" data-node="${xml(key)}" aria-pressed="false"><title>${xml(name)}</title><rect class="touch" x="${x}" y="${y}" width="${width}" height="${height}"${far} rx="3"/>${content}</g>`
}

/** The title as large as the card has room for, and the accesses to others' tables and by others. */
function drawFar({ x, y, width, height, title, subtitle, out, into, service, colour }: Card): string {
  const name = service === null ? title : plain(service)
  const note = service === null ? subtitle : inAndOut(out, into)
  const room = width - 2 * SIZES.padding
  const options = FAR_SIZES.map(size => ({ size, lines: wrap(name, size * BOLD, room, 3) }))
  const fits = options.find(
    ({ size, lines }) =>
      lines.length * size * 1.1 + (note === '' ? 0 : size) + 8 <= height &&
      lines.every(line => textWidth(line, size * BOLD) <= room) &&
      !lines.some(line => line.endsWith('…')),
  )
  const { size, lines } = fits ?? options.at(-1)!
  const texts = lines.map(
    (line, index) =>
      `<text class="far-title" font-size="${size}" x="${x + SIZES.padding + 4}" y="${Math.round(y + (index + 0.95) * size * 1.1)}">${xml(line)}</text>`,
  )
  const sums =
    note !== '' && fits
      ? `<text class="far-out" font-size="${Math.min(17, size * 0.8)}" x="${x + SIZES.padding + 4}" y="${Math.round(y + (lines.length + 0.9) * size * 1.1)}">${xml(note)}</text>`
      : ''
  const tint =
    service === null
      ? ''
      : `<rect class="tint" fill="${colour}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`
  return tint + texts.join('') + sums
}

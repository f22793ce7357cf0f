import { arrowHeads, describeBoard, drawArrows, drawCard, drawIdle, mostOut } from './board/draw.js'
import { type ArrowKind, type Board, boardOf } from './board/index.js'
import { BOARD_SHAPES, boardStyle, DARK, LIGHT } from './board/theme.js'
import type { Report } from './report.js'
import { xml } from './text/xml.js'

const LEGEND: Record<ArrowKind, string> = {
  read: 'reads',
  join: 'joins',
  write: 'writes',
  open: 'uses a table with an open owner',
}
const LEGEND_HEIGHT = 26

/** A picture that stands alone: services with their tables, and what crosses; light or dark as the reader's screen. */
export const report: Report = {
  render(map) {
    const board = boardOf(map)
    const { width, height } = board
    const total = height + LEGEND_HEIGHT
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-labelledby="title desc">`,
      `<title id="title">Dependency map</title>`,
      `<desc id="desc">${xml(describeBoard(board))}</desc>`,
      `<style>${BOARD_SHAPES}${boardStyle(name => LIGHT[name])}@media(prefers-color-scheme:dark){${boardStyle(name => DARK[name])}}</style>`,
      arrowHeads(),
      `<rect class="ground" width="${width}" height="${total}" rx="8"/>`,
      drawArrows(board),
      ...board.cards.map(card => drawCard(card, mostOut(board))),
      ...(board.idle === null ? [] : [drawIdle(board.idle)]),
      legend(board),
      '</svg>',
      '',
    ].join('\n')
  },
}

/** One line below the cards: the kinds of arrow that there are, and what the numbers mean. */
function legend({ arrows, height }: Board): string {
  const kinds = (['read', 'join', 'write', 'open'] as const).filter(kind =>
    arrows.some(arrow => arrow.kind === kind),
  )
  const y = height + 4
  let x = 24
  const parts = kinds.map(kind => {
    const at = x
    x += 52 + LEGEND[kind].length * 7
    return `<path class="arrow ${kind}" stroke-width="2" marker-end="url(#head-${kind})" d="M${at} ${y}h28"/><text class="legend" x="${at + 36}" y="${y + 4}">${LEGEND[kind]}</text>`
  })
  if (kinds.some(kind => kind !== 'open'))
    parts.push(
      `<text class="legend" x="${x + 8}" y="${y + 4}">out: accesses to others' tables · in: accesses by others</text>`,
    )
  return parts.join('\n')
}

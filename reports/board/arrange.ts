import { DirectedGraph } from 'graphology'
import { circular } from 'graphology-layout'
import forceAtlas2Module from 'graphology-layout-forceatlas2'
import { orderBy } from '../../analyzers/graph/index.js'
import { SIZES } from './board.js'

/** A box to be placed. */
export interface Box {
  key: string
  width: number
  height: number
}

/** How strongly two boxes belong together. */
export interface Link {
  from: string
  to: string
  weight: number
}

export interface Place {
  x: number
  y: number
}

/** The package's types take it for an ES module, which it is not. */
const forceAtlas2 = forceAtlas2Module as unknown as typeof forceAtlas2Module.default

/** Width to height of the whole: fits a window beside a panel, and a README. */
const ASPECT = 1.35
const ITERATIONS = 600
/** Rounds of exchanging two boxes; on the maps tried nothing was left to gain after six. */
const ROUNDS = 10
/** Boxes without links fill at least so much of a line. */
const NARROWEST = 900

/**
 * Places boxes of one width in columns, those that belong together near each other: a force-directed layout says
 * which are neighbours, its x becomes the column, its y the order within; then boxes are exchanged as long as that
 * shortens the links. Boxes without links stand in rows below. The same input gives the same places.
 */
export function arrange(
  boxes: Box[],
  links: Link[],
): { width: number; height: number; places: Map<string, Place> } {
  const linked = new Set(links.filter(({ from, to }) => from !== to).flatMap(({ from, to }) => [from, to]))
  const tied = boxes.filter(({ key }) => linked.has(key))
  const alone = boxes.filter(({ key }) => !linked.has(key))
  const positions = forces(tied, links)
  const columns = shortened(intoColumns(tied, positions), links)
  return placed(columns, alone)
}

function forces(boxes: Box[], links: Link[]): Record<string, Place> {
  const graph = new DirectedGraph()
  for (const { key } of boxes) graph.addNode(key)
  for (const { from, to, weight } of links) {
    if (from !== to) graph.mergeEdge(from, to, { weight: Math.sqrt(weight) })
  }
  circular.assign(graph, { scale: 100 })
  return forceAtlas2(graph, {
    iterations: ITERATIONS,
    settings: { ...forceAtlas2.inferSettings(graph), barnesHutOptimize: false },
  })
}

/** By x into columns of about equal height, by y within. */
function intoColumns(boxes: Box[], positions: Record<string, Place>): Box[][] {
  const total = boxes.reduce((sum, { height }) => sum + height + SIZES.gap, 0)
  const count = columnCount(boxes)
  const columns: Box[][] = Array.from({ length: count }, () => [])
  let height = 0
  for (const box of [...boxes].sort(
    orderBy(
      ({ key }) => positions[key]!.x,
      ({ key }) => key,
    ),
  )) {
    const middle = height + (box.height + SIZES.gap) / 2
    columns[Math.min(count - 1, Math.floor((middle / total) * count))]!.push(box)
    height += box.height + SIZES.gap
  }
  return columns
    .filter(column => column.length > 0)
    .map(column =>
      column.sort(
        orderBy(
          ({ key }) => positions[key]!.y,
          ({ key }) => key,
        ),
      ),
    )
}

/** The number of columns that comes nearest to the wanted shape. */
function columnCount(boxes: Box[]): number {
  const width = (boxes[0]?.width ?? 0) + SIZES.gutter
  const total = boxes.reduce((sum, { height }) => sum + height + SIZES.gap, 0)
  return Math.max(1, Math.min(boxes.length, Math.round(Math.sqrt((ASPECT * total) / width))))
}

/** Exchanges two boxes wherever that shortens the links. */
function shortened(columns: Box[][], links: Link[]): Box[][] {
  let best = columns
  let length = lengthOf(best, links)
  for (let round = 0; round < ROUNDS; round++) {
    const before = length
    const slots = best.flatMap((column, x) => column.map((_, y) => ({ x, y })))
    for (const [index, one] of slots.entries()) {
      for (const other of slots.slice(index + 1)) {
        const tried = exchanged(best, one, other)
        const triedLength = lengthOf(tried, links)
        if (triedLength < length) {
          best = tried
          length = triedLength
        }
      }
    }
    if (length === before) break
  }
  return best
}

function exchanged(columns: Box[][], one: Place, other: Place): Box[][] {
  const copy = columns.map(column => [...column])
  copy[one.x]![one.y] = columns[other.x]![other.y]!
  copy[other.x]![other.y] = columns[one.x]![one.y]!
  return copy
}

/** Length of all links, and what a ragged lower edge costs. */
function lengthOf(columns: Box[][], links: Link[]): number {
  const { places, height } = placed(columns, [])
  const sizes = new Map(columns.flat().map(box => [box.key, box]))
  let length = 0
  for (const { from, to, weight } of links) {
    const start = places.get(from)
    const end = places.get(to)
    if (!start || !end) continue
    const across = Math.abs(start.x - end.x)
    const along = Math.abs(start.y + sizes.get(from)!.height / 2 - end.y - sizes.get(to)!.height / 2)
    length += Math.sqrt(weight) * (across + along)
  }
  return length + height * Math.sqrt(links.length) * 2
}

function placed(
  columns: Box[][],
  alone: Box[],
): { width: number; height: number; places: Map<string, Place> } {
  const { margin, gutter, gap } = SIZES
  const boxWidth = columns[0]?.[0]?.width ?? alone[0]?.width ?? 0
  const places = new Map<string, Place>()
  const heights = columns.map(column => column.reduce((sum, box) => sum + box.height + gap, -gap))
  const tallest = Math.max(0, ...heights)
  for (const [index, column] of columns.entries()) {
    let y = margin + Math.round((tallest - heights[index]!) / 2)
    for (const box of column) {
      places.set(box.key, { x: margin + index * (boxWidth + gutter), y })
      y += box.height + gap
    }
  }
  const across = Math.max(columns.length * (boxWidth + gutter) - gutter, boxWidth)
  const rowsTop = tallest === 0 ? margin : margin + tallest + 2 * gap
  const rows = inRows(alone, across, rowsTop)
  for (const [key, place] of rows.places) places.set(key, place)
  const width = Math.max(across, rows.width) + 2 * margin
  const height = alone.length > 0 ? rows.bottom + margin : tallest + 2 * margin
  return { width, height, places }
}

/** Boxes side by side, the tall ones first. */
function inRows(boxes: Box[], across: number, top: number) {
  const { margin, gap } = SIZES
  const boxWidth = boxes[0]?.width ?? 0
  const perRow = Math.floor((Math.max(across, NARROWEST) + gap) / (boxWidth + gap))
  const places = new Map<string, Place>()
  const sorted = [...boxes].sort(
    orderBy(
      ({ height }) => -height,
      ({ key }) => key,
    ),
  )
  const bottoms = Array.from({ length: perRow }, () => top)
  for (const box of sorted) {
    const column = bottoms.indexOf(Math.min(...bottoms))
    places.set(box.key, { x: margin + column * (boxWidth + gap), y: bottoms[column]! })
    bottoms[column]! += box.height + gap
  }
  const used = Math.min(perRow, boxes.length)
  return {
    places,
    width: used * (boxWidth + gap) - (used > 0 ? gap : 0),
    bottom: Math.max(top, ...bottoms) - gap,
  }
}

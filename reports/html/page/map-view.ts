import { select } from 'd3-selection'
import { zoom, zoomIdentity } from 'd3-zoom'
import { tally } from '../../../analyzers/graph/index.js'
import { arrowPath } from '../../board/arrow-path.js'
import { arrowsOf, heightOf, kindOf, outOf, usesOf } from '../../board/arrows.js'
import type { Arrow } from '../../board/board.js'
import { describeArrow, strokeWidth } from '../../board/draw.js'
import { writeSums } from './card-sums.js'
import { byId, h, s } from './dom.js'
import { filtersOf, shown, type Use } from './model.js'
import type { Page } from './parts.js'
import type { Focus } from './view.js'

/** Pixels on the screen below which the 12 pixels of a row can't be read: large titles instead. */
const SMALLEST_ROW = 8.5
const CLOSEST = 6

const HINT = 'Select a service, a table or an arrow.'
const KEYS_HINT = ' Keys: / search, arrows move, + − 0 zoom, Esc back.'

/** The map: cards are in the page already, arrows are drawn here, and what is in focus stands out. */
export function mapView(page: Page): void {
  const svg = byId<SVGSVGElement>('board')
  const nodes = new Map(
    [...svg.querySelectorAll<SVGGElement>('.node')].map(node => [node.dataset.node!, node] as const),
  )
  const zooming = zoomable(svg)
  byId('map-view').append(
    h('div', { class: 'foot' }, zooming.buttons, h('p', {}, HINT, h('span', { class: 'keys' }, KEYS_HINT))),
  )
  roving(page, [...nodes.values()])
  hovering(page, svg, nodes)
  let drawn = ''
  page.store.onChange(view => {
    const uses = shown(page.model, view)
    const filters = filtersOf(view)
    if (filters !== drawn) {
      drawArrows(page, uses)
      writeSums(page.model, uses, nodes)
    }
    drawn = filters
    light(page, nodes, litBy(page, view.focus, uses), 'focused')
    for (const [key, node] of nodes) node.setAttribute('aria-pressed', String(key === keyOf(view.focus)))
  })
  new ResizeObserver(() => zooming.measure()).observe(svg)
}

/** Arrows of all uses, below the cards. */
function drawArrows({ model, store }: Page, uses: Use[]): void {
  const arrows = arrowsOf(usesOf(model.map, uses), model.board.cards)
  byId<SVGGElement>('arrows').replaceChildren(
    ...arrows.map(arrow => {
      const group = drawArrow(arrow)
      group.addEventListener('click', () => store.focus(focusOf(arrow)))
      return group
    }),
  )
}

/** An arrow with a broad invisible one around it that is easy to hit. */
function drawArrow(arrow: Arrow): SVGGElement {
  const width = arrow.kind === 'open' ? 1 : strokeWidth(arrow.tally.accesses)
  return s(
    'g',
    { class: 'arrow-group', 'data-from': arrow.fromCard, 'data-to': arrow.toCard },
    s('title', {}, describeArrow(arrow)),
    s('path', { class: 'hit', d: arrow.path }),
    s('path', {
      class: `arrow ${arrow.kind}`,
      'stroke-width': width,
      'marker-end': `url(#head-${arrow.kind})`,
      d: arrow.path,
    }),
  )
}

function focusOf({ from, table, toCard }: Arrow): Focus {
  if (table !== null) return { kind: 'edge', from, table }
  return toCard.startsWith('service:')
    ? { kind: 'pair', from, into: toCard.slice('service:'.length) }
    : { kind: 'service', service: from }
}

/** What stands out: uses, whose arrows are drawn above all others, and nodes. */
interface Lit {
  uses: Use[]
  keys: Set<string>
}

function litBy(page: Page, focus: Focus | null, uses: Use[]): Lit | null {
  if (focus === null) return null
  const of = uses.filter(use => concerns(focus, use))
  const keys = new Set(of.flatMap(use => [`service:${use.service}`, `table:${use.table}`]))
  const own = keyOf(focus)
  if (own !== null) keys.add(own)
  if (focus.kind === 'table') keys.add(page.model.cardOfTable.get(focus.table) ?? '')
  if (focus.kind === 'pair') keys.add(`service:${focus.from}`).add(`service:${focus.into}`)
  if (focus.kind === 'edge') keys.add(`service:${focus.from}`).add(`table:${focus.table}`)
  if (focus.kind === 'statement') {
    for (const { id } of page.model.accesses.get(focus.access)?.tables ?? []) keys.add(`table:${id}`)
    for (const service of page.model.accesses.get(focus.access)?.reachedBy ?? [])
      keys.add(`service:${service}`)
  }
  return { uses: of, keys }
}

function concerns(focus: Focus, use: Use): boolean {
  switch (focus.kind) {
    case 'service':
      return use.service === focus.service || use.owner === focus.service
    case 'table':
      return use.table === focus.table
    case 'pair':
      return use.service === focus.from && use.owner === focus.into
    case 'edge':
      return use.service === focus.from && use.table === focus.table
    case 'statement':
      return use.access.id === focus.access
  }
}

/** The node that a focus is on, if it is on one. */
function keyOf(focus: Focus | null): string | null {
  if (focus?.kind === 'service') return `service:${focus.service}`
  return focus?.kind === 'table' ? `table:${focus.table}` : null
}

/** Draws what stands out, and dims the rest. `how` tells a lasting focus from a passing pointer. */
function light(
  { model }: Page,
  nodes: Map<string, SVGGElement>,
  lit: Lit | null,
  how: 'focused' | 'hovered',
): void {
  const svg = byId<SVGSVGElement>('board')
  svg.classList.toggle('focused', lit !== null && how === 'focused')
  svg.classList.toggle('hovered', lit !== null && how === 'hovered')
  for (const before of svg.querySelectorAll('.lit')) before.classList.remove('lit')
  for (const key of lit?.keys ?? []) {
    const node = nodes.get(key)
    node?.classList.add('lit')
    node?.parentElement?.classList.add('lit')
  }
  byId<SVGGElement>('lit-arrows').replaceChildren(
    ...(lit === null ? [] : closeArrows(model, lit.uses).map(drawArrow)),
  )
}

/** One arrow for each service and table, however many there are. */
function closeArrows({ map, cards }: Page['model'], uses: Use[]): Arrow[] {
  return usesOf(map, uses).flatMap(({ from, toCard, table, crossings }): Arrow[] => {
    const start = cards.get(`service:${from}`)
    const end = cards.get(toCard)
    if (!start || !end) return []
    const sums = tally(crossings)
    return [
      {
        kind: toCard.startsWith('open:') ? 'open' : kindOf(sums),
        from,
        fromCard: start.key,
        toCard,
        table,
        tally: sums,
        path: arrowPath(start, outOf(start), end, heightOf(end, table)),
      },
    ]
  })
}

/** While nothing is in focus, a pointer over a node shows its arrows. */
function hovering(page: Page, svg: SVGSVGElement, nodes: Map<string, SVGGElement>): void {
  const show = (target: EventTarget | null) => {
    if (page.store.view.focus !== null) return
    const key = target instanceof Element ? target.closest<SVGGElement>('.node')?.dataset.node : undefined
    const uses = shown(page.model, page.store.view)
    light(page, nodes, key === undefined ? null : litBy(page, focusOfKey(key), uses), 'hovered')
  }
  svg.addEventListener('pointerover', event => show(event.target))
  svg.addEventListener('pointerleave', () => show(null))
  svg.addEventListener('focusin', event => show(event.target))
  svg.addEventListener('focusout', () => show(null))
}

function focusOfKey(key: string): Focus | null {
  if (key.startsWith('service:')) return { kind: 'service', service: key.slice('service:'.length) }
  return key.startsWith('table:') ? { kind: 'table', table: key.slice('table:'.length) } : null
}

/** Click, Enter and Space select; one node is in the order of Tab, arrow keys move from it. */
function roving({ store }: Page, nodes: SVGGElement[]): void {
  const centres = nodes.map(node => {
    const touch = node.querySelector<SVGRectElement>('.touch')!
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(name => Number(touch.getAttribute(name)))
    return { node, x: x! + width! / 2, y: y! + height! / 2 }
  })
  let current: Centre | undefined = centres[0]
  current?.node.setAttribute('tabindex', '0')
  const move = (to: Centre | undefined) => {
    if (!to) return
    current?.node.setAttribute('tabindex', '-1')
    current = to
    to.node.setAttribute('tabindex', '0')
    to.node.focus()
  }
  const choose = (node: SVGGElement) => {
    const focus = focusOfKey(node.dataset.node!)
    if (focus) store.focus(focus)
  }
  for (const centre of centres) {
    centre.node.addEventListener('click', () => {
      move(centre)
      choose(centre.node)
    })
    centre.node.addEventListener('keydown', event => {
      const step = STEPS[event.key]
      if (step) move(nearest(centres, centre, step))
      else if (event.key === 'Enter' || event.key === ' ') choose(centre.node)
      else return
      event.preventDefault()
    })
  }
}

const STEPS: Record<string, [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

interface Centre {
  node: SVGGElement
  x: number
  y: number
}

/** The nearest in a direction; what lies aside counts as farther. */
function nearest(all: Centre[], from: Centre, [dx, dy]: [number, number]): Centre | undefined {
  let best: Centre | undefined
  let least = Number.POSITIVE_INFINITY
  for (const each of all) {
    const along = (each.x - from.x) * dx + (each.y - from.y) * dy
    const aside = Math.abs((each.x - from.x) * dy) + Math.abs((each.y - from.y) * dx)
    if (along < 6 || along + 3 * aside >= least) continue
    best = each
    least = along + 3 * aside
  }
  return best
}

/** Wheel, pinch, drag, buttons and keys; below a readable size of rows, cards show large titles. */
function zoomable(svg: SVGSVGElement): { buttons: HTMLElement; measure: () => void } {
  const layer = byId<SVGGElement>('layer')
  const selection = select<SVGSVGElement, unknown>(svg)
  let scale = 1
  const measure = () => {
    const pixels = svg.getBoundingClientRect()
    const { width, height } = svg.viewBox.baseVal
    const fitted = Math.min(pixels.width / width, pixels.height / height)
    const isFar = 12 * fitted * scale < SMALLEST_ROW
    svg.classList.toggle('from-afar', isFar)
    // Rows that can't be seen can't be meant: all of the card is its service then.
    for (const touch of svg.querySelectorAll<SVGRectElement>('.touch[data-far-height]')) {
      const { nearHeight, farHeight } = touch.dataset
      touch.setAttribute('height', (isFar ? farHeight : nearHeight)!)
    }
  }
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.8, CLOSEST])
    .on('zoom', event => {
      scale = event.transform.k
      layer.setAttribute('transform', event.transform.toString())
      measure()
    })
  selection.call(behaviour).on('dblclick.zoom', null)
  const by = (factor: number) => behaviour.scaleBy(selection, factor)
  const actions: [label: string, text: string, act: () => void][] = [
    ['Closer', '+', () => by(1.4)],
    ['Farther', '−', () => by(1 / 1.4)],
    ['Whole map', '⤢', () => behaviour.transform(selection, zoomIdentity)],
  ]
  svg.addEventListener('keydown', event => {
    const action = actions['+-0'.indexOf(event.key)]
    if (action) action[2]()
  })
  const buttons = actions.map(([label, text, act]) =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text),
  )
  return { buttons: h('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' }, ...buttons), measure }
}

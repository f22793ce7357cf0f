import { count, operations } from '../text/words.js'
import { xml } from '../text/xml.js'
import { type Arrow, type ArrowKind, type Board, type Card, type Idle, SIZES } from './board.js'

const KINDS: ArrowKind[] = ['read', 'join', 'write', 'open']

/** The heads of arrows, to be put once into a drawing. */
export function arrowHeads(): string {
  const heads = KINDS.map(
    kind =>
      `<marker id="head-${kind}" class="head ${kind}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5L8 4L0 7.5z"/></marker>`,
  )
  return `<defs>${heads.join('')}</defs>`
}

/** Arrows first, so that cards hide what would run through their text. */
export function drawArrows({ arrows }: Board): string {
  return arrows.map(drawArrow).join('\n')
}

function drawArrow(arrow: Arrow): string {
  return `<path class="arrow ${arrow.kind}" stroke-width="${arrow.kind === 'open' ? 1 : strokeWidth(arrow.tally.accesses)}" marker-end="url(#head-${arrow.kind})" d="${arrow.path}"><title>${xml(describeArrow(arrow))}</title></path>`
}

/** From 1.2 for one access to 5 for a hundred. */
export function strokeWidth(accesses: number): number {
  return Math.round(Math.min(5, 1.2 + Math.log2(Math.max(1, accesses)) * 0.6) * 10) / 10
}

export function describeArrow({ from, toCard, table, tally, kind }: Arrow): string {
  const what = operations(tally)
  if (kind === 'open')
    return `${from}: ${what} of tables of ${toCard.slice('open:'.length)} whose owner is open`
  const owner = toCard.slice('service:'.length)
  return table === null ? `${from} into ${owner}: ${what}` : `${from}: ${what} of ${table} of ${owner}`
}

/** A card; the bar below its heading shows how much it reaches into others, beside the one that does so most. */
export function drawCard(card: Card, mostOut: number): string {
  return [
    drawFrame(card),
    drawHeading(card, mostOut),
    ...card.rows.map(row => drawRow(row, card)),
    ...card.squares.map(square => drawSquare(square, card)),
  ].join('\n')
}

/** The services that have no card, with their names as tooltips. */
export function drawIdle(idle: Idle): string {
  const squares = idle.services.map(each => drawIdleService(each))
  return [drawIdleHeading(idle), ...squares].join('\n')
}

export function drawIdleHeading({ x, y, width, height, title, subtitle }: Idle): string {
  const left = x + SIZES.padding + 4
  return [
    `<rect class="card open-card" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<text class="title" x="${left}" y="${y + 20}">${xml(title)}</text>`,
    `<text class="subtitle" x="${left}" y="${y + 36}">${xml(subtitle)}</text>`,
  ].join('\n')
}

export function drawIdleService({ service, x, y }: Idle['services'][number]): string {
  return squareAt({ x, y }, UNOWNED, service)
}

/** What is behind the text of a card. */
export function drawFrame(card: Card): string {
  const { x, y, width, height, colour, service } = card
  const { header } = SIZES
  const open = service === null ? ' open-card' : ''
  const stripe =
    service === null
      ? ''
      : `<path class="tint" fill="${colour}" d="${topRounded(x, y, width, Math.min(header, height), height <= header)}"/><rect fill="${colour}" x="${x}" y="${y}" width="5" height="${height}" rx="2.5"/>`
  return `<rect class="card${open}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${stripe}`
}

/** What stands below the name of a service: its accesses to others' tables, and theirs to its own. */
export function subtitle(out: number, into: number, tables: number): string {
  const sums = inAndOut(out, into)
  return sums !== '' || tables === 0 ? sums : count(tables, 'table')
}

/** `3 out · 12 in`, without what is zero. */
export function inAndOut(out: number, into: number): string {
  return [out > 0 ? `${out} out` : '', into > 0 ? `${into} in` : ''].filter(part => part !== '').join(' · ')
}

/** Pixels of the bar of a card: the card's width where no service reaches into others more often. */
export function barWidth({ width }: Card, out: number, mostOut: number): number {
  return Math.max(3, Math.round(((width - 5) * out) / mostOut))
}

/** Title, sums, and the bar. */
export function drawHeading(card: Card, mostOut: number): string {
  const { x, y, title, subtitle, out } = card
  const { padding, header } = SIZES
  return [
    `<text class="title" x="${x + padding + 4}" y="${y + 20}">${xml(title)}</text>`,
    ...(subtitle === ''
      ? []
      : [`<text class="subtitle" x="${x + padding + 4}" y="${y + 36}">${xml(subtitle)}</text>`]),
    ...(out > 0
      ? [
          `<rect class="out" x="${x + 5}" y="${y + header - 3}" width="${barWidth(card, out, mostOut)}" height="3"/>`,
        ]
      : []),
  ].join('\n')
}

export function drawRow(row: Card['rows'][number], { x, width }: Card): string {
  const base = row.y + 13
  const label = `<text class="${row.uses > 0 ? 'row' : 'quiet'}" x="${x + SIZES.padding + 4}" y="${base}">${xml(row.label)}</text>`
  if (row.uses === 0) return label
  return `${label}<text class="uses" x="${x + width - SIZES.padding}" y="${base}">${row.uses}</text>`
}

export function drawSquare(square: Card['squares'][number], card: Card): string {
  return squareAt(square, card.service === null ? UNOWNED : card.colour, square.table)
}

/** The colour of what belongs to no service with a colour. */
const UNOWNED = '#808080'

function squareAt({ x, y }: { x: number; y: number }, colour: string, title: string): string {
  const { square: size } = SIZES
  return `<rect class="square" fill="${colour}" x="${x + 2}" y="${y}" width="${size}" height="${size}" rx="2"><title>${xml(title)}</title></rect>`
}

function topRounded(x: number, y: number, width: number, height: number, bottomToo: boolean): string {
  const r = 6
  const bottom = bottomToo
    ? `v${height - 2 * r}a${r} ${r} 0 0 1 -${r} ${r}h-${width - 2 * r}a${r} ${r} 0 0 1 -${r} -${r}`
    : `v${height - r}h-${width}`
  return `M${x} ${y + r}a${r} ${r} 0 0 1 ${r} -${r}h${width - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}${bottom}z`
}

/** What a picture says about itself in a sentence. */
export function describeBoard({ cards, idle, arrows }: Board): string {
  const services = cards.filter(card => card.service !== null)
  const all = count(services.length + (idle?.services.length ?? 0), 'service')
  const ranked = services.filter(card => card.out > 0).sort((a, b) => b.out - a.out)
  const crossing = arrows.filter(arrow => arrow.kind !== 'open')
  if (crossing.length === 0) return `${all}; none reaches into the tables of another.`
  const most = ranked.slice(0, 3).map(card => `${card.service} (${count(card.out, 'access', 'accesses')})`)
  return `${all}, ${ranked.length} of them reach into the tables of others. Most: ${most.join(', ')}.`
}

/** Accesses to others' tables of the service that has most of them. */
export function mostOut({ cards }: Board): number {
  return Math.max(1, ...cards.map(card => card.out))
}

import stringWidth from 'fast-string-width'
import { shorten } from '../../terminal/columns.js'
import { number } from '../../text/words.js'
import { xml } from '../../text/xml.js'

/** One line of a chart. */
export interface Series {
  name: string
  /** Class of its colour: `all`, `read`, `write`, `join` or `whole`. */
  colour: string
  /** One a revision; null where it is not known. */
  values: (number | null)[]
  /** Filled down to zero. */
  filled?: true
}

/** Pixels that a chart has at least on a wide page and on paper, and on the narrowest one. */
const WIDE = 560
const NARROW = 290
/** Pixels of a character of a label, with some for the gap. */
const CHARACTER = 7.2
/** Characters of a label. */
const LONGEST_LABEL = 17
/** Lines of the grid above zero, at most. */
const MOST_STEPS = 5

/**
 * A line chart over revisions, from zero. It fills whatever width it gets, with letters of the same size: places are
 * parts of a hundred, and what has to be stretched lies in a picture within. What it shows is in the tables as well, so
 * it is one picture to a reader.
 */
export function chart(title: string, labels: string[], series: Series[]): string {
  const grid = steps(Math.max(1, ...series.flatMap(({ values }) => values.map(value => value ?? 0))))
  const top = grid.at(-1)!
  const x = (index: number) => (labels.length === 1 ? 50 : round((index * 100) / (labels.length - 1)))
  const y = (value: number) => round((1 - value / top) * 100)
  const drawn = series.map(({ name, colour, values, filled }) => {
    const points = values.flatMap((value, index) =>
      value === null ? [] : [{ x: x(index), y: y(value), value, label: labels[index]! }],
    )
    const line = points.map(point => `${point.x},${point.y}`).join(' ')
    const area =
      filled && points.length > 1
        ? `<polygon class="area ${colour}" points="${points[0]!.x},100 ${line} ${points.at(-1)!.x},100"/>`
        : ''
    return {
      stretched: `${area}<polyline class="line ${colour}" points="${line}"/>`,
      dots: points.map(
        point =>
          `<circle class="dot ${colour}" cx="${point.x}%" cy="${point.y}%" r="3.5"><title>${xml(`${point.label}: ${number(point.value)} ${name}`)}</title></circle>`,
      ),
    }
  })
  return [
    `<svg class="chart" role="img" aria-label="${xml(title)}">`,
    ...grid.map(
      value =>
        `<line class="grid" x1="0" x2="100%" y1="${y(value)}%" y2="${y(value)}%"/><text class="axis" x="-8" y="${y(value)}%" dy="4" text-anchor="end">${number(value)}</text>`,
    ),
    ...labelTexts(labels, x),
    `<svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">${drawn.map(({ stretched }) => stretched).join('')}</svg>`,
    ...drawn.flatMap(({ dots }) => dots),
    '</svg>',
    `<p class="legend">${series.map(legend).join(' ')}</p>`,
  ].join('\n')
}

/** The name of a line, and from where to where it goes. */
function legend({ name, colour, values }: Series): string {
  const known = values.filter(value => value !== null)
  const ends = [...new Set([known[0], known.at(-1)])].filter(value => value !== undefined)
  return `<span><i class="swatch ${colour}"></i>${xml(name)} ${ends.map(number).join(' → ')}</span>`
}

/** Values of the grid: round ones, from zero to the first that is not less than the most. */
function steps(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / MOST_STEPS))
  const step = Math.max(
    1,
    [1, 2, 5, 10].map(factor => factor * power).find(each => most / each <= MOST_STEPS)!,
  )
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}

/** The labels for which there is room: some on narrow pages alone, some on wide ones. */
function labelTexts(labels: string[], x: (index: number) => number): string[] {
  const shown = labels.map(label => shorten(label, LONGEST_LABEL))
  const wide = fitting(shown, WIDE)
  const narrow = fitting(shown, NARROW)
  return shown.flatMap((label, index) => {
    if (!wide.has(index) && !narrow.has(index)) return []
    const only = wide.has(index) ? (narrow.has(index) ? '' : ' wide') : ' narrow'
    return `<text class="axis${only}" x="${x(index)}%" y="100%" dy="22" text-anchor="${anchor(index, labels.length)}">${xml(label)}</text>`
  })
}

/** Indexes of labels that do not touch each other in so many pixels: every one, or every second one and so on; the last is among them. */
function fitting(labels: string[], width: number): Set<number> {
  const last = labels.length - 1
  const gap = width / Math.max(1, last)
  const ends = (index: number) => {
    const half = (stringWidth(labels[index]!) * CHARACTER) / 2
    const middle = index === 0 ? half : index === last ? width - half : index * gap
    return { from: middle - half, to: middle + half }
  }
  for (let step = 1; step < last; step++) {
    const some = labels.map((_, index) => index).filter(index => index % step === 0 && index < last)
    const kept = some.filter(index => ends(index).to < ends(last).from)
    if (kept.every((index, at) => at === 0 || ends(kept[at - 1]!).to < ends(index).from)) {
      return new Set([...kept, last])
    }
  }
  return new Set([0, last])
}

/** So many indexes at most, as far from each other as may be: the first and the last are among them. */
export function spread(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, index) => index)
  return Array.from({ length: most }, (_, at) => Math.round((at * (length - 1)) / (most - 1)))
}

function anchor(index: number, count: number): string {
  if (count === 1) return 'middle'
  return index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle'
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

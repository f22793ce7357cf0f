import { xml } from '../../text/xml.js'

/** One line of a chart. */
export interface Series {
  name: string
  /** Class of its colour: `read`, `write`, `join` or `all`. */
  colour: string
  /** One a revision; null where it is not known. */
  values: (number | null)[]
  /** Filled down to zero. */
  filled?: true
}

const WIDTH = 920
const HEIGHT = 300
const LEFT = 52
const RIGHT = 16
const TOP = 14
const BOTTOM = 44
/** Most labels below the chart. */
const MOST_LABELS = 8
/** Characters of a label. */
const LONGEST_LABEL = 16

/** A line chart over revisions, from zero. What it shows is in the tables as well, so it is one picture to a reader. */
export function chart(title: string, labels: string[], series: Series[]): string {
  const top = niceTop(Math.max(1, ...series.flatMap(({ values }) => values.map(value => value ?? 0))))
  const x = (index: number) =>
    labels.length === 1
      ? (LEFT + WIDTH - RIGHT) / 2
      : LEFT + (index * (WIDTH - LEFT - RIGHT)) / (labels.length - 1)
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)
  const steps = [0, 1, 2, 3, 4].map(step => (top * step) / 4).filter(Number.isInteger)
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${xml(title)}">`,
    ...steps.map(
      value =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}"/><text class="axis" x="${LEFT - 8}" y="${round(y(value) + 4)}" text-anchor="end">${value.toLocaleString('en-US')}</text>`,
    ),
    ...labelled(labels).map(
      index =>
        `<text class="axis" x="${round(x(index))}" y="${HEIGHT - BOTTOM + 22}" text-anchor="${anchor(index, labels.length)}">${xml(short(labels[index]!))}</text>`,
    ),
    ...series.map(({ name, colour, values, filled }) => {
      const points = values.flatMap((value, index) =>
        value === null ? [] : [{ x: round(x(index)), y: round(y(value)), value, label: labels[index]! }],
      )
      const line = points.map(point => `${point.x},${point.y}`).join(' ')
      const area =
        filled && points.length > 1
          ? `<polygon class="area ${colour}" points="${points[0]!.x},${round(y(0))} ${line} ${points.at(-1)!.x},${round(y(0))}"/>`
          : ''
      const dots = points.map(
        point =>
          `<circle class="dot ${colour}" cx="${point.x}" cy="${point.y}" r="3.5"><title>${xml(`${point.label}: ${point.value.toLocaleString('en-US')} ${name}`)}</title></circle>`,
      )
      return `${area}<polyline class="line ${colour}" points="${line}"/>${dots.join('')}`
    }),
    '</svg>',
    `<p class="legend">${series.map(({ name, colour }) => `<span><i class="swatch ${colour}"></i>${xml(name)}</span>`).join(' ')}</p>`,
  ].join('\n')
}

/** A round number that is not less, of which the quarters are whole where that matters. */
function niceTop(most: number): number {
  if (most <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 4, 5, 8, 10].map(factor => factor * power).find(value => value >= most)!
}

/** Indexes of the labels for which there is room: the first, the last and some between. */
function labelled(labels: string[]): number[] {
  const step = Math.ceil(labels.length / MOST_LABELS)
  const last = labels.length - 1
  const some = labels.map((_, index) => index).filter(index => index % step === 0 && last - index >= step)
  return [...some, last]
}

function anchor(index: number, count: number): string {
  if (count === 1) return 'middle'
  return index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle'
}

function short(label: string): string {
  const characters = [...label]
  return characters.length <= LONGEST_LABEL ? label : `${characters.slice(0, LONGEST_LABEL - 1).join('')}…`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

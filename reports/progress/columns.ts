import type { Progress, ProgressPoint } from '../../analyzers/progress/index.js'
import { count, number } from '../text/words.js'

/** One number of a revision. */
export interface ProgressColumn {
  heading: string
  /** What is counted, for a reader who sees the heading for the first time. */
  title: string
  text(point: ProgressPoint): string
}

/** The numbers of a revision in the order of the tables. */
export const progressColumns: ProgressColumn[] = [
  {
    heading: 'crossings',
    title: 'accesses to tables of another service',
    text: point => number(point.crossings.accesses),
  },
  { heading: 'reads', title: 'those that read', text: point => number(point.crossings.reads) },
  { heading: 'writes', title: 'those that write', text: point => number(point.crossings.writes) },
  {
    heading: 'joins',
    title: 'those over tables of several owners',
    text: point => number(point.crossings.joins),
  },
  { heading: 'keys', title: 'foreign keys between two owners', text: point => number(point.foreignKeys) },
  {
    heading: 'separated',
    title: 'services that nothing ties to another one, of those that use a database',
    text: point => `${number(point.separated.length)} of ${number(point.services)}`,
  },
  {
    heading: 'moved',
    title: 'tables in another datastore than at first',
    text: point => number(point.moved.length),
  },
  { heading: 'clients', title: 'generated API clients', text: point => shown(point.clients) },
  { heading: 'events', title: 'generated events', text: point => shown(point.events) },
  { heading: 'open', title: 'tables without a known owner', text: point => number(point.openTables) },
  {
    heading: 'unresolved',
    title: 'statements whose tables are not known',
    text: point => number(point.unresolved),
  },
]

/** `–` for what is not known. */
function shown(value: number | null): string {
  return value === null ? '–' : number(value)
}

/** What became of it between the first and the last revision, as a sentence. */
export function outcome({ points }: Progress): string {
  const first = points[0]!
  const last = points.at(-1)!
  const from = first.crossings.accesses
  const to = last.crossings.accesses
  const since =
    points.length === 1
      ? ''
      : from === to
        ? ' as before'
        : `, ${number(Math.abs(from - to))} ${to < from ? 'fewer' : 'more'} than at ${first.label}`
  const parts = [
    `${count(to, 'crossing')}${since}`,
    `${number(last.separated.length)} of ${number(last.services)} services separated`,
    ...(last.moved.length > 0 ? [`${count(last.moved.length, 'table')} moved`] : []),
  ]
  const told = `${parts.join('; ')}.`
  return points.length === 1 ? told : `${last.label}: ${told}`
}

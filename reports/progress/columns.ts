import { listed } from '../../analyzers/listed.js'
import type { Progress, ProgressPoint } from '../../analyzers/progress/index.js'
import { count, number } from '../text/words.js'

/** One number of a revision. */
export interface ProgressColumn {
  /** A word, for the head of a table. */
  heading: string
  /** What is counted, for a reader who sees the heading for the first time. */
  title: string
  /** Null where it is not known. */
  value(point: ProgressPoint): number | null
  /** As it is written in a table; the value as it is without. */
  text?(point: ProgressPoint): string
  /** Told also where it is 0 at each revision. */
  always?: true
}

/** The numbers of a revision in the order of the tables. */
const ALL: ProgressColumn[] = [
  {
    heading: 'crossings',
    title: 'accesses to tables of another service',
    value: ({ crossings }) => crossings.accesses,
    always: true,
  },
  { heading: 'reads', title: 'crossings that read', value: ({ crossings }) => crossings.reads },
  { heading: 'writes', title: 'crossings that write', value: ({ crossings }) => crossings.writes },
  {
    heading: 'joins',
    title: 'crossings over tables of several owners',
    value: ({ crossings }) => crossings.joins,
  },
  { heading: 'keys', title: 'foreign keys between two owners', value: ({ foreignKeys }) => foreignKeys },
  {
    heading: 'separated',
    title: 'services that nothing ties to another one, of those that use a database',
    value: ({ separated }) => separated.length,
    text: ({ separated, services }) => `${number(separated.length)} of ${number(services)}`,
    always: true,
  },
  {
    heading: 'moved',
    title: 'tables in another datastore than at first',
    value: ({ moved }) => moved.length,
  },
  { heading: 'clients', title: 'generated API clients', value: ({ clients }) => clients },
  { heading: 'events', title: 'generated events', value: ({ events }) => events },
  { heading: 'open', title: 'tables without a known owner', value: ({ openTables }) => openTables },
  {
    heading: 'unresolved',
    title: 'statements whose tables are not known',
    value: ({ unresolved }) => unresolved,
  },
]

/** The numbers that tell something: those that are the same nothing at each revision only make a table wide. */
export function columnsOf({ points }: Progress): ProgressColumn[] {
  return ALL.filter(({ always, value }) => always || points.some(point => (value(point) ?? 0) !== 0))
}

/** What a cell says: `–` for what is not known. */
export function cellOf({ value, text }: ProgressColumn, point: ProgressPoint): string {
  const of = value(point)
  return of === null ? '–' : (text?.(point) ?? number(of))
}

/** Which numbers are in no table because they are 0 at each revision where they are known; null if all are there. */
export function zeroNote(progress: Progress): string | null {
  const shown = columnsOf(progress)
  const zero = ALL.filter(
    column => !shown.includes(column) && progress.points.some(at => column.value(at) === 0),
  )
  const where = progress.points.length === 1 ? '' : ' at each revision'
  return zero.length === 0 ? null : `0${where}: ${listed(zero.map(({ title }) => title))}.`
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

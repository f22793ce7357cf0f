/** Sinks as plain data, and back: most sinks of a file differ in two nodes alone. */
import { count, list, maybe, nullable, object, oneOf, only, type Shape, text } from '../../cache/shape.js'
import type { Sink } from '../sinks/index.js'
import { driverNamed } from './drivers-by-name.js'

/** A sink without its nodes. */
type SinkKind = Omit<Sink, 'driver' | 'sql' | 'values'> & { driver: string }

/** Which of the kinds, the node of the text, and 1 more than that of the values, or 0 where there are none. */
type SinkRow = [kind: number, sql: number, values: number]

/** Sinks with something else of each, as rows: first what else, then the sink. */
export interface SinkTable {
  kinds: SinkKind[]
  rows: number[][]
}

const sinkKind = object<SinkKind>({
  driver: text,
  origin: nullable(text),
  keys: list(text),
  certainty: oneOf({ known: true, named: true, shaped: true, handed: true }),
  isHandedOn: maybe(only(true)),
  isGuess: maybe(only(true)),
  argument: maybe(object<NonNullable<Sink['argument']>>({ index: count, handed: maybe(count) })),
  before: maybe(oneOf({ '': true, FROM: true, WHERE: true, CALL: true, PRAGMA: true })),
  isKey: maybe(only(true)),
  isPrepared: maybe(only(true)),
})

export const sinkTableShape: Shape<SinkTable> = object<SinkTable>({
  kinds: list(sinkKind),
  rows: list(list(count)),
})

export function encodeSinks(sinks: { sink: Sink; beside: number[] }[]): SinkTable {
  const kinds: SinkKind[] = []
  const known = new Map<string, number>()
  const rowOf = (sink: Sink): SinkRow => {
    const kind = kindOf(sink)
    const key = JSON.stringify(kind)
    const id = known.get(key) ?? kinds.push(kind) - 1
    known.set(key, id)
    return [id, sink.sql, sink.values === null ? 0 : sink.values + 1]
  }
  const rows = sinks.map(({ sink, beside }) => [...beside, ...rowOf(sink)])
  return { kinds, rows }
}

/** Null where a row is none, or a driver is not known. */
export function decodeSinks(
  { kinds, rows }: SinkTable,
  numbersBeside: number,
): { sink: Sink; beside: number[] }[] | null {
  const drivers = kinds.map(({ driver }) => driverNamed(driver))
  const kindKeys = kinds.map(keyOfKind)
  const found: { sink: Sink; beside: number[] }[] = []
  for (const row of rows) {
    if (row.length !== numbersBeside + 3) return null
    const kind = row[numbersBeside]
    const sql = row[numbersBeside + 1]
    const values = row[numbersBeside + 2] === 0 ? null : row[numbersBeside + 2] - 1
    const driver = drivers[kind]
    if (!driver) return null
    const sink: Sink = { ...kinds[kind], driver, sql, values }
    keys.set(sink, keyOf(kindKeys[kind], sql, values))
    found.push({ sink, beside: row })
  }
  return found
}

/** Of sinks that were decoded: there are thousands, and few kinds. */
const keys = new WeakMap<Sink, string>()

/** A sink as a text, for telling units apart by the sinks that they are given. */
export function keyOfSink(sink: Sink): string {
  return keys.get(sink) ?? keyOf(keyOfKind({ ...sink, driver: sink.driver.name }), sink.sql, sink.values)
}

function keyOf(kind: string, sql: number, values: number | null): string {
  return `${sql} ${values} ${kind}`
}

function keyOfKind({
  driver,
  origin,
  keys,
  certainty,
  isHandedOn,
  isGuess,
  argument,
  before,
  isKey,
  isPrepared,
}: SinkKind): string {
  const given = argument === undefined ? '' : `${argument.index} ${argument.handed}`
  return [
    driver,
    origin ?? ' ',
    certainty,
    isHandedOn ?? '',
    isGuess ?? '',
    given,
    before ?? ' ',
    isKey ?? '',
    isPrepared ?? '',
    ...keys,
  ].join('\0')
}

/** Always in this order, so that the same kinds are the same as JSON. */
function kindOf({
  driver,
  origin,
  keys,
  certainty,
  isHandedOn,
  isGuess,
  argument,
  before,
  isKey,
  isPrepared,
}: Sink): SinkKind {
  return {
    driver: driver.name,
    origin,
    keys,
    certainty,
    ...(isHandedOn ? { isHandedOn } : {}),
    ...(isGuess ? { isGuess } : {}),
    ...(argument === undefined ? {} : { argument }),
    ...(before === undefined ? {} : { before }),
    ...(isKey ? { isKey } : {}),
    ...(isPrepared ? { isPrepared } : {}),
  }
}

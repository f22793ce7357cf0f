/** Sinks as plain data, and back: most sinks of a file differ in two nodes alone. */
import { count, list, maybe, nullable, object, oneOf, only, type Shape, text } from '../../cache/shape.js'
import type { Sink } from '../sinks.js'
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
  before: maybe(oneOf({ '': true, FROM: true, WHERE: true, CALL: true, PRAGMA: true })),
})

export const sinkTableShape: Shape<SinkTable> = object<SinkTable>({
  kinds: list(sinkKind),
  rows: list(list(count)),
})

export function encodeSinks(sinks: { sink: Sink; beside: number[] }[]): SinkTable {
  const kinds: SinkKind[] = []
  const known = new Map<string, number>()
  const rowOf = ({ driver, sql, values, ...rest }: Sink): SinkRow => {
    const kind: SinkKind = { ...rest, driver: driver.name }
    const key = JSON.stringify(kind)
    const id = known.get(key) ?? kinds.push(kind) - 1
    known.set(key, id)
    return [id, sql, values === null ? 0 : values + 1]
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
  const found: { sink: Sink; beside: number[] }[] = []
  for (const row of rows) {
    const [kind, sql, values] = row.slice(numbersBeside)
    const driver = drivers[kind]
    if (!driver || row.length !== numbersBeside + 3) return null
    found.push({
      sink: { ...kinds[kind], driver, sql, values: values === 0 ? null : values - 1 },
      beside: row,
    })
  }
  return found
}

/** A sink as a text, for telling units apart by the sinks that they are given. */
export function keyOfSink({
  driver,
  origin,
  sql,
  keys,
  values,
  certainty,
  isHandedOn,
  before,
}: Sink): string {
  const part = before === undefined ? '-' : `(${before})`
  return `${driver.name}\0${origin}\0${sql}\0${keys}\0${values}\0${certainty}\0${isHandedOn}\0${part}`
}

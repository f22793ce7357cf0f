/** The calls of a file as plain data, and back. */
import { keyOf } from '../../cache/index.js'
import { count, list, maybe, nullable, object, oneOf, only, pair, text } from '../../cache/shape.js'
import type { CallSink, FileCalls } from '../calls.js'
import type { Sink } from '../sinks.js'
import type { FileTransactions } from '../transactions.js'
import { driverNamed } from './drivers-by-name.js'
import { decodeTargets, encodeTarget, type TargetData, targetShape } from './encode-targets.js'
import { createValueEncoder, decodeValues, type ValueData, valuesShape } from './encode-values.js'
import type { UnitKind } from './units.js'

export type SinkData = Omit<Sink, 'driver'> & { driver: string }

export const sinkShape = object<SinkData>({
  driver: text,
  origin: nullable(text),
  sql: count,
  keys: list(text),
  values: nullable(count),
  certainty: oneOf({ known: true, named: true, shaped: true, handed: true }),
  isHandedOn: maybe(only(true)),
  before: maybe(oneOf({ '': true, FROM: true, WHERE: true, CALL: true, PRAGMA: true })),
})

export function encodeSink(sink: Sink): SinkData {
  return { ...sink, driver: sink.driver.name }
}

/** Null where the driver is not known. */
export function decodeSink(sink: SinkData): Sink | null {
  const driver = driverNamed(sink.driver)
  return driver === null ? null : { ...sink, driver }
}

interface CallsData {
  /** What the calls may run and hand over, as `stampOf` tells. */
  stamp: string
  file: string
  spans: number[]
  targets: TargetData[]
  /** Objects whose methods are run. */
  values: ValueData
  targetsOf: number[][]
  handed: number[][]
  sinks: { at: number; sink: SinkData }[]
  ownSinks: { at: number; sink: SinkData }[]
  builderNames: string[]
  transactions: FileTransactions
  undoing: number[]
}

export const transactionsShape = object<FileTransactions>({
  inside: list(pair(count, count)),
  runners: list(count),
})

const sinks = list(object({ at: count, sink: sinkShape }))

export const callsKind: UnitKind<FileCalls, CallsData> = {
  name: 'calls',
  shape: object<CallsData>({
    stamp: text,
    file: text,
    spans: list(count),
    targets: list(targetShape),
    values: valuesShape,
    targetsOf: list(list(count)),
    handed: list(list(count)),
    sinks,
    ownSinks: sinks,
    builderNames: list(text),
    transactions: transactionsShape,
    undoing: list(count),
  }),
  encode(calls) {
    const stamp = stampOf(calls)
    const run = encodeRun(calls)
    if (stamp === null || run === null) return null
    return {
      ...calls,
      ...run,
      stamp,
      sinks: calls.sinks.map(encodeCallSink),
      ownSinks: calls.ownSinks.map(encodeCallSink),
    }
  },
  decode({ stamp, values: kept, ...data }) {
    const values = decodeValues(kept)
    const targets = values && decodeTargets(data.targets, values)
    const [found, own] = [data.sinks, data.ownSinks].map(each => each.flatMap(decodeCallSink))
    const calls = data.targetsOf.length
    const isSound =
      data.spans.length === calls * 2 &&
      data.handed.length === calls &&
      data.targetsOf.every(ids => ids.every(id => id < data.targets.length)) &&
      [...found, ...own].every(({ at }) => at < calls) &&
      found.length === data.sinks.length &&
      own.length === data.ownSinks.length
    if (targets === null || !isSound) return null
    const decoded: FileCalls = { ...data, targets, sinks: found, ownSinks: own }
    stamps.set(decoded, stamp)
    return decoded
  },
}

const stamps = new WeakMap<FileCalls, string | null>()

/**
 * Tells what the calls of a file may run and hand over: the same in another run where that is. Null where it can't be
 * told.
 */
export function stampOf(calls: FileCalls): string | null {
  let stamp = stamps.get(calls)
  if (stamp === undefined) {
    const run = encodeRun(calls)
    stamp = run === null ? null : keyOf(JSON.stringify([run, calls.handed, sameStarts(calls)])).slice(0, 22)
    stamps.set(calls, stamp)
  }
  return stamp
}

/** For each call, the first that starts where it does: they count as one place. */
function sameStarts({ spans }: FileCalls): number[] {
  const first = new Map<number, number>()
  return spans.flatMap((offset, at) => {
    if (at % 2 === 1) return []
    if (!first.has(offset)) first.set(offset, at / 2)
    return [first.get(offset)!]
  })
}

/** What calls may run, each target once; null where some can't be kept. */
function encodeRun(calls: FileCalls): Pick<CallsData, 'targets' | 'values' | 'targetsOf'> | null {
  const targets: TargetData[] = []
  const values = createValueEncoder()
  const known = new Map<string, number>()
  const ids: number[] = []
  for (const target of calls.targets) {
    const encoded = encodeTarget(target, values)
    if (encoded === null) return null
    const key = JSON.stringify(encoded)
    const id = known.get(key) ?? targets.push(encoded) - 1
    known.set(key, id)
    ids.push(id)
  }
  return { targets, values: values.items, targetsOf: calls.targetsOf.map(own => own.map(id => ids[id])) }
}

function encodeCallSink({ at, sink }: CallSink): { at: number; sink: SinkData } {
  return { at, sink: encodeSink(sink) }
}

function decodeCallSink({ at, sink }: { at: number; sink: SinkData }): CallSink[] {
  const decoded = decodeSink(sink)
  return decoded === null ? [] : [{ at, sink: decoded }]
}

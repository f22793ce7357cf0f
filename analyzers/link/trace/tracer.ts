/** What following one sink needs and finds, and how what is found is noted. */
import type { Driver } from '../../drivers/driver.js'
import type { CallerIndex, CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import type { Evaluator } from '../evaluator/state.js'
import type { Sink } from '../sinks/index.js'
import { type Execution, emptyTrace, executionKey, merge, ofClass, type Trace } from './executions.js'
import { isLazyText } from './parts.js'
import { tellCut } from './untold.js'
import { wrapperName } from './wrapper-name.js'

/** Texts of one call that are read; a call that more reach is told to have them. */
const MAX_TEXTS = 400

/** A sink, and the call that it is. */
export interface SinkAt {
  sink: Sink
  site: CallSite
}

/** What following one sink needs and finds. */
export interface Tracer {
  e: Evaluator
  callers: CallerIndex
  trace: Trace
  /** True when some table of this text is not known. */
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean
  followed: number
  /** With this many steps of the evaluator taken, what is not followed yet is not followed. */
  lastStep: number
  /** True once callers were asked for: reading more files can change the answer. */
  asked: boolean
  /** Calls that hand over a whole statement, as sinks of their own, which are to be followed next. */
  handedOver: SinkAt[]
}

/** What following a sink found. */
export interface Followed {
  trace: Trace
  /** Whether callers were asked for. */
  asked: boolean
  handedOver: SinkAt[]
}

/** Notes a text at the call that executes it. */
/** @param of file of the class on whose objects alone it runs this text */
export function execute(t: Tracer, sink: Sink, place: CallSite, pieces: Piece[], of?: string): void {
  const execution: Execution = {
    site: place,
    driver: sink.driver,
    origin: sink.origin,
    ...ofClass(of === place.file ? undefined : of),
    texts: [pieces],
    ...(isLazyText(sink, place) && { mayBePart: true }),
    isPrepared: sink.isPrepared === true,
  }
  const key = executionKey(execution)
  if ((t.trace.executions.get(key)?.texts.length ?? 0) >= MAX_TEXTS) {
    tellCut(t, place, MAX_TEXTS)
    return
  }
  merge(t.trace, { ...emptyTrace(), executions: new Map([[key, execution]]) })
}

/** Notes that a function hands a parameter on: its calls are worth reading. */
export function noteWrapper(t: Tracer, file: string, fn: number): void {
  const found = wrapperName(t.e, file, fn)
  if (found) t.trace.wrapperNames.set(...found)
}

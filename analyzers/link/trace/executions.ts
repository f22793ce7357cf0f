/** What tracing finds: executed statements, and sinks whose text could not be told. */
import type { Driver } from '../../drivers/driver.js'
import type { CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import { sameParam } from '../evaluator/values.js'
import type { Place } from './places.js'

/** A statement at the place that executes it, with every text that it may have. */
export interface Execution {
  site: CallSite
  driver: Driver
  origin: string | null
  /** File of the class on whose objects alone it runs these texts, where that is another file than the call's. */
  of?: string
  readonly texts: Piece[][]
  /** The same for the same texts, where it is known without looking at them. */
  textsKey?: string
  /** Whether it may be a part of another one: see `fragments.ts`. */
  mayBePart?: boolean
  /** Whether some of it is prepared here, for a batch that runs it. */
  isPrepared?: boolean
  /** See `places.ts`, as for the next. */
  start?: Place | null
  places?: Place[]
}

/** A sink whose text could not be told. */
export interface Untold {
  site: CallSite
  reason: string
  text: string
}

/** A function, a method, the constructor of a class, or what stands under a key that is no name: `queries['users.find']`. */
export type WrapperKind = 'function' | 'method' | 'class' | 'key'

export interface Trace {
  executions: Map<string, Execution>
  untold: Map<string, Untold>
  /** Names of functions that hand a parameter on to a driver: calls of these names are worth reading. */
  wrapperNames: Map<string, WrapperKind>
  /** Methods that run the statements which one call prepares, to be kept by name: calls of these are worth reading. */
  runningKept: Set<string>
}

export function emptyTrace(): Trace {
  return { executions: new Map(), untold: new Map(), wrapperNames: new Map(), runningKept: new Set() }
}

export function merge(into: Trace, from: Trace): void {
  for (const [key, execution] of from.executions) {
    const known = into.executions.get(key)
    into.executions.set(key, known ? joined(known, execution) : execution)
  }
  for (const [key, untold] of from.untold) into.untold.set(key, untold)
  for (const [name, kind] of from.wrapperNames) into.wrapperNames.set(name, kind)
  for (const method of from.runningKept) into.runningKept.add(method)
}

/** What two traces tell of one place. Neither is changed: a trace may be a part of others. */
function joined(known: Execution, other: Execution): Execution {
  const texts = [...known.texts]
  for (const text of other.texts) addText(texts, text)
  const driver = known.driver.name === 'unknown' ? other.driver : known.driver
  const origin = known.origin ?? other.origin
  const isKnown =
    texts.length === known.texts.length &&
    driver === known.driver &&
    origin === known.origin &&
    (known.isPrepared || !other.isPrepared)
  if (isKnown) return known
  // With all texts of both, it is a part only if both are.
  const mayBePart = known.mayBePart && other.mayBePart
  const isPrepared = known.isPrepared || other.isPrepared
  return { site: known.site, driver, origin, ...ofClass(known.of), texts, mayBePart, isPrepared }
}

/** The same text reached through two implementations of an interface is one. */
function addText(texts: Piece[][], text: Piece[]): void {
  if (texts.some(known => known === text || sameText(known, text))) return
  texts.push(text)
}

/** @param same choices that were found to be the same: each is compared once with what stands in its place */
function sameText(a: Piece[], b: Piece[], same = new Map<Piece, Piece>()): boolean {
  return (
    a.length === b.length &&
    a.every((piece, at) => {
      const other = b[at]
      if (piece === other || same.get(piece) === other) return true
      if (piece.kind === 'text') return other.kind === 'text' && piece.text === other.text
      if (piece.kind === 'hole') return other.kind === 'hole' && piece.code === other.code
      if (piece.kind === 'param') return other.kind === 'param' && sameParam(piece.param, other.param)
      const isSame =
        other.kind === 'choice' &&
        piece.of.length === other.of.length &&
        piece.of.every((option, index) => sameText(option, other.of[index], same))
      if (isSame) same.set(piece, other)
      return isSame
    })
  )
}

export function siteKey(site: CallSite): string {
  return `${site.file}@${site.start}`
}

/** What one call runs on objects of classes in several files are several executions. */
export function executionKey({ site, of }: Pick<Execution, 'site' | 'of'>): string {
  return of === undefined ? siteKey(site) : `${siteKey(site)}#${of}`
}

/** For an execution, the file of the class that it is for, if it is for one. */
export function ofClass(file: string | undefined): Pick<Execution, 'of'> {
  return file === undefined ? {} : { of: file }
}

/** Executions at one place as one. */
export function together(executions: readonly Execution[]): Execution {
  return executions.reduce(joined)
}

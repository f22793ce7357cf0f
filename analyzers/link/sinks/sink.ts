/** A sink as plain data. */
import { isDeepStrictEqual } from 'node:util'
import type { Before, Driver } from '../../drivers/driver.js'
import type { NodeId } from '../../extract/facts.js'

/** A call of which some argument is SQL text. */
export interface Sink {
  driver: Driver
  /** Where the handle was made, `file@offset`, for telling which database it is. */
  origin: string | null
  /** Node of the SQL text; for an object that holds it, the object. */
  sql: NodeId
  /** Keys of the text in that object. */
  keys: string[]
  /** Node of the bound values, if they are an argument of their own. */
  values: NodeId | null
  /**
   * How sure it is that this executes SQL at all. known: the driver is; named: only the names of receiver and method
   * say so; shaped: only the text itself can; handed: the same, but callers are asked for a text that they hand over.
   */
  certainty: 'known' | 'named' | 'shaped' | 'handed'
  /** A call of a wrapper, not of the driver itself. */
  isHandedOn?: true
  /** Nothing but a name says that some call between this one and the driver's is one of a wrapper. */
  isGuess?: true
  /**
   * The text is this one of the arguments of what runs, and not written as one of the call's own: they are spread, or
   * what runs is itself handed over, as argument `handed`.
   */
  argument?: { index: number; handed?: number }
  /** The text may be no statement of its own: what goes before it, empty where the text has to tell. */
  before?: Before
  /** It is the key of a `.sql` file, whose statement runs. */
  isKey?: true
  /** The statement is prepared here: a batch may be what runs it. */
  isPrepared?: true
}

/** Whether nothing but the text tells that a sink is one. */
export function onlyTextTells({ certainty }: Sink): boolean {
  return certainty === 'shaped' || certainty === 'handed'
}

/** Whether two sinks of one call say the same of it. */
export function isSameSink({ driver: one, ...of }: Sink, { driver: other, ...ofOther }: Sink): boolean {
  return one === other && isDeepStrictEqual(of, ofOther)
}

/** Says why a text could not be told. */
import type { CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import { type Leaf, leavesOf, roughText } from '../evaluator/pieces.js'
import { type ParamValue, pathWritten } from '../evaluator/values.js'
import { siteKey } from './executions.js'
import type { Tracer } from './tracer.js'

export function tellCut(t: Tracer, site: CallSite, limit: number): void {
  t.trace.untold.set(siteKey(site), {
    site,
    reason: `more than ${limit} ways lead to this call: the others were not followed`,
    text: '',
  })
}

/** A statement whose ways out are too many to be followed with the steps that it may take. */
export function tellTooMuch(t: Tracer, site: CallSite): void {
  t.trace.untold.set(siteKey(site), {
    site,
    reason: 'too much code leads to this call: not all of it was followed',
    text: '',
  })
}

export function tellUntold(t: Tracer, site: CallSite, pieces: Piece[]): void {
  const codes = leavesOf(pieces).flatMap(piece => codeIn(t, piece))
  t.trace.untold.set(siteKey(site), {
    site,
    reason: codes[0]
      ? `the SQL text comes from \`${codes[0]}\`, which could not be followed`
      : 'the SQL text could not be followed',
    text: roughText(pieces, 200, '…'),
  })
}

/** A text that is known and begins with no word of SQL. Blanks, comments and numbers run nothing. */
export function tellNoSql(t: Tracer, site: CallSite, rough: string): void {
  if (rough.replace(/--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|[\s;\d]/g, '') === '') return
  t.trace.untold.set(siteKey(site), {
    site,
    reason: 'the text begins with no known word of SQL',
    text: rough.slice(0, 200),
  })
}

/**
 * A function of a module or a method that hands its parameter to a driver, and that no one is seen to call. Not told:
 * what its own file alone could call and does not (dead), and functions that are values (entries of an object, callbacks).
 */
export function tellUncalled(t: Tracer, site: CallSite, { file, fn }: ParamValue): void {
  const facts = t.e.program.facts(file)
  const found = facts?.functions[fn]
  const isExported = found?.parent === null && Object.hasOwn(facts?.exports ?? {}, found.name)
  if (!found || (found.cls === null && !isExported)) return
  t.trace.untold.set(siteKey(site), {
    site,
    reason: `no call was found of \`${found.name}\`, which hands this text over`,
    text: '',
  })
}

/** A parameter of a function that is handed over as a value, like the handler of a route. */
export function isNameless(t: Tracer, { file, fn }: ParamValue): boolean {
  return t.e.program.facts(file)?.functions[fn]?.name === ''
}

export function isHole(piece: Piece): boolean {
  return leavesOf([piece]).some(({ kind }) => kind === 'hole')
}

function codeIn(t: Tracer, piece: Leaf): string[] {
  if (piece.kind === 'hole') return [piece.code]
  if (piece.kind !== 'param') return []
  const { file, fn, index, path } = piece.param
  const name = t.e.program.facts(file)?.functions[fn]?.params[index]?.name
  return [pathWritten(name || 'argument', path)]
}

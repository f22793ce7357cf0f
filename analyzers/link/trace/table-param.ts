/** Which parameter of a text names a table, where several are left in it. */
import type { Driver } from '../../drivers/driver.js'
import type { Piece } from '../evaluator/pieces.js'
import { type ParamValue, sameParam } from '../evaluator/values.js'
import type { Tracer } from './tracer.js'

/** A text with more parameters than these is followed by its first one: each is a text to be read. */
const MAX_TRIED = 8

/**
 * The parameter whose callers have the table's name: columns that come before it in the text may be set by a few of them
 * only (`SELECT ${this.columns} FROM ${this.table}`), and the callers of what sets those are not all that name tables.
 *
 * @param params those of the text, in order, at least one
 */
export function paramOfTable(t: Tracer, pieces: Piece[], params: ParamValue[], driver: Driver): ParamValue {
  const [first] = params
  const distinct = params.filter((param, at) => params.findIndex(each => sameParam(each, param)) === at)
  if (distinct.length === 1 || distinct.length > MAX_TRIED) return first
  const naming = distinct.find(param => t.hasUnknownTable(withOnly(param, pieces, new Map()), driver))
  return naming ?? first
}

/** A text in which all parameters but one are some name. Choices are shared, so each is made once. */
function withOnly(param: ParamValue, pieces: Piece[], made: Map<Piece, Piece>): Piece[] {
  return pieces.map(piece => {
    if (piece.kind === 'param')
      return sameParam(piece.param, param) ? piece : { kind: 'text', text: 'x', file: '', line: 0 }
    if (piece.kind !== 'choice') return piece
    const known = made.get(piece)
    if (known) return known
    const choice = { ...piece, of: piece.of.map(option => withOnly(param, option, made)) }
    made.set(piece, choice)
    return choice
  })
}

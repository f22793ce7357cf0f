/** Texts with what calls of a registering function kept: see `registrars.ts`. */
import { memberOf } from '../evaluator/members.js'
import type { Piece } from '../evaluator/pieces.js'
import { paramsOf, piecesOf } from '../evaluator/pieces.js'
import type { Evaluator } from '../evaluator/state.js'
import { CALLED, type Frame, type ParamValue } from '../evaluator/values.js'

/** The pieces, with the arguments of these calls in place of the parameters that they fill. */
export function withKept(e: Evaluator, pieces: Piece[], calls: Frame[]): Piece[] {
  if (!paramsOf(pieces).some(param => callOf(param, calls))) return pieces
  // Choices are shared between texts and within one.
  const filled = new Map<Piece, Piece>()
  const fill = (piece: Piece): Piece[] => {
    if (piece.kind === 'param') {
      const call = callOf(piece.param, calls)
      return call ? argument(e, piece, call) : [piece]
    }
    if (piece.kind !== 'choice') return [piece]
    const choice = filled.get(piece) ?? { ...piece, of: piece.of.map(option => option.flatMap(fill)) }
    filled.set(piece, choice)
    return [choice]
  }
  return pieces.flatMap(fill)
}

function callOf({ file, fn }: ParamValue, calls: Frame[]): Frame | undefined {
  return calls.find(call => call.file === file && call.fn === fn)
}

function argument(e: Evaluator, piece: Piece & { kind: 'param' }, { args }: Frame): Piece[] {
  const { index, path } = piece.param
  if (args[index] === undefined || path.includes(CALLED)) return [piece]
  const value = path.reduce((of, name) => memberOf(e, of, name), args[index])
  return piecesOf(value, path.at(-1) ?? '')
}

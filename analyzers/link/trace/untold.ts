/** Says why a text could not be told. */
import type { CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import { roughText } from '../evaluator/pieces.js'
import { siteKey } from './executions.js'
import type { Tracer } from './follow.js'

export function tellCut(t: Tracer, site: CallSite, limit: number): void {
  t.trace.untold.set(siteKey(site), {
    site,
    reason: `more than ${limit} ways lead to this call: the others were not followed`,
    text: '',
  })
}

export function tellUntold(t: Tracer, site: CallSite, pieces: Piece[]): void {
  const codes = pieces.flatMap(holesIn)
  t.trace.untold.set(siteKey(site), {
    site,
    reason: codes[0]
      ? `the SQL text comes from \`${codes[0]}\`, which could not be followed`
      : 'the SQL text could not be followed',
    text: roughText(pieces, 200),
  })
}

export function isHole(piece: Piece): boolean {
  return piece.kind === 'hole' || (piece.kind === 'choice' && piece.of.some(option => option.some(isHole)))
}

function holesIn(piece: Piece): string[] {
  if (piece.kind === 'hole') return [piece.code]
  return piece.kind === 'choice' ? piece.of.flatMap(option => option.flatMap(holesIn)) : []
}

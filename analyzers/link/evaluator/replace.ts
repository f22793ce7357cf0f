/** `text.replace(pattern, by)`. */

import type { Pattern } from './patterns.js'
import { fixedPattern, patternOf } from './patterns.js'
import type { Piece } from './pieces.js'
import { MAX_PIECES, piecesOf } from './pieces.js'
import type { Value } from './values.js'
import { knownText, textValue } from './values.js'

/** Matches beyond this number are left as they are. */
const MAX_MATCHES = 100

/**
 * Replaces in the known pieces. What can't be told whether it matches leaves the text as it is.
 * @param call what a function gives for a match, that is handed over in place of a text
 */
export function replaceIn(
  pieces: Piece[],
  pattern: Value | undefined,
  by: Value | undefined,
  all: boolean,
  code: string,
  call: (by: Value & { kind: 'function' }, args: Value[]) => Value,
): Piece[] {
  const search = pattern && searchFor(pattern)
  if (!search || !by) return pieces
  const everywhere = all || search.global
  const replacement = (match: RegExpMatchArray): Piece[] => {
    if (by.kind !== 'function') return filledIn(piecesOf(by, code), match)
    return piecesOf(
      call(
        by,
        [...match].map(part => textValue(part ?? '')),
      ),
      code,
    )
  }
  let done = 0
  const isDone = (): boolean => done > MAX_MATCHES || (done > 0 && !everywhere)
  // A choice stands in many places of a text, and is looked into once if nothing in it matches; what is as it was is no copy.
  const withoutMatch = new Set<Piece>()
  const replaced = (piece: Piece): Piece[] => {
    if (isDone() || withoutMatch.has(piece)) return [piece]
    if (piece.kind === 'choice') {
      const doneBefore = done
      const of = piece.of.map(visit)
      if (done > doneBefore) return [{ ...piece, of }]
      withoutMatch.add(piece)
    }
    if (piece.kind !== 'text') return [piece]
    const result: Piece[] = []
    let from = 0
    for (const match of search.matches(piece.text)) {
      if (isDone()) break
      done++
      result.push({ ...piece, text: piece.text.slice(from, match.index) })
      result.push(...replacement(match).map(each => placedAs(each, piece)))
      from = (match.index ?? 0) + match[0].length
    }
    return from === 0 && result.length === 0
      ? [piece]
      : [...result, { ...piece, text: piece.text.slice(from) }]
  }
  const visit = (list: Piece[]): Piece[] => list.flatMap(replaced)
  return visit(pieces).slice(0, MAX_PIECES)
}

function searchFor(pattern: Value): Pattern | null {
  const known = knownText(pattern)
  if (known) return fixedPattern(known)
  return pattern.kind === 'unknown' ? patternOf(pattern.code) : null
}

/** `$1` and `$&` in what is put in. */
function filledIn(pieces: Piece[], match: RegExpMatchArray): Piece[] {
  return pieces.map(piece =>
    piece.kind === 'text' && piece.text.includes('$')
      ? { ...piece, text: piece.text.replace(/\$(?:(\d)|&)/g, (_, group) => match[group ?? 0] ?? '') }
      : piece,
  )
}

/** What is put in stands where it is put. */
function placedAs(piece: Piece, place: Piece & { kind: 'text' }): Piece {
  return piece.kind === 'text' ? { ...piece, file: place.file, line: place.line } : piece
}

/** `text.replace(pattern, by)`. */

import type { Piece } from './pieces.js'
import { MAX_PIECES, piecesOf } from './pieces.js'
import type { Value } from './values.js'
import { knownText } from './values.js'

/** Replaces in the known pieces. What can't be told whether it matches leaves the text as it is. */
export function replaceIn(
  pieces: Piece[],
  pattern: Value | undefined,
  by: Value | undefined,
  all: boolean,
  code: string,
): Piece[] {
  const search = pattern && literalPattern(pattern)
  if (!search || !by) return pieces
  const replacement = by.kind === 'function' ? ([{ kind: 'hole', code }] as Piece[]) : piecesOf(by, code)
  const everywhere = all || search.global
  let done = false
  const visit = (list: Piece[]): Piece[] =>
    list.flatMap((piece): Piece[] => {
      if (piece.kind === 'choice') return [{ ...piece, of: piece.of.map(visit) }]
      if (piece.kind !== 'text') return [piece]
      const result: Piece[] = []
      let rest = piece.text
      const compare = search.ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text
      for (;;) {
        const at = done && !everywhere ? -1 : compare(rest).indexOf(compare(search.text))
        if (at === -1 || result.length > 200 || piece.text.length > MAX_TEXT) break
        done = true
        result.push({ ...piece, text: rest.slice(0, at) }, ...replacement.map(each => placedAs(each, piece)))
        rest = rest.slice(at + search.text.length)
      }
      return [...result, { ...piece, text: rest }]
    })
  return visit(pieces).slice(0, MAX_PIECES)
}

/** What is put in stands where it is put. */
function placedAs(piece: Piece, place: Piece & { kind: 'text' }): Piece {
  return piece.kind === 'text' ? { ...piece, file: place.file, line: place.line } : piece
}

/** Texts longer than this are not searched. */
const MAX_TEXT = 200_000

interface LiteralPattern {
  text: string
  global: boolean
  ignoreCase: boolean
}

/** A pattern that stands for one fixed text: a string, or a regular expression without operators. */
function literalPattern(pattern: Value): LiteralPattern | null {
  const known = knownText(pattern)
  if (known) return { text: known, global: false, ignoreCase: false }
  if (pattern.kind !== 'unknown') return null
  const regex = /^\/(.+)\/([a-z]*)$/.exec(pattern.code)
  if (!regex) return null
  let text = ''
  for (let i = 0; i < regex[1].length; i++) {
    const char = regex[1][i]
    if (char === '\\') {
      const next = regex[1][++i]
      if (next === undefined || /[a-zA-Z0-9]/.test(next)) return null
      text += next
    } else if ('^$.*+?()[]{}|'.includes(char)) return null
    else text += char
  }
  return { text, global: regex[2].includes('g'), ignoreCase: regex[2].includes('i') }
}

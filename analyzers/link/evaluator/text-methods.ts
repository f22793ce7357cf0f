/** Methods of texts. */

import { callFunction } from './functions.js'
import type { Piece } from './pieces.js'
import { addPieces, piecesOf } from './pieces.js'
import { replaceIn } from './replace.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { knownText, textValue, unknown } from './values.js'

/** `format`, `query` and the like keep the text; `then` passes it on. */
export function callTextMethod(
  e: Evaluator,
  of: Value & { kind: 'text' },
  name: string,
  args: Value[],
  code: string,
): Value {
  switch (name) {
    case 'replace':
    case 'replaceAll':
      return {
        ...of,
        pieces: replaceIn(of.pieces, args[0], args[1], name === 'replaceAll', code, (by, groups) =>
          callFunction(e, by, () => groups, code),
        ),
      }
    case 'concat':
    // `statement.append(text)` of sql-template-strings gives the statement again.
    case 'append':
      return { ...of, pieces: appended(of.pieces, args, code) }
    case 'toUpperCase':
    case 'toLowerCase': {
      const known = knownText(of)
      if (known === null) return of
      return {
        ...of,
        pieces: mapText(of.pieces, text =>
          name === 'toUpperCase' ? text.toUpperCase() : text.toLowerCase(),
        ),
      }
    }
    case 'split': {
      const separator = args[0] && knownText(args[0])
      const known = knownText(of)
      if (known === null || typeof separator !== 'string') return { kind: 'array', items: [of], open: true }
      const [first] = of.pieces
      const place = first?.kind === 'text' ? first : null
      return {
        kind: 'array',
        items: known.split(separator).map(part => textValue(part, place?.file, place?.line)),
        open: false,
      }
    }
    case 'slice':
    case 'substring':
    case 'substr':
      return sliced(of, name, args)
    case 'repeat':
      // How often does not matter to which tables it names.
      return of
    case 'map':
    case 'flatMap':
    case 'filter':
    case 'find':
    case 'forEach':
    case 'reduce':
    case 'join':
      // No text has these: rows of a statement that was taken for its text, or the parts that a tag gets.
      return of.strings ? of : unknown(code)
    case 'includes':
    case 'startsWith':
    case 'endsWith':
    case 'indexOf':
    case 'match':
    case 'test':
    case 'charCodeAt':
    case 'localeCompare':
      return unknown(code)
    default:
      // trim, toString, padStart, normalize, then, …: the tables that it names stay.
      return of
  }
}

/** A part of a text: which one where its ends are known, else all that it may be. */
function sliced(
  of: Value & { kind: 'text' },
  method: 'slice' | 'substring' | 'substr',
  args: Value[],
): Value {
  const known = knownText(of)
  const [from = 0, to] = args.map(arg => Number(knownText(arg) ?? Number.NaN))
  if (known !== null && ![from, to ?? 0].some(Number.isNaN)) {
    const place = of.pieces.find(piece => piece.kind === 'text')
    const { file = '', line = 0 } = place ?? {}
    return { ...of, pieces: [{ kind: 'text', text: known[method](from, to), file, line }] }
  }
  return { ...of, pieces: of.pieces.map(partOf) }
}

const parts = new WeakMap<Piece, Piece>()

/** The same for the same piece, for a choice falls alike wherever it stands. */
function partOf(piece: Piece): Piece {
  if (piece.kind !== 'text' && piece.kind !== 'choice') return piece
  let part = parts.get(piece)
  if (part === undefined) {
    part =
      piece.kind === 'text'
        ? { ...piece, partly: true }
        : { ...piece, of: piece.of.map(each => each.map(partOf)) }
    parts.set(piece, part)
    // A part of a part is one of the same: else each further cut would copy all of those before.
    parts.set(part, part)
  }
  return part
}

/** `text.concat(a, b)`. */
function appended(pieces: Piece[], args: Value[], code: string): Piece[] {
  const all = [...pieces]
  for (const arg of args) addPieces(all, piecesOf(arg, code))
  return all
}

/** Of the known text of one piece: `knownText` has told that there is no other. */
function mapText(pieces: Piece[], change: (text: string) => string): Piece[] {
  return pieces.map(piece => (piece.kind === 'text' ? { ...piece, text: change(piece.text) } : piece))
}

/** Where the texts of an execution stand: where the first begins, and which `.sql` files have pieces of them. */
import type { Piece } from '../evaluator/pieces.js'
import type { Execution } from './executions.js'

export interface Place {
  file: string
  line: number
}

/** Null where no piece of the first text has a place. */
export function startOf(execution: Execution): Place | null {
  if (execution.start === undefined) execution.start = firstPlace(execution.texts[0] ?? [])
  return execution.start
}

function firstPlace(pieces: Piece[]): Place | null {
  for (const piece of pieces) {
    if (piece.kind === 'text' && piece.file !== '' && piece.text !== '')
      return { file: piece.file, line: piece.line }
    if (piece.kind === 'choice') {
      for (const option of piece.of) {
        const start = firstPlace(option)
        if (start) return start
      }
    }
  }
  return null
}

/** Places of the pieces that lie in `.sql` files. */
export function scriptPlaces(execution: Execution): Place[] {
  execution.scriptPlaces ??= execution.texts.flatMap(text => placesInScripts(text))
  return execution.scriptPlaces
}

function placesInScripts(pieces: Piece[], seen = new Set<Piece>()): Place[] {
  return pieces.flatMap(piece => {
    if (piece.kind === 'text')
      return /\.(?:sql|pgsql|ddl)$/.test(piece.file) ? [{ file: piece.file, line: piece.line }] : []
    if (piece.kind !== 'choice' || seen.has(piece)) return []
    seen.add(piece)
    return piece.of.flatMap(option => placesInScripts(option, seen))
  })
}

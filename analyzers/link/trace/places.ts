/** Where the texts of an execution stand: where the first begins, and which `.sql` files have pieces of them. */
import { leavesOf, type Piece } from '../evaluator/pieces.js'
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

/** Null where no piece has a place. */
export function firstPlace(pieces: Piece[]): Place | null {
  const first = leavesOf(pieces).find(
    piece => piece.kind === 'text' && piece.file !== '' && piece.text !== '',
  )
  return first?.kind === 'text' ? { file: first.file, line: first.line } : null
}

/** Places of the pieces that lie in `.sql` files. */
export function scriptPlaces(execution: Execution): Place[] {
  execution.scriptPlaces ??= execution.texts.flatMap(text => placesInScripts(text))
  return execution.scriptPlaces
}

function placesInScripts(pieces: Piece[]): Place[] {
  return leavesOf(pieces).flatMap(piece =>
    piece.kind === 'text' && /\.(?:sql|pgsql|ddl)$/.test(piece.file)
      ? [{ file: piece.file, line: piece.line }]
      : [],
  )
}

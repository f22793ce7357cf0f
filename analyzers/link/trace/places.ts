/** Where the texts of an execution stand: where the first begins, and where all their pieces are. */
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

/** Places of all pieces, each once. */
export function textPlaces(execution: Execution): Place[] {
  execution.places ??= distinctPlaces(execution.texts)
  return execution.places
}

/** Those in `.sql` files. */
export function scriptPlaces(execution: Execution): Place[] {
  return textPlaces(execution).filter(({ file }) => SCRIPT.test(file))
}

const SCRIPT = /\.(?:sql|pgsql|ddl)$/

function distinctPlaces(texts: Piece[][]): Place[] {
  const lines = new Map<string, Set<number>>()
  for (const text of texts) {
    for (const piece of leavesOf(text)) {
      if (piece.kind !== 'text' || piece.file === '') continue
      const known = lines.get(piece.file)
      if (known) known.add(piece.line)
      else lines.set(piece.file, new Set([piece.line]))
    }
  }
  return [...lines].flatMap(([file, inFile]) => [...inFile].map(line => ({ file, line })))
}

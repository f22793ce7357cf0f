/** The database of a connection URL that code puts together. */
import type { Piece } from './evaluator/pieces.js'

/** A name, and what stands before a path: `//` belongs to the scheme, so a host without a path is none. */
const PATH_AT_END = /[^/:]\/([^/]*)$/

/** Stands for a piece that is no plain text, which no URL holds. */
const OTHER = '\0'

/**
 * The last part of the path, as a literal and as a variable of the environment that may give it: `shop` of
 * `postgres://${host}/shop?sslmode=require`, `DB_NAME` of `${base}/${process.env.DB_NAME}`.
 */
export function databaseAtEnd(pieces: readonly Piece[]): [literal: string | null, env: string | null] {
  const others: Piece[] = []
  let written = ''
  for (const piece of pieces) {
    if (piece.kind === 'text' && !piece.partly && !piece.repeats) written += piece.text
    else {
      others.push(piece)
      written += OTHER
    }
  }
  const path = written.split('?', 1)[0]!
  const name = PATH_AT_END.exec(path)?.[1] ?? ''
  if (name === OTHER) {
    const at = path.split(OTHER).length - 2
    return namesIn(others[at]!)
  }
  return [/^[\w-]+$/.test(name) ? name : null, null]
}

function namesIn(piece: Piece): [string | null, string | null] {
  const options = piece.kind === 'choice' ? piece.of : [[piece]]
  const leaves = options.flatMap(option => (option.length === 1 ? option : []))
  const texts = leaves.flatMap(leaf =>
    leaf.kind === 'text' && /^[\w-]+$/.test(leaf.text) ? [leaf.text] : [],
  )
  const envs = leaves.flatMap(leaf => (leaf.kind === 'hole' ? (ENVIRONMENT.exec(leaf.code)?.[1] ?? []) : []))
  return [texts[0] ?? null, envs[0] ?? null]
}

const ENVIRONMENT = /^process\.env\.(\w+)$/

/** The texts that pieces with choices can become: enough of them to meet every piece, not every combination. */
import type { SqlPart } from '../sql/types.js'
import type { Piece } from './values.js'

const MAX_VARIANTS = 64
const MAX_LENGTH = 400_000

type Choice = Piece & { kind: 'choice' }

/**
 * Writes the pieces out. The first variant has every optional piece; each further one takes another option of one
 * choice; the last has no optional piece at all, if that is another text.
 */
export function variantsOf(pieces: Piece[]): SqlPart[][] {
  const picks = new Map<Choice, number>()
  const variants: SqlPart[][] = []
  const seen = new Set<string>()
  const add = (chosen: Map<Choice, number>): boolean => {
    const parts = write(pieces, chosen)
    const key = parts.map(part => (typeof part === 'string' ? part : `\0${part.code}\0`)).join('')
    if (seen.has(key)) return false
    seen.add(key)
    variants.push(parts)
    return true
  }
  add(picks)
  const queue: [Choice, Map<Choice, number>][] = choicesIn(pieces, picks).map(choice => [choice, picks])
  const expanded = new Set<string>()
  const ids = new Map<Choice, number>()
  while (queue.length > 0 && variants.length < MAX_VARIANTS) {
    const [choice, base] = queue.shift() as [Choice, Map<Choice, number>]
    if (!ids.has(choice)) ids.set(choice, ids.size)
    const first = picked(choice, base)
    for (let index = 0; index < choice.of.length && variants.length < MAX_VARIANTS; index++) {
      if (index === first || isEmpty(choice.of[index])) continue
      const tag = `${ids.get(choice)}:${index}`
      if (expanded.has(tag)) continue
      expanded.add(tag)
      const chosen = new Map(base)
      chosen.set(choice, index)
      add(chosen)
      // Choices that only this option contains.
      for (const inner of choicesIn(choice.of[index], chosen)) queue.push([inner, chosen])
    }
  }
  const bare = new Map<Choice, number>()
  for (const choice of choicesIn(pieces, picks)) {
    const empty = choice.of.findIndex(isEmpty)
    if (empty !== -1) bare.set(choice, empty)
  }
  if (bare.size > 0 && variants.length < MAX_VARIANTS) add(bare)
  return variants
}

/** The option taken: as picked, or as another choice of the same test was, or the first that says something. */
function picked(choice: Choice, picks: Map<Choice, number>): number {
  const own = picks.get(choice)
  if (own !== undefined) return own
  if (choice.test !== undefined) {
    for (const [other, index] of picks)
      if (other.test === choice.test && index < choice.of.length) return index
  }
  return firstFull(choice)
}

function firstFull(choice: Choice): number {
  const index = choice.of.findIndex(option => !isEmpty(option))
  return index === -1 ? 0 : index
}

function isEmpty(pieces: Piece[]): boolean {
  return pieces.every(
    piece =>
      (piece.kind === 'text' && piece.text.trim() === '') ||
      (piece.kind === 'choice' && piece.of.every(isEmpty)),
  )
}

/** Choices that the text goes through, given what is picked. */
function choicesIn(pieces: Piece[], picks: Map<Choice, number>): Choice[] {
  return pieces.flatMap(piece =>
    piece.kind === 'choice' ? [piece, ...choicesIn(piece.of[picked(piece, picks)] ?? [], picks)] : [],
  )
}

function write(pieces: Piece[], picks: Map<Choice, number>): SqlPart[] {
  const parts: SqlPart[] = []
  let length = 0
  const visit = (list: Piece[]): void => {
    for (const piece of list) {
      if (length > MAX_LENGTH) return
      if (piece.kind === 'text') {
        length += piece.text.length
        const last = parts.at(-1)
        if (typeof last === 'string') parts[parts.length - 1] = last + piece.text
        else if (piece.text !== '') parts.push(piece.text)
      } else if (piece.kind === 'choice') visit(piece.of[picked(piece, picks)] ?? [])
      else if (piece.kind === 'hole') parts.push({ code: piece.code })
      else parts.push({ code: [`arg${piece.param.index + 1}`, ...piece.param.path].join('.') })
    }
  }
  visit(pieces)
  return parts
}

/**
 * Texts that are cut into parts and put together again, as functions do that number placeholders. Which part is where is
 * not known, so that each is written once and whole; what is put in between stands somewhere within it.
 */
import type { SqlPart } from '../sql/types.js'
import type { Piece } from './evaluator/pieces.js'

/** What is known of the texts cut while pieces are written out. */
export class CutTexts {
  /** First pieces of those that are written. */
  readonly begun = new Set<string>()
  /** What stands behind these in the same text: `_feed` of `TRUNCATE ${kind}_feed`. */
  private readonly behind = new Set<string>()
  /** Where the last one ended. */
  private end: { parts: number; length: number } | null = null

  /** Notes the text that begins at a piece; gives the place after its last one. */
  begin(list: Piece[], at: number): number {
    this.begun.add((list[at] as Piece & { kind: 'text' }).text)
    let end = at + 1
    for (let next = beginOf(list[end]); next?.partly; next = beginOf(list[++end])) this.behind.add(next.text)
    return end
  }

  ended(parts: SqlPart[]): void {
    this.end = { parts: parts.length, length: lengthOf(parts.at(-1)) }
  }

  /** Another part of one that is written: gives the place after its last piece. */
  again(list: Piece[], at: number, parts: SqlPart[]): number {
    this.dropPlaceholders(parts)
    let end = at + 1
    for (let next = beginOf(list[end]); next && this.behind.has(next.text); next = beginOf(list[++end]));
    return end
  }

  /** Takes away placeholders that were put between two parts: behind the whole of a text no parser would take them. */
  private dropPlaceholders(parts: SqlPart[]): void {
    const last = parts.at(-1)
    if (this.end?.parts !== parts.length || typeof last !== 'string') return
    if (PLACEHOLDERS.test(last.slice(this.end.length)))
      parts[parts.length - 1] = last.slice(0, this.end.length)
  }
}

/** `$1`, `?`, `:name`, `ARRAY[$1, $2]`, with casts. */
const PLACEHOLDERS = /^(?:\$\d+|\?|[:@]{1,2}\w+|\bARRAY\b|[\s,()[\]])*$/i

/** Whether there is only a part of a text of some length. */
export function isCut({ partly, text }: Piece & { kind: 'text' }): boolean {
  return partly === true && /\s/.test(text)
}

/** The text that a piece is, or that the first option of a choice begins with. */
function beginOf(piece: Piece | undefined): (Piece & { kind: 'text' }) | undefined {
  let first = piece
  while (first?.kind === 'choice') first = first.of.find(option => option.length > 0)?.[0]
  return first?.kind === 'text' ? first : undefined
}

function lengthOf(part: SqlPart | undefined): number {
  return typeof part === 'string' ? part.length : 0
}

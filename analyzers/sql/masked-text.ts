import { HOLE_CHARACTER } from './hole-character.js'
import type { Hole, SqlPart } from './types.js'

/** SQL text in which each hole is one character, so that it can be tokenized with offsets that hold. */
export interface MaskedText {
  text: string
  /** Holes by offset. */
  holes: ReadonlyMap<number, Hole>
  /** The offsets, ascending, and by how much text is longer after each when holes are shown. */
  offsets: number[]
  shifts: number[]
}

const shown = (hole: Hole) => `\${${hole.code}}`

export function mask(parts: readonly SqlPart[]): MaskedText {
  let text = ''
  let shift = 0
  const holes = new Map<number, Hole>()
  const shifts: number[] = []
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    holes.set(text.length, part)
    shift += shown(part).length - 1
    shifts.push(shift)
    text += HOLE_CHARACTER
  }
  // NUL is blank to the tokenizer, and the end of the text to a parser written in C.
  return {
    text: text.includes('\0') ? text.replaceAll('\0', ' ') : text,
    holes,
    offsets: [...holes.keys()],
    shifts,
  }
}

/** The text from `start` to `end` with each hole as `${code}`. */
export function unmask(source: MaskedText, start: number, end: number): string {
  const { text, holes, offsets } = source
  let result = ''
  let from = start
  for (let i = holesBefore(source, start); i < offsets.length && offsets[i]! < end; i++) {
    result += text.slice(from, offsets[i]) + shown(holes.get(offsets[i]!)!)
    from = offsets[i]! + 1
  }
  return result + text.slice(from, end)
}

/** Where an offset of the masked text lies when the holes before it are shown. */
export function unmaskedOffset(source: MaskedText, offset: number): number {
  const before = holesBefore(source, offset)
  return before === 0 ? offset : offset + source.shifts[before - 1]!
}

/** Number of holes before an offset, by bisection. */
function holesBefore({ offsets }: MaskedText, offset: number): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (offsets[middle]! < offset) low = middle + 1
    else high = middle
  }
  return low
}

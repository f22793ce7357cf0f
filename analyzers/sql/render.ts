import type { SqlDialect } from './dialects/index.js'
import { HOLE_CHARACTER } from './hole-character.js'
import { type Gap, gapName, holeAlternatives, placeholderAlternatives } from './holes.js'
import type { Token } from './tokenizer.js'

/** A statement in which holes and placeholders wait for what stands in for them. */
export interface Template {
  /** Text and gaps in order; the text between has no comments. */
  pieces: (string | Gap)[]
  gaps: Gap[]
}

/** Where a gap lies in rendered text; `end` is exclusive. */
export interface Span {
  start: number
  end: number
}

/**
 * Makes the template of the tokens `from` to `to`. Comments and runs of white space become one blank.
 *
 * @param written what stands for a token, by its index from the first
 */
export function templateOf(
  tokens: readonly Token[],
  from: number,
  to: number,
  text: string,
  dialect: SqlDialect,
  written: (string | undefined)[] = [],
): Template {
  const pieces: (string | Gap)[] = []
  const gaps: Gap[] = []
  let known = ''
  const dropped = modifiersOf(tokens, from, to)
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
    if (dropped.has(i)) continue
    if (i > from && token.start > tokens[i - 1]!.end) known += ' '
    const name = gapName(gaps.length)
    let alternatives: string[] | null = null
    if (token.kind === 'hole') alternatives = holeAlternatives(tokens, i, from, to, name)
    else if (token.kind === 'placeholder')
      alternatives = placeholderAlternatives(tokens, i, from, to, name, dialect)
    else if (token.hole && token.kind !== 'string') {
      // Part of a name: the name stays one word.
      alternatives = [text.slice(token.start, token.end).replaceAll(HOLE_CHARACTER, name)]
    }
    if (!alternatives) {
      known += written[i - from] ?? text.slice(token.start, token.end)
      continue
    }
    const gap: Gap = { token: i, hole: token.hole ?? { code: token.value }, alternatives }
    if (known !== '') pieces.push(known)
    known = ''
    pieces.push(gap)
    gaps.push(gap)
  }
  if (known !== '') pieces.push(known)
  return { pieces, gaps }
}

/**
 * Modifiers between a verb and its table that some parser takes for the table itself: `DELETE QUICK FROM t`,
 * `UPDATE IGNORE t`, `DELETE TOP (5) FROM t`.
 */
function modifiersOf(tokens: readonly Token[], from: number, to: number): Set<number> {
  const dropped = new Set<number>()
  const verb = tokens[from]!.upper
  if (verb !== 'UPDATE' && verb !== 'DELETE' && verb !== 'INSERT' && verb !== 'REPLACE') return dropped
  for (let i = from + 1; i < to; i++) {
    const { upper } = tokens[i]!
    if (upper === 'TOP' && tokens[i + 1]?.value === '(') {
      for (; i < to; i++) {
        dropped.add(i)
        if (tokens[i]!.value === ')') break
      }
    } else if (MODIFIERS.has(upper) && tokens[i + 1]?.value !== '.') dropped.add(i)
    else break
  }
  return dropped
}

const MODIFIERS = new Set(['LOW_PRIORITY', 'HIGH_PRIORITY', 'DELAYED', 'QUICK', 'IGNORE', 'PERCENT'])

/** Text with the chosen alternative of each gap, and where each gap lies in it. */
export function render(template: Template, choices: readonly number[]): { text: string; spans: Span[] } {
  let text = ''
  // The last piece by itself: to look at the end of a long text that is still growing is not cheap.
  let last = ''
  const spans: Span[] = []
  for (const piece of template.pieces) {
    let next = piece
    if (typeof next !== 'string') {
      next = next.alternatives[choices[spans.length]!]!
      // Keep what is put in apart from the words around it.
      if (/^\w/.test(next) && /\w$/.test(last.slice(-1))) next = ` ${next}`
    }
    if (next !== '') last = next
    if (typeof piece !== 'string') spans.push({ start: text.length, end: text.length + next.length })
    text += next
  }
  return { text, spans }
}

/** Tells templates apart that parsers are given other texts for. */
export function keyOfTemplate({ pieces }: Template): string {
  return pieces
    .map(piece => (typeof piece === 'string' ? piece : `\0${piece.alternatives.join('\u0001')}\0`))
    .join('')
}

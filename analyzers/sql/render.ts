import type { SqlDialect } from './dialects/index.js'
import { type Gap, gapName, holeAlternatives, placeholderAlternatives } from './holes.js'
import { HOLE_CHARACTER, type Token } from './tokenizer.js'

/** A statement in which holes and placeholders wait for what stands in for them. */
export interface Template {
  /** Text and gaps in order; the text between has no comments. */
  pieces: (string | Gap)[]
  gaps: Gap[]
}

/** Makes the template of the tokens `from` to `to`. Comments and runs of white space become one blank. */
export function templateOf(
  tokens: readonly Token[],
  from: number,
  to: number,
  text: string,
  dialect: SqlDialect,
): Template {
  const pieces: (string | Gap)[] = []
  const gaps: Gap[] = []
  let known = ''
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
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
      known += text.slice(token.start, token.end)
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

/** Text with the chosen alternative of each gap, and where each gap begins in it. */
export function render(template: Template, choices: readonly number[]): { text: string; starts: number[] } {
  let text = ''
  const starts: number[] = []
  for (const piece of template.pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const chosen = piece.alternatives[choices[starts.length]!]!
    starts.push(text.length)
    // Keep what is put in apart from the words around it.
    if (chosen !== '' && /\w$/.test(text) && /^\w/.test(chosen)) text += ' '
    text += chosen
  }
  return { text, starts }
}

import type { ParseResult } from './parsers.js'
import { render, type Span, type Template } from './render.js'

/** Attempts at one statement with one parser, each with another rendering of a gap. */
const MAX_ATTEMPTS = 8

/** Texts longer than this are tried once only. */
const MAX_RETRIED = 30_000

/**
 * Parses with the likeliest text in each gap. Where the parser stops, the gap at or before that place gets its
 * next alternative, and it is tried again, a bounded number of times.
 *
 * @returns the syntax tree; null where no text was taken
 */
export function parseWithGaps(template: Template, parse: (sql: string) => ParseResult): unknown {
  const choices = template.gaps.map(() => 0)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { text, spans } = render(template, choices)
    if (attempt > 0 && text.length > MAX_RETRIED) return null
    const result = parse(text)
    if ('ast' in result) return result.ast
    const suspects = result.stopsAtFirstUnfit
      ? gapsRightBefore(result.offset ?? text.length, text, spans)
      : [...spans.keys()]
    const left = suspects.filter(gap => choices[gap]! + 1 < template.gaps[gap]!.alternatives.length)
    const before = left.filter(gap => spans[gap]!.start <= (result.offset ?? text.length))
    const blamed = before.at(-1) ?? left[0]
    if (blamed === undefined) return null
    choices[blamed]!++
  }
  return null
}

/**
 * Gaps with nothing but white space between them and the place. What a left-to-right parser took on its way there, it
 * would take again: of 167 statements of seven repositories and the fixture that a second attempt mended, none was by a
 * gap farther off. At crowd.dev's statements 27,790 of 33,363 attempts had been in vain.
 */
function gapsRightBefore(place: number, text: string, spans: readonly Span[]): number[] {
  const found: number[] = []
  let edge = place
  for (let gap = spans.length - 1; gap >= 0; gap--) {
    const { start, end } = spans[gap]!
    if (start > place) continue
    if (text.slice(end, edge).trim() !== '') break
    found.unshift(gap)
    edge = start
  }
  return found
}

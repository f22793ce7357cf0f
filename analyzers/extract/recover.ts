/** Code with syntax errors: finds out what little to leave out, so that the rest can be parsed. */
import { type CodeLine, type Layout, type LineSpan, layoutOf, lineIndexAt, unitsAround } from './layout.js'

/** First error of a text that can't be parsed. */
export interface SyntaxFault {
  /** Offset of the error, in UTF-16 units. */
  at: number
  /** Other places that the parser points to: the bracket that isn't closed. */
  related: number[]
}

/** Lines from 1, both ends included. */
export interface LineRange {
  from: number
  to: number
}

export interface Recovery {
  /** The text with what is left out made blank: all other offsets and lines are as before. */
  text: string
  /** In order of the text. */
  leftOut: LineRange[]
}

/** Errors of a file that are dealt with one after the other. */
const MAX_ROUNDS = 20
/** Bounds of the search: texts tried, and their characters in total (the parser reads some 40 MB a second). */
const MAX_TRIES = 150
const MAX_CHARACTERS = 30_000_000

/**
 * Makes a text parse by blanking the smallest pieces around its errors that serve: a line, then ever larger
 * statements around it as the indentation shows them, as brackets can't be trusted here. Where nothing serves, the
 * top-level statements that parse by themselves are left. Null when that is none of them.
 *
 * @param parse first error of a text, or null
 */
export function recover(
  text: string,
  fault: SyntaxFault,
  parse: (text: string) => SyntaxFault | null,
): Recovery | null {
  let tries = Math.min(MAX_TRIES, Math.floor(MAX_CHARACTERS / (text.length + 1)))
  let current = text
  let error: SyntaxFault | null = fault
  const blanked = new Set<number>()
  for (let round = 0; error !== null && round < MAX_ROUNDS && tries > 0; round++) {
    const { lines, mismatches, gaps } = layoutOf(current)
    let best: { text: string; error: SyntaxFault | null; span: LineSpan | null } | null = null
    for (const { span, around, text: tried } of [
      ...closed(current, lines, gaps, error),
      ...candidatesFor(current, lines, mismatches, error),
    ]) {
      if (tries-- <= 0) break
      const next = parse(tried)
      const isFurther = next === null || next.at > (best?.error?.at ?? error.at)
      const isBehind = next === null || (isFurther && next.at > endOfNextLine(lines, around.last))
      if (isFurther) best = { text: tried, error: next, span }
      if (isBehind) break
    }
    if (best === null) break
    if (best.span) for (let line = best.span.first; line <= best.span.last; line++) blanked.add(line)
    current = best.text
    error = best.error
  }
  if (error !== null) return null
  return { text: current, leftOut: rangesOf(blanked) }
}

/** A piece to leave out, and the statement around it, behind which the next error has to be for it to serve. */
interface Candidate {
  span: LineSpan | null
  around: LineSpan
  text: string
}

function closed(text: string, lines: CodeLine[], gaps: Layout['gaps'], { at }: SyntaxFault): Candidate[] {
  const near = gaps.filter(gap => lines[gap.line].start <= at + 1)
  const chosen = new Set([gaps[0], ...near.slice(-3)].filter(gap => gap !== undefined))
  const found: Candidate[] = []
  for (const { line, closers } of chosen) {
    const around = unitsAround(lines, line, true)[0] ?? { first: line, last: line }
    for (const candidate of insertions(text, lines, line, closers))
      found.push({ span: null, around, text: candidate })
  }
  return found
}

function insertions(text: string, lines: CodeLine[], line: number, closers: string): string[] {
  let before = line - 1
  while (before > 0 && lines[before].isBlank) before--
  if (before < 0) return []
  const from = lines[before].end
  const to = lines[line].start + lines[line].indent
  const found: string[] = []
  const put = (at: number, what: string): void => {
    if (at + what.length <= to) found.push(text.slice(0, at) + what + text.slice(at + what.length))
  }
  put(from + 1, closers)
  put(from + 1, `${closers};`)
  put(from + 1, `${closers},`)
  put(from, closers)
  return found
}

/** What could be left out for an error, the shortest first. */
function candidatesFor(
  text: string,
  lines: CodeLine[],
  mismatches: { opens: number; closes: number }[],
  { at, related }: SyntaxFault,
): Candidate[] {
  const suspects = new Set([lineIndexAt(lines, at)])
  for (const offset of related) suspects.add(lineIndexAt(lines, offset))
  for (const mismatch of [mismatches[0], mismatches.findLast(({ closes }) => lines[closes].start <= at)]) {
    if (mismatch) suspects.add(mismatch.opens).add(mismatch.closes)
  }
  const found = new Map<string, Candidate>()
  const add = (span: LineSpan, around: LineSpan): void => {
    const key = `${span.first}-${span.last}`
    if (!found.has(key)) found.set(key, { span, around, text: '' })
  }
  for (const line of suspects) {
    for (const readsText of [true, false]) {
      const units = unitsAround(lines, line, readsText)
      for (const unit of units) add(unit, unit)
      const here = { first: line, last: line }
      const around = units.find(unit => unit.last > unit.first) ?? units.at(-1) ?? here
      let before = line - 1
      while (before > 0 && lines[before].isBlank) before--
      add(here, around)
      if (before >= 0) {
        add({ first: before, last: before }, around)
        add({ first: before, last: line }, around)
      }
    }
  }
  return [...found.values()]
    .sort((a, b) => sizeOf(a.span!) - sizeOf(b.span!))
    .map(c => ({
      ...c,
      get text() {
        return blankLines(text, lines, c.span!)
      },
    }))
}

function sizeOf({ first, last }: LineSpan): number {
  return last - first
}

function blankLines(text: string, lines: CodeLine[], { first, last }: LineSpan): string {
  const from = lines[first].start
  const to = lines[last].end
  return text.slice(0, from) + text.slice(from, to).replace(/[^\n\r]/g, ' ') + text.slice(to)
}

/** An error that moves no further than to what follows a piece comes from its absence. */
function endOfNextLine(lines: CodeLine[], last: number): number {
  let next = last + 1
  while (next < lines.length && lines[next].isBlank) next++
  return lines[Math.min(next, lines.length - 1)].end
}

function rangesOf(indexes: Set<number>): LineRange[] {
  const ranges: LineRange[] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const previous = ranges.at(-1)
    if (previous && previous.to === index) previous.to++
    else ranges.push({ from: index + 1, to: index + 1 })
  }
  return ranges
}

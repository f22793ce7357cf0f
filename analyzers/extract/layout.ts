/** The layout of code that need not parse: its lines, their indentation, and where brackets contradict it. */

/** A line of code. Offsets are in UTF-16 units. */
export interface CodeLine {
  start: number
  /** Offset of its line break. */
  end: number
  /** Blanks before its first character. */
  indent: number
  isBlank: boolean
  /** Begins with a closing bracket. */
  closes: boolean
  /** Begins within a template literal or a comment. */
  isText: boolean
}

/** A range of lines, by index from 0, both ends included. */
export interface LineSpan {
  first: number
  last: number
}

export interface Layout {
  lines: CodeLine[]
  /** Lines of an opening and a closing bracket that are paired but indented differently, in order of the latter. */
  mismatches: { opens: number; closes: number }[]
  /** Lines before which brackets should have been closed, going by the indentation. */
  gaps: { line: number; closers: string }[]
}

/** Reads the layout of a text, whatever it is, in linear time. */
export function layoutOf(text: string): Layout {
  const lines = linesOf(text)
  return { lines, ...scanBrackets(text, lines) }
}

/** Index of the line that holds an offset. */
export function lineIndexAt(lines: CodeLine[], offset: number): number {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lines[middle].start <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * Statements around a line, as the indentation shows them, the innermost first and a top-level one last.
 *
 * @param text whether lines within literals and comments are to be passed over; false takes all lines for code,
 * which is better where a quote is missing
 */
export function unitsAround(lines: CodeLine[], index: number, text: boolean): LineSpan[] {
  const isCode = (line: CodeLine): boolean => !line.isBlank && !(text && line.isText)
  /** The line that a statement begins with: `} else {` and `})` belong to one above. */
  const above = (from: number, indent: number): number => {
    for (let i = from; i >= 0; i--) {
      if (isCode(lines[i]) && !lines[i].closes && lines[i].indent <= indent) return i
    }
    return -1
  }
  const units: LineSpan[] = []
  const { indent, closes } = lines[index]
  let first = isCode(lines[index]) ? (closes ? above(index, indent) : index) : above(index, Infinity)
  while (first >= 0) {
    const { indent } = lines[first]
    let last = first
    for (let i = first + 1; i < lines.length; i++) {
      const line = lines[i]
      if (line.isBlank) continue
      const belongs = line.indent > indent || (text && line.isText) || (line.closes && line.indent === indent)
      if (!belongs) break
      last = i
    }
    units.push({ first, last })
    first = indent === 0 ? -1 : above(first - 1, indent - 1)
  }
  return units
}

function linesOf(text: string): CodeLine[] {
  const lines: CodeLine[] = []
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    let at = start
    while (at < end && text.charCodeAt(at) <= 0x20) at++
    const isBlank = at === end
    const closes = !isBlank && ')]}'.includes(text[at])
    lines.push({ start, end, indent: at - start, isBlank, closes, isText: false })
    start = end + 1
  }
  return lines
}

interface OpenBracket {
  line: number
  indent: number
  closer: string
  /** The brace of `${`: a template goes on behind it. */
  isHole: boolean
}

/**
 * Walks over strings, templates, comments and regular expressions, marks lines that begin in text, and pairs
 * brackets by count alone.
 */
function scanBrackets(text: string, lines: CodeLine[]): Omit<Layout, 'lines'> {
  const mismatches: Layout['mismatches'] = []
  const gaps: Layout['gaps'] = []
  const stack: OpenBracket[] = []
  let line = 0
  /** `(a,\n  b) {`: what opens behind a closing bracket stands with what that one opened. */
  let indent = lines[0].indent
  let isFirst = true
  let previous = ''
  const nextLine = (isText: boolean): void => {
    line++
    lines[line].isText = isText
    indent = lines[line].indent
    isFirst = true
  }
  let at = 0
  const skipTemplate = (): void => {
    for (; at < text.length; at++) {
      const c = text[at]
      if (c === '\\') at++
      else if (c === '`') return
      else if (c === '$' && text[at + 1] === '{') {
        at++
        stack.push({ line, indent, closer: '}', isHole: true })
        return
      }
      if (text[at] === '\n') nextLine(true)
    }
  }
  for (; at < text.length; at++) {
    const c = text[at]
    if (c === '\n') {
      nextLine(false)
      continue
    }
    if (c <= ' ') continue
    if (c === '/' && text[at + 1] === '/') {
      at = lines[line].end - 1
      continue
    }
    if (c === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2)
      const stop = end === -1 ? text.length : end + 2
      while (line + 1 < lines.length && lines[line + 1].start < stop) nextLine(true)
      at = stop - 1
      continue
    }
    const wasFirst = isFirst
    isFirst = false
    if (wasFirst) {
      const { indent, closes } = lines[line]
      const isOther = closes
        ? (open: OpenBracket) => open.indent > indent
        : (open: OpenBracket) => open.indent >= indent
      let count = 0
      while (count < stack.length && count < 8 && isOther(stack[stack.length - 1 - count])) count++
      const isContinued =
        !closes && (/[.?:&|+\-*/=<,;)]/.test(c) || /^(?:case|default)\b/.test(text.slice(at, at + 8)))
      if (count > 0 && !isContinued) {
        const unclosed = stack.slice(-count).reverse()
        if (closes) {
          const below = stack[stack.length - 1 - count]
          if (below && below.indent === indent && below.closer === c) {
            gaps.push({ line, closers: unclosed.map(o => o.closer).join('') })
            stack.length -= count
          }
        } else {
          gaps.push({ line, closers: unclosed.map(o => o.closer).join('') })
          stack.length -= count
        }
      }
    }
    if (c === '"' || c === "'") {
      at = endOfQuoted(text, at, lines[line].end)
    } else if (c === '`') {
      at++
      skipTemplate()
    } else if (c === '/' && !/[\w$)\]}'"`]/.test(previous)) {
      at = endOfRegExp(text, at, lines[line].end)
    } else if (c === '(' || c === '[' || c === '{') {
      stack.push({ line, indent, closer: c === '(' ? ')' : c === '[' ? ']' : '}', isHole: false })
    } else if (c === ')' || c === ']' || c === '}') {
      const open = stack.pop()
      if (open) {
        if (wasFirst && open.line !== line && open.indent !== lines[line].indent && !open.isHole) {
          mismatches.push({ opens: open.line, closes: line })
        }
        indent = open.indent
        if (open.isHole) {
          at++
          skipTemplate()
        }
      }
    }
    previous = c
  }
  return { mismatches, gaps }
}

/** Offset of the closing quote; of the last character of the line where there is none. */
function endOfQuoted(text: string, start: number, lineEnd: number): number {
  for (let at = start + 1; at < lineEnd; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === text[start]) return at
  }
  return lineEnd - 1
}

/** Offset of the closing slash; the slash itself where there is none on the line: it divides. */
function endOfRegExp(text: string, start: number, lineEnd: number): number {
  let inClass = false
  for (let at = start + 1; at < lineEnd; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '[') inClass = true
    else if (text[at] === ']') inClass = false
    else if (text[at] === '/' && !inClass) return at
  }
  return start
}

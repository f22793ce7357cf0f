/** Edits of a text by offsets of the text as it was. */
import type { TextEdit } from '../site/result.js'

/** @throws Error where two edits touch the same characters: that is a fault of ours */
export function applyEdits(text: string, edits: TextEdit[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  let result = ''
  let at = 0
  for (const edit of sorted) {
    if (edit.start < at) throw new Error(`edits overlap at offset ${edit.start}`)
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** The edit that takes a statement away, with its lines where it has them for itself, and what the last says of it. */
export function removal(text: string, { start, end }: { start: number; end: number }): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const lineEnd = text.indexOf('\n', end)
  const isAlone =
    text.slice(lineStart, start).trim() === '' &&
    /^\s*(?:\/\/[^\n]*)?$/.test(text.slice(end, lineEnd === -1 ? text.length : lineEnd))
  if (!isAlone) return { start, end, text: '' }
  let to = lineEnd === -1 ? text.length : lineEnd + 1
  // A blank line after it goes too where one stands before it, or a block begins there.
  const before = text.slice(0, lineStart).trimEnd()
  const hasBlankBefore =
    /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(before.length, lineStart)) || before.endsWith('{') || before === ''
  const blank = /^[ \t]*\r?\n/.exec(text.slice(to))
  if (hasBlankBefore && blank) to += blank[0].length
  return { start: lineStart, end: to, text: '' }
}

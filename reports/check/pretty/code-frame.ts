import type { Violation } from '../../../analyzers/gate/index.js'
import type { Colours } from '../../terminal/section.js'
import { plain } from '../../text/plain.js'
import { count } from '../../text/words.js'

/** Lines before and after the statement. */
const AROUND = 1
/** Lines of the statement itself; of a longer one the middle is left out. */
const MOST = 8

/** The lines of the code, numbered, with a mark at those of the statement. Nothing if the file can't be read. */
export function codeFrame(
  { line, endLine }: Pick<Violation, 'line' | 'endLine'>,
  lines: string[] | null,
  { dim, red }: Colours,
): string[] {
  if (lines === null || line > lines.length) return []
  const last = Math.min(lines.length, endLine + AROUND)
  const width = String(last).length
  const row = (at: number) => {
    const isMarked = at >= line && at <= endLine
    const head = `${isMarked ? red('>') : ' '} ${dim(`${String(at).padStart(width)} |`)}`
    return `  ${head} ${plain(lines[at - 1]!.replaceAll('\t', '  '))}`.trimEnd()
  }
  const skipped = endLine - line + 1 - MOST
  const frame: string[] = []
  for (let at = Math.max(1, line - AROUND); at <= last; at++) {
    if (skipped > 0 && at >= line + MOST - 2 && at < endLine - 1) {
      if (at === line + MOST - 2)
        frame.push(`    ${dim(`${' '.repeat(width)} | … ${count(endLine - 1 - at, 'line')}`)}`)
      continue
    }
    frame.push(row(at))
  }
  return frame
}

/** True if the frame shows the whole text of the statement, as it is written. */
export function showsSql({ line, endLine, sql }: Violation, lines: string[] | null): boolean {
  if (lines === null || sql === null || endLine - line >= MOST) return false
  return squeezed(lines.slice(line - 1, endLine).join(' ')).includes(squeezed(sql))
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** How a file is encoded: what is read of it is a text without a byte order mark, and what is written has to be the same bytes. */
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'

const MARK = '\ufeff'

/** The byte order mark that a file begins with, or ''; null for a file that is no UTF-8, or can't be read. */
export function markOf(path: string): string | null {
  try {
    const bytes = readFileSync(path)
    if (!isUtf8(bytes)) return null
    return bytes.subarray(0, 3).toString('utf8') === MARK ? MARK : ''
  } catch {
    return null
  }
}

/** Dumps that are larger than what is read of a file: their statements without the rows. */
import { readSync } from 'node:fs'

/** Rows as mysqldump and others write them, from the begin of a line; until a line that ends in a semicolon. */
const INSERT = /^\s*(?:insert|replace)\s+(?:(?:ignore|low_priority|delayed|high_priority)\s+)*into\s/i
/** Rows as pg_dump writes them: the lines behind, until one of `\.` alone. */
const COPY = /^\s*copy\s.*\bfrom\s+stdin\b/i

const CHUNK_BYTES = 1024 * 1024
/** Bytes of a line that tell what it is. */
const HEAD_BYTES = 2_000

const NEWLINE = 0x0a
const SEMICOLON = 0x3b

/**
 * The bytes of a script with the lines that hold rows left empty, so that all others keep their numbers; null where
 * what is left is over the limit too. The file is read once, a chunk at a time.
 */
export function readWithoutRows(descriptor: number, limit: number): Buffer | null {
  const kept: Buffer[] = []
  let size = 0
  let state: 'statements' | 'insert' | 'copy' = 'statements'
  /** Of the current line: what was read of it (as far as it is looked at or kept), whether it is kept, its last mark. */
  let line: Buffer[] = []
  let isKept: boolean | null = null
  let last = 0

  const decide = (): void => {
    const head = Buffer.concat(line)
    if (state === 'copy' && /^\\\.\s*$/.test(head.toString('latin1'))) {
      state = 'statements'
      isKept = false
      return
    }
    const text = state === 'statements' ? head.subarray(0, HEAD_BYTES).toString('latin1') : ''
    if (INSERT.test(text)) state = 'insert'
    else if (COPY.test(text)) state = 'copy'
    isKept = state === 'statements'
    if (!isKept) line = []
  }
  const add = (piece: Buffer): void => {
    for (let at = piece.length - 1; at >= 0; at--) {
      if (piece[at]! > 0x20) {
        last = piece[at]!
        break
      }
    }
    if (isKept === false) return
    line.push(piece)
    if (isKept === null && line.reduce((sum, each) => sum + each.length, 0) >= HEAD_BYTES) decide()
  }
  const endLine = (end: string): void => {
    if (isKept === null) decide()
    if (isKept) kept.push(...line)
    kept.push(Buffer.from(end))
    size += (isKept ? line.reduce((sum, each) => sum + each.length, 0) : 0) + end.length
    if (state === 'insert' && last === SEMICOLON) state = 'statements'
    line = []
    isKept = null
    last = 0
  }

  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, null)
    if (length === 0) break
    const bytes = chunk.subarray(0, length)
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      add(bytes.subarray(from, end))
      endLine('\n')
      from = end + 1
      if (size > limit) return null
    }
    if (from < length) add(bytes.subarray(from))
    if (isKept && line.reduce((sum, each) => sum + each.length, 0) > limit) return null
  }
  endLine('')
  return size > limit ? null : Buffer.concat(kept)
}

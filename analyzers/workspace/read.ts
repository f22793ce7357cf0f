/** Reading of workspace files: whatever the bytes are, the answer is text or a diagnostic with a place. */
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import type { Diagnostic } from '../model.js'
import type { FileKind, ReadFile, ReadResult } from './types.js'

const mebibyte = 1024 * 1024

/**
 * Bytes up to which a file is read. No source that a person wrote is near 2 MiB (it would be 50,000 lines),
 * a generated one is, and it costs seconds and hundreds of megabytes to parse for nothing. A `.sql` file may
 * be a dump whose CREATE TABLEs are the only schema there is, so it may be larger.
 */
export const sizeLimits: Record<FileKind, number> = {
  source: 2 * mebibyte,
  sql: 8 * mebibyte,
  settings: 1 * mebibyte,
}

/** What `read` needs of a file. */
export interface Readable {
  path: string
  kind: FileKind
  size: number
}

/**
 * A reader of exactly these files: any other path is refused, so nothing outside of the root is ever opened.
 * Each file is read once and kept for the run.
 */
export function createReader(root: string, files: readonly Readable[]): ReadFile {
  const known = new Map(files.map(file => [file.path, file]))
  const results = new Map<string, ReadResult>()
  return path => {
    let result = results.get(path)
    if (result === undefined) {
      result = readOne(root, path, known.get(path))
      results.set(path, result)
    }
    return result
  }
}

function readOne(root: string, path: string, file: Readable | undefined): ReadResult {
  if (file === undefined) {
    return failure(path, null, 'unknown-file', 'Is no file of the workspace and is not read.')
  }
  if (file.size > sizeLimits[file.kind]) {
    const sizes = `${inMebibytes(file.size)} MiB, over the limit of ${inMebibytes(sizeLimits[file.kind])} MiB`
    const message = `Not read: ${sizes} for ${file.kind} files, so it is most likely generated.`
    return failure(path, 1, 'file-too-large', message)
  }
  try {
    return decode(readFileSync(`${root}/${path}`), path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return failure(path, null, 'unreadable-file', `Could not be read: ${reason}`)
  }
}

/** Bytes looked at to tell a binary file, as git does. */
const binaryProbe = 8000

/** Text of a file's bytes. UTF-16 needs its byte order mark; what is no UTF-8 is read as Latin-1 with a warning. */
export function decode(bytes: Buffer, path: string): ReadResult {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le', 2) }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: swapped(bytes).toString('utf16le', 2) }
  if (bytes.subarray(0, binaryProbe).includes(0)) {
    return failure(path, null, 'binary-file', 'Holds NUL bytes, so it is no text; not read.')
  }
  if (isUtf8(bytes)) {
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    return { text: bytes.toString('utf8', hasMark ? 3 : 0) }
  }
  const message = 'Is not valid UTF-8 from this line on; read as Latin-1, so accented letters may differ.'
  return {
    text: bytes.toString('latin1'),
    warning: { severity: 'warning', code: 'not-utf8', message, file: path, line: firstInvalidLine(bytes) },
  }
}

/** A copy with the bytes of each pair exchanged; an odd last byte is dropped. */
function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16()
}

function firstInvalidLine(bytes: Buffer): number {
  let line = 1
  let start = 0
  for (;;) {
    const end = bytes.indexOf(0x0a, start)
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
    line++
  }
}

function failure(
  file: string,
  line: number | null,
  code: string,
  message: string,
): { diagnostic: Diagnostic } {
  return { diagnostic: { severity: 'warning', code, message, file, line } }
}

function inMebibytes(bytes: number): string {
  return (bytes / mebibyte).toFixed(1)
}

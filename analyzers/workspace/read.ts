/** Reading of workspace files: whatever the bytes are, the answer is text or a diagnostic with a place. */
import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import type { Diagnostic } from '../model.js'
import { isMinified } from './minified.js'
import { readWithoutRows } from './read-dump.js'
import type { FileKind, ReadFile, ReadResult } from './types.js'

const mebibyte = 1024 * 1024

/**
 * Bytes up to which a file is read. No source that a person wrote is near 2 MiB (it would be 50,000 lines),
 * a generated one is, and it costs seconds and hundreds of megabytes to parse for nothing. A `.sql` file may
 * be a dump whose CREATE TABLEs are the only schema there is, so it may be larger; of one that is larger still, the rows
 * are left out.
 */
export const sizeLimits: Record<FileKind, number> = {
  source: 2 * mebibyte,
  sql: 8 * mebibyte,
  settings: 1 * mebibyte,
  data: 1 * mebibyte,
}

/** A script over this is not looked into for what is no row of data. */
const LARGEST_SCRIPT = 1024 * mebibyte

/**
 * A reader of exactly these files: any other path is refused, so nothing outside of the root is ever opened.
 * Each file is read once and kept for the run.
 */
export function createReader(root: string, files: readonly { path: string; kind: FileKind }[]): ReadFile {
  const known = new Map(files.map(({ path, kind }) => [path, kind]))
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

function readOne(root: string, path: string, kind: FileKind | undefined): ReadResult {
  if (kind === undefined) {
    return failure(path, null, 'unknown-file', 'Is no file of the workspace and is not read.')
  }
  try {
    const { bytes, size, isPart } = readBytes(`${root}/${path}`, sizeLimits[kind], kind === 'sql')
    if (bytes !== null) {
      if (kind === 'source' && isMinified(path, bytes)) {
        const message = 'Not read: it is minified, so it was built from other files.'
        return { diagnostic: { ...failure(path, 1, 'minified-file', message).diagnostic, severity: 'info' } }
      }
      const result = decode(bytes, path)
      if (!isPart || 'diagnostic' in result) return result
      const message = `Of ${inMebibytes(size)} MiB, the rows (INSERT, COPY) were left out; the rest was read.`
      return { warning: failure(path, 1, 'rows-left-out', message).diagnostic, ...result }
    }
    const limit = `the limit of ${inMebibytes(sizeLimits[kind])} MiB for ${kind} files`
    const message = `Not read: over ${limit}, so it is most likely generated.`
    return failure(path, 1, 'file-too-large', message)
  } catch (error) {
    return failure(path, null, 'unreadable-file', `Could not be read: ${reasonOf(error)}`)
  }
}

/**
 * A file's bytes, or null for one over the limit; `isPart` where it is a script whose rows had to be left out for that.
 * Of what took the file's place since, or was none from the start, a
 * link is not followed and a pipe not waited for.
 *
 * @throws where there is no file or no right to read it
 */
export function readBytes(
  path: string,
  limit: number,
  isScript = false,
): { bytes: Buffer | null; size: number; isPart: boolean } {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw new Error('it is no regular file')
    const { size } = stats
    if (size <= limit) return { bytes: readFileSync(descriptor), size, isPart: false }
    const isPart = isScript && size <= LARGEST_SCRIPT
    return { bytes: isPart ? readWithoutRows(descriptor, limit) : null, size, isPart }
  } finally {
    closeSync(descriptor)
  }
}

/** Why a file or folder can't be read, without the path that the system's message ends in: it is an absolute one. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+ '.*$/s, '') : String(error)
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

/**
 * The paths under version control, read from `.git/index` without starting git (a hostile repository can
 * make git run commands). Needed because git ignores a .gitignore for files that it already tracks.
 */
import { join } from 'node:path'
import { readBytes } from './read.js'

/** Some three million files. */
const MAX_INDEX_BYTES = 512 * 1024 * 1024
const headerLength = 12
/** Fixed part of an entry before its name: stat data 40, object id 20, flags 2. */
const entryFixedLength = 62
const flagsOffset = 60
/** In the first byte of the flags. */
const extendedFlag = 0x40
const nonAscii = /[\x80-\xff]/

/**
 * Tracked files and the folders that hold them, relative to `root`. Empty where there is no index at the
 * root itself or its version is none of 2, 3 and 4.
 * Format: https://git-scm.com/docs/index-format
 */
export function readTrackedPaths(root: string): Set<string> {
  try {
    const { bytes } = readBytes(join(root, '.git', 'index'), MAX_INDEX_BYTES)
    return bytes === null ? new Set() : parseIndex(bytes)
  } catch {
    return new Set()
  }
}

function parseIndex(index: Buffer): Set<string> {
  const tracked = new Set<string>()
  const version = index.readUInt32BE(4)
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return tracked
  const count = index.readUInt32BE(8)
  // Decoded once as a whole: a call for each name takes longer than all the rest.
  const text = index.toString('latin1')
  let offset = headerLength
  let bytes = ''
  let folder = ''
  for (let entry = 0; entry < count; entry++) {
    const isExtended = version >= 3 && (index[offset + flagsOffset]! & extendedFlag) !== 0
    let nameStart = offset + entryFixedLength + (isExtended ? 2 : 0)
    let kept = ''
    if (version === 4) {
      const dropped = readOffset(index, nameStart)
      nameStart = dropped.next
      kept = bytes.slice(0, bytes.length - dropped.value)
    }
    const nameEnd = text.indexOf('\0', nameStart)
    if (nameEnd === -1) break
    bytes = kept + text.slice(nameStart, nameEnd)
    folder = add(tracked, nonAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes, folder)
    const length = nameEnd - offset
    offset = version === 4 ? nameEnd + 1 : offset + length + (8 - (length % 8))
  }
  return tracked
}

/** The variable-length number of pack files, with which version 4 says how much of the last name to drop. */
function readOffset(index: Buffer, start: number): { value: number; next: number } {
  let at = start
  let byte = index.readUInt8(at++)
  let value = byte & 0x7f
  while (byte & 0x80) {
    byte = index.readUInt8(at++)
    value = ((value + 1) << 7) | (byte & 0x7f)
  }
  return { value, next: at }
}

/** Adds a path and the folders above it. Entries are sorted: mostly the folder is the `last` one again. */
function add(tracked: Set<string>, path: string, last: string): string {
  tracked.add(path)
  const slash = path.lastIndexOf('/')
  if (slash === last.length && path.startsWith(last)) return last
  const folder = slash === -1 ? '' : path.slice(0, slash)
  for (
    let above = folder;
    above !== '' && !tracked.has(above);
    above = above.slice(0, Math.max(0, above.lastIndexOf('/')))
  ) {
    tracked.add(above)
  }
  return folder
}

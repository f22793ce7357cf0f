/** Paths relative to the root, with `/`; the root itself is `.`. */
import { posix } from 'node:path'

/** Folder of a file: `.` for a file at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '.' : path.slice(0, slash)
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Joins and normalises; null when the result lies outside of the root or is absolute. */
export function joinInside(folder: string, relativePath: string): string | null {
  if (relativePath.startsWith('/') || relativePath.includes('\0')) return null
  const joined = posix.join(folder, relativePath.replaceAll('\\', '/')).replace(/\/$/, '')
  return joined === '..' || joined.startsWith('../') ? null : joined
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`)
}

/** `folder` and the folders above it, innermost first, ending with `.`. */
export function* upwards(folder: string): Generator<string> {
  let current = folder
  while (current !== '.') {
    yield current
    current = folderOf(current)
  }
  yield '.'
}

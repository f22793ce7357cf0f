/** A file of which parts are read as they are asked for. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'

export interface OpenFile {
  /** As it was when it was opened. */
  size: number
  /** Bytes from an offset; fewer, or none, where the file ends or can't be read. */
  read(start: number, bytes: number): Buffer
  close(): void
}

/**
 * Null for what is no file. A link is not followed, and a pipe not waited for.
 *
 * @param atOnce bytes up to which a file is read whole when something of it is first asked for
 */
export function openFile(path: string, atOnce: number): OpenFile | null {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  let descriptor: number | null = null
  const close = (): void => {
    if (descriptor !== null) closeSync(descriptor)
    descriptor = null
  }
  try {
    if (!lstatSync(path).isFile()) return null
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stats = fstatSync(descriptor)
    if (stats.isFile())
      return { size: stats.size, read: stats.size <= atOnce ? readWhole(stats.size) : read, close }
    close()
    return null
  } catch {
    return null
  }

  function readWhole(size: number): OpenFile['read'] {
    let whole: Buffer | null = null
    return (start, bytes) => {
      whole ??= read(0, size)
      return whole.subarray(start, start + bytes)
    }
  }

  function read(start: number, bytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(bytes)
    try {
      return buffer.subarray(0, descriptor === null ? 0 : readSync(descriptor, buffer, 0, bytes, start))
    } catch {
      return buffer.subarray(0, 0)
    }
  }
}

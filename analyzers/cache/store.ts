/**
 * The cache on disk: one file a namespace, of which the index is read when something is first asked for, and each value
 * when it is; what is new is written behind it at the end.
 */
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Cache, NAMESPACES, type Namespace } from './cache.js'
import { type OpenFile, openFile } from './open-file.js'
import { count, list, object, text } from './shape.js'

export interface CacheStore extends Cache {
  /** Forgets everything, so that `save` replaces it. */
  clear(): void
  /** Writes what is new, and closes the files. What can't be written is left as it was. */
  save(): void
  /** Closes the files, and forgets what is new. What is asked for afterwards is read again. */
  close(): void
}

/** More is no cache of ours: it would cost more to read than to do without. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
/**
 * A file of up to this is read at once: thousands of small reads take longer. Facts, of which few are asked for, are many
 * times as much where it matters.
 */
const READ_AT_ONCE_BYTES = 8 * 1024 * 1024
/** Longest line with the length and the checksum of an index. */
const MAX_LINE_BYTES = 40
/**
 * What the last run did not ask for, as results of another branch, is kept up to this when a file is written anew; and
 * that is when there is twice as much of it.
 */
const SPARE_BYTES = 8 * 1024 * 1024
/** Left behind by a run that was killed while it wrote. */
const ABANDONED_MS = 60 * 60 * 1000

/*
 * A file is: the magic line, the tool, and segments, each written at once by one run: a line with the length and the
 * checksum of its index, the index, and the values as JSON one after the other. Of a key that is there twice the later
 * value counts. The checksums, of an index when the file is read and of a value when it is asked for, find what was cut
 * short or damaged. They are no proof against someone who means harm: values are JSON, which runs nothing, and are
 * checked for their shape, and a folder under version control is not used.
 */
const MAGIC = 'seamripper cache 3'

interface Entry {
  key: string
  crc: number
  /** The value, if this run made it, or the file that has it and its place there. */
  value: { json: Buffer } | { file: OpenFile; start: number }
  bytes: number
  /** Whether this run asked for it or made it. */
  isUsed: boolean
  /** Whether its checksum was seen to be right. */
  isSound: boolean
}

interface Loaded {
  entries: Map<string, Entry>
  /** Keys of what this run made. */
  fresh: Set<string>
  /** Null where there is nothing to read. */
  file: OpenFile | null
  /** Bytes of the file; null where there is none of this tool. */
  size: number | null
  /** Whether it is sound to its end, so that more can be written behind it. */
  isSound: boolean
}

/** Of each value its key, length and checksum. */
interface Index {
  keys: string[]
  bytes: number[]
  crcs: number[]
}

const indexShape = object<Index>({ keys: list(text), bytes: list(count), crcs: list(count) })

/**
 * @param folder an existing folder
 * @param tool what makes the results, as `toolKey` tells; those of another are not used
 */
export function createCacheStore(folder: string, tool: string): CacheStore {
  const head = Buffer.from(`${MAGIC}\n${tool}\n`)
  const loaded = new Map<Namespace, Loaded>()
  const load = (namespace: Namespace): Loaded => {
    let found = loaded.get(namespace)
    if (!found) {
      found = readFile(fileOf(folder, namespace), head)
      loaded.set(namespace, found)
    }
    return found
  }
  const close = (): void => {
    for (const { file } of loaded.values()) file?.close()
    loaded.clear()
  }
  return {
    get(namespace, key, shape) {
      const { entries } = load(namespace)
      const entry = entries.get(key)
      if (!entry) return null
      const json = jsonOf(entry)
      entry.isSound ||= crc32(json) === entry.crc
      const value = entry.isSound ? parsed(json) : undefined
      if (!shape(value)) {
        entries.delete(key)
        return null
      }
      entry.isUsed = true
      return value
    },
    has(namespace, key) {
      const entry = load(namespace).entries.get(key)
      if (entry) entry.isUsed = true
      return entry !== undefined
    },
    put(namespace, key, value) {
      const { entries, fresh } = load(namespace)
      const json = Buffer.from(JSON.stringify(value))
      // The youngest are the last.
      entries.delete(key)
      entries.set(key, {
        key,
        crc: crc32(json),
        value: { json },
        bytes: json.length,
        isUsed: true,
        isSound: true,
      })
      fresh.add(key)
    },
    clear() {
      close()
      for (const namespace of NAMESPACES)
        loaded.set(namespace, { entries: new Map(), fresh: new Set(), file: null, size: 0, isSound: false })
    },
    save() {
      for (const [namespace, file] of loaded) saveFile(folder, namespace, head, file)
      removeAbandoned(folder)
      close()
    },
    close,
  }
}

function fileOf(folder: string, namespace: Namespace): string {
  return join(folder, `${namespace}.cache`)
}

function jsonOf({ value, bytes }: Entry): Buffer {
  return 'json' in value ? value.json : value.file.read(value.start, bytes)
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString())
  } catch {
    return undefined
  }
}

/** What a file holds: nothing where it is missing or of another tool, and what comes before where it is damaged. */
function readFile(path: string, head: Buffer): Loaded {
  const found: Loaded = { entries: new Map(), fresh: new Set(), file: null, size: null, isSound: false }
  const file = openFile(path, READ_AT_ONCE_BYTES)
  if (file === null || file.size > MAX_FILE_BYTES || !file.read(0, head.length).equals(head)) {
    file?.close()
    return found
  }
  found.file = file
  found.size = file.size
  for (let at: number | null = head.length; at !== null; ) {
    found.isSound = at === file.size
    at = found.isSound ? null : readSegment(file, at, found.entries, crc32(head))
  }
  return found
}

/** Adds the entries of a segment, and gives where it ends; null where it is damaged. */
function readSegment(
  file: OpenFile,
  start: number,
  entries: Map<string, Entry>,
  seed: number,
): number | null {
  const begin = file.read(start, MAX_LINE_BYTES)
  const lineEnd = begin.indexOf('\n')
  const [length, crc] = begin.toString('latin1', 0, Math.max(0, lineEnd)).split(' ').map(Number)
  let at = start + lineEnd + 1 + length
  if (lineEnd === -1 || !(length >= 0) || !(at <= file.size)) return null
  const json = file.read(at - length, length)
  if (crc32(json, seed) !== crc) return null
  const index = parsed(json)
  if (!indexShape(index)) return null
  for (const [id, key] of index.keys.entries()) {
    const size = index.bytes[id]
    if (size === undefined || at + size > file.size) return null
    entries.delete(key)
    entries.set(key, {
      key,
      crc: index.crcs[id] ?? -1,
      value: { file, start: at },
      bytes: size,
      isUsed: false,
      isSound: false,
    })
    at += size
  }
  return at
}

/** Writes what is new behind the rest, or all that is worth keeping anew where that is as much or there is no rest. */
function saveFile(folder: string, namespace: Namespace, head: Buffer, loaded: Loaded): void {
  const { entries, fresh, size, isSound } = loaded
  if (fresh.size === 0 && (isSound || size === null)) return
  const file = fileOf(folder, namespace)
  const all = [...entries.values()]
  const added = all.filter(entry => fresh.has(entry.key))
  const spare = (size ?? 0) - sizeOf(all.filter(entry => entry.isUsed))
  const seed = crc32(head)
  if (isSound && sizeOf(added) < size! / 2 && spare < 2 * SPARE_BYTES) append(file, encode(added, seed))
  else {
    const bytes = Buffer.concat([head, encode(worthKeeping(all), seed)])
    // Windows lets no open file be replaced.
    loaded.file?.close()
    writeWhole(folder, file, bytes)
  }
}

function sizeOf(entries: Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.bytes, 0)
}

/** What is in use, and the youngest of the rest. */
function worthKeeping(entries: Entry[]): Entry[] {
  let left = SPARE_BYTES
  const kept = entries.toReversed().filter(entry => {
    if (entry.isUsed) return true
    left -= entry.bytes
    return left >= 0
  })
  return kept.reverse()
}

/** Entries as a segment. The checksum begins at that of the head: one of another tool is not taken for sound. */
function encode(entries: Entry[], seed: number): Buffer {
  const index: Index = {
    keys: entries.map(({ key }) => key),
    bytes: entries.map(({ bytes }) => bytes),
    crcs: entries.map(({ crc }) => crc),
  }
  const json = Buffer.from(JSON.stringify(index))
  return Buffer.concat([Buffer.from(`${json.length} ${crc32(json, seed)}\n`), json, ...entries.map(jsonOf)])
}

/** Writes a segment behind a file, at once: another run may do the same, or have written the file anew. */
function append(file: string, bytes: Buffer): void {
  try {
    if (!lstatSync(file).isFile()) return
    const { O_WRONLY, O_APPEND, O_NOFOLLOW = 0 } = constants
    const descriptor = openSync(file, O_WRONLY | O_APPEND | O_NOFOLLOW)
    try {
      writeSync(descriptor, bytes)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // As with `writeWhole`.
  }
}

/**
 * Puts a whole file in the place of the old one: another run sees this one or that, never a part. A link in its place
 * is replaced and not followed.
 */
function writeWhole(folder: string, file: string, bytes: Buffer): void {
  const temporary = join(folder, `${randomUUID()}.tmp`)
  try {
    const descriptor = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666)
    try {
      writeFileSync(descriptor, bytes)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
  } catch {
    // A full disk, a folder that may not be written, on Windows a file that another run has open: the next run tries.
    remove(temporary)
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // `removeAbandoned` of a later run does it.
  }
}

function removeAbandoned(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (!/^[\da-f-]{36}\.tmp$/.test(name)) continue
      const path = join(folder, name)
      if (Date.now() - lstatSync(path).mtimeMs > ABANDONED_MS) rmSync(path, { force: true })
    }
  } catch {
    // Another run was faster.
  }
}

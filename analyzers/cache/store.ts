/** The cache on disk: one file a namespace, read when first asked for and replaced as a whole at the end. */
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { readBytes } from '../workspace/read.js'
import { type Cache, NAMESPACES, type Namespace } from './cache.js'
import { count, list, object, text } from './shape.js'

export interface CacheStore extends Cache {
  /** Forgets everything, so that `save` replaces it. */
  clear(): void
  /** Writes what is new. What can't be written is left as it was. */
  save(): void
}

/** More is no cache of ours: it would cost more to read than to do without. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
/** Results that the last run did not ask for, as those of another branch, are kept up to this: each run reads them. */
const SPARE_BYTES = 8 * 1024 * 1024
/** Left behind by a run that was killed while it wrote. */
const ABANDONED_MS = 60 * 60 * 1000

/*
 * A file is: the magic line, the SHA-256 of all that follows it, the index as a line of JSON, the values as JSON one
 * after the other. The hash finds what was cut short or damaged. It is no proof against someone who means harm: values
 * are JSON, which runs nothing, and are checked for their shape, and a folder under version control is not used.
 */
const MAGIC = 'seamripper cache 1'

interface Entry {
  key: string
  /** Length of the value in bytes. */
  bytes: number
  /** Runs since it was last asked for. */
  age: number
}

interface Loaded {
  entries: Map<string, Entry & { json: Buffer }>
  isChanged: boolean
}

const indexShape = object<{ tool: string; entries: Entry[] }>({
  tool: text,
  entries: list(object<Entry>({ key: text, bytes: count, age: count })),
})

/**
 * @param folder an existing folder
 * @param tool what makes the results, as `toolKey` tells; those of another are not used
 */
export function createCacheStore(folder: string, tool: string): CacheStore {
  const loaded = new Map<Namespace, Loaded>()
  const load = (namespace: Namespace): Loaded => {
    let found = loaded.get(namespace)
    if (!found) {
      found = { entries: readEntries(fileOf(folder, namespace), tool), isChanged: false }
      loaded.set(namespace, found)
    }
    return found
  }
  return {
    get(namespace, key, shape) {
      const { entries } = load(namespace)
      const entry = entries.get(key)
      if (!entry) return null
      const value = parsed(entry.json)
      if (!shape(value)) {
        entries.delete(key)
        return null
      }
      entry.age = 0
      return value
    },
    has(namespace, key) {
      const entry = load(namespace).entries.get(key)
      if (entry) entry.age = 0
      return entry !== undefined
    },
    put(namespace, key, value) {
      const into = load(namespace)
      const json = Buffer.from(JSON.stringify(value))
      into.entries.set(key, { key, bytes: json.length, age: 0, json })
      into.isChanged = true
    },
    clear() {
      for (const namespace of NAMESPACES) loaded.set(namespace, { entries: new Map(), isChanged: true })
    },
    save() {
      for (const [namespace, { entries, isChanged }] of loaded) {
        if (!isChanged) continue
        writeWhole(folder, fileOf(folder, namespace), encode(tool, worthKeeping([...entries.values()])))
      }
      removeAbandoned(folder)
    },
  }
}

function fileOf(folder: string, namespace: Namespace): string {
  return join(folder, `${namespace}.cache`)
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString())
  } catch {
    return undefined
  }
}

/** Entries of a file; none where it is missing, damaged or of another tool. */
function readEntries(file: string, tool: string): Loaded['entries'] {
  const entries: Loaded['entries'] = new Map()
  const bytes = bytesOf(file)
  if (bytes === null) return entries
  const [magicEnd, hashEnd] = [bytes.indexOf('\n'), bytes.indexOf('\n', MAGIC.length + 1)]
  if (bytes.toString('latin1', 0, magicEnd) !== MAGIC) return entries
  const body = bytes.subarray(hashEnd + 1)
  if (bytes.toString('latin1', magicEnd + 1, hashEnd) !== hashOf(body)) return entries
  const indexEnd = body.indexOf('\n')
  const index = parsed(body.subarray(0, indexEnd))
  if (!indexShape(index) || index.tool !== tool) return entries
  let at = indexEnd + 1
  for (const { key, bytes: length, age } of index.entries) {
    if (at + length > body.length) return new Map()
    entries.set(key, { key, bytes: length, age: age + 1, json: body.subarray(at, at + length) })
    at += length
  }
  return entries
}

function bytesOf(file: string): Buffer | null {
  try {
    // Opening what is no file, a pipe for one, could wait for ever.
    return lstatSync(file).isFile() ? readBytes(file, MAX_FILE_BYTES).bytes : null
  } catch {
    return null
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What is in use, and the youngest of the rest. */
function worthKeeping<T extends Entry>(entries: T[]): T[] {
  const used = entries.filter(entry => entry.age === 0)
  let left = SPARE_BYTES
  const spare = entries.filter(entry => entry.age > 0).sort((a, b) => a.age - b.age)
  const kept = spare.filter(entry => {
    left -= entry.bytes
    return left >= 0
  })
  return [...used, ...kept]
}

function encode(tool: string, entries: (Entry & { json: Buffer })[]): Buffer {
  const index = { tool, entries: entries.map(({ key, bytes, age }) => ({ key, bytes, age })) }
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...entries.map(entry => entry.json)])
  return Buffer.concat([Buffer.from(`${MAGIC}\n${hashOf(body)}\n`), body])
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

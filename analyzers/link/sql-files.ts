/** SQL kept in `.sql` files: one statement a file, or blocks with names, and the calls that load them. */
import type { Piece } from './evaluator/pieces.js'
import type { Value } from './evaluator/values.js'
import { knownText } from './evaluator/values.js'
import { variantsOf } from './variants.js'

export interface SqlFiles {
  /** The block of a file with this name, or the whole of a file without blocks. */
  block(file: string, name: string): Value | null
  /** Any block of a file whose name may be the wanted one: its key is not known. */
  anyBlock(file: string, couldBe: (name: string) => boolean): Value | null
  /**
   * What a function gives that gets the path of a `.sql` file, or the place of a source file beside which a `.sql`
   * file of the same name lies. Null when no argument leads to one.
   */
  fromLoader(args: Value[], fromFile: string): Value | null
  /** What an import of a `.sql` file gives (`import find from './find.sql?raw'`); null for other modules. */
  imported(module: string, fromFile: string): Value | null
  /** Names of the blocks of a file, with their lines; the name is empty for a file without blocks. */
  blocks(file: string): SqlBlock[]
}

export interface SqlBlock {
  name: string
  text: string
  line: number
}

/*
 * Marks that begin a block: `-- BLOCK x` with nothing behind it, `-- name: x` (aiosql, sqlc, yesql), `-- query: x`,
 * `-- @name x`, `/* @name x` (pgtyped), `-- :name x :?` (HugSQL). Those of pg_dump (`-- Name: t; Type: TABLE`) are none.
 */
const BLOCK_MARK =
  /^\s*(?:--+|\/\*+)\s*(?:(?:[:@](?:name|query|sql|snip|block)\b\s*:?|(?:name|query|sql)\s*:)\s*([\w.-]+)(?!.*;\s*Type:)|block\b\s*:?\s*([\w.-]+)\s*(?:\*\/)?\s*$)/i

/** A comment over several lines in which a block is named, as pgtyped has it. */
const NAMING_COMMENT = /\/\*\s*\n?(?:\s*\*?\s*@[^\n]*\n)+\s*\*\//g

/** Blocks of a `.sql` text. */
export function splitBlocks(text: string): SqlBlock[] {
  const blocks: SqlBlock[] = []
  let current: SqlBlock = { name: '', text: '', line: 1 }
  const lines = text
    .replace(NAMING_COMMENT, comment => comment.replace(/^\s*(?:\/\*\s*|\*\/|\*)?/gm, '-- '))
    .split('\n')
  lines.forEach((line, index) => {
    const mark = BLOCK_MARK.exec(line)
    if (!mark) {
      current.text += `${line}\n`
      return
    }
    if (current.name !== '' || hasStatement(current.text)) blocks.push(current)
    current = { name: mark[1] ?? mark[2], text: '', line: index + 2 }
  })
  if (current.name !== '' || blocks.length === 0) blocks.push(current)
  return blocks
}

function hasStatement(text: string): boolean {
  return text.split('\n').some(line => /^\s*[a-z(]/i.test(line))
}

/**
 * @param paths all `.sql` files, relative to the root
 * @param read text of one of them, or null
 */
export function createSqlFiles(paths: string[], read: (path: string) => string | null): SqlFiles {
  const known = new Set(paths)
  const byName = new Map<string, string[]>()
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    byName.set(name, [...(byName.get(name) ?? []), path])
  }
  const parsed = new Map<string, SqlBlock[]>()
  const blocks = (file: string): SqlBlock[] => {
    let found = parsed.get(file)
    if (!found) {
      found = known.has(file) ? splitBlocks(read(file) ?? '') : []
      parsed.set(file, found)
    }
    return found
  }
  const blockValue = (file: string, block: SqlBlock): Value => {
    const lead =
      /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*/.exec(block.text)?.[0].split('\n').length ?? 1
    const piece: Piece = { kind: 'text', text: block.text, file, line: block.line + lead - 1 }
    return { kind: 'text', pieces: [piece], fragment: true }
  }
  const fileValue = (file: string): Value => {
    const all = blocks(file)
    return all.length === 1 && all[0].name === '' ? blockValue(file, all[0]) : { kind: 'sql-file', file }
  }

  return {
    blocks,
    block(file, name) {
      const all = blocks(file)
      const wanted = plain(name)
      const found = all.find(block => block.name === name) ?? all.find(block => plain(block.name) === wanted)
      if (found && found.name !== '') return blockValue(file, found)
      return null
    },
    anyBlock(file, couldBe) {
      const all = blocks(file).filter(block => hasStatement(block.text) && couldBe(block.name))
      return all.length === 0 ? null : { kind: 'choice', of: all.map(block => blockValue(file, block)) }
    },
    imported(module, fromFile) {
      const path = /^([^?]+\.sql)(?:\?\w+)?$/i.exec(module)?.[1]
      if (path === undefined) return null
      const folder = fromFile.split('/').slice(0, -1)
      const files = path.startsWith('.')
        ? [normalized([...folder, ...path.split('/')])].filter(file => known.has(file))
        : nearestWithTail(path, fromFile, byName)
      return files.length === 1 ? fileValue(files[0]) : null
    },
    fromLoader(args, fromFile) {
      for (const arg of args) {
        const files = filesNamedBy(arg, fromFile, known, byName)
        if (files.length === 1) return fileValue(files[0])
        if (files.length > 1) return { kind: 'choice', of: files.map(fileValue) }
      }
      return null
    },
  }
}

/** A path without `.` and `..`. */
function normalized(parts: string[]): string {
  const own: string[] = []
  for (const part of parts) {
    if (part === '..') own.pop()
    else if (part !== '.' && part !== '') own.push(part)
  }
  return own.join('/')
}

/** Block names are compared without case and separators: `select_user`, `selectUser`, `select-user`. */
function plain(name: string): string {
  return name.replace(/[-_.\s]/g, '').toLowerCase()
}

const SOURCE_FILE = /\.[cm]?[jt]sx?$/

/** `.sql` files that a value names. */
function filesNamedBy(
  value: Value,
  fromFile: string,
  known: Set<string>,
  byName: Map<string, string[]>,
): string[] {
  if (value.kind === 'choice') return value.of.flatMap(each => filesNamedBy(each, fromFile, known, byName))
  // Most arguments are no paths: what does not end in `.sql` anywhere is not worth writing out.
  if (value.kind !== 'text') return []
  // The place of a source file means the `.sql` file beside it: `loadSqlEquiv(import.meta.url)`.
  const source = knownText(value)
  if (source !== null && SOURCE_FILE.test(source)) {
    const beside = source.replace(SOURCE_FILE, '.sql')
    return known.has(beside) ? [beside] : []
  }
  if (!value.pieces.some(endsInSql)) return []
  const files = variantsOf(value.pieces).texts.flatMap(parts => {
    const tail = parts.at(-1)
    if (typeof tail !== 'string' || !tail.trim().endsWith('.sql') || tail.length > 500 || /[\n;]/.test(tail))
      return []
    return nearestWithTail(tail.trim(), fromFile, byName)
  })
  return [...new Set(files)]
}

function endsInSql(piece: Piece): boolean {
  if (piece.kind === 'text') return piece.text.trimEnd().endsWith('.sql')
  return (
    piece.kind === 'choice' &&
    piece.of.some(option => option.length > 0 && endsInSql(option[option.length - 1]))
  )
}

/** Files whose path ends as `tail` does; of several, those that share the longest folder with the source file. */
function nearestWithTail(tail: string, fromFile: string, byName: Map<string, string[]>): string[] {
  const parts = tail.split('/').filter(part => part !== '' && part !== '.')
  const upwards = parts.lastIndexOf('..')
  const suffix = parts.slice(upwards + 1)
  const candidates = (byName.get(suffix.at(-1) ?? '') ?? []).filter(path => {
    const own = path.split('/')
    return suffix.every((part, index) => own[own.length - suffix.length + index] === part)
  })
  if (candidates.length <= 1) return candidates
  const shared = (path: string): number => {
    const a = path.split('/')
    const b = fromFile.split('/')
    let n = 0
    while (n < a.length && a[n] === b[n]) n++
    return n
  }
  const best = Math.max(...candidates.map(shared))
  return candidates.filter(path => shared(path) === best).slice(0, 1)
}

/** SQL kept in `.sql` files: one statement a file, or blocks with names, and the calls that load them. */

import type { SqlPart } from '../sql/types.js'
import type { CopiedFile } from '../workspace/types.js'
import { type Leaf, leavesOf, type Piece } from './evaluator/pieces.js'
import type { Value } from './evaluator/values.js'
import { choiceOf, knownText } from './evaluator/values.js'
import { hasStatement, type SqlBlock, splitBlocks, splitSections } from './sql-blocks.js'
import {
  allNearestWithTail,
  foldersAt,
  globbed,
  inFolder,
  isPath,
  type NamedFiles,
  namedFiles,
  nearestWithTail,
  normalized,
  plainName,
} from './sql-paths.js'
import { variantsOf } from './variants.js'

/** What a loader gives: `.sql` files whose statements are found by name. */
type Loaded = Value & { kind: 'sql-file' }

export interface SqlFiles {
  /**
   * The statement of this name: a block of one of the files, or a file of this name, or what is in a folder of this name.
   * Null where there is none.
   */
  member(of: Loaded, name: string): Value | null
  /** All statements with their names. */
  entries(of: Loaded): [string, Value][]
  /**
   * What a function gives that gets the path of a `.sql` file, or the place of a source file beside which a `.sql`
   * file of the same name lies. Null when no argument leads to one.
   */
  fromLoader(args: Value[], fromFile: string): Value | null
  /** The statement of the nearest file whose path ends as a key does: `users.find`. Null where there is none. */
  ofKey(key: string, fromFile: string): Value | null
  /** What a function gives that gets the path of a folder with `.sql` files, and may be a name in it. */
  fromFolder(args: Value[], fromFile: string): Value | null
  /** The files whose whole texts are among the arguments: what a function gives that takes them apart. */
  takenApart(args: Value[]): Loaded | null
  /** What is in a folder: `.sql` files, and folders with such in them. Null where a path is that of no such folder. */
  list(folder: Value, fromFile: string, deep: boolean): string[] | null
  /** `.sql` files that a glob matches, seen from the folder of a source file. */
  matching(glob: string, fromFile: string): string[]
  /** What an import of a `.sql` file gives (`import find from './find.sql?raw'`); null for other modules. */
  imported(module: string, fromFile: string): Value | null
  /**
   * The file of named blocks that a tool makes a module of (pgtyped: `users.queries`, sqlc: `users_sql`, or `users`). Whether
   * the module is there is not asked. Null for other modules.
   */
  madeInto(module: string, fromFile: string): Loaded | null
  /** The whole text of a file, or its blocks. */
  whole(file: string): Value
  /** Names of the blocks of a file, with their lines; the name is empty for a file without blocks. */
  blocks(file: string): SqlBlock[]
  /** The same, where code asks for its parts by headings that are no more than a name. */
  sections(file: string): SqlBlock[]
}

/**
 * @param paths all `.sql` files, relative to the root
 * @param read text of one of them, or null
 * @param copied those that a build puts elsewhere, which are read under that path too
 */
export function createSqlFiles(
  paths: string[],
  read: (path: string) => string | null,
  copied: readonly CopiedFile[] = [],
): SqlFiles {
  const named = namedFiles([...paths, ...copied.map(({ as }) => as)])
  const { all: known, byName } = named
  const pathOf = new Map(copied.map(({ as, path }) => [as, path]))
  const original = (file: string): string => pathOf.get(file) ?? file
  const blocks = cached(file => (known.has(file) ? splitBlocks(read(file) ?? '') : []))
  const sections = cached(file => {
    const found = blocks(file)
    if (found.length !== 1 || found[0].name !== '') return found
    const parts = splitSections(found[0].text)
    return parts.length > 0 ? parts : found
  })
  const blockValue = (file: string, block: SqlBlock): Value => {
    const lead =
      /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*/.exec(block.text)?.[0].split('\n').length ?? 1
    const piece: Piece = { kind: 'text', text: block.text, file, line: block.line + lead - 1 }
    return { kind: 'text', pieces: [piece], fragment: true }
  }
  const whole = (path: string): Value => {
    const file = original(path)
    const all = blocks(file)
    return all.length === 1 && all[0].name === ''
      ? blockValue(file, all[0])
      : { kind: 'sql-file', files: [file] }
  }
  const blockNamed = (files: string[], fits: (name: string) => boolean): Value | null => {
    for (const file of files) {
      const found = sections(file).find(({ name }) => name !== '' && fits(name))
      if (found) return blockValue(file, found)
    }
    return null
  }
  const member = (of: Loaded, name: string): Value | null => {
    const wanted = plainName(name)
    const below = of.folder === undefined ? null : inFolder(named, of.folder, name)
    return (
      blockNamed(of.files, each => each === name) ??
      (below?.file === undefined ? null : whole(below.file)) ??
      (below?.folder === undefined ? null : loadedFrom(below.folder)) ??
      blockNamed(of.files, each => plainName(each) === wanted) ??
      blockInGroup(of.files, name)
    )
  }
  /** `users.find` is the block `find` of `users.sql`. */
  const blockInGroup = (files: string[], name: string): Value | null => {
    const [, group, inner] = GROUPED.exec(name) ?? []
    if (inner === undefined) return null
    const ofGroup = files.filter(file => plainName(baseOf(file)) === plainName(group))
    return blockNamed(ofGroup, each => plainName(each) === plainName(inner))
  }
  const loadedFrom = (folder: string): Loaded => ({
    kind: 'sql-file',
    files: (named.folders.get(folder) ?? []).map(original),
    folder,
  })

  return {
    blocks,
    sections,
    whole,
    member,
    entries: ({ files }) =>
      files.flatMap(file =>
        sections(file)
          .filter(({ text }) => hasStatement(text))
          .map((block): [string, Value] => [
            block.name === '' ? baseOf(file) : block.name,
            blockValue(file, block),
          ]),
      ),
    imported(module, fromFile) {
      const path = /^([^?]+\.sql)(?:\?\w+)?$/i.exec(module)?.[1]
      if (path === undefined) return null
      const folder = fromFile.split('/').slice(0, -1)
      const files = path.startsWith('.')
        ? [normalized([...folder, ...path.split('/')])].filter(file => known.has(file))
        : nearestWithTail(path, fromFile, byName)
      return files.length === 1 ? whole(files[0]) : null
    },
    madeInto(module, fromFile) {
      // Asked for each import of each file.
      if (known.size === 0 || !mayBeMadeOfSql(module)) return null
      const isAlias = ALIAS.test(module)
      const path = module.replace(CODE_ENDING, '')
      const folder = fromFile.split('/').slice(0, -1)
      const named = [path, path.replace(MADE_ENDING, '')].flatMap(name =>
        isAlias
          ? nearestWithTail(`${name.replace(ALIAS, '')}.sql`, fromFile, byName)
          : [normalized([...folder, ...`${name}.sql`.split('/')])],
      )
      // sqlc makes its modules in a folder of their own.
      const elsewhere = SQLC_NAME.exec(path)?.[1]
      const nearest = elsewhere === undefined ? [] : nearestWithTail(`${elsewhere}.sql`, fromFile, byName)
      const hasNames = (file: string): boolean =>
        known.has(file) && blocks(file).some(({ name }) => name !== '')
      const file = [...named, ...nearest].find(hasNames)
      return file === undefined ? null : { kind: 'sql-file', files: [file] }
    },
    fromLoader(args, fromFile) {
      for (const arg of args) {
        const files = [...new Set(filesNamedBy(arg, fromFile, known, byName).map(original))]
        if (files.length === 1) return whole(files[0])
        if (files.length > 1) return { kind: 'choice', of: files.map(whole) }
      }
      return null
    },
    ofKey(key, fromFile) {
      const isKey = key.length <= MAX_KEY && /^[\w-]+(?:\.[\w-]+)*$/.test(key)
      const [file] = isKey ? nearestWithTail(`${key.replaceAll('.', '/')}.sql`, fromFile, byName) : []
      return file === undefined ? null : whole(file)
    },
    fromFolder(args, fromFile) {
      for (const [index, arg] of args.entries()) {
        const next = args[index + 1]
        const name = next && knownText(next)
        const found = foldersNamedBy(arg, fromFile, named).map(folder => {
          const loaded = loadedFrom(folder)
          return (name ? member(loaded, name) : null) ?? loaded
        })
        if (found.length > 0) return choiceOf(found)
      }
      return null
    },
    takenApart(args) {
      const files = [...new Set(args.flatMap(wholeFilesIn))].filter(file => known.has(file))
      return files.length === 0 ? null : { kind: 'sql-file', files }
    },
    list(path, fromFile, deep) {
      const folders = foldersNamedBy(path, fromFile, named)
      if (folders.length === 0) return null
      const found = folders.flatMap(folder =>
        (named.folders.get(folder) ?? []).map(file => file.slice(folder.length + 1)),
      )
      return [...new Set(deep ? found : found.map(name => name.replace(/\/.*/, '')))]
    },
    matching: (glob, fromFile) => [...new Set(globbed(named, glob, fromFile).map(original))],
  }
}

/** A block's name behind that of its file. */
const GROUPED = /^(?:.*[./:])?([\w-]+)[./:]([\w-]+)$/

const MAX_KEY = 200

const MAX_MODULE = 300
const CODE_ENDING = /\.[cm]?[jt]s$/
/** What tools put behind the name of the `.sql` file: pgtyped, sqlc. */
const MADE_ENDING = /(?:\.(?:queries|types)|_sql)$/
const SQLC_NAME = /(?:^|\/)([\w.-]+)_sql$/
/** `@/db/users.queries`, `~/db/users.queries`: not the scope of a package. */
const ALIAS = /^[@~]\//

/** Whether an import may mean a module that is made of a `.sql` file: no package is. */
export function mayBeMadeOfSql(module: string): boolean {
  return (module.startsWith('.') || ALIAS.test(module)) && module.length <= MAX_MODULE
}

function cached(find: (file: string) => SqlBlock[]): (file: string) => SqlBlock[] {
  const found = new Map<string, SqlBlock[]>()
  return file => {
    let blocks = found.get(file)
    if (!blocks) {
      blocks = find(file)
      found.set(file, blocks)
    }
    return blocks
  }
}

/** Name of a file without its folder and ending. */
function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.sql$/i, '')
}

const SOURCE_FILE = /\.[cm]?[jt]sx?$/
const LONGEST_ENDING = '.mtsx'.length

/** `.sql` files that a value names. */
function filesNamedBy(
  value: Value,
  fromFile: string,
  known: Set<string>,
  byName: Map<string, string[]>,
): string[] {
  if (value.kind === 'choice') return value.of.flatMap(each => filesNamedBy(each, fromFile, known, byName))
  if (value.kind === 'object') {
    // `import.meta` as a whole.
    const url = value.entries.has('dirname') ? value.entries.get('url') : undefined
    return url === undefined ? [] : filesNamedBy(url, fromFile, known, byName)
  }
  // Most arguments are no paths: what does not end in `.sql` anywhere is not worth writing out.
  if (value.kind !== 'text') return []
  // The place of a source file means the `.sql` file beside it: `loadSqlEquiv(import.meta.url)`.
  const source = knownText(value)
  if (source !== null && SOURCE_FILE.test(source.slice(-LONGEST_ENDING))) {
    const beside = source.replace(SOURCE_FILE, '.sql')
    return known.has(beside) ? [beside] : []
  }
  if (!value.pieces.some(endsInSql)) return []
  const files = variantsOf(value.pieces).texts.flatMap(parts => {
    const tail = parts.at(-1)
    if (typeof tail !== 'string' || !tail.trim().endsWith('.sql') || tail.length > 500 || /[\n;]/.test(tail))
      return []
    const nearest = allNearestWithTail(tail.trim(), fromFile, byName)
    // Before a name that is not known: any of the folders may be meant.
    return parts.length === 1 ? nearest.slice(0, 1) : belowBegin(nearest, parts[0])
  })
  return [...new Set(files)]
}

/** Of several files those that lie below what a path begins with, where any do. */
function belowBegin(files: string[], begin: SqlPart): string[] {
  const below = typeof begin === 'string' ? files.filter(file => file.startsWith(begin)) : []
  const meant = below.length > 0 ? below : files
  return meant.length > MAX_MEANT ? [] : meant
}

/** Of more folders than this the files are a series, each of which is run in turn: no one of them is asked for. */
const MAX_MEANT = 20

function endsInSql(piece: Piece): boolean {
  return leavesOf([piece]).some(leaf => leaf.kind === 'text' && leaf.text.trimEnd().endsWith('.sql'))
}

/** Folders with `.sql` files that a value names. */
function foldersNamedBy(value: Value, fromFile: string, named: NamedFiles): string[] {
  if (value.kind === 'choice') return value.of.flatMap(each => foldersNamedBy(each, fromFile, named))
  if (value.kind !== 'text' || named.folders.size === 0) return []
  // The place of a source file has no file of its own; a word that is written is a path only where it looks like one.
  const [first] = value.pieces
  const isHere = first?.kind === 'text' && first.file === ''
  const isLikely = value.pieces.some(piece => piece.kind === 'text' && isPath(piece.text))
  const isFolder = isHere && value.pieces.length === 1 && named.folders.has(first.text)
  if (!(isLikely || isFolder) || value.pieces.length > MAX_PATH_PIECES) return []
  if (!leavesOf(value.pieces).every(isShort)) return []
  const folders = variantsOf(value.pieces).texts.flatMap(parts => {
    const path = parts.every(part => typeof part === 'string') ? parts.join('') : ''
    return path !== '' && (isHere || isPath(path)) ? foldersAt(named, path, fromFile) : []
  })
  return [...new Set(folders)]
}

const MAX_PATH_PIECES = 20

/** Whether a piece may be a part of a path. */
function isShort(piece: Leaf): boolean {
  return piece.kind === 'text' && piece.text.length <= 200 && !/[\s;]/.test(piece.text)
}

/** `.sql` files of which a value is the whole text. */
function wholeFilesIn(value: Value): string[] {
  if (value.kind === 'choice') return value.of.flatMap(wholeFilesIn)
  if (value.kind === 'sql-file') return value.files
  const [piece] = value.kind === 'text' && value.pieces.length === 1 ? value.pieces : []
  return piece?.kind === 'text' && piece.file.endsWith('.sql') ? [piece.file] : []
}

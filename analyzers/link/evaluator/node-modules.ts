/** What functions of Node's own modules give, and of packages with the same: paths, and names of files in folders. */
import { normalized } from '../sql-paths.js'
import type { Piece } from './pieces.js'
import { addPieces, paramsOf, piecesOf } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { choiceOf, knownText, textValue } from './values.js'

/** Null for what is none of these, or tells nothing. */
export function callNodeModule(
  e: Evaluator,
  module: string,
  path: string[],
  args: Value[],
  fromFile: string,
  code: string,
): Value | null {
  const name = path.at(-1) ?? ''
  switch (module.replace(/^node:/, '')) {
    case 'path':
    case 'path/posix':
      return callPath(name, args)
    case 'url':
      return name === 'fileURLToPath' || name === 'pathToFileURL' ? (args[0] ?? null) : null
    case 'util':
      return name === 'format' ? printed(args) : null
    case 'fs':
    case 'fs/promises':
    case 'fs-extra':
      if (name === 'readFile' || name === 'readFileSync') return contentGiven(args, code)
      return name === 'readdir' || name === 'readdirSync' ? namesIn(e, args, fromFile) : null
    case 'glob':
    case 'glob-promise':
    case 'fast-glob':
    case 'globby':
    case 'tinyglobby':
      return filesMatching(e, args, fromFile)
    default:
      return null
  }
}

/** `util.format('SELECT * FROM log_%s', year)`: its placeholders filled in, from the left. */
function printed([text, ...values]: Value[]): Value | null {
  if (text?.kind !== 'text') return null
  const pieces: Piece[] = []
  let next = 0
  for (const piece of text.pieces) {
    if (piece.kind !== 'text') {
      addPieces(pieces, [piece])
      continue
    }
    for (const [at, part] of piece.text.split(/(%[sdifjoO%])/).entries()) {
      // What the pattern matched stands at every other place.
      const isPlace = at % 2 === 1 && part !== '%%' && next < values.length
      addPieces(
        pieces,
        isPlace ? piecesOf(values[next++], part) : [{ ...piece, text: part === '%%' ? '%' : part }],
      )
    }
  }
  return { ...text, pieces }
}

/** What is in a file whose path callers hand over: not known, and theirs to tell. Null for any other path. */
function contentGiven([path]: Value[], code: string): Value | null {
  const params = path ? paramsOf(piecesOf(path, code)) : []
  if (params.length === 0) return null
  return {
    kind: 'text',
    pieces: [{ kind: 'hole', code }, ...params.map((param): Piece => ({ kind: 'param', param }))],
  }
}

function callPath(name: string, args: Value[]): Value | null {
  const [first, second] = args
  switch (name) {
    case 'join':
    case 'resolve': {
      const pieces = args.flatMap((arg, index): Piece[] =>
        index === 0
          ? piecesOf(arg, 'path')
          : [{ kind: 'text', text: '/', file: '', line: 0 }, ...piecesOf(arg, 'path')],
      )
      return { kind: 'text', pieces }
    }
    case 'normalize':
      return first ?? null
    case 'dirname':
      return first ? ofEach(first, folderOf) : null
    case 'basename': {
      const ending = (second && knownText(second)) ?? ''
      return first ? ofEach(first, text => withoutEnding(baseOf(text), ending)) : null
    }
    case 'extname':
      return first ? ofEach(first, endingOf) : null
    case 'parse': {
      const parts = {
        dir: folderOf,
        base: baseOf,
        ext: endingOf,
        name: (text: string) => withoutEnding(baseOf(text), endingOf(text)),
      }
      const entries = Object.entries(parts).flatMap(([part, tell]): [string, Value][] => {
        const value = first ? ofEach(first, tell) : null
        return value ? [[part, value]] : []
      })
      return { kind: 'object', entries: new Map(entries), open: true }
    }
    default:
      return null
  }
}

/** A text made of a known one, or of each of several: `typeof meta === 'string' ? meta : meta.filename` is no object. */
function ofEach(value: Value, make: (text: string) => string): Value | null {
  if (value.kind === 'choice') {
    const made = value.of.filter(each => each.kind !== 'object').map(each => ofEach(each, make))
    return made.length > 0 && made.every(each => each !== null) ? choiceOf(made) : null
  }
  const known = knownText(value)
  return known === null ? null : textValue(make(known))
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function endingOf(path: string): string {
  return /(?<=[^/])\.[^./]*$/.exec(path)?.[0] ?? ''
}

function withoutEnding(name: string, ending: string): string {
  return ending !== '' && name.endsWith(ending) ? name.slice(0, -ending.length) : name
}

/** `readdirSync(folder)`: the names that lead to `.sql` files. */
function namesIn(e: Evaluator, [folder, options]: Value[], fromFile: string): Value | null {
  const has = (option: string): boolean => options?.kind === 'object' && options.entries.has(option)
  const names = folder ? e.sqlFiles.list(folder, fromFile, has('recursive')) : null
  if (!folder || names === null) return null
  const items = names.map((name): Value => {
    if (!has('withFileTypes')) return textValue(name)
    const entries = new Map<string, Value>([
      ['name', textValue(baseOf(name))],
      ['path', folder],
      ['parentPath', folder],
    ])
    return { kind: 'object', entries, open: true }
  })
  return { kind: 'array', items, open: false }
}

/** `glob.sync('sql/*.sql')`, `globSync(join(__dirname, '*.sql'))`, with the folder among the options as `cwd`. */
function filesMatching(e: Evaluator, [globs, options]: Value[], fromFile: string): Value | null {
  const cwd = options?.kind === 'object' ? options.entries.get('cwd') : undefined
  const folder = cwd && knownText(cwd)
  const each = globs?.kind === 'array' ? globs.items : globs ? [globs] : []
  const found = each.flatMap(glob => {
    const known = knownText(glob)
    return known === null ? [] : e.sqlFiles.matching(folder ? `${folder}/${known}` : known, fromFile)
  })
  if (found.length === 0) return null
  return { kind: 'array', items: [...new Set(found)].map(file => textValue(file)), open: false }
}

/** `import.meta.glob('./sql/*.sql')`: texts by path, from the file's folder or, where the glob is so, from the root. */
export function importedByGlob(e: Evaluator, [glob]: Value[], fromFile: string): Value | null {
  const known = glob && knownText(glob)
  if (typeof known !== 'string') return null
  const files = e.sqlFiles.matching(known, fromFile)
  if (files.length === 0) return null
  const entries = files.map((file): [string, Value] => [keyAs(known, file, fromFile), e.sqlFiles.whole(file)])
  return { kind: 'object', entries: new Map(entries), open: false }
}

/** The path of a file as a glob names it. */
function keyAs(glob: string, file: string, fromFile: string): string {
  const fixed = glob.slice(0, glob.search(/[^/]*[*?{]/) + 1 || undefined)
  const folder = fixed.slice(0, fixed.lastIndexOf('/') + 1)
  const base = glob.startsWith('/') ? '' : folderOf(fromFile)
  const inside = normalized([...base.split('/'), ...folder.split('/')])
  const prefix = inside === '' ? '' : `${inside}/`
  const at = glob.startsWith('/') ? file.indexOf(prefix) : 0
  return folder + file.slice(Math.max(0, at) + prefix.length)
}

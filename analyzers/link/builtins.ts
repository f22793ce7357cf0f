/** What the methods of texts, arrays, objects and functions give, and the globals that build SQL text. */
import type { FileFacts } from '../extract/facts.js'
import type { Evaluator } from './evaluate.js'
import { callFunction, callValue, elementOf, memberOf } from './evaluate.js'
import type { Piece, Value } from './values.js'
import {
  addPieces,
  choiceOf,
  joinPieces,
  knownText,
  MAX_PIECES,
  piecesOf,
  textValue,
  unknown,
} from './values.js'

/** `of.name(args)` for a value that is no class instance of the repository. */
export function callBuiltin(
  e: Evaluator,
  of: Value,
  name: string,
  args: Value[],
  facts: FileFacts,
  code: string,
): Value {
  switch (of.kind) {
    case 'text':
      return callText(of, name, args, code)
    case 'array':
      return callArray(e, of, name, args, code)
    case 'object':
      return callObject(e, of, name, args, code)
    case 'function':
    case 'builtin':
      return callFunctionMethod(e, of, name, args, facts, code)
    case 'sql-file':
      return callSqlFile(e, of, name, args)
    case 'typed':
      return unknown(code)
    default:
      return unknown(code)
  }
}

/** `format`, `query` and the like keep the text; `then` passes it on. */
function callText(of: Value & { kind: 'text' }, name: string, args: Value[], code: string): Value {
  switch (name) {
    case 'replace':
    case 'replaceAll':
      return { ...of, pieces: replaceIn(of.pieces, args[0], args[1], name === 'replaceAll', code) }
    case 'concat':
      return { ...of, pieces: appended(of.pieces, args, code) }
    case 'toUpperCase':
    case 'toLowerCase': {
      const known = knownText(of)
      if (known === null) return of
      return {
        ...of,
        pieces: mapText(of.pieces, text =>
          name === 'toUpperCase' ? text.toUpperCase() : text.toLowerCase(),
        ),
      }
    }
    case 'split': {
      const separator = args[0] && knownText(args[0])
      const known = knownText(of)
      if (known === null || typeof separator !== 'string') return { kind: 'array', items: [of], open: true }
      const [first] = of.pieces
      const place = first?.kind === 'text' ? first : null
      return {
        kind: 'array',
        items: known.split(separator).map(part => textValue(part, place?.file, place?.line)),
        open: false,
      }
    }
    case 'repeat':
      // How often does not matter to which tables it names.
      return of
    case 'includes':
    case 'startsWith':
    case 'endsWith':
    case 'indexOf':
    case 'match':
    case 'test':
    case 'charCodeAt':
    case 'localeCompare':
      return unknown(code)
    default:
      // trim, slice, substring, toString, padStart, normalize, then, …: the tables that it names stay.
      return of
  }
}

/** `text.concat(a, b)`. */
function appended(pieces: Piece[], args: Value[], code: string): Piece[] {
  const all = [...pieces]
  for (const arg of args) addPieces(all, piecesOf(arg, code))
  return all
}

function mapText(pieces: Piece[], change: (text: string) => string): Piece[] {
  return pieces.map(piece =>
    piece.kind === 'text'
      ? { ...piece, text: change(piece.text) }
      : piece.kind === 'choice'
        ? { ...piece, of: piece.of.map(option => mapText(option, change)) }
        : piece,
  )
}

/** Replaces in the known pieces. What can't be told whether it matches leaves the text as it is. */
function replaceIn(
  pieces: Piece[],
  pattern: Value | undefined,
  by: Value | undefined,
  all: boolean,
  code: string,
): Piece[] {
  const search = pattern && literalPattern(pattern)
  if (!search || !by) return pieces
  const replacement = by.kind === 'function' ? ([{ kind: 'hole', code }] as Piece[]) : piecesOf(by, code)
  const everywhere = all || search.global
  let done = false
  const visit = (list: Piece[]): Piece[] =>
    list.flatMap((piece): Piece[] => {
      if (piece.kind === 'choice') return [{ ...piece, of: piece.of.map(visit) }]
      if (piece.kind !== 'text') return [piece]
      const result: Piece[] = []
      let rest = piece.text
      const compare = search.ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text
      for (;;) {
        const at = done && !everywhere ? -1 : compare(rest).indexOf(compare(search.text))
        if (at === -1 || result.length > 200 || piece.text.length > MAX_TEXT) break
        done = true
        result.push({ ...piece, text: rest.slice(0, at) }, ...replacement.map(each => placedAs(each, piece)))
        rest = rest.slice(at + search.text.length)
      }
      return [...result, { ...piece, text: rest }]
    })
  return visit(pieces).slice(0, MAX_PIECES)
}

/** What is put in stands where it is put. */
function placedAs(piece: Piece, place: Piece & { kind: 'text' }): Piece {
  return piece.kind === 'text' ? { ...piece, file: place.file, line: place.line } : piece
}

/** Texts longer than this are not searched. */
const MAX_TEXT = 200_000

interface LiteralPattern {
  text: string
  global: boolean
  ignoreCase: boolean
}

/** A pattern that stands for one fixed text: a string, or a regular expression without operators. */
function literalPattern(pattern: Value): LiteralPattern | null {
  const known = knownText(pattern)
  if (known) return { text: known, global: false, ignoreCase: false }
  if (pattern.kind !== 'unknown') return null
  const regex = /^\/(.+)\/([a-z]*)$/.exec(pattern.code)
  if (!regex) return null
  let text = ''
  for (let i = 0; i < regex[1].length; i++) {
    const char = regex[1][i]
    if (char === '\\') {
      const next = regex[1][++i]
      if (next === undefined || /[a-zA-Z0-9]/.test(next)) return null
      text += next
    } else if ('^$.*+?()[]{}|'.includes(char)) return null
    else text += char
  }
  return { text, global: regex[2].includes('g'), ignoreCase: regex[2].includes('i') }
}

function callArray(
  e: Evaluator,
  of: Value & { kind: 'array' },
  name: string,
  args: Value[],
  code: string,
): Value {
  switch (name) {
    case 'join':
      return {
        kind: 'text',
        pieces: joinPieces(of.items, of.open, (args[0] && knownText(args[0])) ?? ',', code),
      }
    case 'map':
    case 'flatMap': {
      const [callback] = args
      if (callback?.kind !== 'function') return { kind: 'array', items: [], open: true }
      // A callback written in place already sees every element; one held in a name gets them one by one.
      const items = of.items.length === 0 ? [unknown('element')] : of.items
      const results = items
        .slice(0, 50)
        .map((item, index) => callFunction(e, callback, () => [item, textValue(String(index)), of], code))
      const distinct = choiceOf(results)
      const mapped =
        distinct.kind === 'choice' && distinct.of.length > 1 && results.length === items.length
          ? results
          : [distinct]
      return {
        kind: 'array',
        items:
          name === 'flatMap'
            ? mapped.flatMap(each => (each.kind === 'array' ? each.items : [each])).slice(0, MAX_PIECES)
            : mapped,
        open: of.open || mapped.length !== of.items.length,
      }
    }
    case 'concat': {
      const items = [...of.items]
      let open = of.open
      for (const arg of args) {
        if (arg.kind === 'array') {
          items.push(...arg.items.slice(0, MAX_PIECES - items.length))
          open ||= arg.open
        } else items.push(arg)
      }
      return { kind: 'array', items, open }
    }
    case 'flat':
      return {
        ...of,
        items: of.items.flatMap(item => (item.kind === 'array' ? item.items : [item])).slice(0, MAX_PIECES),
      }
    case 'filter':
    case 'slice':
    case 'sort':
    case 'toSorted':
    case 'reverse':
    case 'toReversed':
    case 'values':
    case 'splice':
    case 'then':
      return of
    case 'entries':
      return {
        kind: 'array',
        items: of.items.map((item, index) => ({
          kind: 'array',
          items: [textValue(String(index)), item],
          open: false,
        })),
        open: of.open,
      }
    case 'fill':
      return args[0] ? { kind: 'array', items: [args[0]], open: true } : of
    case 'find':
    case 'at':
    case 'pop':
    case 'shift':
      return elementOf(e, of)
    case 'reduce': {
      const [callback, initial] = args
      if (callback?.kind !== 'function') return unknown(code)
      return callFunction(e, callback, () => [initial ?? elementOf(e, of), elementOf(e, of)], code)
    }
    default:
      return unknown(code)
  }
}

function callObject(
  e: Evaluator,
  of: Value & { kind: 'object' },
  name: string,
  args: Value[],
  code: string,
): Value {
  if (name === 'get' && args[0]) {
    const key = knownText(args[0])
    if (key !== null && of.entries.has(key)) return of.entries.get(key) as Value
    return of.entries.size > 0 ? elementOf(e, of) : unknown(code)
  }
  if (name === 'values') return { kind: 'array', items: [...of.entries.values()], open: of.open }
  if (name === 'keys')
    return { kind: 'array', items: [...of.entries.keys()].map(key => textValue(key)), open: of.open }
  if (name === 'entries') return entriesOf(of)
  return unknown(code)
}

function entriesOf(of: Value & { kind: 'object' }): Value {
  return {
    kind: 'array',
    items: [...of.entries].map(
      ([key, value]): Value => ({ kind: 'array', items: [textValue(key), value], open: false }),
    ),
    open: of.open,
  }
}

/** `f.bind(x)` is f; `f.call(x, a)` and `f.apply(x, [a])` call it. */
function callFunctionMethod(
  e: Evaluator,
  of: Value,
  name: string,
  args: Value[],
  facts: FileFacts,
  code: string,
): Value {
  if (name === 'bind') {
    const [self] = args
    return of.kind === 'function' && self?.kind === 'instance' ? { ...of, self } : of
  }
  if (name === 'call') return callValue(e, of, () => args.slice(1), facts, 0, code)
  if (name === 'apply') {
    const [, list] = args
    return callValue(e, of, () => (list?.kind === 'array' ? list.items : []), facts, 0, code)
  }
  return unknown(code)
}

/** `queries.get('name')`: a loaded file asked for one of its blocks. */
function callSqlFile(e: Evaluator, of: Value & { kind: 'sql-file' }, name: string, args: Value[]): Value {
  const key = args[0] && knownText(args[0])
  if (typeof key === 'string') {
    const block = memberOf(e, of, key)
    if (block.kind === 'text') return block
  }
  const block = memberOf(e, of, name)
  return block.kind === 'text' ? block : of
}

/** Calls of globals that matter to text; null for the others. */
export function callGlobal(e: Evaluator, path: string[], args: Value[], code: string): Value | null {
  const [first] = args
  switch (path.join('.')) {
    case 'String':
    case 'Object.freeze':
    case 'Object.seal':
    case 'structuredClone':
    case 'Array.from':
    case 'Promise.resolve':
    case 'Promise.all':
    case 'Promise.allSettled':
    case 'new.Set':
    case 'Symbol':
    case 'decodeURIComponent':
    case 'fileURLToPath':
      return path[0] === 'Array' && args[1]?.kind === 'function' && first
        ? callBuiltinMap(e, first, args[1], code)
        : (first ?? unknown(code))
    case 'Object.keys':
      return first?.kind === 'object'
        ? { kind: 'array', items: [...first.entries.keys()].map(key => textValue(key)), open: first.open }
        : { kind: 'array', items: [], open: true }
    case 'Object.values':
      return first?.kind === 'object'
        ? { kind: 'array', items: [...first.entries.values()], open: first.open }
        : { kind: 'array', items: [], open: true }
    case 'Object.entries':
      return first?.kind === 'object' ? entriesOf(first) : { kind: 'array', items: [], open: true }
    case 'Object.fromEntries':
    case 'new.Map':
      return objectFromEntries(first)
    case 'Object.assign': {
      const entries = new Map<string, Value>()
      for (const arg of args)
        if (arg.kind === 'object') for (const [key, value] of arg.entries) entries.set(key, value)
      return { kind: 'object', entries, open: true }
    }
    case 'Array':
    case 'new.Array':
      return { kind: 'array', items: [], open: true }
    case 'new.URL':
      return first ?? unknown(code)
    case 'Number':
    case 'parseInt':
    case 'parseFloat':
    case 'Math.min':
    case 'Math.max':
    case 'Math.floor':
    case 'Math.ceil':
    case 'Math.round':
    case 'Date.now':
      // A number: whatever it is, it is a value and names no table.
      return textValue('1')
    case 'JSON.stringify':
      // What is sent as JSON keeps the text in it.
      return first ?? unknown(code)
    default:
      return null
  }
}

function callBuiltinMap(
  e: Evaluator,
  of: Value,
  callback: Value & { kind: 'function' },
  code: string,
): Value {
  const item = of.kind === 'array' && of.items.length > 0 ? elementOf(e, of) : unknown('element')
  return { kind: 'array', items: [callFunction(e, callback, () => [item, textValue('0')], code)], open: true }
}

function objectFromEntries(list: Value | undefined): Value {
  const entries = new Map<string, Value>()
  if (list?.kind === 'array') {
    for (const item of list.items) {
      if (item.kind !== 'array' || item.items.length < 2) continue
      const key = knownText(item.items[0])
      if (key !== null) entries.set(key, item.items[1])
    }
  }
  return { kind: 'object', entries, open: true }
}

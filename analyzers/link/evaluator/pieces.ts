import type { ParamValue, Value } from './values.js'

/** A piece of text. */
export type Piece =
  /**
   * `repeats`: what comes before it may be there several times, joined out of an array not all known; `partly`: it may be
   * there in part.
   */
  | { kind: 'text'; text: string; file: string; line: number; repeats?: true; partly?: true }
  /** Not known before the program runs. */
  | { kind: 'hole'; code: string }
  /** A parameter of a function, known where it is called. */
  | { kind: 'param'; param: ParamValue }
  /** One of these texts; an empty one among them makes the others optional. `chosenBy` as for values. */
  | { kind: 'choice'; of: Piece[][]; test?: string; chosenBy?: ParamValue }

/** A piece that holds no others. */
export type Leaf = Exclude<Piece, { kind: 'choice' }>

/**
 * What pieces consist of, in order. Choices are shared between texts and within one, and in code that puts texts
 * together in a loop each holds those before it twice: each is looked into once.
 */
export function leavesOf(pieces: Piece[]): Leaf[] {
  const found: Leaf[] = []
  collectLeaves(pieces, found, new Set())
  return found
}

function collectLeaves(pieces: Piece[], found: Leaf[], seen: Set<Piece>): void {
  for (const piece of pieces) {
    if (piece.kind !== 'choice') found.push(piece)
    else if (!seen.has(piece)) {
      seen.add(piece)
      for (const option of piece.of) collectLeaves(option, found, seen)
    }
  }
}

/** A text of more pieces, or an array of more items, is cut: what doubles at each step would fill the memory. */
export const MAX_PIECES = 4_000

/** Adds pieces up to the limit; what is beyond it is one unknown piece. */
export function addPieces(to: Piece[], pieces: Piece[]): void {
  for (const piece of pieces) {
    if (to.length > MAX_PIECES) return
    to.push(to.length === MAX_PIECES ? { kind: 'hole', code: '…' } : piece)
  }
}

/** The text that a value becomes when it is written into a string. */
export function piecesOf(value: Value, code: string, left = { pieces: MAX_PIECES }): Piece[] {
  if (--left.pieces < 0) return [{ kind: 'hole', code: '…' }]
  switch (value.kind) {
    case 'text':
      return value.pieces
    case 'param':
      return [{ kind: 'param', param: value }]
    case 'choice': {
      const of = value.of.map(option => piecesOf(option, code, left))
      return [choiceLike(value, of)]
    }
    case 'array':
      // An array in a template is joined with commas.
      return joinPieces(value, ',', code, left)
    case 'unknown':
      return [{ kind: 'hole', code: value.code || code }]
    case 'handle':
      return value.statement ? piecesOf(value.statement, code, left) : [{ kind: 'hole', code }]
    case 'builtin':
      // A property of something whose type is known.
      return [{ kind: 'hole', code: value.of.kind === 'typed' ? `${value.of.name}.${value.name}` : code }]
    case 'external':
      return [{ kind: 'hole', code: ofMissingFile(value) ?? code }]
    default:
      return [{ kind: 'hole', code }]
  }
}

/**
 * What is imported from a file of the repository that is not there, or that git ignores (generated, mostly), by its own name, for
 * what names it where it is used may be anything: `Users.table of ./generated/users.js`. Null for what a package has.
 */
function ofMissingFile({ module, path }: Value & { kind: 'external' }): string | null {
  const name = `${path.join('.')} of ${module}`
  return path.length > 0 && MISSING.test(name) ? name : null
}

/** Such a name. */
export const MISSING = /^(\S+) of ((?:\.{1,2}|[@~])\/.*)$/

/** The choice of texts that a choice of values is. */
export function choiceLike({ test, chosenBy }: Value & { kind: 'choice' }, of: Piece[][]): Piece {
  return { kind: 'choice', of, ...(test !== undefined && { test }), ...(chosenBy && { chosenBy }) }
}

/** `items.join(separator)`. */
export function joinPieces(
  { items, open, partly }: Value & { kind: 'array' },
  separator: string,
  code: string,
  left = { pieces: MAX_PIECES },
): Piece[] {
  if (items.length === 0) return open ? [{ kind: 'hole', code }] : []
  const joined: Piece[] = []
  for (const [index, item] of items.entries()) {
    if (joined.length > MAX_PIECES) break
    if (index > 0) joined.push({ kind: 'text', text: separator, file: '', line: 0 })
    addPieces(joined, piecesOf(item, code, left))
  }
  if (open) joined.push({ kind: 'text', text: '', file: '', line: 0, repeats: true })
  if (partly) joined.push({ kind: 'text', text: '', file: '', line: 0, partly: true })
  return joined
}

/** Text after which a further clause may begin: what stands there and is not known is left out. */
const BETWEEN_CLAUSES =
  /(?:\)|(?<!\b(?:select|distinct|all|from|join|into|update|table|where|and|or|not|set|by|in|on|values|limit|offset|like|ilike|as|between|case|when|then|else|using|only|having|returning|is|exists|delete|truncate|call|with|recursive))\b["`\]]?)\s+$/i

/** Pieces that a rough text looks at: a choice that says nothing may stand in a text again and again. */
const MAX_ROUGH_PIECES = 10_000

/**
 * First choice everywhere, holes and parameters as a name: enough to see what kind of text it is.
 *
 * @param hole what stands for them: for people another sign is plainer
 */
export function roughText(pieces: Piece[], limit = 2_000, hole = 'x'): string {
  let text = ''
  let looked = 0
  const visit = (list: Piece[]): void => {
    const start = text.length
    for (const piece of list) {
      if (text.length > limit || ++looked > MAX_ROUGH_PIECES) return
      if (piece.kind === 'text') text += piece.text
      else if (piece.kind === 'choice') visit(plainestOf(piece))
      else if (!BETWEEN_CLAUSES.test(text.slice(start))) text += hole
    }
  }
  visit(pieces)
  return text
}

const plainest = new WeakMap<Piece, Piece[]>()

/** The first option of which some text is known, else the first that is not empty. */
function plainestOf(choice: Piece & { kind: 'choice' }): Piece[] {
  const found =
    plainest.get(choice) ??
    choice.of.find(option =>
      leavesOf(option).some(piece => piece.kind === 'text' && piece.text.trim() !== ''),
    ) ??
    choice.of.find(option => option.length > 0) ??
    []
  plainest.set(choice, found)
  return found
}

/**
 * A text without what stands in for an argument that is not given: of choices, the options with a parameter alone. Null
 * where it has none.
 */
export function withoutDefaults(pieces: Piece[]): Piece[] | null {
  let isOther = false
  // Choices are shared between texts, so each is looked into once.
  const known = new Map<Piece, Piece>()
  const written = (each: Piece[]): Piece[] => each.map(withoutDefault)
  const text = written(pieces)
  return isOther ? text : null

  function withoutDefault(piece: Piece): Piece {
    if (piece.kind !== 'choice') return piece
    let found = known.get(piece)
    if (found === undefined) {
      const given = piece.of.filter(option => paramsOf(option).length > 0)
      if (given.length > 0 && given.length < piece.of.length) isOther = true
      found = { ...piece, of: (given.length > 0 ? given : piece.of).map(written) }
      known.set(piece, found)
    }
    return found
  }
}

/** Parameters that occur in the text, in order. */
export function paramsOf(pieces: Piece[]): ParamValue[] {
  return paramsWhere(pieces, () => true)
}

/** The parameter that says which of several a part of a text is; null where none does. */
export function chooserOf(pieces: Piece[], seen = new Set<Piece>()): ParamValue | null {
  for (const piece of pieces) {
    if (piece.kind !== 'choice' || seen.has(piece)) continue
    seen.add(piece)
    if (piece.chosenBy) return piece.chosenBy
    for (const option of piece.of) {
      const found = chooserOf(option, seen)
      if (found) return found
    }
  }
  return null
}

const NUMBER_POSITION = /\b(?:limit|offset|top)\s+$/i

/** The same without those that stand where only a number may: no table can come from them. */
export function paramsBesideNumbers(pieces: Piece[]): ParamValue[] {
  return paramsWhere(pieces, before => !NUMBER_POSITION.test(before))
}

/**
 * Choices are shared between texts, so each is looked into once.
 *
 * @param isWanted given the text right before a parameter
 */
function paramsWhere(
  pieces: Piece[],
  isWanted: (before: string) => boolean,
  before = '',
  seen = new Set<Piece>(),
): ParamValue[] {
  const found: ParamValue[] = []
  for (const piece of pieces) {
    if (piece.kind === 'param' && isWanted(before)) found.push(piece.param)
    else if (piece.kind === 'choice' && !seen.has(piece)) {
      // In a place where it can't matter it may stand first, and in another one where it does.
      if (isWanted(before)) seen.add(piece)
      for (const option of piece.of) found.push(...paramsWhere(option, isWanted, before, seen))
    }
    before = piece.kind === 'text' ? piece.text : ''
  }
  return found
}

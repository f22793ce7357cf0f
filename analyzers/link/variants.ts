/** The texts that pieces with choices can become: enough of them to meet every piece, not every combination. */
import type { SqlPart } from '../sql/types.js'
import { CutTexts, isCut } from './cut-texts.js'
import type { Piece } from './evaluator/pieces.js'
import { OF_OBJECT, pathWritten } from './evaluator/values.js'

/** Texts of one call are read up to this number, and up to this length of all together. */
const MAX_VARIANTS = 400
const MAX_TOTAL_LENGTH = 4_000_000
const MAX_LENGTH = 400_000

export interface Variants {
  texts: SqlPart[][]
  /** There are more. */
  isCut: boolean
  /** The text with what two texts, by their places, take of different choices; null where they are of one choice. */
  both(one: number, other: number): SqlPart[] | null
}

/** A text, and what was picked for it. */
interface Variant {
  parts: SqlPart[]
  picks: Picks
  /** Of which another option is taken than in the first text; null in the first and the last one. */
  choice: Choice | null
}

type Choice = Piece & { kind: 'choice' }

/** Options taken: of single choices, and of all choices that fall as the same test does. */
interface Picks {
  byChoice: Map<Choice, number>
  byTest: Map<string, number>
}

/** All texts that pieces are written out to, see `eachVariant`. */
export function variantsOf(pieces: Piece[]): Variants {
  const variants: Variant[] = []
  const each = writtenOut(pieces)
  let next = each.next()
  for (; !next.done; next = each.next()) variants.push(next.value)
  return {
    texts: variants.map(({ parts }) => parts),
    isCut: next.value,
    both(one, other) {
      const picks = bothPicks(variants[one]!, variants[other]!)
      return picks && write(pieces, picks).parts
    },
  }
}

/** The texts one by one, see `variantsOf`. */
export function* eachVariant(pieces: Piece[]): Generator<SqlPart[], void, undefined> {
  for (const { parts } of writtenOut(pieces)) yield parts
}

function bothPicks(one: Variant, other: Variant): Picks | null {
  if (one.choice === null || other.choice === null || isOfOneChoice(one.choice, other.choice)) return null
  for (const [choice, index] of one.picks.byChoice)
    if ((other.picks.byChoice.get(choice) ?? index) !== index) return null
  return {
    byChoice: new Map([...one.picks.byChoice, ...other.picks.byChoice]),
    byTest: new Map([...other.picks.byTest, ...one.picks.byTest, ...testOf(other)]),
  }
}

function isOfOneChoice(one: Choice, other: Choice): boolean {
  return one === other || (one.test !== undefined && one.test === other.test)
}

/** What the choice of a variant says of others of its test. */
function testOf({ choice, picks }: Variant): [string, number][] {
  return choice?.test === undefined ? [] : [[choice.test, picks.byChoice.get(choice)!]]
}

/**
 * Writes the pieces out. The first variant has every optional piece; each further one takes another option of one
 * choice; the last has no optional piece at all, if that is another text.
 *
 * @returns whether there are more
 */
function* writtenOut(pieces: Piece[]): Generator<Variant, boolean, undefined> {
  const seen = new Set<string>()
  let length = 0
  const isFull = (): boolean => seen.size >= MAX_VARIANTS || length > MAX_TOTAL_LENGTH
  /** The text, if it is another one than those before. */
  const another = (picks: Picks, choice: Choice | null): Variant[] => {
    const { parts, visited } = write(pieces, picks)
    const key = parts.map(part => (typeof part === 'string' ? part : `\0${part.code}\0`)).join('')
    length += key.length + visited
    if (seen.has(key)) return []
    seen.add(key)
    return [{ parts, picks, choice }]
  }
  const base: Picks = { byChoice: new Map(), byTest: new Map() }
  yield* another(base, null)
  const queue: [Choice, Picks][] = choicesIn(pieces, base).map(choice => [choice, base])
  const tried = new Map<Choice, Set<number>>()
  for (let next = queue.shift(); next && !isFull(); next = queue.shift()) {
    const [choice, around] = next
    const done = tried.get(choice) ?? new Set([picked(choice, around)])
    tried.set(choice, done)
    for (let index = 0; index < choice.of.length && !isFull(); index++) {
      if (done.has(index) || isEmpty(choice.of[index])) continue
      done.add(index)
      const picks = withPick(around, choice, index)
      yield* another(picks, choice)
      // Choices that only this option contains.
      for (const inner of choicesIn(choice.of[index], picks)) queue.push([inner, picks])
    }
  }
  let bare: Picks = { byChoice: new Map(), byTest: new Map() }
  for (const choice of choicesIn(pieces, base)) {
    const empty = choice.of.findIndex(isEmpty)
    if (empty !== -1) bare = withPick(bare, choice, empty)
  }
  if (!isFull()) yield* another(bare, null)
  return isFull()
}

function withPick(picks: Picks, choice: Choice, index: number): Picks {
  const byChoice = new Map(picks.byChoice).set(choice, index)
  const byTest = choice.test === undefined ? picks.byTest : new Map(picks.byTest).set(choice.test, index)
  return { byChoice, byTest }
}

/** The option taken: as picked, or as another choice of the same test was, or the first that says something. */
function picked(choice: Choice, picks: Picks): number {
  const own =
    picks.byChoice.get(choice) ?? (choice.test === undefined ? undefined : picks.byTest.get(choice.test))
  if (own !== undefined && own < choice.of.length) return own
  const full = firstSaying(choice)
  // The first choice of a test decides for those after it.
  if (choice.test !== undefined) picks.byTest.set(choice.test, full)
  return full
}

/** Of each choice whether it says nothing, and its first option that says something: choices are met again and again. */
const empties = new WeakMap<Choice, boolean>()
const firsts = new WeakMap<Choice, number>()

function isEmpty(pieces: Piece[]): boolean {
  return pieces.every(piece => {
    if (piece.kind !== 'choice') return piece.kind === 'text' && piece.text.trim() === ''
    const known = empties.get(piece) ?? piece.of.every(isEmpty)
    empties.set(piece, known)
    return known
  })
}

function firstSaying(choice: Choice): number {
  const at = firsts.get(choice) ?? choice.of.findIndex(option => !isEmpty(option))
  firsts.set(choice, at)
  return Math.max(0, at)
}

/** Choices that the text goes through, given what is picked; each once. */
function choicesIn(pieces: Piece[], picks: Picks, found = new Set<Choice>()): Choice[] {
  for (const piece of pieces) {
    if (piece.kind !== 'choice' || found.has(piece)) continue
    found.add(piece)
    choicesIn(piece.of[picked(piece, picks)] ?? [], picks, found)
  }
  return [...found]
}

function write(pieces: Piece[], picks: Picks): { parts: SqlPart[]; visited: number } {
  const parts: SqlPart[] = []
  let length = 0
  // A choice that stands in a text several times is written out as often, also where it says nothing.
  let visited = 0
  const cuts = new CutTexts()
  const put = (text: string): void => {
    length += text.length
    const last = parts.at(-1)
    if (typeof last === 'string') parts[parts.length - 1] = last + text
    else if (text !== '') parts.push(text)
  }
  const visit = (list: Piece[]): void => {
    for (let at = 0; at < list.length; at++) {
      const piece = list[at]!
      if (length + visited > MAX_LENGTH) return
      visited++
      if (piece.kind === 'text') {
        if (cuts.begun.has(piece.text)) at = cuts.again(list, at, parts) - 1
        else if (isCut(piece)) {
          const end = cuts.begin(list, at)
          put(piece.text)
          visit(list.slice(at + 1, end))
          // What follows stands somewhere within it.
          put(' ')
          cuts.ended(parts)
          at = end - 1
        } else put(piece.text)
      } else if (piece.kind === 'choice') {
        visit(piece.of[picked(piece, picks)] ?? [])
        // The rest of it is that of the same option, which is not told from the others any more.
        if (cuts.begun.size > 0)
          for (const [first] of piece.of)
            if (first?.kind === 'text' && isCut(first)) cuts.begun.add(first.text)
      } else if (isPlaceholderNumber(parts)) parts[parts.length - 1] += '1'
      else if (piece.kind === 'hole') parts.push({ code: piece.code })
      else {
        const { index, path } = piece.param
        parts.push({ code: pathWritten(index === OF_OBJECT ? 'this' : `arg${index + 1}`, path) })
      }
    }
  }
  visit(pieces)
  return { parts, visited }
}

/** `$${values.length}`: what comes right after a lone `$` is the number of a placeholder. */
function isPlaceholderNumber(parts: SqlPart[]): boolean {
  const last = parts.at(-1)
  return typeof last === 'string' && /(?:^|[^$\w])\$$/.test(last.slice(-2))
}

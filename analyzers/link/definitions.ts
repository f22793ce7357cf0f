/** The texts of an execution that define something each: those of a list that a loop runs, one after the other. */
import type { Dialect } from '../model.js'
import type { SqlAnalyzer } from '../sql/index.js'
import type { SqlPart, SqlStatement } from '../sql/types.js'
import type { Piece } from './evaluator/pieces.js'
import { firstPlace, type Place } from './trace/places.js'
import { eachVariant } from './variants.js'

/** A text that defines something, and where it begins. */
export interface Definition {
  text: string
  start: Place | null
}

/** More texts than this are no list that someone wrote. */
const MAX_TEXTS = 400

/**
 * Places, in the order of `wholeTexts`, of the texts that define something. Undefined where there is but one text, or
 * where all that is done is to drop: what empties a database says nothing of its schema.
 */
export function definingTexts(all: Piece[][], sql: SqlAnalyzer, dialect: Dialect): number[] | undefined {
  const whole = wholeTexts(all)
  if (whole.length < 2) return undefined
  const defining = whole.flatMap((pieces, place) => {
    const statements = sql.analyze(fullest(pieces), dialect, 'tokens')
    return statements.some(defines) ? [{ place, statements }] : []
  })
  const isAllDropped = defining.every(({ statements }) =>
    statements.every(({ verb }) => verb.startsWith('DROP')),
  )
  return isAllDropped ? undefined : defining.map(({ place }) => place)
}

/** @param places as `definingTexts` gives them for these texts */
export function definitionsAt(all: Piece[][], places: number[]): Definition[] {
  const whole = wholeTexts(all)
  return places.map(place => {
    const pieces = whole[place]!
    const text = fullest(pieces).map(part => (typeof part === 'string' ? part : `\${${part.code}}`))
    return { text: text.join(''), start: firstPlace(pieces) }
  })
}

function defines({ verb, tables }: SqlStatement): boolean {
  return tables.some(({ op }) => op === 'ddl') || /^(?:CREATE|ALTER|DROP)\b/.test(verb)
}

/**
 * Texts of which each runs as it is. A choice within a text is none of these: what is taken of one may depend on what is
 * taken of another.
 */
function wholeTexts(all: Piece[][]): Piece[][] {
  const found: Piece[][] = []
  // Choices may be shared, and hold one another many times over.
  const seen = new Set<Piece>()
  const open = all.toReversed()
  for (let next = open.pop(); next && found.length < MAX_TEXTS; next = open.pop()) {
    const [only] = next
    if (next.length !== 1 || only!.kind !== 'choice') found.push(next)
    else if (!seen.has(only!)) {
      seen.add(only!)
      open.push(...only!.of.toReversed())
    }
  }
  return found
}

/** With every piece that is optional. */
function fullest(pieces: Piece[]): SqlPart[] {
  const { value } = eachVariant(pieces).next()
  return value ?? []
}

/** Puts the values of a text that grows where their placeholders stand. */
import type { Protocol } from '../drivers/driver.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'
import type { Built, BuiltValue } from './builder.js'
import type { Piece } from './pieces.js'
import { refuseUnbound } from './place.js'
import { Refusal } from './refusal.js'
import type { TemplatePart } from './template.js'

const NUMBERS = 'its numbered placeholders depend on which parts of the text are there'

/**
 * The nth placeholder under a test is that of the nth value that is added under it.
 *
 * @throws Refusal where that does not hold whichever parts are there
 */
export function placeBuilt(
  { pieces, values }: Built,
  dialect: RewriteDialect,
  protocol: Protocol,
): TemplatePart[] {
  const merged = mergeTexts(pieces)
  refuseTornTexts(merged, dialect)
  const under = new Map<string | null, { value: BuiltValue; order: number }[]>()
  for (const [order, value] of values.entries()) {
    under.set(value.test, [...(under.get(value.test) ?? []), { value, order }])
  }
  const taken = new Map<string | null, number>()
  const used = new Set<number>()
  let last = -1

  const take = (test: string | null, index: number | null): { value: BuiltValue; order: number } => {
    const at = index ?? taken.get(test) ?? 0
    const found = under.get(test)?.[at]
    if (!found) throw new Refusal('its text has more placeholders than values are given')
    if (index === null) {
      taken.set(test, at + 1)
      // The driver counts: values that come before in the list have to come before in the text.
      if (found.order <= last) throw new Refusal('its values are not in the order of its text')
      last = found.order
    }
    used.add(found.order)
    return found
  }
  const part = (test: string | null, index: number | null, isList: boolean): TemplatePart => {
    const { value, order } = take(test, index)
    if (value.isSpread !== isList) {
      throw new Refusal(
        'its values come from a list that is not written beside the call',
        'list the values beside the call, one for each placeholder',
      )
    }
    return { kind: 'value', slot: order, code: value.code }
  }

  const read = (piece: Piece): TemplatePart[] => {
    if (piece.kind === 'number') return [part(piece.test, piece.index, false)]
    if (piece.kind === 'list') return [{ ...part(piece.test, null, true), list: true } as TemplatePart]
    return textParts(piece.text, dialect, (number, isAlone) => {
      if (number !== null && (piece.test !== null || under.get(null)?.[number]?.order !== number))
        throw new Refusal(NUMBERS)
      const placed = part(piece.test, number, false)
      const isList = protocol.expandsLists === true && isAlone
      return isList ? ({ ...placed, list: true } as TemplatePart) : placed
    })
  }

  const parts: TemplatePart[] = []
  for (const piece of merged) {
    const own = read(piece)
    const before = parts.at(-1)
    if (piece.test === null) parts.push(...own)
    else if (before?.kind === 'optional' && before.test === piece.test) before.parts.push(...own)
    else parts.push({ kind: 'optional', test: piece.test, parts: own })
  }
  if (used.size !== values.length) throw new Refusal('it has more values than placeholders')
  return parts
}

/** Neighbours under one test become one text. */
function mergeTexts(pieces: Piece[]): Piece[] {
  const merged: Piece[] = []
  for (const piece of pieces) {
    const last = merged.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text' && last.test === piece.test) {
      merged[merged.length - 1] = { ...last, text: last.text + piece.text }
    } else if (piece.kind !== 'text' || piece.text !== '') merged.push(piece)
  }
  return merged
}

/** @throws Refusal where a piece begins or ends inside of a string: its placeholders could not be told */
function refuseTornTexts(pieces: Piece[], dialect: RewriteDialect): void {
  for (const piece of pieces) {
    if (piece.kind !== 'text') continue
    const quotes = tokensOf(piece.text, dialect).reduce(
      (text, { start, end }) => text + piece.text.slice(start, end).replace(/^(['"`]).*\1$/s, ''),
      '',
    )
    if (/['"`]/.test(quotes)) throw new Refusal('a piece of its SQL text begins or ends inside of a string')
  }
}

function textParts(
  text: string,
  dialect: RewriteDialect,
  valueFor: (number: number | null, isAlone: boolean) => TemplatePart,
): TemplatePart[] {
  const parts: TemplatePart[] = []
  const tokens = tokensOf(text, dialect)
  let at = 0
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'placeholder') continue
    const number = /^\$(\d+)$/.exec(token.value)?.[1]
    refuseUnbound(text, token)
    const isAlone =
      tokens[index - 1]?.value === '(' &&
      tokens[index + 1]?.value === ')' &&
      tokens[index - 2]?.upper === 'IN'
    parts.push(
      { kind: 'text', text: text.slice(at, token.start) },
      valueFor(number === undefined ? null : Number(number) - 1, isAlone),
    )
    at = token.end
  }
  parts.push({ kind: 'text', text: text.slice(at) })
  return parts.filter(part => part.kind !== 'text' || part.text !== '')
}

/** Puts the values of a text that grows where their placeholders stand. */
import type { Protocol } from '../drivers/driver.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'
import type { Built } from './builder.js'
import type { BuiltValue } from './built-values.js'
import type { Piece } from './pieces.js'
import { readPlaceholder, refuseUnbound } from './place.js'
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
  const names = namedValues(values)
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

  /** A number that is written out means the same value whichever parts are there, or it is refused. */
  const numbered = (test: string | null, number: number): TemplatePart => {
    const isThere = (each: BuiltValue): boolean => each.test === null || each.test === test
    const value = values[number]
    if (!value || !values.slice(0, number + 1).every(isThere)) throw new Refusal(NUMBERS)
    const place = under.get(value.test)!.findIndex(({ order }) => order === number)
    return value.test === test ? part(test, place, false) : handedAgain(value, `${number}\0${test}`)
  }

  /** A value that is always given, and stands under a condition, is handed over for that place alone. */
  const handedAgain = (value: BuiltValue, place: string): TemplatePart => {
    const slot = places.get(place) ?? values.length + places.size
    places.set(place, slot)
    return { kind: 'value', slot, code: value.code }
  }

  /** What is bound by its name may stand in any order, and more than once. */
  const named = (test: string | null, name: string): TemplatePart => {
    const given = names.get(name)
    if (!given) throw new Refusal(`nothing is given for \`:${name}\` in its text`)
    const { value, order } = given
    if (value.test !== null && value.test !== test)
      throw new Refusal(`\`:${name}\` in its text is given under another condition than it stands under`)
    return value.test === test
      ? { kind: 'value', slot: order, code: value.code }
      : handedAgain(value, `${name}\0${test}`)
  }
  const places = new Map<string, number>()

  const chosen = ({ code, choice, isQuoted, test }: Piece & { kind: 'choice' }): TemplatePart => {
    const place = `${code}\0${test}\0${isQuoted}\0`
    const slot = places.get(place) ?? values.length + places.size
    places.set(place, slot)
    return {
      kind: 'choice',
      slot,
      code,
      values: choice.values,
      ...(isQuoted ? { isQuoted } : {}),
      ...(choice.by === 'told' ? { isTold: true as const } : {}),
      ...(choice.isTyped ? {} : { isWide: true as const }),
    }
  }

  const read = (piece: Exclude<Piece, { kind: 'joined' }>): TemplatePart[] => {
    if (piece.kind === 'number') return [part(piece.test, piece.index, false)]
    if (piece.kind === 'written') {
      const slot = values.length + places.size
      places.set(`\0${slot}`, slot)
      return [{ kind: 'value', slot, code: numberCode(piece, dialect, protocol) }]
    }
    if (piece.kind === 'choice') return [chosen(piece)]
    if (piece.kind === 'list') return [{ ...part(piece.test, null, true), list: true } as TemplatePart]
    return textParts(piece.text, dialect, (token, isAlone) => {
      const { number, name } = token
      if ((name === null) !== (names.size === 0))
        throw new Refusal('its values have names, and its placeholders have none, or the other way round')
      const placed =
        name !== null
          ? named(piece.test, name)
          : number !== null
            ? numbered(piece.test, number)
            : part(piece.test, null, false)
      const isList = protocol.expandsLists === true && isAlone
      return isList ? ({ ...placed, list: true } as TemplatePart) : placed
    })
  }

  const joined = ({ separator, elements }: Piece & { kind: 'joined' }): TemplatePart => ({
    kind: 'joined',
    separator,
    parts: elements.map(({ test, pieces: own }) => ({
      kind: 'optional',
      test,
      parts: mergeTexts(own).flatMap(piece => {
        if (piece.kind === 'joined' || piece.test !== test)
          throw new Refusal('a part of its SQL text that is joined has parts of its own')
        return read(piece)
      }),
    })),
  })

  const parts: TemplatePart[] = []
  for (const piece of merged) {
    if (piece.kind === 'joined') {
      parts.push(joined(piece))
      continue
    }
    const own = read(piece)
    const before = parts.at(-1)
    if (piece.test === null) parts.push(...own)
    else if (before?.kind === 'optional' && before.test === piece.test) before.parts.push(...own)
    else parts.push({ kind: 'optional', test: piece.test, parts: own })
  }
  if (names.size === 0 && used.size !== values.length)
    throw new Refusal('it has more values than placeholders')
  return parts
}

/**
 * A number that was written into the text as a value of its own. MySQL takes texts for it in prepared statements, of
 * whatever version, and numbers elsewhere.
 */
function numberCode(
  { code, numeric }: Piece & { kind: 'written' },
  dialect: RewriteDialect,
  { method }: Protocol,
): string {
  if (dialect === 'mysql' && method === 'execute') return `String(${code})`
  return numeric === 'sure' ? code : `Number(${code})`
}

/** Values by their names; none where they have none. */
function namedValues(values: BuiltValue[]): Map<string, { value: BuiltValue; order: number }> {
  const found = new Map<string, { value: BuiltValue; order: number }>()
  for (const [order, value] of values.entries()) {
    if (value.name === undefined) continue
    if (found.has(value.name)) throw new Refusal(`its value \`${value.name}\` is set more than once`)
    found.set(value.name, { value, order })
  }
  return found
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
    if (piece.kind === 'joined') for (const each of piece.elements) refuseTornTexts(each.pieces, dialect)
    const texts = piece.kind === 'text' ? [piece.text] : piece.kind === 'choice' ? piece.choice.values : []
    if (texts.some(text => isTorn(text, dialect)))
      throw new Refusal('a piece of its SQL text begins or ends inside of a string')
  }
}

function isTorn(text: string, dialect: RewriteDialect): boolean {
  const quotes = tokensOf(text, dialect).reduce(
    (found, { start, end }) => found + text.slice(start, end).replace(/^(['"`]).*\1$/s, ''),
    '',
  )
  return /['"`]/.test(quotes)
}

function textParts(
  text: string,
  dialect: RewriteDialect,
  valueFor: (token: { number: number | null; name: string | null }, isAlone: boolean) => TemplatePart,
): TemplatePart[] {
  const parts: TemplatePart[] = []
  const tokens = tokensOf(text, dialect)
  let at = 0
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'placeholder') continue
    const { name, position } = readPlaceholder(token.value, -1)
    if (name === null) refuseUnbound(text, token)
    const isAlone =
      tokens[index - 1]?.value === '(' &&
      tokens[index + 1]?.value === ')' &&
      tokens[index - 2]?.upper === 'IN'
    parts.push(
      { kind: 'text', text: text.slice(at, token.start) },
      valueFor({ name, number: position < 0 ? null : position }, isAlone),
    )
    at = token.end
  }
  parts.push({ kind: 'text', text: text.slice(at) })
  return parts.filter(part => part.kind !== 'text' || part.text !== '')
}

/** Puts the values of a call where their placeholders stand in its text. */
import type { OnlyText } from '../../analyzers/link/statements.js'
import type { Token } from '../../analyzers/sql/tokenizer.js'
import type { Protocol } from '../drivers/driver.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'
import { Refusal } from './refusal.js'
import type { TemplatePart } from './template.js'

export interface Value {
  code: string
  /** All elements of an array, where several placeholders stand (`...ids`). */
  isSpread: boolean
}

/** Values by the order in which the call has them, by name, or all of them in one expression. */
export interface GivenValues {
  listed: Value[]
  named: Map<string, Value> | null
  whole: Value | null
}

interface Placeholder {
  /** Of one with a name. */
  name: string | null
  /** Of one without: which of the values it is. */
  position: number
  /** `$1:csv`: an array, whose elements stand there with commas between. */
  isList: boolean
}

export function placeValues(
  { text, repeats }: OnlyText,
  { listed, named, whole }: GivenValues,
  dialect: RewriteDialect,
  { expandsLists }: Protocol,
): TemplatePart[] {
  const tokens = tokensOf(text, dialect)
  const found = tokens
    .flatMap((token, index) => (token.kind === 'placeholder' ? [{ token, index }] : []))
    .map((each, order) => ({ ...each, ...readPlaceholder(each.token.value, order) }))
  for (const { token } of found) if (token.value === '?') refuseUnbound(text, token)
  const hasNames = found.some(({ name }) => name !== null)
  if (hasNames && found.some(({ name }) => name === null)) {
    throw new Refusal('its text has placeholders with names and others without')
  }
  const wholeIsNamed = hasNames && whole !== null && named === null
  const values = whole && !wholeIsNamed ? [whole] : listed
  const spreads = values.filter(value => value.isSpread).length
  if (repeats.length !== spreads) {
    throw new Refusal(
      repeats.length > spreads
        ? 'a part of its text is there as often as a list is long'
        : 'its values come from a list that is not written beside the call',
      'list the values beside the call, one for each placeholder',
    )
  }
  const givenFor = ({ name, position }: Placeholder): Value | undefined => {
    if (name === null) return named ? undefined : values[position]
    if (wholeIsNamed) return { code: `${whole.code}.${name}`, isSpread: false }
    return named?.get(name)
  }
  const parts: TemplatePart[] = []
  const used = new Set<number>()
  const slots = new Map<string, number>()
  let at = 0
  for (const [order, placeholder] of found.entries()) {
    const { token, index, name, position } = placeholder
    const value = givenFor(placeholder)
    if (!value) {
      throw new Refusal(
        `its text has ${found.length} placeholders, and ${named ? named.size : values.length} values are given`,
      )
    }
    used.add(position)
    const key = token.value === '?' ? String(order) : (name ?? `$${position}`)
    const slot = slots.get(key) ?? order
    slots.set(key, slot)
    const isAlone =
      tokens[index - 1]?.value === '(' &&
      tokens[index + 1]?.value === ')' &&
      tokens[index - 2]?.upper === 'IN'
    const isRepeated = repeats.some(end => end >= token.end && text.slice(token.end, end).trim() === '')
    if (value.isSpread !== isRepeated || ((value.isSpread || placeholder.isList) && !isAlone)) {
      throw new Refusal('a list of values does not stand in `IN (…)` by itself')
    }
    const isList = value.isSpread || placeholder.isList || (expandsLists === true && isAlone)
    parts.push(
      { kind: 'text', text: text.slice(at, token.start) },
      { kind: 'value', slot, code: value.code, ...(isList ? { list: true as const } : {}) },
    )
    at = token.end
  }
  if (!hasNames && used.size !== values.length) {
    throw new Refusal(`its text has ${used.size} placeholders, and ${values.length} values are given`)
  }
  parts.push({ kind: 'text', text: text.slice(at) })
  return parts.filter(part => part.kind !== 'text' || part.text !== '')
}

/** @throws Refusal for what has no number, and is no `?` that a value is bound to */
export function refuseUnbound(text: string, { value, start }: Token): void {
  if (value === '?' && text[start - 1] === '\\') {
    throw new Refusal(
      'a `\\?` in its text is an operator and no value',
      'write it as a function, `jsonb_exists(a, b)`',
    )
  }
  const shown = value === '?' && text[start - 1] === '?' ? '??' : value
  if (/^(?:\?|\$\d+)$/.test(shown)) return
  throw new Refusal(
    `\`${shown}\` in its text is no bound value`,
    'write what it stands for into the text, or make one operation of each of its values',
  )
}

/** `?`, `$1`, `$1:csv`, `:name`, `$name`, `$(name)`, `$/name:list/`. */
export function readPlaceholder(text: string, order: number): Placeholder {
  if (text === '?') return { name: null, position: order, isList: false }
  const [, number, ofNumber] = /^\$(\d+)(:csv|:list)?$/i.exec(text) ?? []
  if (number !== undefined)
    return { name: null, position: Number(number) - 1, isList: ofNumber !== undefined }
  const [, plain, inside, ofName] =
    /^(?:[:$]([A-Za-z_]\w*)|\$[({[</]\s*([A-Za-z_]\w*)\s*(:csv|:list)?\s*[)}\]>/])$/i.exec(text) ?? []
  const name = plain ?? inside
  if (name === undefined) {
    throw new Refusal(
      `\`${text}\` in its text is no bound value`,
      'write what it stands for into the text, or make one operation of each of its values',
    )
  }
  return { name, position: order, isList: ofName !== undefined }
}

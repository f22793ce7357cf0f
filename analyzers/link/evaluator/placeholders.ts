/** Placeholders that stand for names or raw text, filled in from the values that are handed over with the statement. */
import { once } from '../once.js'
import { memberOf } from './members.js'
import type { Piece } from './pieces.js'
import { piecesOf } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'

/*
 * pg-promise (https://vitaly-t.github.io/pg-promise/formatting.html): `$1:name`, `$1~`, `$(x:name)`, `${x:alias}`,
 * `$/x:raw/`, `$(x^)`, `$1:value`; filters that write values (`:csv`, `:json`, none) stay placeholders.
 * mysql (https://github.com/mysqljs/sqlstring): `??`. knex (https://knexjs.org/guide/raw.html): `??` and `:name:`.
 * pg-format: `%I` and `%s`.
 */
const NAME_PLACEHOLDER =
  /\$(?:(\d+)(?::(?:name|alias|raw|value)|[~^#])|[({[</]\s*([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)\s*(?::(?:name|alias|raw|value)|[~^#])\s*[)}\]>/])|(?<![:\w]):([A-Za-z_]\w*):(?!:)|\?\??|%[IsL]/g

/**
 * The text with names filled in where the values tell them.
 *
 * @param values asked for where a placeholder may stand for a name, which few texts have: they may be whole requests
 */
export function fillPlaceholders(e: Evaluator, pieces: Piece[], values: () => Value | undefined): Piece[] {
  const valuesOnce = once(values)
  let position = 0
  // Choices are shared between texts and within one: each is filled in once.
  const filledIn = new Map<Piece, Piece>()
  const visit = (list: Piece[]): Piece[] => {
    const result: Piece[] = []
    for (const piece of list) {
      if (piece.kind === 'choice') {
        let filled = filledIn.get(piece)
        if (!filled) {
          const of = piece.of.map(visit)
          filled = of.every((option, index) => option === piece.of[index]) ? piece : { ...piece, of }
          filledIn.set(piece, filled)
        }
        result.push(filled)
      } else if (piece.kind !== 'text' || !/[$?%:]/.test(piece.text)) result.push(piece)
      else result.push(...fillText(piece))
    }
    return result.length === list.length && result.every((piece, index) => piece === list[index])
      ? list
      : result
  }
  const fillText = (piece: Piece & { kind: 'text' }): Piece[] => {
    const result: Piece[] = []
    let from = 0
    for (const match of piece.text.matchAll(NAME_PLACEHOLDER)) {
      const value = valueFor(e, valuesOnce, match, () => position++)
      const filled = value && fillable(value)
      if (!filled) continue
      result.push({ ...piece, text: piece.text.slice(from, match.index) }, ...filled)
      from = match.index + match[0].length
    }
    return from === 0 ? [piece] : [...result, { ...piece, text: piece.text.slice(from) }]
  }
  return visit(pieces)
}

function valueFor(
  e: Evaluator,
  valuesOf: () => Value | undefined,
  match: RegExpMatchArray,
  next: () => number,
): Value | null {
  // `?`, `??` and `%…` count from the left; those that stand for a value stay placeholders.
  const name = match[2] ?? match[3]
  const index = match[1] ? Number(match[1]) - 1 : name ? null : next()
  if (match[0] === '?' || match[0] === '%L') return null
  const values = valuesOf()
  if (values === undefined) return null
  if (index === null) return name.split('.').reduce((value, part) => memberOf(e, value, part), values)
  if (values.kind === 'array') return values.items[index] ?? null
  return index === 0 ? values : null
}

function fillable(value: Value): Piece[] | null {
  if (value.kind === 'text' || value.kind === 'param') return piecesOf(value, '')
  if (value.kind === 'choice' && value.of.every(each => each.kind === 'text' || each.kind === 'param')) {
    return piecesOf(value, '')
  }
  return null
}

/**
 * Texts that several methods of an object keep for one that runs them: `add(sql) { this.texts.push(sql) }` beside `addFirst(sql)`.
 * Whoever calls one of these says which text that hands over, and nothing of the others.
 */
import { isWithin } from '../../extract/enclosing.js'
import type { CallSite } from '../calls.js'
import { type Piece, paramsOf } from '../evaluator/pieces.js'
import { OF_OBJECT, type ParamValue } from '../evaluator/values.js'

/** The options of a text by the function that each is handed to; null where that is one, or not all are handed over. */
export function handedApart(pieces: Piece[]): Piece[][] | null {
  const [first, ...rest] = pieces
  if (first?.kind !== 'choice' || rest.length > 0) return null
  const byFunction = new Map<string, Piece[][]>()
  for (const option of first.of) {
    const [param, ...more] = paramsOf(option)
    if (!param || param.index === OF_OBJECT || more.some(each => functionOf(each) !== functionOf(param)))
      return null
    const options = byFunction.get(functionOf(param))
    if (options) options.push(option)
    else byFunction.set(functionOf(param), [option])
  }
  return byFunction.size < 2 ? null : [...byFunction.values()].map(of => [{ kind: 'choice', of }])
}

/** A text without the options that other functions than those around a call are handed. */
export function withoutThoseOfOthers(pieces: Piece[], here: CallSite): Piece[] {
  const [first, ...rest] = pieces
  if (first?.kind !== 'choice' || rest.length > 0) return pieces
  const own = first.of.filter(option => paramsOf(option).every(param => isAround(param, here)))
  return own.length === 0 ? pieces : own.length === 1 ? own[0] : [{ ...first, of: own }]
}

function isAround({ file, fn, index }: ParamValue, { facts, call }: CallSite): boolean {
  return index === OF_OBJECT || (file === facts.file && isWithin(facts, call.fn, fn))
}

function functionOf({ file, fn }: ParamValue): string {
  return `${file}#${fn}`
}

/** Methods of arrays. */
import { isMet } from './conditions.js'
import { callFunction } from './functions.js'
import { elementOf } from './members.js'
import { joinPieces, MAX_PIECES } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { choiceOf, knownText, textValue, unknown } from './values.js'

/** That some items of these may not be there. */
function partly(...arrays: Value[]): { partly?: true } {
  return arrays.some(each => each.kind === 'array' && each.partly) ? { partly: true } : {}
}

/** Items that a callback gets one by one. */
export const MAX_ONE_BY_ONE = 200

export function callArrayMethod(
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
        pieces: joinPieces(of, (args[0] && knownText(args[0])) ?? ',', code),
      }
    case 'map':
    case 'flatMap': {
      const [callback] = args
      if (callback?.kind !== 'function') return { kind: 'array', items: [], open: true }
      // A callback written in place already sees every element; one held in a name gets them one by one.
      const items = of.items.length === 0 ? [unknown('element')] : of.items
      const results = items
        .slice(0, MAX_ONE_BY_ONE)
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
        ...partly(of),
      }
    }
    case 'concat': {
      const items = [...of.items]
      let { open } = of
      for (const arg of args) {
        if (arg.kind === 'array') {
          items.push(...arg.items.slice(0, MAX_PIECES - items.length))
          open ||= arg.open
        } else items.push(arg)
      }
      return { kind: 'array', items, open, ...partly(of, ...args) }
    }
    case 'flat':
      return {
        ...of,
        items: of.items.flatMap(item => (item.kind === 'array' ? item.items : [item])).slice(0, MAX_PIECES),
      }
    case 'filter':
      return passing(e, of, args[0])
    case 'slice': {
      const [from, to] = args.map(each => integerOf(each))
      const isKnown = !of.open && !of.partly && from !== null && to !== null
      return isKnown ? { ...of, items: of.items.slice(from, to) } : { ...of, open: true, partly: true }
    }
    case 'splice':
      return { ...of, open: true, partly: true }
    case 'sort':
    case 'toSorted':
    case 'reverse':
    case 'toReversed':
      // Which item stands where is not known any more.
      return { ...of, open: true }
    case 'values':
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
    case 'at': {
      const index = args[0] && knownText(args[0])
      const item = index == null || of.open ? undefined : of.items.at(Number(index))
      return item ?? elementOf(e, of)
    }
    case 'next':
      // A generator is what it yields, one after the other.
      return { kind: 'object', entries: new Map([['value', elementOf(e, of)]]), open: true }
    case 'find':
      return elementOf(e, passing(e, of, args[0]))
    case 'pop':
    case 'shift':
      return elementOf(e, of)
    case 'reduce': {
      const [callback, initial] = args
      if (callback?.kind !== 'function') return unknown(code)
      // What fills an object does it for one item after the other.
      if (initial?.kind === 'object' && of.items.length <= MAX_ONE_BY_ONE)
        return of.items.reduce((all, item) => callFunction(e, callback, () => [all, item], code), initial)
      return callFunction(e, callback, () => [initial ?? elementOf(e, of), elementOf(e, of)], code)
    }
    default:
      return unknown(code)
  }
}

/** Null for a value that is not known to be one. */
function integerOf(value: Value): number | null {
  const text = knownText(value)
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null
}

/** The items of which a function says that it holds, or may hold; all of them, if it seems to hold for none. */
function passing(
  e: Evaluator,
  of: Value & { kind: 'array' },
  test: Value | undefined,
): Value & { kind: 'array' } {
  const some = { ...of, open: true, partly: true as const }
  if (test?.kind !== 'function' || test.bound || of.items.length > MAX_ONE_BY_ONE) return some
  const facts = e.program.facts(test.file)
  const fn = facts?.functions[test.fn]
  const asks = fn?.asks
  if (!facts || !fn || !asks) return some
  const answers = of.items.map((item, index) => {
    const frame: Frame = {
      file: test.file,
      fn: test.fn,
      args: [item, textValue(String(index)), of],
      self: test.self,
      outer: test.frame,
    }
    if (fn.element !== null) frame.element = { node: fn.element, value: item }
    return isMet(e, facts, asks, frame)
  })
  const items = of.items.filter((_, at) => answers[at] !== false)
  if (items.length === 0) return some
  // Which of them stands where is known where all answers are.
  return answers.includes(undefined) ? { ...some, items } : { ...of, items }
}

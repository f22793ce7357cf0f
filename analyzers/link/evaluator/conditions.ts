/** Whether a condition is met, where the arguments of a call tell. */
import type { Check, Condition, FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { elementHeld, elementUnder } from './elements.js'
import { evaluate } from './evaluate.js'
import { type Literal, literalAt, newSteps, type Steps } from './literals.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { knownText } from './values.js'

/** Functions that ask functions. */
const MAX_ASKED = 4

/** Undefined where it can't be told. */
export function isMet(
  e: Evaluator,
  facts: FileFacts,
  { checks, holds }: Condition,
  frame: Frame | null,
  steps = newSteps(),
): boolean | undefined {
  // Seen from no caller, all ways are open; what is behind them depends on the caller nevertheless.
  if (!frame || e.targetsOnly) {
    e.paramReads++
    return undefined
  }
  let all: boolean | undefined = true
  for (const check of checks) {
    const met = checked(e, facts, check, frame, steps)
    if (met === false) return !holds
    if (met === undefined) all = undefined
  }
  return all && holds
}

function checked(
  e: Evaluator,
  facts: FileFacts,
  check: Check,
  frame: Frame,
  steps: Steps,
): boolean | undefined {
  if (check.kind === 'other') return undefined
  const met =
    check.kind === 'asked' ? asked(e, facts, check, frame, steps) : compared(e, facts, check, frame, steps)
  return met === undefined || !check.not ? met : !met
}

/** What a function that does nothing but ask says of these arguments. */
function asked(
  e: Evaluator,
  facts: FileFacts,
  { callee, args }: Check & { kind: 'asked' },
  frame: Frame,
  steps: Steps,
): boolean | undefined {
  const fn = evaluate(e, facts.file, callee, frame)
  if (fn.kind !== 'function' || fn.bound || steps.asked >= MAX_ASKED) return undefined
  const inFile = e.program.facts(fn.file)
  const asks = inFile?.functions[fn.fn]?.asks
  if (!inFile || !asks) return undefined
  const given = args.map(each => evaluate(e, facts.file, each, frame))
  const inner: Frame = { file: fn.file, fn: fn.fn, args: given, self: fn.self, outer: fn.frame }
  steps.asked++
  const met = isMet(e, inFile, asks, inner, steps)
  steps.asked--
  return met
}

function compared(
  e: Evaluator,
  facts: FileFacts,
  check: Exclude<Check, { kind: 'asked' | 'other' }>,
  frame: Frame,
  steps: Steps,
): boolean | undefined {
  // Of what an iteration goes through not all need be known.
  const element = elementUnder(facts, check.of)
  if (element !== null && elementHeld(facts, element, frame) === null) return undefined
  const literal = literalAt(e, facts, check.of, frame, steps)
  if (literal?.kind === 'open') return undefined
  if (literal?.kind === 'several') return agreedOf(literal.of.map(each => saidOf(each, check)))
  const told = literal && saidOf(literal, check)
  if (told != null) return told
  if (check.kind === 'truthy' || check.kind === 'missing' || check.kind === 'same') return undefined
  const value = evaluate(e, facts.file, check.of, frame)
  switch (check.kind) {
    case 'equal':
      return isNotThere(e, facts, check.of, frame) ? false : agreed(value, each => isText(each, check.text))
    case 'nothing':
      if (isNotThere(e, facts, check.of, frame)) return check.is !== 'null'
      return agreed(value, each => (typeOf(each) === undefined ? undefined : false))
    case 'has':
      return agreed(value, each => (each.kind === 'object' ? hasEntry(each, check.text) : undefined))
    case 'array':
      return agreed(value, each => (typeOf(each) === undefined ? undefined : each.kind === 'array'))
    case 'typeof':
      return agreed(value, each => {
        const type = typeOf(each)
        return type === undefined ? undefined : type === check.type
      })
  }
}

/** What a check says of something that is written. */
function saidOf(literal: Literal, check: Exclude<Check, { kind: 'asked' | 'other' }>): boolean | undefined {
  if (literal.kind !== 'primitive') return saidOfMore(literal, check)
  const { value } = literal
  switch (check.kind) {
    case 'truthy':
      return Boolean(value)
    case 'missing':
      return value === undefined
    case 'equal':
      return isEqual(value, check.text, check.loose)
    case 'same':
      return isEqual(value, check.value, check.loose)
    case 'nothing':
      return check.is === undefined ? value == null : value === (check.is === 'null' ? null : undefined)
    case 'typeof':
      return typeof value === check.type
    case 'array':
      return false
    case 'has':
      return undefined
  }
}

function isEqual(value: unknown, other: unknown, loose: true | undefined): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: it is what the code asks.
  return loose ? value == other : value === other
}

/** Of a text that is not empty, an object or a function. */
function saidOfMore(
  literal: Exclude<Literal, { kind: 'primitive' }>,
  check: Exclude<Check, { kind: 'asked' | 'other' }>,
): boolean | undefined {
  if (literal.kind === 'open' || literal.kind === 'several') return undefined
  switch (check.kind) {
    case 'truthy':
      return true
    case 'missing':
    case 'nothing':
      return false
    // An object becomes a text where it is compared loosely.
    case 'same':
      return check.loose ? undefined : false
    case 'equal':
      return literal.kind === 'text' || check.loose ? undefined : false
    default:
      return undefined
  }
}

/** What is true of all values that it may be, or of none. */
function agreed(value: Value, of: (each: Value) => boolean | undefined): boolean | undefined {
  if (value.kind !== 'choice') return of(value)
  return agreedOf(value.of.map(of))
}

function agreedOf(all: (boolean | undefined)[]): boolean | undefined {
  const answers = new Set(all)
  return answers.size === 1 ? [...answers][0] : undefined
}

function isText(value: Value, text: string): boolean | undefined {
  const known = knownText(value)
  if (known !== null) return known === text
  return value.kind === 'text' || typeOf(value) === undefined ? undefined : false
}

/** A property that its object certainly lacks: nothing but `undefined` is the same. */
function isNotThere(e: Evaluator, facts: FileFacts, id: NodeId, frame: Frame): boolean {
  const node = untyped(facts, id)
  if (node.kind !== 'member') return false
  const of = evaluate(e, facts.file, node.of, frame)
  if (of.kind === 'object') return hasEntry(of, node.name) === false
  return (of.kind === 'text' || of.kind === 'array') && node.name !== 'length'
}

function hasEntry(of: Value & { kind: 'object' }, name: string): boolean | undefined {
  if (of.isMap) return undefined
  if (of.entries.has(name)) return true
  return of.open || of.spread || of.entries.has('*') ? undefined : false
}

/** Numbers are kept as what they are written as. */
function mayBeNumber(value: Value & { kind: 'text' }): boolean {
  return value.number === true || /^-?[\d.]+$/.test(knownText(value) ?? '')
}

/** What `typeof` says of a value of which that is certain. */
function typeOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'text':
      return value.strings ? 'object' : mayBeNumber(value) ? undefined : 'string'
    case 'array':
    case 'object':
    case 'instance':
      return 'object'
    case 'function':
    case 'class':
      return 'function'
    default:
      return undefined
  }
}

/** Whether a condition is met, where the arguments of a call tell. */
import type { Check, Condition, FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { evaluate } from './evaluate.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { knownText } from './values.js'

const MAX_UNDER = 4

/** Undefined where it can't be told. */
export function isMet(
  e: Evaluator,
  facts: FileFacts,
  { checks, holds }: Condition,
  frame: Frame | null,
  under = 0,
): boolean | undefined {
  // Seen from no caller, all ways are open; what is behind them depends on the caller nevertheless.
  if (!frame || e.targetsOnly) {
    e.paramReads++
    return undefined
  }
  let all: boolean | undefined = true
  for (const check of checks) {
    const met = checked(e, facts, check, frame, under)
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
  under: number,
): boolean | undefined {
  if (check.kind === 'other') return undefined
  const met = check.kind === 'asked' ? asked(e, facts, check, frame, under) : compared(e, facts, check, frame)
  return met === undefined || !check.not ? met : !met
}

/** What a function that does nothing but ask says of these arguments. */
function asked(
  e: Evaluator,
  facts: FileFacts,
  { callee, args }: Check & { kind: 'asked' },
  frame: Frame,
  under: number,
): boolean | undefined {
  const fn = evaluate(e, facts.file, callee, frame)
  if (fn.kind !== 'function' || fn.bound || under >= MAX_UNDER) return undefined
  const inFile = e.program.facts(fn.file)
  const asks = inFile?.functions[fn.fn]?.asks
  if (!inFile || !asks) return undefined
  const given = args.map(each => evaluate(e, facts.file, each, frame))
  const inner: Frame = { file: fn.file, fn: fn.fn, args: given, self: fn.self, outer: fn.frame }
  return isMet(e, inFile, asks, inner, under + 1)
}

function compared(
  e: Evaluator,
  facts: FileFacts,
  check: Exclude<Check, { kind: 'asked' | 'other' }>,
  frame: Frame,
): boolean | undefined {
  const value = evaluate(e, facts.file, check.of, frame)
  switch (check.kind) {
    case 'equal':
      return isNotThere(e, facts, check.of, frame) ? false : agreed(value, each => isText(each, check.text))
    case 'nothing':
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

/** What is true of all values that it may be, or of none. */
function agreed(value: Value, of: (each: Value) => boolean | undefined): boolean | undefined {
  if (value.kind !== 'choice') return of(value)
  const answers = new Set(value.of.map(of))
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

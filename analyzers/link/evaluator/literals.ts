/**
 * What is written at a place, or handed over to it by the calls being looked at, as the program itself has it: values tell
 * numbers from texts no more, and have no `undefined`. Null where that is not certain.
 */
import type { FileFacts, NodeId } from '../../extract/facts.js'
import { argumentNode } from './arguments.js'
import { isMet } from './conditions.js'
import { elementHeld } from './elements.js'
import type { Evaluator } from './state.js'
import { type Frame, knownText, type Value } from './values.js'

export type Literal =
  | { kind: 'primitive'; value: string | number | boolean | null | undefined }
  /** A text that is not empty. */
  | { kind: 'text' }
  | { kind: 'several'; of: Literal[] }
  /** Something that may be `undefined` or the like as well, whatever its value says. */
  | { kind: 'open' }
  /** An object or function, and where it is written. */
  | { kind: 'object'; facts: FileFacts; node: NodeId; frame: Frame | null }
  /** What an iteration goes through, or a property of that, where it is an object, an array or a function. */
  | { kind: 'held'; value: Value }

const OPEN: Literal = { kind: 'open' }
const NOT_GIVEN: Literal = { kind: 'primitive', value: undefined }

/** What is left to be looked at for one condition: names, parameters, properties, and the conditions that decide these. */
export interface Steps {
  left: number
  /** Functions within functions that are asked. */
  asked: number
}

const MAX_STEPS = 200

export function newSteps(): Steps {
  return { left: MAX_STEPS, asked: 0 }
}

export function literalAt(
  e: Evaluator,
  facts: FileFacts,
  id: NodeId,
  frame: Frame | null,
  steps: Steps,
): Literal | null {
  if (--steps.left < 0) return OPEN
  const node = facts.nodes[id]
  const at = (next: NodeId): Literal | null => literalAt(e, facts, next, frame, steps)
  switch (node.kind) {
    case 'text':
      return { kind: 'primitive', value: node.number ? Number(node.text) : node.text }
    case 'concat': {
      const first = node.parts.length > 0 ? at(node.parts[0]) : null
      return first?.kind === 'primitive' && typeof first.value === 'string' && first.value !== ''
        ? { kind: 'text' }
        : null
    }
    case 'unknown':
      return Object.hasOwn(WRITTEN, node.code) ? { kind: 'primitive', value: WRITTEN[node.code] } : null
    case 'global':
      return node.name === 'undefined' ? NOT_GIVEN : null
    case 'function':
    case 'class':
    case 'object':
    case 'array':
      return { kind: 'object', facts, node: id, frame }
    case 'assign':
    case 'append': {
      const of = at(node.of)
      return of?.kind === 'object' ? { kind: 'object', facts, node: id, frame } : null
    }
    case 'among':
      return at(node.of)
    case 'typed':
      // Of a name that was declared without a value: see `environment.ts`.
      if (node.types.length === 0) return OPEN
      return node.of === null ? null : at(node.of)
    case 'choice': {
      const met = node.when && isMet(e, facts, node.when, frame, steps)
      return met === undefined ? oneOf(node.of.map(at)) : at(node.of[met ? 0 : 1])
    }
    case 'param':
      return argumentOf(e, facts, node.fn, node.index, frame, steps)
    case 'member':
      return memberOf(e, at(node.of), node.name, steps)
    case 'element': {
      const held = elementHeld(facts, id, frame)
      return held && ofValue(held)
    }
    default:
      return null
  }
}

/** What a value is certainly written as: numbers are no different from texts in it. */
function ofValue(value: Value): Literal | null {
  switch (value.kind) {
    case 'text': {
      const text = value.number ? null : knownText(value)
      return text === null || /^-?[\d.]*$/.test(text) ? null : { kind: 'primitive', value: text }
    }
    case 'object':
    case 'array':
    case 'function':
    case 'class':
      return { kind: 'held', value }
    case 'choice':
      return oneOf(value.of.map(ofValue))
    case 'unknown':
      return Object.hasOwn(WRITTEN, value.code) ? { kind: 'primitive', value: WRITTEN[value.code] } : null
    default:
      return null
  }
}

const WRITTEN: Record<string, boolean | null> = { true: true, false: false, null: null }

function argumentOf(
  e: Evaluator,
  facts: FileFacts,
  fn: number,
  index: number,
  frame: Frame | null,
  steps: Steps,
): Literal | null {
  let at = frame
  while (at && (at.file !== facts.file || at.fn !== fn)) at = at.outer
  const param = facts.functions[fn].params[index]
  if (!at || !param || param.rest) return null
  const given = argumentNode(at.args, index)
  if (given === null) return null
  const literal = given === 'missing' ? NOT_GIVEN : literalAt(e, given.facts, given.id, given.frame, steps)
  if (param.default === null) return literal
  // A default stands for `undefined`, and for nothing else.
  const byDefault = literalAt(e, facts, param.default, at, steps)
  const replaced = (each: Literal): Literal | null =>
    each.kind === 'primitive' && each.value === undefined ? byDefault : each
  return literal?.kind === 'several' ? oneOf(literal.of.map(replaced)) : literal && replaced(literal)
}

/** One of several; what is not known may be left to its value, unless another may be something of which that tells nothing. */
function oneOf(all: (Literal | null)[]): Literal | null {
  const known = all.flatMap(each => (each?.kind === 'several' ? each.of : (each ?? [])))
  if (!all.includes(null)) return { kind: 'several', of: known }
  return known.some(isUntold) ? OPEN : null
}

function isUntold(literal: Literal): boolean {
  return literal.kind === 'open' || (literal.kind === 'primitive' && typeof literal.value !== 'string')
}

/** A property of something that is written as an object. */
function memberOf(e: Evaluator, of: Literal | null, name: string, steps: Steps): Literal | null {
  if (of?.kind === 'several') return oneOf(of.of.map(each => memberOf(e, each, name, steps)))
  // Of what is nothing there is nothing to be read, or the program ends: `options?.sort`.
  const entry = entryOf(e, of, name, steps)
  return entry === ABSENT ? NOT_GIVEN : entry
}

const ABSENT = 'absent'

/** What something that is written as an object has under a name, its own or of what is spread into it. */
function entryOf(
  e: Evaluator,
  of: Literal | null,
  name: string,
  steps: Steps,
): Literal | typeof ABSENT | null {
  if (of?.kind === 'open') return OPEN
  if (of?.kind === 'several') {
    const all = of.of.map(each => entryOf(e, each, name, steps))
    const known = all.filter(each => each !== ABSENT)
    if (known.length === all.length) return oneOf(known)
    return known.length === 0 ? ABSENT : null
  }
  if (of?.kind === 'primitive' && of.value == null) return ABSENT
  if (of?.kind === 'held') {
    if (of.value.kind !== 'object' || of.value.isMap || name in {}) return null
    const { entries, open, spread } = of.value
    const entry = entries.get(name)
    return entry ? ofValue(entry) : open || spread || entries.has('*') ? null : ABSENT
  }
  if (of?.kind !== 'object') return null
  const object = of.facts.nodes[of.node]
  if (object.kind !== 'object' || object.computed || name in {}) return null
  for (const [key, entry] of object.entries.toReversed()) {
    if (key === '__proto__') return null
    if (key === '...') {
      const held = entryOf(e, literalAt(e, of.facts, entry, of.frame, steps), name, steps)
      if (held !== ABSENT) return held
    }
    if (key !== name) continue
    // A getter is written like a method.
    return of.facts.nodes[entry].kind === 'function' ? null : literalAt(e, of.facts, entry, of.frame, steps)
  }
  return ABSENT
}

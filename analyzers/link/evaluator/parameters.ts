/** What a parameter holds: the argument of the call being looked at, its default, or what its type allows. */
import type { FileFacts, FunctionId } from '../../extract/facts.js'
import { argumentAt } from './arguments.js'
import { givenToCallback } from './callbacks.js'
import { valuesOfType } from './declared-types.js'
import { evaluate } from './evaluate.js'
import { keptArgument } from './kept.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { unknown } from './values.js'

export function paramOf(
  e: Evaluator,
  facts: FileFacts,
  fn: FunctionId,
  index: number,
  frame: Frame | null,
): Value {
  for (let at = frame; at; at = at.outer) {
    if (at.file !== facts.file || at.fn !== fn) {
      const kept = at.kept && keptArgument(at, facts.file, fn, index)
      if (kept) return kept
      continue
    }
    const param = facts.functions[fn].params[index]
    if (param?.rest) return { kind: 'array', items: at.args.slice(index), open: false }
    const value = argumentAt(at.args, index)
    const absent = !value || (value.kind === 'external' && value.path[0] === 'undefined')
    // What a caller got from outside can only be what the type allows.
    if (value?.kind === 'unknown') return valuesOfType(e, facts, param?.types ?? []) ?? value
    if (!absent) return value
    if (param?.default != null) return evaluate(e, facts.file, param.default, at)
    return valuesOfType(e, facts, param?.types ?? []) ?? unknown(param?.name ?? '')
  }
  e.paramReads++
  return handleOfParam(e, facts, fn, index, frame) ?? { kind: 'param', file: facts.file, fn, index, path: [] }
}

/** What a parameter holds that has a handle or object as its default, or is one of a callback. */
function handleOfParam(
  e: Evaluator,
  facts: FileFacts,
  fn: FunctionId,
  index: number,
  frame: Frame | null,
): Value | null {
  const held = facts.functions[fn].params[index]?.default ?? null
  if (held !== null) {
    const value = evaluate(e, facts.file, held, null)
    if (value.kind === 'handle' || value.kind === 'instance') return value
  }
  return givenToCallback(e, facts, fn, index, frame)
}

/** Classes that make objects of themselves. */
import type { FileFacts } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { outermost } from '../evaluator/wrapped.js'

/**
 * How often methods of a class say `new` of that class, by its name: who runs them speaks of the class already, so that
 * they tell nothing of who does.
 */
export function madeInside(facts: FileFacts): Map<string, number> {
  const found = new Map<string, number>()
  for (const { node, fn } of facts.calls) {
    const made = facts.nodes[node]
    if (made.kind !== 'new') continue
    const callee = untyped(facts, made.callee)
    const around = outermost(facts, fn)
    const cls = around === null ? null : facts.functions[around].cls
    if (cls === null || callee.kind !== 'variable' || callee.name !== facts.classes[cls].name) continue
    found.set(callee.name, (found.get(callee.name) ?? 0) + 1)
  }
  return found
}

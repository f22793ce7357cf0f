import type { FileFacts, FunctionId } from './facts.js'

/** Whether a function is another one, or stands within it; all stand within the top level of their file (null). */
export function isWithin(facts: FileFacts, fn: FunctionId | null, outer: FunctionId | null): boolean {
  for (let at = fn; ; at = facts.functions[at].parent) {
    if (at === outer) return true
    if (at === null) return false
  }
}

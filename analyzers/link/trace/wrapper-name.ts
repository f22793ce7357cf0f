/** What calls of a wrapper are found by. */
import { classMadeBy } from '../evaluator/class-members.js'
import type { Evaluator } from '../evaluator/state.js'
import type { WrapperKind } from './executions.js'

/** @param fn below zero for a class whose subclasses decide: files that extend it are worth reading */
export function wrapperName(e: Evaluator, file: string, fn: number): [string, WrapperKind] | null {
  const facts = e.program.facts(file)
  if (fn < 0) {
    const name = facts?.classes[-1 - fn]?.name
    return name ? [name, 'class'] : null
  }
  const found = facts?.functions[fn]
  if (!found) return null
  const made = classMadeBy(e, file, fn)
  if (made !== null) return [facts.classes[made].name, 'class']
  return [found.name, found.cls === null ? 'function' : 'method']
}

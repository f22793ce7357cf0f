/** The gate: what a map has that it must not have, and which of it is known and accepted. */
import type { DependencyMap } from '../model.js'
import { checkMap } from './check-map.js'
import type { GateSettings } from './settings.js'
import type { GateResult } from './types.js'

export { type RuleName, ruleNames, rules } from './rules/index.js'
export { defaultSettings, type GateSettings, settingsOf } from './settings.js'
export type * from './types.js'

/** Judges a map by the rules. */
export function checkGate(map: DependencyMap, settings: GateSettings): GateResult {
  const violations = checkMap(map, settings)
  return {
    schemaVersion: 1,
    passed: !violations.some(({ severity, state }) => severity === 'error' && state === 'new'),
    since: null,
    violations,
    stale: [],
    unusedAllows: [],
    problems: [],
  }
}

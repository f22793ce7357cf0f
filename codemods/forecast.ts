/**
 * What `rewrite` would do with each crossing, in so few words as `map` and `explain` tell it. Plain data, apart from what
 * makes it: reports are type-checked for the browser as well, where there is no Node.
 */
import type { Strategy } from './operation.js'

export interface Outlook {
  /** Why nothing could be planned; null where it was. */
  problem: string | null
  /** Whether there were more crossings than were to be planned: then none was. */
  isTooMany: boolean
  /** One a crossing access, in the order of the map. */
  accesses: Forecast[]
}

export interface Forecast {
  /** Id of the access in the map. */
  access: string
  strategy: Strategy
  /** `clinical.getPatientById`: what the code would call. Empty for what is left by hand. */
  operations: string[]
  reason: string
  /** What a person would do; null where the rewrite does it. */
  advice: string | null
  /** What the code has now and would lose. */
  lost: string[]
}

import type { RuleName } from './rules/index.js'
import type { Level } from './types.js'

/** Levels of rules as far as the config sets them. */
export type Levels = Partial<Record<RuleName, Level>>

/** What the config says of one service. */
export interface ServiceSettings {
  rules: Levels
  /** `database: none`. */
  hasNoDatabase: boolean
  isSeparated: boolean
}

/** What `seamripper.yml` says to the gate. */
export interface GateSettings {
  rules: Levels
  /** By the name of the service; the others have nothing set. */
  services: Record<string, ServiceSettings>
}

/** Where the config says nothing. */
export function defaultSettings(): GateSettings {
  return { rules: {}, services: {} }
}

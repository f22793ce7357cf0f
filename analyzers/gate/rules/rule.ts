import type { Incident } from '../incident.js'
import type { Level } from '../types.js'

/** What the config says of a service that rules depend on. */
export interface ServiceFlags {
  /** `database: none`: it must have no database. */
  hasNoDatabase(service: string): boolean
  /** `separated: true`: nothing may cross into it or out of it. */
  isSeparated(service: string): boolean
}

/** One thing that the gate forbids. */
export interface Rule {
  /** A title for lists of rules. */
  title: string
  /** What it forbids and why, for help texts. */
  help: string
  /** Where the config says nothing. */
  level: Level
  /** True if neither the baseline nor an allowance can accept it. */
  strict?: true
  forbids(incident: Incident, flags: ServiceFlags): boolean
  /** What is wrong, as one sentence. */
  message(incident: Incident): string
  /** What to do instead. */
  advice(incident: Incident): string
  /** The same for several tables of one statement, where one sentence can say it. */
  adviceForAll?(uses: readonly Pick<Incident, 'table' | 'owner'>[]): string
}

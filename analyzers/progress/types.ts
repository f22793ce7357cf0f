/** How far a platform is with its separation, revision by revision: plain data, as `progress --format json` prints it. */
import type { Tally } from '../graph/index.js'

/** What is counted at one revision. */
export interface ProgressPoint {
  /** The revision as it was given, the name of a saved map's file, or `working tree`. */
  label: string
  /** Day of the commit, `YYYY-MM-DD`; null for what is none. */
  date: string | null
  /** Accesses to tables of another service. */
  crossings: Tally
  /** Between tables of two owners. */
  foreignKeys: number
  /** Services that run statements or own tables. */
  services: number
  /** Those of them that no statement and no foreign key ties to another one, in or out. */
  separated: string[]
  tables: number
  /** Tables whose owner is open: uses of these cross nothing as far as is known. */
  openTables: number
  /** Statements whose tables could not be told. */
  unresolved: number
  /** Tables that lie in another datastore than where they were first seen. */
  moved: MovedTable[]
  /** Pairs of services where one calls the other through a client that `rewrite` generated; null where not known. */
  clients: number | null
  /** Operations that `rewrite` made events; null where not known. */
  events: number | null
  /** Crossing accesses by the service that runs them, sorted by name. */
  byService: { service: string; accesses: number }[]
}

export interface MovedTable {
  /** Name, with its schema where that is not the default one. */
  table: string
  from: string
  to: string
}

export interface Progress {
  schemaVersion: 1
  /** In the order of the revisions. */
  points: ProgressPoint[]
  /** What the numbers leave out, as sentences. */
  notes: string[]
}

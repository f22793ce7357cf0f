import type { Dialect, Evidence } from '../model.js'
import type { GateOp, RelatedPlace } from './types.js'

/** A use of a table by a service that rules judge; `checkMap` finds them in the map. */
export interface Incident {
  kind: 'access' | 'migration' | 'foreign-key' | 'unresolved'
  op: GateOp
  service: string
  /** Null where it is open. */
  owner: string | null
  /** Null for a place that could not be resolved. */
  table: string | null
  /** True if someone other than the owner uses the table. */
  crosses: boolean
  /** The statement is also over tables of another owner. */
  join: boolean
  /** Left open by the config, on purpose. */
  openOnPurpose: boolean
  file: string
  line: number
  column: number
  endLine: number
  sql: string | null
  dialect: Dialect
  accessId: string | null
  /** Of a place that could not be resolved: why. */
  reason: string | null
  ownerEvidence: Evidence | null
  related: RelatedPlace[]
}

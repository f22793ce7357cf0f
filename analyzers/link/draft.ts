/** Accesses before their owners are known. */
import type { CallSite } from './calls.js'
import type { Definition } from './definitions.js'
import type { Run } from './runs.js'
import type { ExecutedSql } from './statements.js'
import type { Place } from './trace/places.js'

export interface DraftAccess extends Omit<Run, 'execution'> {
  site: CallSite
  executed: ExecutedSql
  /** What it defines, where several texts do; else what is executed defines it alone. */
  definitions?: Definition[]
  /** Where the text begins; null where no piece of it has a place. */
  start: Place | null
  /** `file:line` where the connection was opened, if the receiver was traced to one. */
  connection: string | null
}

/** Accesses before their owners are known. */
import type { Driver } from '../drivers/driver.js'
import type { Dialect } from '../model.js'
import type { CallSite } from './calls.js'
import type { ExecutedSql } from './statements.js'

export interface DraftAccess {
  site: CallSite
  driver: Driver
  /** Nothing at the call tells the driver: it is the only one that the service uses. */
  isDriverInferred: boolean
  executed: ExecutedSql
  /** Service or library that holds the code; null for code outside of all. */
  service: string | null
  reachedBy: string[]
  dialect: Dialect
  /** `file:line` where the connection was opened, if the receiver was traced to one. */
  connection: string | null
}

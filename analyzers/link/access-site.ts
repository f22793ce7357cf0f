/** What codemods have to know of an access beside what the map says. */
import type { DraftAccess } from './draft.js'
import type { OnlyText } from './statements.js'

export interface AccessSite {
  /** Offsets of the executing call in its file. */
  start: number
  end: number
  /** The SQL text where it is the only one that can be, with nothing unknown in it; null otherwise. */
  onlyText: OnlyText | null
  /** `file:line` where the connection was opened, if the receiver was traced to one. */
  connection: string | null
  /** Nothing at the call tells the driver: it is the only one that the service uses. */
  isDriverInferred: boolean
}

export function accessSiteOf({ site, executed, connection, isDriverInferred }: DraftAccess): AccessSite {
  const { start, end } = site
  return { start, end, onlyText: executed.onlyText, connection, isDriverInferred }
}

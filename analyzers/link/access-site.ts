/** What codemods have to know of an access beside what the map says. */
import type { FileFacts } from '../extract/facts.js'
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
  /** Function of the repository that the call runs, where it is not the driver's own; null for the driver. */
  wrapper: { file: string; name: string } | null
}

/** @param factsOf facts of a file that was read */
export function accessSiteOf(
  { site, executed, connection, isDriverInferred }: DraftAccess,
  factsOf: (file: string) => FileFacts | null,
): AccessSite {
  const { start, end, targets } = site
  const wrapper = targets.find(target => target.kind === 'function')
  return {
    start,
    end,
    onlyText: executed.onlyText,
    connection,
    isDriverInferred,
    wrapper:
      wrapper?.kind === 'function'
        ? { file: wrapper.file, name: factsOf(wrapper.file)?.functions[wrapper.fn]?.name ?? '' }
        : null,
  }
}

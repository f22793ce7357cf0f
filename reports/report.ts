import type { DependencyMap } from '../analyzers/model.js'
import type { Outlook } from '../codemods/forecast.js'
import type { PageData } from './html/page-data.js'
import type { Invocation } from './text/shell.js'

/** What a report may know besides the map; only `summary` and `explain` depend on the terminal and on how the tool was started. */
export interface ReportContext extends Invocation {
  /** Where links to lines lead, such as `../{file}#L{line}` from the output's folder (see `text/link.ts`). */
  linkTemplate: string
  /** What the gate says of the crossings; null where it has nothing to tell apart. */
  states: PageData['states'] | null
  /** What `rewrite` would do with the crossings; null where the report doesn't ask. */
  outlook: Outlook | null
  /** Columns to fill. */
  width: number
  /** Whether ANSI colours are wanted. */
  colour: boolean
  /** Lines a section; the rest is counted. */
  top: number
}

/** One output format of `map`. */
export interface Report {
  /** Whether it shows what the gate says of crossings: `states` of the context. */
  wantsStates?: true
  /** Whether it tells what `rewrite` would do: `outlook` of the context. Planning takes time. */
  wantsOutlook?: true
  /** The whole output, ending in a line break; the same bytes for the same map and context. */
  render(map: DependencyMap, context: ReportContext): string
}

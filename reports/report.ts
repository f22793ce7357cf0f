import type { DependencyMap } from '../analyzers/model.js'

/** What a report may know besides the map; only `summary` and `explain` depend on the terminal. */
export interface ReportContext {
  /** The analysed folder as the user typed it, for commands that the report suggests. */
  root: string
  /** What relative links start with, so that they lead from the output's folder to the root: `` or `../`. */
  linkPrefix: string
  /** Columns to fill. */
  width: number
  /** Whether ANSI colours are wanted. */
  colour: boolean
  /** Lines a section; the rest is counted. */
  top: number
}

/** One output format of `map`. */
export interface Report {
  /** The whole output, ending in a line break; the same bytes for the same map and context. */
  render(map: DependencyMap, context: ReportContext): string
}

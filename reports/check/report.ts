import type { GateResult } from '../../analyzers/gate/index.js'
import type { ReportContext } from '../report.js'

/** What a report of a check may know besides its result. */
export interface CheckContext extends Pick<ReportContext, 'root' | 'width' | 'colour'> {
  /** Most violations that are shown in full; the rest is told in short. */
  top: number
  /** The lines of a file of the analysed folder, for excerpts; null if it can't be read. */
  lines(file: string): string[] | null
}

/** One output format of `check`. */
export interface CheckReport {
  /** The whole output, ending in a line break; the same bytes for the same result, context and files. */
  render(result: GateResult, context: CheckContext): string
}

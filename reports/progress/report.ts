import type { Progress } from '../../analyzers/progress/index.js'
import type { ReportContext } from '../report.js'

export type ProgressContext = Pick<ReportContext, 'width' | 'colour'>

/** One output format of `progress`. */
export interface ProgressReport {
  /** The whole output, ending in a line break; the same bytes for the same revisions. */
  render(progress: Progress, context: ProgressContext): string
}

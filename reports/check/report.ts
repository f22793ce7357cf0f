import type { GateResult } from '../../analyzers/gate/index.js'
import type { Dialect } from '../../analyzers/model.js'
import type { ReportContext } from '../report.js'

/** What a report of a check may know besides its result. */
export interface CheckContext extends Pick<ReportContext, 'program' | 'root' | 'width' | 'colour'> {
  /** Most violations that are shown in full; the rest is told in short. */
  top: number
  /** From the top of the repository to the analysed folder: `` or `platform/`. CI systems know files by it. */
  prefix: string
  /** Where links to lines of the repository lead (see `text/link.ts`); null where that is not known. */
  link: string | null
  /** Version of the tool. */
  version: string
  /** The lines of a file of the analysed folder, for excerpts; null if it can't be read. */
  lines(file: string): string[] | null
  /** SQL laid out for reading; see `explain/sql.ts`. */
  layOut(sql: string, dialect: Dialect | null): string
}

/** What is wrong with what the check was given; places count from the top of the repository, where they are known. */
export interface GivenProblem {
  file: string | null
  line: number | null
  message: string
}

/** One output format of `check`. */
export interface CheckReport {
  /** With `--since`, it wants to know what the change mended as well. */
  tellsChange?: true
  /** It shows the SQL of what is new, laid out. */
  showsSql?: true
  /** The whole output, ending in a line break; the same bytes for the same result, context and files. */
  render(result: GateResult, context: CheckContext): string
  /** Markdown for the page of the job, where the CI system has one. */
  jobSummary?(result: GateResult, context: CheckContext): string
  /**
   * Instead of a result, why there is none. Formats whose reader would take it for one have none: to a system that
   * compares reports, all that is known would be mended.
   */
  refusal?(problems: GivenProblem[]): string
  /** The same for the page of the job. */
  refusalSummary?(problems: GivenProblem[]): string
  /** Before the result, what the config says of nothing on the map, where stderr is not read. */
  doubts?(problems: GivenProblem[]): string
}

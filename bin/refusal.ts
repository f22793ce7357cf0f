import { posix } from 'node:path'
import type { ConfigError, ConfigProblem } from '../analyzers/workspace/config-error.js'
import { type CheckFormat, checkReports } from '../reports/check/index.js'
import type { CheckReport, GivenProblem } from '../reports/check/report.js'
import { addToJobPage, repositoryPrefix } from './ci.js'
import { isUserError } from './fail.js'
import { writeOutput } from './output.js'

/** What a check that could not be made was given. */
export interface RefusedCheck {
  /** Null if it is not known. */
  format: CheckFormat | null
  output: string | undefined
  root: string
}

/**
 * Tells systems that read a format of `check` why there is no result, for there nobody reads stderr first. A format
 * whose reader would take it for the result of a check has nothing to say of it, and nothing is written.
 */
export async function tellRefusal(error: unknown, { format, output, root }: RefusedCheck): Promise<void> {
  if (format === null) return
  const { report }: { report: CheckReport } = await checkReports[format].load()
  const refusal = refusalOf(error, root)
  if (report.refusal) write(report.refusal(refusal), output)
  const { refusalSummary } = report
  if (!refusalSummary) return
  try {
    addToJobPage(() => refusalSummary(refusal))
  } catch {
    // That it can't be written may be what is told.
  }
}

/** The format that the words of a command line ask for which can't be understood as a whole. */
export function formatAskedFor(words: string[]): CheckFormat | null {
  const at = words.findIndex(word => /^(?:-f|--format)(?:=|$)/.test(word))
  if (at < 0) return null
  const name = words[at]!.split('=')[1] ?? words[at + 1]
  return (Object.keys(checkReports) as CheckFormat[]).find(format => format === name) ?? null
}

/** Each problem of a config or a baseline with its place, of anything else its message. */
function refusalOf(error: unknown, root: string): GivenProblem[] {
  if (isConfigError(error)) return fromTop(error.problems, root)
  const message = error instanceof Error ? error.message : String(error)
  return [
    {
      file: null,
      line: null,
      message: isUserError(error) ? message : `A fault of seamripper's own: ${message}`,
    },
  ]
}

/** By its name: importing the class would load the analyzer. */
function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === 'ConfigError'
}

/** Problems of files of the root, with the paths that systems know the files by. */
export function fromTop(problems: readonly ConfigProblem[], root: string): GivenProblem[] {
  const prefix = prefixOf(root)
  return problems.map(each => ({ ...each, file: posix.normalize(prefix + each.file) }))
}

function prefixOf(root: string): string {
  try {
    return repositoryPrefix(root)
  } catch {
    return ''
  }
}

/** To the file, if it can be written: that it can't may be what is told. */
function write(text: string, output: string | undefined): void {
  if (output !== undefined) {
    try {
      writeOutput(output, text)
      return
    } catch {}
  }
  process.stdout.write(text)
}

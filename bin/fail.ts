import { plainLines } from '../reports/text/plain.js'
import { version } from './version.js'

/** Exit statuses beside 0 (clean) and 1 (violations). */
const BAD_USAGE = 2
/** `EX_SOFTWARE` of sysexits.h: a fault of the tool's own. */
const INTERNAL = 70

/** Errors that are the user's to mend, by name: importing the analyzer's classes would load the analyzer. */
const USER_ERRORS = new Set(['BadUsage', 'ConfigError', 'GateError', 'VerifyError', 'WriteError'])

/** True for what the user can mend, which ends with status 2. */
export function isUserError(error: unknown): boolean {
  return error instanceof Error && USER_ERRORS.has(error.name)
}

/** Tells on stderr what went wrong and sets the exit status; the program then ends. */
export function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  if (isUserError(error)) {
    process.stderr.write(`seamripper: ${plainLines(message)}\n`)
    process.exitCode = BAD_USAGE
    return
  }
  const details = process.env.DEBUG ? (stack ?? message) : message
  process.stderr.write(
    [
      `seamripper ${version}: unexpected error: ${plainLines(details)}`,
      'This is a fault of seamripper, not of the code that it read. Please report it with the command line and',
      `what it prints with DEBUG=1 set (Node ${process.version}, ${process.platform}).`,
      '',
    ].join('\n'),
  )
  process.exitCode = INTERNAL
}

import type { GateResult, Violation } from '../../../analyzers/gate/index.js'
import type { Colours } from '../../terminal/section.js'
import { plain } from '../../text/plain.js'
import { count, list, number } from '../../text/words.js'

/** The last line: what was found, and what is known. */
export function summaryLine(result: GateResult, { red, green }: Colours): string {
  const text = summaryText(result)
  return result.passed ? green(text) : red(text)
}

/** The same without colours. */
export function summaryText(result: GateResult): string {
  const { violations, stale, problems, unusedAllows, since, passed } = result
  const inState = (state: Violation['state']) => violations.filter(each => each.state === state)
  const fresh = inState('new')
  const errors = fresh.filter(({ severity }) => severity === 'error').length
  const found = [
    errors > 0 ? count(errors, 'new violation') : '',
    fresh.length > errors ? count(fresh.length - errors, 'new warning') : '',
    stale.length > 0 ? count(stale.length, 'stale entry', 'stale entries') : '',
    problems.length > 0 ? `${count(problems.length, 'comment')} that can't be understood` : '',
    unusedAllows.length > 0 ? count(unusedAllows.length, 'unused allowance') : '',
  ].filter(part => part !== '')
  const known = [
    inState('baseline').length > 0 ? `${number(inState('baseline').length)} on the baseline` : '',
    inState('allowed').length > 0 ? `${number(inState('allowed').length)} allowed` : '',
    inState('earlier').length > 0 ? `${number(inState('earlier').length)} from before the change` : '',
  ].filter(part => part !== '')
  const what = found.length > 0 ? list(found) : `nothing new${since === null ? '' : ` since ${since.ref}`}`
  return plain(`${passed ? 'Passed' : 'Failed'}: ${what}${known.length > 0 ? `; ${list(known)}` : ''}.`)
}

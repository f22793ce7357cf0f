import type { GateResult, Violation } from '../../../analyzers/gate/index.js'
import { listed } from '../../../analyzers/listed.js'
import type { Colours } from '../../terminal/section.js'
import { plain } from '../../text/plain.js'
import { count, number } from '../../text/words.js'
import { newStatements } from '../statements.js'

/** The last line: what was found, and what is known. */
export function summaryLine(result: GateResult, { red, green }: Colours): string {
  const text = summaryText(result)
  return result.passed ? green(text) : red(text)
}

const isError = ({ severity }: Violation) => severity === 'error'

/** How many there are, and in how many statements, which is what stands above, where that is another number. */
function counted(violations: Violation[], what: string): string {
  const statements = newStatements({ violations }).length
  if (violations.length === 0) return ''
  const where = statements === violations.length ? '' : ` in ${count(statements, 'statement')}`
  return `${count(violations.length, what)}${where}`
}

/** The same without colours. */
export function summaryText(result: GateResult): string {
  const { violations, stale, problems, unusedAllows, since, passed } = result
  const inState = (state: Violation['state']) => violations.filter(each => each.state === state)
  const fresh = inState('new')
  const found = [
    counted(fresh.filter(isError), 'new violation'),
    counted(
      fresh.filter(each => !isError(each)),
      'new warning',
    ),
    stale.length > 0 ? count(stale.length, 'stale entry', 'stale entries') : '',
    problems.length > 0 ? `${count(problems.length, 'comment')} that can't be understood` : '',
    unusedAllows.length > 0 ? count(unusedAllows.length, 'unused allowance') : '',
  ].filter(part => part !== '')
  const known = [
    inState('baseline').length > 0 ? `${number(inState('baseline').length)} on the baseline` : '',
    inState('allowed').length > 0 ? `${number(inState('allowed').length)} allowed` : '',
    inState('earlier').length > 0 ? `${number(inState('earlier').length)} from before the change` : '',
  ].filter(part => part !== '')
  const what = found.length > 0 ? listed(found) : `nothing new${since === null ? '' : ` since ${since.ref}`}`
  return plain(`${passed ? 'Passed' : 'Failed'}: ${what}${known.length > 0 ? `; ${listed(known)}` : ''}.`)
}

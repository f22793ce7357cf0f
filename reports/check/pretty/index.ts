import picocolors from 'picocolors'
import type { GateResult } from '../../../analyzers/gate/index.js'
import { groupBy } from '../../../analyzers/graph/index.js'
import type { Colours } from '../../terminal/section.js'
import { command } from '../../text/shell.js'
import { count, first, number } from '../../text/words.js'
import type { CheckContext, CheckReport } from '../report.js'
import { newStatements, type Statement } from '../statements.js'
import { entry } from './entry.js'
import { leftovers } from './leftovers.js'
import { summaryLine } from './summary-line.js'

/** Services named in the line about what is not shown. */
const FIRST_SERVICES = 5

/** What is new, each with its code, its owner and what to do; one line if there is nothing to say. */
export const report: CheckReport = {
  showsSql: true,
  render(result, context) {
    const colours = picocolors.createColors(context.colour)
    const groups = newStatements(result)
    const lines = [
      ...groups.slice(0, context.top).flatMap(group => [...entry(group, context, colours), '']),
      ...hidden(groups.slice(context.top), groups.length),
      ...firstSteps(result, context, groups.length, colours),
      ...leftovers(result, context, colours),
      summaryLine(result, colours),
    ]
    return `${lines.join('\n')}\n`
  },
}

/** What to do where there is no baseline yet, and much to put on it. */
function firstSteps(
  { violations, since }: GateResult,
  context: CheckContext,
  statements: number,
  { cyan }: Colours,
): string[] {
  const isFirst =
    since === null && statements > context.top && violations.every(({ state }) => state !== 'baseline')
  if (!isFirst) return []
  return [
    `To accept all that is here today, and fail on what is new only: ${cyan(command(['baseline', '--write'], context))}`,
    '',
  ]
}

function hidden(groups: Statement[], all: number): string[] {
  if (groups.length === 0) return []
  const services = [...groupBy(groups, group => group[0]!.service)]
    .map(([service, of]) => ({ service, statements: of.length }))
    .sort((a, b) => b.statements - a.statements)
    .map(({ service, statements }) => `${service} ${number(statements)}`)
  return [
    `… and ${count(groups.length, 'more statement')}: ${first(services, FIRST_SERVICES)}. --top ${all} shows all.`,
    '',
  ]
}

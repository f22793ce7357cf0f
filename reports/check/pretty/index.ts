import picocolors from 'picocolors'
import type { Violation } from '../../../analyzers/gate/index.js'
import { groupBy } from '../../../analyzers/graph/index.js'
import { count, first, number } from '../../text/words.js'
import type { CheckReport } from '../report.js'
import { entry } from './entry.js'
import { leftovers } from './leftovers.js'
import { summaryLine } from './summary-line.js'

/** Services named in the line about what is not shown. */
const FIRST_SERVICES = 5

/** What is new, each with its code, its owner and what to do; one line if there is nothing to say. */
export const report: CheckReport = {
  render(result, context) {
    const colours = picocolors.createColors(context.colour)
    const fresh = result.violations.filter(({ state }) => state === 'new')
    const groups = [...groupBy(fresh, placeKey).values()].sort(
      (a, b) => Number(isWarning(a)) - Number(isWarning(b)),
    )
    const lines = [
      ...groups.slice(0, context.top).flatMap(group => [...entry(group, context, colours), '']),
      ...hidden(groups.slice(context.top), groups.length),
      ...leftovers(result, context, colours),
      summaryLine(result, colours),
    ]
    return `${lines.join('\n')}\n`
  },
}

/** One statement is one entry, with all its tables and all services that run it. */
function placeKey({ file, line, column, accessId, sql }: Violation): string {
  return JSON.stringify([file, line, column, accessId ?? sql])
}

function isWarning(group: Violation[]): boolean {
  return group.every(({ severity }) => severity === 'warning')
}

function hidden(groups: Violation[][], all: number): string[] {
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

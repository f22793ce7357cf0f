/** The plan of `rewrite --plan` for people: what would be done with each access, and why. */
import pc from 'picocolors'
import type { Operation, Strategy } from '../../codemods/operation.js'
import type { AccessPlan, RewritePlan } from '../../codemods/plan/plan.js'
import { plain } from '../text/plain.js'
import { count } from '../text/words.js'

const ORDER: Strategy[] = ['lift', 'split', 'event', 'by hand']

export function renderPlan(plan: RewritePlan, colour: boolean): string {
  const paint = pc.createColors(colour)
  const operations = new Map(plan.operations.map(operation => [operation.id, operation]))
  const sections = ORDER.flatMap(strategy => {
    const accesses = plan.accesses.filter(access => access.strategy === strategy)
    if (accesses.length === 0) return []
    return [
      `${paint.bold(`${strategy} (${accesses.length})`)}\n`,
      ...accesses.map(access => renderAccess(access, operations, paint)),
    ]
  })
  return `${[`${countLine(plan)}\n`, ...sections].join('\n')}`
}

/** `12 lift, 5 split, 62 by hand, of 79 accesses` */
export function countLine({ accesses }: RewritePlan): string {
  const counts = ORDER.map(
    strategy => [strategy, accesses.filter(each => each.strategy === strategy).length] as const,
  )
  const told = counts.filter(([, count]) => count > 0).map(([strategy, count]) => `${count} ${strategy}`)
  if (accesses.length === 0) return '0 cross-service accesses: nothing to rewrite'
  return `${told.join(', ')} of ${count(accesses.length, 'cross-service access', 'cross-service accesses')}`
}

function renderAccess(
  access: AccessPlan,
  operations: Map<string, Operation>,
  paint: ReturnType<typeof pc.createColors>,
): string {
  const names = access.operations.map(id => {
    const operation = operations.get(id)
    return operation ? `${operation.owner}.${operation.name}` : id
  })
  const target = names.length > 0 ? `  ${names.join(', ')}` : `  ${access.tables.join(', ')}`
  const lines = [
    `  ${paint.cyan(plain(`${access.file}:${access.line}`))}${plain(target)}`,
    `      ${plain(access.reason)}`,
    ...(access.advice === null ? [] : [`      ${paint.dim(`by hand: ${plain(access.advice)}`)}`]),
    ...access.lost.map(lost => `      ${paint.yellow(`lost: ${plain(lost)}`)}`),
  ]
  return `${lines.join('\n')}\n`
}

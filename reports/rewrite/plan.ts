/** The plan of `rewrite --plan` for people: what would be done with each access, and why. */
import pc from 'picocolors'
import { groupBy } from '../../analyzers/graph/group-by.js'
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
      ...[...groupBy(accesses, whatIsTold).values()].map(group => renderGroup(group, operations, paint)),
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

/** What is told of an access below its place: accesses of which it is the same are told together. */
function whatIsTold({ reason, advice, lost }: AccessPlan): string {
  return JSON.stringify([reason, advice, lost])
}

/** The places, and below them what is to be told of all. */
function renderGroup(
  group: AccessPlan[],
  operations: Map<string, Operation>,
  paint: ReturnType<typeof pc.createColors>,
): string {
  const { reason, advice, lost } = group[0]!
  const lines = [
    ...group.map(access => {
      const place = paint.cyan(plain(`${access.file}:${access.line}`))
      const told = [
        plain(targetOf(access, operations)),
        ...doubtsOf(access, operations).map(each => paint.yellow(plain(each))),
      ]
      return `  ${[place, ...told].join('  ')}`
    }),
    `      ${plain(reason)}`,
    ...(advice === null ? [] : [`      ${paint.dim(`by hand: ${plain(advice)}`)}`]),
    ...lost.map(each => `      ${paint.yellow(`lost: ${plain(each)}`)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** The operations that an access calls then, or else the tables that it uses. */
function targetOf(access: AccessPlan, operations: Map<string, Operation>): string {
  const names = access.operations.map(id => {
    const operation = operations.get(id)
    return operation ? `${operation.owner}.${operation.name}` : id
  })
  return (names.length > 0 ? names : access.tables).join(', ')
}

/** What to look at before it is rewritten. */
function doubtsOf(access: AccessPlan, operations: Map<string, Operation>): string[] {
  const columns = access.operations.flatMap(id => operations.get(id)?.columns ?? [])
  const secrets = [...new Set(columns.map(({ name }) => name).filter(name => SECRET.test(name)))]
  return [
    ...(access.isUnused ? ['nothing is seen to run this file: delete it if it is dead'] : []),
    ...(secrets.length > 0 ? [`answers with ${secrets.join(', ')}: select what is needed instead`] : []),
  ]
}

/** Columns that should not leave the service that keeps them: `password_hash`, `resetToken`, `api_key`; not `token_count`. */
const SECRET =
  /(?:^|_)(?:pass(?:word|wd|code|phrase)?|pwd|secret|otp|pin|cvv|cvc|ssn)(?:_?(?:hash|salt|digest|encrypted))?$|(?:^|_)(?:token|api_?key|private_?key|salt)(?:_?hash)?$|(?:Password|Secret|Token|ApiKey|PrivateKey|Salt)(?:Hash)?$/

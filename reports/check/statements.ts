import { type GateResult, type Rule, rules, type Violation } from '../../analyzers/gate/index.js'
import { groupBy, orderBy } from '../../analyzers/graph/index.js'
import { first } from '../text/words.js'
import { ownerReason } from './owner-line.js'

/** Services named of those that run one statement. */
const FIRST_SERVICES = 3

/** The violations at one statement, errors first: all its tables, and all services that run it. Never empty. */
export type Statement = Violation[]

/** What is new, a statement each: errors first, and of equal ones what runs before what ran once. */
export function newStatements({ violations }: Pick<GateResult, 'violations'>): Statement[] {
  const fresh = violations.filter(({ state }) => state === 'new')
  const statements = [...groupBy(fresh, placeKey).values()].map(of => of.sort(orderBy(each => each.severity)))
  return statements.sort(
    orderBy(
      statement => Number(severityOf(statement) === 'warning'),
      // Migrations and keys.
      statement => Number(statement[0]!.accessId === null || statement[0]!.migration),
    ),
  )
}

/** The most severe of a statement. */
export function severityOf(statement: Statement): Violation['severity'] {
  return statement.some(({ severity }) => severity === 'error') ? 'error' : 'warning'
}

/** What is wrong with a statement, why, and what to do instead, as sentences: of one service, with the others named. */
export function sentencesOf(statement: Statement): {
  messages: string[]
  reasons: string[]
  others: string[]
  advice: string[]
} {
  const [one] = statement
  const services = [...new Set(statement.map(({ service }) => service))].slice(1)
  const ofOne = statement.filter(({ service }) => service === one!.service)
  return {
    messages: ofOne.map(({ message }) => message),
    reasons: [...new Set(ofOne.map(ownerReason).filter(reason => reason !== null))],
    others: services.length > 0 ? [`The same for ${first(services, FIRST_SERVICES)}.`] : [],
    advice: adviceFor(ofOne),
  }
}

/** What to do instead about the uses of one service in one statement, each sentence once. */
export function adviceFor(uses: readonly Violation[]): string[] {
  const sentences = [...groupBy(uses, ({ rule }) => rule)].flatMap(([name, of]) => {
    const { adviceForAll }: Rule = rules[name]
    const tables = new Set(of.map(({ table }) => table))
    return adviceForAll !== undefined && tables.size > 1 ? [adviceForAll(of)] : of.map(({ advice }) => advice)
  })
  return [...new Set(sentences)]
}

function placeKey({ file, line, column, accessId, sql }: Violation): string {
  return JSON.stringify([file, line, column, accessId ?? sql])
}

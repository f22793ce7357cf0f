import type { GateResult, Violation } from '../../analyzers/gate/index.js'
import { groupBy, orderBy } from '../../analyzers/graph/index.js'

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

function placeKey({ file, line, column, accessId, sql }: Violation): string {
  return JSON.stringify([file, line, column, accessId ?? sql])
}

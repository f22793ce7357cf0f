import { groupBy, orderBy } from '../analyzers/graph/index.js'

/** Findings by whose they are, those of who has most first: a list that is cut shows where most is to do. */
export function mostFirst<T>(findings: T[], whose: (finding: T) => string): T[] {
  return [...groupBy(findings, whose).values()].sort(orderBy(of => -of.length)).flat()
}

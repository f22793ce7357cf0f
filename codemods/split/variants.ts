/** Text of which parts are there under conditions: it comes apart in one way, whichever are there. */
import { optionalRanges, type TemplatePart } from '../site/template.js'
import { clausesOf, type Range } from '../sql/clauses.js'
import type { RewriteDialect } from '../wire.js'
import type { Split } from './split.js'

/**
 * What is there under a condition may filter, order and limit own rows: what of the foreign part does, always is.
 *
 * @param parts of the statement
 * @param sql with all of them
 * @returns why it can't be shown; null where it is
 */
export function whyVarying(
  { parts: foreign, own }: Split,
  parts: TemplatePart[],
  sql: string,
  dialect: RewriteDialect,
): string | null {
  const ranges = optionalRanges(parts, dialect)
  const isIn = (range: Range, around: Range): boolean =>
    range.start >= around.start && range.end <= around.end
  const isBeside = (range: Range, other: Range): boolean =>
    range.end <= other.start || range.start >= other.end
  if (own.some(edit => edit.start < edit.end && ranges.some(range => !isBeside(edit, range))))
    return 'a part of its SQL text under a condition looks at foreign columns'
  if (foreign.some(({ template }) => template.some(part => part.kind === 'value' && !part.list)))
    return 'a value goes with the foreign part, and its SQL text grows under conditions'
  const clauses = clausesOf(sql, dialect)
  const terms = clauses?.where?.terms ?? []
  for (const range of ranges) {
    const isTorn = terms.some(term => !isIn(term, range) && !isBeside(term, range))
    const rest = terms
      .filter(term => isIn(term, range))
      .toReversed()
      .reduce(
        (text, term) => text.slice(0, term.start - range.start) + text.slice(term.end - range.start),
        sql.slice(range.start, range.end),
      )
    if (isTorn || !/^\s*(?:(?:WHERE|AND)\b\s*)*(?:(?:ORDER\s+BY|LIMIT|OFFSET)\b[\s\S]*)?$/i.test(rest))
      return 'a part of its SQL text under a condition is no filter of its own'
  }
  return null
}

/** Which statements are one operation: those that differ in nothing but how their text is laid out. */
import { createHash } from 'node:crypto'
import type { Operation, StatementPart } from '../operation.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'

/** Id of an operation, the same for all statements that are one. */
export function identityOf({
  owner,
  dialect,
  method,
  statement,
  parameters,
}: Pick<Operation, 'owner' | 'dialect' | 'method' | 'statement' | 'parameters'>): string {
  const parts = statement.map(part => inOneLine(part, dialect))
  return createHash('sha256')
    .update(JSON.stringify([owner, dialect, method, parts, parameters]))
    .digest('hex')
    .slice(0, 12)
}

function inOneLine(part: StatementPart, dialect: RewriteDialect): StatementPart {
  if (part.kind === 'text') return { ...part, text: withSingleSpaces(part.text, dialect) }
  return 'parts' in part ? { ...part, parts: part.parts.map(each => inOneLine(each, dialect)) } : part
}

/** One space for all white space between tokens; a text with comments stays, for some of these are for the database. */
function withSingleSpaces(text: string, dialect: RewriteDialect): string {
  let line = ''
  let at = 0
  for (const { start, end } of [...tokensOf(text, dialect), { start: text.length, end: text.length }]) {
    const gap = text.slice(at, start)
    if (gap.trim() !== '') return text
    line += (gap === '' ? '' : ' ') + text.slice(start, end)
    at = end
  }
  return line
}

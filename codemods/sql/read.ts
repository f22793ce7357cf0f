/** SQL text to the tree, by the parser of its dialect. */
import { dialects } from '../../analyzers/sql/dialects/index.js'
import type { Parsers } from '../../analyzers/sql/parsers.js'
import { type Token, tokenize } from '../../analyzers/sql/tokenizer.js'
import type { RewriteDialect } from '../wire.js'
import { readMysql } from './read-mysql.js'
import { readPostgres } from './read-postgres.js'
import type { Statement } from './tree.js'

/** Tokens of a statement without holes. */
export function tokensOf(text: string, dialect: RewriteDialect): Token[] {
  return tokenize(text, dialects[dialect])
}

/**
 * Reads one statement whose placeholders are `?` (MySQL) or `$1` (PostgreSQL).
 *
 * @returns null where the parser does not take it, or it is of a kind that no operation can be
 */
export function readStatement(text: string, dialect: RewriteDialect, parsers: Parsers): Statement | null {
  const result = dialect === 'postgresql' ? parsers.postgres(text) : parsers.sqlparser(text, 'mysql')
  if (!('ast' in result)) return null
  if (dialect === 'postgresql') return readPostgres(result.ast)
  if ((result.ast as unknown[]).length !== 1) return null
  const starts = new Map(
    tokensOf(text, dialect)
      .filter(token => token.kind === 'placeholder')
      .map((token, index) => [place(text, token.start), index]),
  )
  return readMysql(result.ast, (line, column) => starts.get(`${line}:${column}`) ?? -1)
}

/** `line:column` of an offset; the parser counts characters, not UTF-16 units. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return `${before.split('\n').length}:${[...before.slice(lineStart)].length + 1}`
}

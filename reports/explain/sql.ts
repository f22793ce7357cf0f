import {
  bigquery,
  clickhouse,
  type DialectOptions,
  formatDialect,
  mysql,
  postgresql,
  snowflake,
  sqlite,
  sql as standard,
  transactsql,
} from 'sql-formatter'
import type { Dialect } from '../../analyzers/model.js'

/** Longer texts stay as they are: the formatter's parser is slow, and its tree deep. */
const LONGEST = 5_000

/** A statement on one line that is no longer than this is readable as it is. */
const ONE_LINE = 80

/** By name instead of all that the formatter knows: loading those would take 10 ms more. */
const LANGUAGES: Record<Dialect, DialectOptions> = {
  postgresql,
  mysql,
  sqlite,
  mssql: transactsql,
  snowflake,
  clickhouse,
  bigquery,
  unknown: standard,
}

/**
 * Placeholders of all drivers: `?`, `??`, `$1`, `:id`, `@id`, `$(id)`, `$<id>`, and unknown pieces, `${…}`. In
 * PostgreSQL a question mark is read as the operator that it may be; it looks the same.
 */
function placeholders(language: DialectOptions) {
  return {
    positional: language !== postgresql,
    numbered: ['$' as const],
    named: [':' as const, '@' as const, '$' as const],
    custom: [
      String.raw`\$\{[^{}]*\}`,
      String.raw`\$\([^()]*\)`,
      String.raw`\$<[^<>]*>`,
      String.raw`\?\?`,
    ].map(regex => ({ regex })),
  }
}

/**
 * SQL laid out for reading. Text that the formatter does not understand, or of which it would change more than the
 * white space, comes back as it is.
 */
export function layOut(sql: string, dialect: Dialect | null): string {
  const text = sql.trim()
  if (text.length > LONGEST || (text.length <= ONE_LINE && !text.includes('\n'))) return text
  const language = LANGUAGES[dialect ?? 'unknown']
  try {
    const formatted = formatDialect(text, { dialect: language, paramTypes: placeholders(language) })
    return withoutSpace(formatted) === withoutSpace(text) ? formatted : text
  } catch {
    return text
  }
}

/** Without the white space that has no meaning: between two operators it stays, `?|` is not `? |`. */
function withoutSpace(sql: string): string {
  return sql.replace(/\s+/g, ' ').replace(/(?<=[\w,;()'"`.]) | (?=[\w,;()'"`.])/g, '')
}

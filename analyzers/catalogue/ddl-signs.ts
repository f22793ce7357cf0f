import type { Dialect } from '../model.js'

/** Words and marks of definitions that one database alone knows. */
const SIGNS: Partial<Record<Dialect, RegExp[]>> = {
  mysql: [
    /`\w+`/,
    /\bENGINE\s*=\s*\w*(?:InnoDB|MyISAM|MEMORY|Aria)\b/i,
    /\bAUTO_INCREMENT\b/i,
    /\bUNSIGNED\b/i,
    /\bON\s+UPDATE\s+CURRENT_TIMESTAMP\b/i,
    /\b(?:TINYINT|MEDIUMINT|MEDIUMTEXT|LONGTEXT|DATETIME\(\d\))/i,
    /\bENUM\s*\('/i,
    /\bCHARSET\s*=/i,
    /^DELIMITER\s/im,
    /\bFULLTEXT\b/i,
  ],
  postgresql: [
    /\b(?:BIG|SMALL)?SERIAL\b/i,
    /\b(?:JSONB|TIMESTAMPTZ|BYTEA|TSVECTOR|CITEXT)\b/i,
    /\bWITH(?:OUT)?\s+TIME\s+ZONE\b/i,
    /[\w)'"]::\s*["a-z_]/i,
    /\$\w*\$/,
    /\bPLPGSQL\b/i,
    /\bCREATE\s+(?:EXTENSION|MATERIALIZED|TYPE)\b/i,
    /\bUSING\s+(?:gin|gist|brin)\b/i,
    /\b(?:gen_random_uuid|uuid_generate_v4|create_hypertable)\s*\(/i,
    /\b(?:text|uuid|integer|int|varchar)\s*\[\]/i,
    /\bROW\s+LEVEL\s+SECURITY\b/i,
    /\bALTER\s+COLUMN\s+\S+\s+(?:TYPE|SET|DROP)\b/i,
  ],
  sqlite: [/\bAUTOINCREMENT\b/i, /\bWITHOUT\s+ROWID\b/i, /\bPRAGMA\b/i, /\bsqlite_/i],
  mssql: [
    /\[dbo\]/i,
    /\bIDENTITY\s*\(\s*1/i,
    /\bNVARCHAR\b/i,
    /^GO\s*$/im,
    /\bUNIQUEIDENTIFIER\b/i,
    /\bDATETIME2\b/i,
  ],
  clickhouse: [/\bMergeTree\b/, /\bLowCardinality\b/, /\bDateTime64\b/],
}

/** Enough of a text to know its dialect by. */
const SEARCHED = 60_000

/**
 * The dialect that the most signs in the text tell. What the service's connections speak stands unless the text
 * shows none of its signs and two or more of another's.
 */
export function dialectOfDdl(text: string, spoken: Dialect): Dialect {
  const searched = withoutComments(text.slice(0, SEARCHED))
  const count = (dialect: Dialect) => (SIGNS[dialect] ?? []).filter(sign => sign.test(searched)).length
  if (spoken !== 'unknown' && count(spoken) > 0) return spoken
  const counts = (Object.keys(SIGNS) as Dialect[]).map(dialect => ({ dialect, signs: count(dialect) }))
  counts.sort((a, b) => b.signs - a.signs)
  const [best, second] = counts
  if (best!.signs === second!.signs || best!.signs < (spoken === 'unknown' ? 1 : 2)) return spoken
  return best!.dialect
}

/** Comments quote names in their own way; `/*! … *\/` is MySQL's text. Step by step, for it must be linear. */
function withoutComments(text: string): string {
  let kept = ''
  let from = 0
  for (const { index } of text.matchAll(/--|\/\*(?!!)/g)) {
    if (index < from) continue
    const isLine = text[index] === '-'
    const close = text.indexOf(isLine ? '\n' : '*/', index)
    kept += `${text.slice(from, index)} `
    from = close < 0 ? text.length : close + (isLine ? 0 : 2)
  }
  return kept + text.slice(from)
}

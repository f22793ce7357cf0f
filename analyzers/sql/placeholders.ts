import type { SqlDialect } from './dialects/index.js'
import { HOLE_CHARACTER } from './hole-character.js'
import type { Token } from './tokenizer.js'

/**
 * What a placeholder stands for. value: one value. name: a quoted name (`??`, `$(t:name)`, `%I`).
 * text: any piece of SQL (`$(where:raw)`, `{where}`). variable: a variable of the server (`@x`).
 */
export type PlaceholderKind = 'value' | 'name' | 'text' | 'variable'

// Each pattern is sticky and matches from the place alone; none of them can backtrack over more than a word.
const PG_PROMISE =
  /\$(?:\([^()\n]{1,120}\)|\{[^{}\n]{1,120}\}|\[[^[\]\n]{1,120}\]|<[^<>\n]{1,120}>|\/[^/\n]{1,120}\/)/y
const PG_NUMBERED = /\$\d+(?:~|\^|:(?:name|alias|raw|value|csv|list|json)\b)?/y
const QUESTION_NUMBERED = /\?\d*/y
const NAMED = /[:@$][\p{L}_][\p{L}\p{N}_.]*/uy
/** Lists and objects of pgtyped, where the grammar has a bracket: `IN $$ids`, `VALUES $$users(name!, age)`. */
const PGTYPED = /\$\$?[\p{L}_][\p{L}\p{N}_]*!?(?:\([\w\s,!]{1,20000}\))?/uy
const SERVER_VARIABLE = /@@?(?:[\w$]+(?:\.[\w$]+)*|`[^`\n]*`|'[^'\n]*'|"[^"\n]*")/y
const PG_FORMAT = /%(?:\d+\$)?[sIL](?![\w$])|%\(\w+\)s/y
const MYBATIS = /#\{[^{}\n]{1,120}\}/y
/** The name of one with a type may have holes: `{${name}:Array(String)}`. */
const TEMPLATE = new RegExp(
  `\\{\\{?\\s*(?:\\w[\\w.]*|[\\w.${HOLE_CHARACTER}]+(?=\\s*:))\\s*(?::[^{}\\n]{1,80})?\\}?\\}`,
  'y',
)

/** Words after which a value is expected, so that `?` cannot be an operator. */
const BEFORE_VALUE = new Set(
  `SELECT WHERE AND OR NOT ON IN LIKE ILIKE SIMILAR BETWEEN LIMIT OFFSET TOP FETCH FIRST NEXT VALUES VALUE SET BY HAVING
  CASE WHEN THEN ELSE RETURNING INTERVAL ANY ALL SOME IS AS FROM TO USING INTO JOIN UPDATE TABLE DISTINCT ESCAPE REGEXP
  RLIKE DIV MOD XOR CALL EXEC EXECUTE DEFAULT ZONE RETURN COLLATE DATE TIME TIMESTAMP GLOB MATCH CONTAINS`.split(
    /\s+/,
  ),
)

/** Words that may follow a value, so that `?` before them is one. */
const AFTER_VALUE = new Set(
  `AND OR ORDER GROUP LIMIT OFFSET FROM WHERE THEN ELSE END WHEN UNION EXCEPT INTERSECT RETURNING ON HAVING AS IS IN NOT FOR
  ASC DESC BETWEEN LIKE ESCAPE DAY HOUR MINUTE MONTH SECOND YEAR WEEK FETCH ROWS ROW NULLS USING SET VALUES`.split(
    /\s+/,
  ),
)

/** True if the token before can be the left side of an operator. */
function isLeftSide(token: Token | undefined): boolean {
  if (!token) return false
  if (token.kind === 'op') return token.value === ')' || token.value === ']'
  if (token.kind === 'word') return !BEFORE_VALUE.has(token.upper)
  return token.kind !== 'end'
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/**
 * End of the placeholder that begins at `at`, or `at` if none does. `tokens` are those before it: they
 * decide whether `?` is an operator, `%s` a remainder, `:x` part of a slice or of a path.
 */
export function readPlaceholder(
  text: string,
  at: number,
  dialect: SqlDialect,
  tokens: readonly Token[],
  subscript: boolean,
): number {
  const first = text[at]!
  const previous = tokens[tokens.length - 1]
  const touches = previous !== undefined && previous.end === at
  switch (first) {
    case '?':
      return questionMark(text, at, dialect, previous)
    case '$': {
      const promise = match(PG_PROMISE, text, at)
      if (promise > at) return promise
      const numbered = match(PG_NUMBERED, text, at)
      if (numbered > at) return numbered
      if (!dialect.namedPlaceholders.includes('$')) return at
      if (previous?.upper === 'IN' || previous?.upper === 'VALUES') {
        const bracket = match(PGTYPED, text, at)
        if (bracket > at) return bracket
      }
      const named = match(NAMED, text, at)
      // `$tag$` is a quote, not a name
      return named > at && text[named] !== '$' ? withMark(text, named) : at
    }
    case ':': {
      if (subscript || text[at + 1] === ':' || text[at + 1] === '=' || text[at - 1] === ':') return at
      // `column:path.to` of Snowflake, `label:` of a loop
      if (touches && isLeftSide(previous)) return at
      const named = match(NAMED, text, at)
      return named > at ? withMark(text, named) : at
    }
    case '@': {
      if (
        dialect.questionMarkOperators &&
        (text[at + 1] === '@' || text[at + 1] === '>' || text[at + 1] === '?')
      ) {
        // `@@`, `@>`, `@?` of PostgreSQL; `@@version` when a name follows and no left side stands before it
        return text[at + 1] === '@' && !isLeftSide(previous) ? match(SERVER_VARIABLE, text, at) : at
      }
      return match(SERVER_VARIABLE, text, at)
    }
    case '%': {
      if (touches && isLeftSide(previous)) return at
      const end = match(PG_FORMAT, text, at)
      return end > at && (!isLeftSide(previous) || previous!.kind === 'op') ? end : at
    }
    case '#':
      return match(MYBATIS, text, at)
    case '{':
      return match(TEMPLATE, text, at)
    default:
      return at
  }
}

/** `:id!` and `$id!` of pgtyped must not be null. */
function withMark(text: string, end: number): number {
  return text[end] === '!' && text[end + 1] !== '=' ? end + 1 : end
}

function questionMark(text: string, at: number, dialect: SqlDialect, previous: Token | undefined): number {
  const next = text[at + 1]
  if (next === '?' && dialect.doubleQuestionMark) return at + 2
  if (dialect.questionMarkOperators && isLeftSide(previous)) {
    // `?|` and `?&` of jsonb; but `?||'x'` is a placeholder and a concatenation
    if (next === '&' || (next === '|' && text[at + 2] !== '|')) return at
    const after = /^\s*(?:['"$?:@(]|([a-z_]\w*))/i.exec(text.slice(at + 1, at + 40))
    if (after && !(after[1] && AFTER_VALUE.has(after[1].toUpperCase()))) return at
  }
  return match(QUESTION_NUMBERED, text, at)
}

/** What the placeholder written so stands for. */
export function placeholderKind(written: string, dialect: SqlDialect): PlaceholderKind {
  if (written === '??') return 'name'
  if (written.startsWith('%'))
    return written.endsWith('I') ? 'name' : written.endsWith('L') ? 'value' : 'text'
  if (written.startsWith('@')) {
    return written.startsWith('@@') || dialect.name === 'mysql' || dialect.name === 'mssql'
      ? 'variable'
      : 'value'
  }
  if (/^\$[({[</\d]/.test(written)) {
    if (/(?:~|:name|:alias)[)}\]>/]?$/.test(written)) return 'name'
    if (/(?:\^|:raw)[)}\]>/]?$/.test(written)) return 'text'
    return 'value'
  }
  if (written.startsWith('{'))
    return /:\s*Identifier\s*\}/i.test(written) ? 'name' : /:/.test(written) ? 'value' : 'text'
  return 'value'
}

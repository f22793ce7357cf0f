import type { SqlDialect } from './dialects/index.js'
import { placeholderKind } from './placeholders.js'
import { NOT_ALIAS } from './token-walk/keywords.js'
import type { Token } from './tokenizer.js'
import type { Hole } from './types.js'

/** Piece of a statement that has to be made digestible: alternatives, the likeliest first. */
export interface Gap {
  /** Index of its token. */
  token: number
  /** What stands there, for messages: the hole's code, or the placeholder as written. */
  hole: Hole
  alternatives: string[]
}

/** Name by which a gap is known in rendered text and found again in a syntax tree. */
export const gapName = (index: number) => `seamripper_gap_${index}_x`

/** Index of the gap that a name contains, or -1. */
export function gapOf(name: string): number {
  const found = /seamripper_gap_(\d+)_x/i.exec(name)
  return found ? Number(found[1]) : -1
}

/** A name with `*` for each gap in it. */
export const withStars = (name: string): string => name.replace(/seamripper_gap_\d+_x/gi, '*')

const words = (text: string) => new Set(text.trim().split(/\s+/))

const BEFORE_TABLE = words(
  'FROM JOIN INTO UPDATE TABLE STRAIGHT_JOIN ONLY EXISTS TABLES TRUNCATE VIEW DESCRIBE COPY LATERAL',
)
const BEFORE_CONDITION = words('WHERE AND OR ON HAVING NOT WHEN IF')
const BEFORE_COUNT = words('LIMIT OFFSET TOP FETCH FIRST NEXT')
const COMPARES = words('IN LIKE ILIKE IS BETWEEN NOT SIMILAR REGEXP RLIKE COLLATE ASC DESC')
const BEFORE_EXPRESSION = words(
  'SELECT BY DISTINCT ALL RETURNING CASE THEN ELSE AS LIKE ILIKE BETWEEN ANY SOME IS DIV MOD TO CALL EXEC WITH DEFAULT RECURSIVE SIMILAR ESCAPE ZONE USING KEY RENAME COLUMN CONSTRAINT ADD DROP TYPE REFERENCES INDEX ROLE SCHEMA DATABASE TRIGGER FUNCTION PROCEDURE SEQUENCE EXTENSION CREATE ALTER',
)

/** What may stand for a piece of unknown text, judged by the tokens before and after it. */
export function holeAlternatives(
  tokens: readonly Token[],
  at: number,
  from: number,
  to: number,
  name: string,
): string[] {
  const alternatives = alternativesByNeighbours(tokens, at, from, to, name)
  // `INSERT INTO t ${sql(rows)}`: the hole is all of the rows
  return alternatives[0] === '' && awaitsRows(tokens, at, from)
    ? ['VALUES (1)', ...alternatives]
    : alternatives
}

/** Tokens of the longest list of columns that is looked through. */
const MAX_COLUMNS = 1000

/** True after `INTO t` or `INTO t (columns)`. */
function awaitsRows(tokens: readonly Token[], at: number, from: number): boolean {
  let i = at - 1
  if (tokens[i]?.value === ')') {
    const first = Math.max(from, at - MAX_COLUMNS)
    while (i > first && tokens[i]!.value !== '(') i--
    i--
  }
  while (i > from && tokens[i]!.kind !== 'op' && tokens[i - 1]!.value === '.') i -= 2
  return i > from && tokens[i - 1]!.upper === 'INTO'
}

/** True for all that is between the parentheses of `WITH x AS (…)`. */
function awaitsQuery(tokens: readonly Token[], at: number, from: number): boolean {
  return (
    at - 2 >= from &&
    tokens[at - 1]!.value === '(' &&
    tokens[at - 2]!.upper === 'AS' &&
    tokens[at + 1]?.value === ')'
  )
}

function alternativesByNeighbours(
  tokens: readonly Token[],
  at: number,
  from: number,
  to: number,
  name: string,
): string[] {
  const previous = at > from ? tokens[at - 1] : undefined
  const next = at + 1 < to ? tokens[at + 1] : undefined
  if (!previous) {
    // In place of the verb: a CTE before it, a comment, or the whole query
    if (next?.upper === 'INTO') return ['INSERT', '']
    if (tokens.slice(at + 1, Math.min(at + 5, to)).some(token => token.upper === 'SET')) return ['UPDATE', '']
    return next ? ['', 'SELECT 1', 'SELECT * FROM', `WITH ${name} AS (SELECT 1)`] : ['SELECT 1']
  }
  if (previous.kind === 'op') {
    switch (previous.value) {
      case '.':
        return [name, '*']
      case '::':
        return ['text']
      case '(':
        if (next?.value === ')') return [name, '1', 'SELECT 1', '']
        return [name, '', 'SELECT', '1=1']
      case ')':
        return afterOperand(previous, next, name)
      case ',':
        return [name, `${name} = 1`, '(1)', `${name} int`, '']
      case ']':
        return afterOperand(previous, next, name)
      default:
        return [name, "'1'", '(1)', '']
    }
  }
  if (next?.kind === 'op' && (next.value === '.' || (next.value === '(' && next.start === tokens[at]!.end)))
    return [name]
  if (previous.kind === 'word') {
    const word = previous.upper
    if (BEFORE_TABLE.has(word)) return [name, '(SELECT 1)', '']
    if (BEFORE_CONDITION.has(word)) {
      const compared =
        next !== undefined && (isOperator(next) || COMPARES.has(next.upper) || next.kind === 'hole')
      return compared ? [name, '1=1', ''] : ['1=1', name, '(1=1)', '']
    }
    // `SELECT … INTO TEMP ${table}`
    if (word === 'TEMP' || word === 'TEMPORARY' || word === 'UNLOGGED') return [name, '']
    if (word === 'SET') return next?.value === '=' ? [name] : [`${name} = 1`, name, '']
    if (word === 'VALUES') return ['(1)', name, '']
    if (word === 'FOR') return ['UPDATE', '']
    // `LOCK TABLE t IN ${level} MODE`
    if (word === 'IN') return next?.upper === 'MODE' ? ['SHARE'] : ['(1)', name]
    if (word === 'INTERVAL') return ["'1'", '1', name]
    if (BEFORE_COUNT.has(word)) return ['1', name, '']
    if (BEFORE_EXPRESSION.has(word)) return [name, '1', '', '(1)', "'1'"]
    if (word === 'ORDER' || word === 'GROUP') return ['BY 1', '']
    return afterOperand(previous, next, name)
  }
  return afterOperand(previous, next, name)
}

/** After a value, a name or a whole clause: mostly a further clause, or an operator between two values. */
function afterOperand(previous: Token, next: Token | undefined, name: string): string[] {
  const value = next && (next.kind === 'placeholder' || next.kind === 'number' || next.kind === 'string')
  if (value) return ['=', '', 'AND', ',']
  const plain = next?.kind === 'word' && !NOT_ALIAS.has(next.upper) && previous.kind !== 'hole'
  return plain ? ['', '=', ',', name] : ['', ', 1', name, 'WHERE 1=1', '= 1', '(1)', 'AND']
}

function isOperator(token: Token): boolean {
  return token.kind === 'op' && !['(', ')', ',', '[', ']'].includes(token.value)
}

/** What may stand for a driver's placeholder. `1` parses nearly everywhere; names stay names. */
export function placeholderAlternatives(
  tokens: readonly Token[],
  at: number,
  from: number,
  to: number,
  name: string,
  dialect: SqlDialect,
): string[] {
  const token = tokens[at]!
  const previous = at > from ? tokens[at - 1] : undefined
  const kind = placeholderKind(token.value, dialect)
  if (kind === 'name') return [name]
  if (kind === 'variable') return [token.value, '1', name]
  if (kind === 'text') return holeAlternatives(tokens, at, from, to, name)
  // What a tag takes apart from its values is none: `INSERT INTO t ${sql(rows)}`, `WITH x AS (${query})`
  if (awaitsRows(tokens, at, from)) return ['VALUES (1)', '1']
  if (awaitsQuery(tokens, at, from)) return ['SELECT 1', '1']
  const word = previous?.upper ?? ''
  if (BEFORE_TABLE.has(word) || previous?.value === '.') return [name, '1']
  if (word === 'SET') return tokens[at + 1]?.value === '=' ? [name] : [`${name} = 1`, '1']
  if (word === 'VALUES' || word === 'IN') return ['(1)', '1', name]
  if (
    word === 'INTERVAL' ||
    word === 'DATE' ||
    word === 'TIMESTAMP' ||
    word === 'ZONE' ||
    word === 'ESCAPE'
  ) {
    return ["'1'", '1', name]
  }
  return ['1', "'1'", '(1)', name, `${name} = 1`]
}

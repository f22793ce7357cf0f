/** Words for the conditions of a statement that hold whoever calls: its name says what it leaves out. */
import {
  type Assignment,
  childrenOf,
  conjuncts,
  type Expr,
  type Query,
  queryIn,
  type Statement,
} from '../sql/tree.js'
import { pascal, singular, wordsOf } from './words.js'

/** What stays readable behind a name: conditions, and words of all of them. */
const MAX_CONDITIONS = 3
const MAX_WORDS = 10
/** Alternatives that are written out: `status IN ('open', 'held')`. */
const MAX_LISTED = 3

export function whereOf(statement: Statement): Expr | null {
  if (statement.kind === 'select') return statement.query.branches[0]?.where ?? null
  return statement.kind === 'insert' ? null : statement.where
}

/** Conditions that no parameter of the operation tells of, nor the join of its tables. */
export function unnamedConditions(statement: Statement): Expr[] {
  return conjuncts(whereOf(statement)).filter(expr => !tells(expr) && !isJoin(expr))
}

function tells(expr: Expr): boolean {
  return expr.kind === 'parameter' || childrenOf(expr).some(tells) || parametersIn(queryIn(expr))
}

function parametersIn(query: Query | null): boolean {
  return (query?.branches ?? []).some(({ where, from, items }) =>
    [where, ...from.map(({ on }) => on), ...items.map(({ expr }) => expr)].some(
      each => each !== null && tells(each),
    ),
  )
}

/** `FROM orders o, patients p WHERE o.patient_id = p.id` */
function isJoin(expr: Expr): boolean {
  return (
    expr.kind === 'compare' &&
    expr.op === '=' &&
    expr.left.kind === 'column' &&
    expr.right.kind === 'column' &&
    expr.left.table !== expr.right.table
  )
}

/**
 * Words for what it leaves out, such as `StatusOpenAndOverdue`; '' where it leaves out nothing, or nothing but what counts
 * as not there (`deleted_at IS NULL`), or what would be as it is written anyway.
 *
 * @param room letters that a name has left for it
 */
export function leftOut(statement: Statement, room: number): string {
  const set = statement.kind === 'update' ? statement.set : []
  return wordsFor(
    unnamedConditions(statement).filter(expr => !isThere(expr) && !set.some(each => isAlready(expr, each))),
    room,
  )
}

/** Words for conditions, each whole or not at all. */
export function wordsFor(conditions: Expr[], room: number): string {
  const all = conditions.map(conditionWords)
  // A condition that says less of a column than another one adds nothing.
  const told = all.filter(
    (words, at) =>
      words.length > 0 &&
      !all.some(
        (other, place) =>
          place !== at &&
          words.every((word, index) => other[index] === word) &&
          (other.length > words.length || place < at),
      ),
  )
  const said: string[][] = []
  for (const words of told.slice(0, MAX_CONDITIONS)) {
    const isShort = said.flat().length + words.length <= MAX_WORDS
    if (isShort && [...said, words].map(pascal).join('And').length <= room) said.push(words)
  }
  return said.map(pascal).join('And')
}

/** `is_read = 0` beside `SET is_read = 1`: rows that are so already would stay as they are. */
function isAlready(expr: Expr, { column, value }: Assignment): boolean {
  if (expr.kind !== 'compare' || value.kind !== 'literal') return false
  const [of, other] = expr.left.kind === 'column' ? [expr.left, expr.right] : [expr.right, expr.left]
  if (of.kind !== 'column' || of.name !== column || other.kind !== 'literal') return false
  const isUnlike = /^(?:<>|!=)$/.test(expr.op) && other.text === value.text
  return (
    isUnlike || (expr.op === '=' && isFlag(other.text) && isFlag(value.text) && other.text !== value.text)
  )
}

function isFlag(text: string): boolean {
  return /^(?:[01]|true|false)$/i.test(text)
}

/** `status = 'active'` -> status, active; `is_read = 0` -> not, read. */
export function literalWords(expr: Expr): string[] {
  if (expr.kind !== 'compare' || expr.op !== '=') return []
  const [column, literal] = expr.left.kind === 'column' ? [expr.left, expr.right] : [expr.right, expr.left]
  if (column.kind !== 'column' || literal.kind !== 'literal') return []
  const words = wordsOf(column.name)
  if (!isFlag(literal.text)) return [...words, ...wordsOf(literal.text)]
  const plain = words.length > 1 && words[0] === 'is' ? words.slice(1) : words
  return /^(?:0|false)$/i.test(literal.text) ? ['not', ...plain] : plain
}

/** What a condition says, as far as words do; the column that it looks at where they don't. */
function conditionWords(expr: Expr): string[] {
  const literal = literalWords(expr)
  if (literal.length > 0) return literal
  if (expr.kind === 'exists') return ['has', ...tableWords(expr.query)]
  if (expr.kind === 'not' && expr.of.kind === 'exists') return ['has', 'no', ...tableWords(expr.of.query)]
  if (expr.kind === 'or') return eitherWords(expr.args)
  const words = columnWords(expr)
  if (words.length === 0) return []
  if (expr.kind === 'is-null') return [...words, ...(expr.negated ? ['not', 'null'] : ['null'])]
  if (expr.kind === 'in-query')
    return [...words, ...(expr.negated ? ['not', 'in'] : ['in']), ...tableWords(expr.query)]
  if (expr.kind === 'in') return [...words, ...listedWords(expr.list, expr.negated)]
  if (expr.kind === 'compare') return comparedWords(expr, words)
  return words
}

/** `a = 1 OR b = 1`, while that is short. */
function eitherWords(args: Expr[]): string[] {
  const all = args.flatMap(each => (each.kind === 'or' ? each.args : [each])).map(conditionWords)
  const words = all.flatMap((each, at) => (at === 0 ? each : ['or', ...each]))
  const isShort = all.every(each => each.length > 0) && words.length <= MAX_WORDS
  return isShort ? words : (all.find(each => each.length > 0) ?? [])
}

function listedWords(list: Expr[], negated: boolean): string[] {
  const texts = list.map(each =>
    each.kind === 'literal' && each.type === 'string' ? wordsOf(each.text) : [],
  )
  if (texts.length > MAX_LISTED || texts.some(each => each.length === 0)) return []
  return [...(negated ? ['not'] : []), ...texts.flatMap((each, at) => (at === 0 ? each : ['or', ...each]))]
}

function comparedWords(expr: Expr & { kind: 'compare' }, words: string[]): string[] {
  const isLeft = columnOf(expr.left) !== null
  const other = isLeft ? expr.right : expr.left
  const op = isLeft ? expr.op : turned(expr.op)
  const isClock = CLOCKS.test(other.kind === 'call' ? other.name : '')
  if (op === '=' && isClock) return [...words, 'today']
  if (/^[<>]=?$/.test(op) && isClock) return clockWords(words, op.startsWith('<'))
  const literal = other.kind === 'literal' ? other : null
  if (/^(?:<>|!=)$/.test(op) && literal && /^(?:string|integer)$/.test(literal.type))
    return [...words, 'not', ...wordsOf(literal.text)]
  if (op === '=' && literal) return [...words, ...(isFlag(literal.text) ? [] : wordsOf(literal.text))]
  const sign = SIGNS[op]
  return sign && literal?.type === 'integer' && literal.text.length <= 6
    ? [...words, ...sign, literal.text]
    : words
}

const CLOCKS = /^(?:now|current_timestamp|utc_timestamp|localtimestamp|current_date|curdate)$/
const SIGNS: Record<string, string[]> = {
  '>': ['above'],
  '>=': ['at', 'least'],
  '<': ['below'],
  '<=': ['at', 'most'],
}

/** `expires_at < NOW()` -> expired; `starts_at > NOW()` -> starts, at, future. */
function clockWords(words: string[], isPast: boolean): string[] {
  const isEnd = /^(?:expires?|expiry|expiration)(?: (?:at|on|date|time))?$/.test(words.join(' '))
  if (isEnd) return isPast ? ['expired'] : ['not', 'expired']
  return [...words, isPast ? 'past' : 'future']
}

function turned(op: string): string {
  return op.startsWith('<') ? op.replace('<', '>') : op.replace('>', '<')
}

/** Words of the column that an expression looks at first; of a document, of what is taken of it: `extra->>'wa_reminder'`. */
function columnWords(expr: Expr): string[] {
  if (expr.kind === 'column') return wordsOf(expr.name)
  const key = expr.kind === 'call' && /^->>?$/.test(expr.name) ? expr.args[1] : null
  if (key?.kind === 'literal' && key.type === 'string' && wordsOf(key.text).length > 0)
    return wordsOf(key.text)
  for (const child of childrenOf(expr)) {
    const found = columnWords(child)
    if (found.length > 0) return found
  }
  return []
}

function columnOf(expr: Expr): string | null {
  if (expr.kind === 'column') return expr.name
  return (
    childrenOf(expr)
      .map(columnOf)
      .find(name => name !== null) ?? null
  )
}

function tableWords({ branches }: Query): string[] {
  const words = wordsOf(branches[0]?.from[0]?.table ?? 'rows')
  return [...words.slice(0, -1), singular(words.at(-1) ?? 'row')]
}

/** `deleted_at IS NULL`, `is_deleted = 0` */
export function isThere(expr: Expr): boolean {
  const column = columnOf(expr)
  const isOfDeletion = column !== null && /^(?:is_?)?(?:deleted|removed|archived)(?:_?at)?$/i.test(column)
  return isOfDeletion && (expr.kind === 'is-null' ? !expr.negated : literalWords(expr)[0] === 'not')
}

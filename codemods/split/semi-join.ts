/** `IN (SELECT …)` and `EXISTS (SELECT …)` over tables of one other owner: which own rows have a counterpart there. */
import type { TemplatePart } from '../site/template.js'
import { clausesOf, type Range } from '../sql/clauses.js'
import { readStatement, tokensOf } from '../sql/read.js'
import { childrenOf, type Expr, type Query, queryIn, type Source } from '../sql/tree.js'
import { whyUnlike } from './checks.js'
import type { SplitContext, Term } from './context.js'
import { expressionsOf, same } from './scope.js'
import type { ForeignPart } from './split.js'
import { pieces } from './text.js'

export interface SemiJoin extends Omit<ForeignPart, 'join'> {
  own: { source: number; name: string }
  join: Omit<ForeignPart['join'], 'ownKey' | 'addedKey'>
}

interface Inner {
  query: Query
  owner: string
  /** Column of its rows that is compared, and the one of the statement around it. */
  key: Expr & { kind: 'column' }
  own: Expr & { kind: 'column' }
  /** Its text, and what of that is the comparison with the statement around it. */
  range: Range
  correlation: Range | null
}

/**
 * What a term asks of another owner; null for a term that asks nothing.
 *
 * @throws Refusal for a query over others' tables that can't be asked for by keys
 */
export function semiJoin(term: Term, context: SplitContext): SemiJoin | null {
  const { scope, home, dialect, sql, no } = context
  const isNegated = term.expr.kind === 'not' || (term.expr.kind === 'in-query' && term.expr.negated)
  const asked = term.expr.kind === 'not' ? term.expr.of : term.expr
  if (asked.kind !== 'in-query' && asked.kind !== 'exists') return null
  const { query } = asked
  const tables = query.branches.flatMap(branch => branch.from.map(source => scope.tableOf(source)))
  if (tables.every(table => table?.owner === home)) return null
  const owners = new Set(tables.map(table => table?.owner ?? null))
  const [owner] = owners
  if (owners.size !== 1 || !owner) throw no('a query in it is over tables of several owners')
  const refusal = no('a query in it can not be asked for by keys')
  const [select] = query.branches
  const isPlain =
    query.branches.length === 1 &&
    query.ctes.length === 0 &&
    !query.limit &&
    !query.offset &&
    !query.locks &&
    select!.groupBy.length === 0 &&
    !select!.having
  if (!isPlain || select!.from.some(source => source.join === 'right' || source.join === 'full'))
    throw refusal
  const found = asked.kind === 'in-query' ? inList(asked, term, context) : exists(query, term, context)
  if (!found || !isClosed(found, context)) throw refusal
  const source = scope.sourceOf(found.own)
  const own = source === null ? null : { source, name: found.own.name }
  const keyTable = tableOfColumn(found.key, select!.from, context)
  if (!own || !keyTable || context.isForeign(own.source)) throw refusal
  const unlike = whyUnlike(
    { table: scope.tables[own.source]!, name: own.name },
    { table: keyTable, name: found.key.name },
    dialect,
  )
  if (unlike) throw no(unlike)
  // NOT IN is true for no row at all where a NULL is among the values.
  if (isNegated && asked.kind === 'in-query') {
    const isNullable = (name: string, table: typeof keyTable): boolean =>
      table.columns.some(column => same(column.name, name) && column.nullable) &&
      !table.primaryKey.includes(name)
    if (isNullable(found.key.name, keyTable) || isNullable(own.name, scope.tables[own.source]!))
      throw no('it asks for what is NOT IN columns that may be NULL')
  }
  const template = templateOf(found, sql, context)
  if (!template) throw refusal
  return {
    owner,
    own,
    template,
    join: { kind: isNegated ? 'anti' : 'semi', foreignKey: found.key.name, columns: [] },
  }
}

function inList(
  { of, query }: Expr & { kind: 'in-query' },
  term: Term,
  context: SplitContext,
): Omit<Inner, 'owner'> | null {
  const [item, ...more] = query.branches[0]!.items
  const range = queryRange(term, context)
  if (of.kind !== 'column' || item?.expr.kind !== 'column' || more.length > 0 || !range) return null
  return { query, key: item.expr, own: of, range, correlation: null }
}

function exists(query: Query, term: Term, context: SplitContext): Omit<Inner, 'owner'> | null {
  const { sql, dialect, repository } = context
  const range = queryRange(term, context)
  if (!range) return null
  const clauses = clausesOf(sql.slice(range.start, range.end), dialect)
  const { from } = query.branches[0]!
  const isInner = (column: Expr & { kind: 'column' }): boolean =>
    tableOfColumn(column, from, context) !== null
  const found = (clauses?.where?.terms ?? []).flatMap(({ start, end }) => {
    const place = { start: range.start + start, end: range.start + end }
    const text = sql.slice(place.start, place.end)
    const statement = readStatement(`SELECT 1 FROM t WHERE ${text}`, dialect, repository.parsers)
    const expr = statement?.kind === 'select' ? statement.query.branches[0]?.where : null
    if (expr?.kind !== 'compare' || expr.op !== '=' || /\bDISTINCT\b/i.test(text)) return []
    const { left, right } = expr
    if (left.kind !== 'column' || right.kind !== 'column' || isInner(left) === isInner(right)) return []
    const [key, own] = isInner(left) ? [left, right] : [right, left]
    return [{ query, key, own, range, correlation: place }]
  })
  return found.length === 1 ? found[0]! : null
}

/** True where nothing but the comparison looks at the statement around it. */
function isClosed({ query, own }: Omit<Inner, 'owner'>, context: SplitContext): boolean {
  const [select] = query.branches
  let outside = 0
  const walk = (expr: Expr): boolean => {
    if (queryIn(expr)) return false
    if (expr.kind === 'column' && tableOfColumn(expr, select!.from, context) === null) {
      if (expr.name !== own.name || expr.table !== own.table) return false
      outside++
    }
    return childrenOf(expr).every(walk)
  }
  return expressionsOf(select!, query).every(walk) && outside <= 1
}

function tableOfColumn(column: Expr & { kind: 'column' }, from: Source[], { scope }: SplitContext) {
  const { table, name } = column
  const named = from.filter(source => table === null || same(source.alias, table))
  const found = named.find(source => scope.tableOf(source)?.columns.some(each => same(each.name, name)))
  return found ? scope.tableOf(found) : null
}

/** The operation: the keys, of those that are asked for, for which the query has rows. */
function templateOf(
  { query, key, range, correlation }: Omit<Inner, 'owner'>,
  sql: string,
  { dialect }: SplitContext,
): TemplatePart[] | null {
  const text = sql.slice(range.start, range.end)
  const clauses = clausesOf(text, dialect)
  if (!clauses || clauses.sources.length !== query.branches[0]!.from.length) return null
  const alias = key.table ?? (query.branches[0]!.from.length === 1 ? query.branches[0]!.from[0]!.alias : null)
  const name = alias === null ? key.name : `${alias}.${key.name}`
  if (!/^[A-Za-z_][\w.]*$/.test(name)) return null
  const from = { start: range.start + clauses.sources[0]!.start, end: range.start + clauses.afterFrom }
  const conditions = (clauses.where?.terms ?? [])
    .map(each => ({ start: range.start + each.start, end: range.start + each.end }))
    .filter(each => each.start !== correlation?.start)
  return [
    { kind: 'text', text: `SELECT DISTINCT ${name} FROM ` },
    ...pieces(sql, dialect, from),
    { kind: 'text', text: ` WHERE ${name} IN (` },
    { kind: 'value', slot: 0, code: 'keys', list: true },
    { kind: 'text', text: ')' },
    ...conditions.flatMap(each => [
      { kind: 'text' as const, text: conditions.length === 1 ? ' AND (' : ' AND ' },
      ...pieces(sql, dialect, each),
      ...(conditions.length === 1 ? [{ kind: 'text' as const, text: ')' }] : []),
    ]),
  ]
}

/** The inside of the parentheses of a term's query. */
function queryRange({ range }: Term, { sql, dialect }: SplitContext): Range | null {
  const tokens = tokensOf(sql, dialect).filter(({ start, end }) => start >= range.start && end <= range.end)
  const open = tokens.findIndex((token, at) => token.value === '(' && tokens[at + 1]?.upper === 'SELECT')
  const close = tokens.at(-1)
  if (open === -1 || close?.value !== ')') return null
  return { start: tokens[open + 1]!.start, end: tokens.at(-2)!.end }
}

/** Statements over own and foreign tables: the foreign part as an operation, and what of the text stays. */
import type { Access, Table } from '../../analyzers/model.js'
import type { Token } from '../../analyzers/sql/tokenizer.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import type { TemplatePart } from '../site/template.js'
import { readStatement, tokensOf } from '../sql/read.js'
import { childrenOf, conjuncts, type Expr, queryIn, type Select, type Source } from '../sql/tree.js'
import type { RewriteDialect } from '../wire.js'
import type { SplitEdit } from './plan.js'

export interface Split {
  owner: string
  /** The operation's statement. */
  template: TemplatePart[]
  own: SplitEdit['own']
  join: Omit<SplitEdit['join'], 'parameter'>
}

/** What a person would do with a join that can't be taken apart. */
export const SPLIT_ADVICE =
  'ask the owner for its part with one call for all rows, or keep a copy of its columns up to date by events'

/** @throws Refusal with the first reason for which the parts can't be shown to give the same together */
export function planSplit(
  access: Access,
  sql: string,
  dialect: RewriteDialect,
  { parsers, tables }: Repository,
): Split {
  const no = (reason: string): Refusal =>
    new Refusal(`own and foreign tables in one statement: ${reason}`, SPLIT_ADVICE)
  const statement = readStatement(sql, dialect, parsers)
  if (statement?.kind !== 'select') throw no('it is no plain SELECT')
  const { query } = statement
  const [select] = query.branches
  if (!select || query.branches.length > 1 || query.ctes.length > 0)
    throw no('it is put together of several queries')
  if (select.distinct || select.groupBy.length > 0 || select.having) throw no('it groups its rows')
  if (query.locks) throw no('it locks rows')
  const tableOf = (source: Source): Table | null => {
    const found = access.tables.find(each => each.table.toLowerCase() === source.table?.toLowerCase())
    return found?.id ? (tables.get(found.id) ?? null) : null
  }
  if (select.from.some(source => source.query !== null)) throw no('it has a query in FROM')
  const foreign = select.from.filter(source => tableOf(source)?.owner !== access.service)
  const [source] = foreign
  if (!source || foreign.length > 1) throw no('it joins more than one foreign table')
  const table = tableOf(source)
  if (!table?.owner) throw no('the owner of a table is not known')
  if (select.from[0] === source) throw no('it begins with the foreign table')
  if (source.join !== 'inner' && source.join !== 'left') throw no('it is no inner or left join')
  if (select.from.some(each => each.join === 'right' || each.join === 'full'))
    throw no('it has a right or full join')
  if (source.join === 'inner' && query.limit) throw no('its LIMIT counts rows after the join')

  const isForeign = (expr: Expr): boolean => mentions(expr, source, table, select, tableOf)
  const { foreignKey, ownKey, conditions } = readOn(source, table, isForeign, no)
  for (const expr of [
    select.where,
    ...query.orderBy,
    ...select.from.filter(each => each !== source).map(each => each.on),
  ]) {
    if (expr && isForeign(expr)) throw no('its filters or its order look at foreign columns')
  }
  if (source.on && hasParameter(source.on)) throw no('its join has parameters')

  const tokens = tokensOf(sql, dialect)
  const items = itemRanges(tokens)
  if (!items || items.length !== select.items.length) throw no('its list of columns is not understood')
  const columns: Split['join']['columns'] = []
  const gone: number[] = []
  const kept: string[] = []
  let hasKey = false
  select.items.forEach((item, at) => {
    const { expr } = item
    if (expr.kind === 'star') {
      if (expr.table === null || same(expr.table, source.alias))
        throw no('it takes all columns of the foreign table')
      const own = select.from.find(each => same(each.alias, expr.table!))
      const names = own ? (tableOf(own)?.columns ?? []).map(column => column.name) : []
      if (names.length === 0) throw no('the columns of an own table are not known')
      kept.push(...names)
      if (same(expr.table, ownKey.table ?? '') && names.some(name => same(name, ownKey.name))) hasKey = true
      return
    }
    if (!isForeign(expr)) {
      const name = item.alias ?? (expr.kind === 'column' ? expr.name : '')
      kept.push(name)
      const isKey =
        expr.kind === 'column' && same(expr.name, ownKey.name) && same(expr.table ?? '', ownKey.table ?? '')
      if (isKey && same(name, ownKey.name)) hasKey = true
      return
    }
    if (expr.kind !== 'column') throw no('it reckons with foreign columns')
    columns.push({ name: item.alias ?? expr.name, column: expr.name })
    gone.push(at)
  })
  if (columns.length === 0 && source.join === 'left') throw no('nothing of the foreign table is used')
  if (gone.length === select.items.length) throw no('it takes nothing of its own tables')
  if (columns.some(({ name }) => kept.some(own => same(own, name))))
    throw no('two columns of its result have one name')
  if (
    query.orderBy.some(expr => expr.kind === 'column' && columns.some(({ name }) => same(name, expr.name)))
  ) {
    throw no('its filters or its order look at foreign columns')
  }
  if (query.orderBy.some(expr => expr.kind === 'literal')) throw no('its order is by position')

  const clause = joinRange(tokens, source)
  if (!clause) throw no('its join is not found in the text')
  const own: SplitEdit['own'] = [...gone.map(at => withoutItem(items, at, gone, sql)), clause].filter(
    edit => edit.start !== edit.end || edit.text !== '',
  )
  const keyName = hasKey ? ownKey.name : `seam_${ownKey.name}`
  if (!hasKey) {
    const end = items.filter((_, at) => !gone.includes(at)).at(-1)!.end
    const qualified = ownKey.table === null ? ownKey.name : `${ownKey.table}.${ownKey.name}`
    if (!/^[\w.]+$/.test(qualified)) throw no('the name of its key needs quotes')
    own.push({ start: end, end, text: `, ${qualified} AS ${keyName}` })
  }
  const wanted = [...new Set([foreignKey, ...columns.map(each => each.column)])]
  if (![...wanted, source.alias, source.table!].every(name => /^[A-Za-z_]\w*$/.test(name))) {
    throw no('a name of the foreign part needs quotes')
  }
  const alias = same(source.alias, source.table!) ? '' : ` ${source.alias}`
  const more = conditions.map(condition => ` AND ${conditionText(condition, source, no)}`).join('')
  return {
    owner: table.owner,
    template: [
      {
        kind: 'text',
        text: `SELECT ${wanted.map(name => `${source.alias}.${name}`).join(', ')} FROM ${source.table}${alias} WHERE ${source.alias}.${foreignKey} IN (`,
      },
      { kind: 'value', slot: 0, code: 'keys', list: true },
      { kind: 'text', text: `)${more}` },
    ],
    own,
    join: {
      kind: source.join,
      ownKey: keyName,
      addedKey: !hasKey,
      foreignKey,
      columns,
    },
  }
}

type No = (reason: string) => Refusal

/** The key of the join: equality of the foreign primary key and an own column; what else there is, of literals. */
function readOn(
  source: Source,
  table: Table,
  isForeign: (expr: Expr) => boolean,
  no: No,
): { foreignKey: string; ownKey: { table: string | null; name: string }; conditions: Expr[] } {
  const [primary, ...more] = table.primaryKey
  if (primary === undefined || more.length > 0) throw no('the foreign table has no primary key of one column')
  let key: { table: string | null; name: string } | null = null
  const conditions: Expr[] = []
  for (const term of conjuncts(source.on)) {
    if (term.kind === 'compare' && term.op === '=') {
      const [mine, theirs] = isForeign(term.left) ? [term.right, term.left] : [term.left, term.right]
      const isKey =
        theirs.kind === 'column' &&
        mine.kind === 'column' &&
        same(theirs.name, primary) &&
        isForeign(theirs) &&
        !isForeign(mine)
      if (isKey && key === null) {
        key = { table: mine.table, name: mine.name }
        continue
      }
    }
    conditions.push(term)
  }
  if (!key) throw no('it is not joined by the primary key of the foreign table')
  return { foreignKey: primary, ownKey: key, conditions }
}

/** `f.is_active = 1`: a foreign column and a literal. */
function conditionText(condition: Expr, source: Source, no: No): string {
  if (condition.kind === 'compare' && /^(?:=|<>|<|<=|>|>=)$/.test(condition.op)) {
    const { left, right } = condition
    if (
      left.kind === 'column' &&
      left.table !== null &&
      same(left.table, source.alias) &&
      right.kind === 'literal'
    ) {
      const value = right.type === 'string' ? `'${right.text.replaceAll("'", "''")}'` : right.text
      if (/^[A-Za-z_]\w*$/.test(left.name) && !right.text.includes('\\')) {
        return `${source.alias}.${left.name} ${condition.op} ${value}`
      }
    }
  }
  throw no('its join has more conditions than the key')
}

function mentions(
  expr: Expr,
  source: Source,
  table: Table,
  select: Select,
  tableOf: (source: Source) => Table | null,
): boolean {
  const inner = queryIn(expr)
  // A query inside may look at anything.
  if (inner) return true
  if (expr.kind === 'column') {
    if (expr.table !== null) return same(expr.table, source.alias)
    const isOwn = select.from.some(
      each => each !== source && tableOf(each)?.columns.some(column => same(column.name, expr.name)),
    )
    return !isOwn || table.columns.some(column => same(column.name, expr.name))
  }
  return childrenOf(expr).some(child => mentions(child, source, table, select, tableOf))
}

function hasParameter(expr: Expr): boolean {
  return expr.kind === 'parameter' || queryIn(expr) !== null || childrenOf(expr).some(hasParameter)
}

/** Ranges of the items of the outermost select list. */
function itemRanges(tokens: Token[]): { start: number; end: number }[] | null {
  if (tokens[0]?.upper !== 'SELECT') return null
  const ranges: { start: number; end: number }[] = []
  let depth = 0
  let from = 1
  for (let at = 1; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token.value === '(') depth++
    if (token.value === ')') depth--
    if (depth !== 0 || (token.value !== ',' && token.upper !== 'FROM') || token.kind === 'string') continue
    if (at === from) return null
    ranges.push({ start: tokens[from]!.start, end: tokens[at - 1]!.end })
    from = at + 1
    if (token.upper === 'FROM') return ranges
  }
  return null
}

/** An item that goes, with the comma and blanks on one side. */
function withoutItem(
  items: { start: number; end: number }[],
  at: number,
  gone: number[],
  sql: string,
): { start: number; end: number; text: string } {
  const hasKeptBefore = items.slice(0, at).some((_, index) => !gone.includes(index))
  if (hasKeptBefore) return { start: items[at - 1]!.end, end: items[at]!.end, text: '' }
  return { start: items[at]!.start, end: items[at + 1]?.start ?? sql.length, text: '' }
}

/** From JOIN, with what stands before it, to the end of its condition. */
function joinRange(tokens: Token[], source: Source): { start: number; end: number; text: string } | null {
  const ends = new Set([
    'WHERE',
    'GROUP',
    'ORDER',
    'LIMIT',
    'HAVING',
    'INNER',
    'LEFT',
    'RIGHT',
    'CROSS',
    'JOIN',
    'FOR',
    'OFFSET',
    'WINDOW',
    'UNION',
    'FULL',
    'NATURAL',
    'STRAIGHT_JOIN',
  ])
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    if (token.value === '(' && token.kind === 'op') depth++
    if (token.value === ')' && token.kind === 'op') depth--
    if (token.upper !== 'JOIN' || depth !== 0) continue
    let name = at + 1
    while (tokens[name + 1]?.value === '.') name += 2
    if (!tokens[name] || !same(tokens[name]!.value, source.table!)) continue
    const next = tokens[name + 1]?.upper === 'AS' ? tokens[name + 2] : tokens[name + 1]
    const alias =
      next && (next.kind === 'word' || next.kind === 'name') && next.upper !== 'ON'
        ? next.value
        : source.table!
    if (!same(alias, source.alias)) continue
    let first = at
    while (/^(?:INNER|LEFT|OUTER)$/.test(tokens[first - 1]?.upper ?? '')) first--
    let last = name
    let inner = 0
    for (let to = name + 1; to < tokens.length; to++) {
      const each = tokens[to]!
      if (each.kind === 'end' || (inner === 0 && (ends.has(each.upper) || each.value === ','))) break
      if (each.value === '(') inner++
      if (each.value === ')') inner--
      last = to
    }
    const start = tokens[first - 1]!.end
    return { start, end: tokens[last]!.end, text: '' }
  }
  return null
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

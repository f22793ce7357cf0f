/** PostgreSQL's statements, from the server's own parse tree. */
import type { Assignment, Expr, JoinKind, Query, Select, SelectItem, Source, Statement } from './tree.js'

// biome-ignore lint/suspicious/noExplicitAny: a foreign tree, looked at one key at a time
type Node = any

/** The statement, or null for a kind that has no place in the tree. */
export function readPostgres(ast: unknown): Statement | null {
  const { stmts } = ast as Node
  if (stmts?.length !== 1) return null
  const node = stmts[0].stmt
  if (node.SelectStmt) {
    if (node.SelectStmt.intoClause || node.SelectStmt.valuesLists) return null
    return { kind: 'select', query: query(node.SelectStmt) }
  }
  if (node.InsertStmt) return insert(node.InsertStmt)
  if (node.UpdateStmt) {
    const { relation, targetList, fromClause, whereClause, returningList, returningClause, withClause } =
      node.UpdateStmt
    if (withClause) return null
    return {
      kind: 'update',
      sources: [table(relation), ...(fromClause ?? []).flatMap((each: Node) => sources(each))],
      set: assignments(targetList),
      where: optional(whereClause),
      tail: { orderBy: [], limit: null },
      returning: items(returningList ?? returningClause?.exprs),
    }
  }
  if (node.DeleteStmt) {
    const { relation, usingClause, whereClause, returningList, returningClause, withClause } = node.DeleteStmt
    if (withClause) return null
    return {
      kind: 'delete',
      sources: [table(relation), ...(usingClause ?? []).flatMap((each: Node) => sources(each))],
      where: optional(whereClause),
      tail: { orderBy: [], limit: null },
      returning: items(returningList ?? returningClause?.exprs),
    }
  }
  return null
}

function insert(node: Node): Statement | null {
  if (node.withClause) return null
  const values = node.selectStmt?.SelectStmt?.valuesLists
  const conflict = node.onConflictClause
  return {
    kind: 'insert',
    target: table(node.relation),
    columns: (node.cols ?? []).map((each: Node) => each.ResTarget.name),
    rows: (values ?? []).map((row: Node) => (row.List?.items ?? []).map(expr)),
    query: values || !node.selectStmt ? null : query(node.selectStmt.SelectStmt),
    onConflict: conflict?.action === 'ONCONFLICT_UPDATE' ? assignments(conflict.targetList) : null,
    ignore: conflict?.action === 'ONCONFLICT_NOTHING',
    replace: false,
    returning: items(node.returningList ?? node.returningClause?.exprs),
  }
}

function assignments(list: Node[] = []): Assignment[] {
  return list.map(({ ResTarget }) => ({ column: ResTarget.name ?? '', value: expr(ResTarget.val) }))
}

function query(node: Node): Query {
  return {
    ctes: (node.withClause?.ctes ?? []).map(({ CommonTableExpr: cte }: Node) => ({
      name: cte.ctename,
      query: cte.ctequery.SelectStmt ? query(cte.ctequery.SelectStmt) : EMPTY,
    })),
    branches: branches(node),
    orderBy: (node.sortClause ?? []).map((each: Node) => expr(each.SortBy.node)),
    limit: optional(node.limitCount),
    offset: optional(node.limitOffset),
    locks: (node.lockingClause ?? []).length > 0,
  }
}

function branches(node: Node): Select[] {
  if (node.op && node.op !== 'SETOP_NONE') return [...branches(node.larg), ...branches(node.rarg)]
  return [
    {
      distinct: Boolean(node.distinctClause),
      items: items(node.targetList),
      from: (node.fromClause ?? []).flatMap((each: Node) => sources(each)),
      where: optional(node.whereClause),
      groupBy: (node.groupClause ?? []).map(expr),
      having: optional(node.havingClause),
    },
  ]
}

function items(list: Node[] = []): SelectItem[] {
  return list.map(({ ResTarget }) => ({
    expr: expr(ResTarget.val),
    alias: ResTarget.name ?? null,
  }))
}

function sources(
  node: Node,
  join: JoinKind = 'inner',
  on: Expr | null = null,
  using: string[] = [],
): Source[] {
  if (node.RangeVar) return [{ ...table(node.RangeVar), join, on, using }]
  if (node.JoinExpr) {
    const { jointype, larg, rarg, quals, usingClause, isNatural } = node.JoinExpr
    const kind = JOINS[jointype as string] ?? 'full'
    const columns = (usingClause ?? []).map((each: Node) => each.String.sval)
    // A join on the right side of a join, or a natural one, is not laid flat: `full` makes all of it nullable.
    const right = sources(rarg, isNatural || rarg.JoinExpr ? 'full' : kind, optional(quals), columns)
    return [...sources(larg, join, on, using), ...right]
  }
  const { alias, subquery } = node.RangeSubselect ?? node.RangeFunction ?? {}
  const inner = subquery?.SelectStmt
    ? { query: query(subquery.SelectStmt) }
    : calledInFrom(node.RangeFunction)
  return [{ schema: null, table: null, ...inner, alias: alias?.aliasname ?? '', join, on, using }]
}

/**
 * A function in FROM: `unnest($1::int[], $2::text[]) AS u(id, name)` as a query with a column for each list, of others
 * what they are given.
 */
function calledInFrom(node: Node): Pick<Source, 'query' | 'given'> {
  const calls: Expr[] = (node?.functions ?? []).map((each: Node) => expr(each.List?.items?.[0]))
  const [call, ...others] = calls
  if (call?.kind !== 'call' || call.name !== 'unnest' || others.length > 0 || node.ordinality)
    return { query: EMPTY, given: calls }
  const names: string[] = (node.alias?.colnames ?? []).map((each: Node) => each.String?.sval)
  // A single column without a name of its own has that of the source.
  const [only] = call.args.length === 1 ? [node.alias?.aliasname] : []
  const columns = call.args.map((list, at) => ({
    expr: { ...call, args: [list] },
    alias: names[at] ?? only ?? null,
  }))
  const branch = { distinct: false, items: columns, from: [], where: null, groupBy: [], having: null }
  return { query: { ...EMPTY, branches: [branch] } }
}

function table(node: Node): Source {
  return {
    schema: node.schemaname ?? null,
    table: node.relname,
    query: null,
    alias: node.alias?.aliasname ?? node.relname,
    join: 'inner',
    on: null,
    using: [],
  }
}

function optional(node: Node): Expr | null {
  return node === undefined || node === null ? null : expr(node)
}

function expr(node: Node): Expr {
  const [key] = Object.keys(node ?? {})
  const of = node?.[key!]
  switch (key) {
    case 'ColumnRef':
      return column(of.fields)
    case 'ParamRef':
      return { kind: 'parameter', index: (of.number ?? 0) - 1 }
    case 'A_Const':
      return literal(of)
    case 'A_Expr':
      return operator(of)
    case 'BoolExpr':
      if (of.boolop === 'NOT_EXPR') return { kind: 'not', of: expr(of.args[0]) }
      return { kind: of.boolop === 'AND_EXPR' ? 'and' : 'or', args: of.args.map(expr) }
    case 'NullTest':
      return { kind: 'is-null', of: expr(of.arg), negated: of.nulltesttype === 'IS_NOT_NULL' }
    case 'SubLink':
      return sublink(of)
    case 'TypeCast':
      return { kind: 'cast', of: expr(of.arg), type: typeName(of.typeName) }
    case 'CoalesceExpr':
      return { kind: 'call', name: 'coalesce', args: of.args.map(expr), star: false, window: false }
    case 'MinMaxExpr':
      return {
        kind: 'call',
        name: of.op === 'IS_LEAST' ? 'least' : 'greatest',
        args: of.args.map(expr),
        star: false,
        window: false,
      }
    case 'SQLValueFunction':
      return { kind: 'call', name: valueFunction(of.op), args: [], star: false, window: false }
    case 'FuncCall':
      return {
        kind: 'call',
        name: of.funcname.at(-1).String.sval.toLowerCase(),
        args: [
          ...(of.args ?? []).map(expr),
          ...(of.agg_filter ? [expr(of.agg_filter)] : []),
          ...(of.agg_order ?? []).map((each: Node) => expr(each.SortBy.node)),
          ...(of.over ? expressionsIn(of.over) : []),
        ],
        star: of.agg_star === true,
        window: Boolean(of.over),
        ...(of.agg_distinct ? { distinct: true as const } : {}),
      }
    case 'CaseExpr':
      return {
        kind: 'case',
        operand: optional(of.arg),
        tests: of.args.map((each: Node) => expr(each.CaseWhen.expr)),
        results: [
          ...of.args.map((each: Node) => expr(each.CaseWhen.result)),
          of.defresult ? expr(of.defresult) : NULL,
        ],
      }
    default:
      return { kind: 'other', children: key ? expressionsIn(of) : [] }
  }
}

function column(fields: Node[]): Expr {
  const names = fields.map(field => field.String?.sval as string | undefined)
  const tableName = names.length > 1 ? (names.at(-2) ?? null) : null
  if (names.at(-1) === undefined) return { kind: 'star', table: tableName }
  return { kind: 'column', table: tableName, name: names.at(-1)! }
}

function literal(of: Node): Expr {
  if (of.isnull) return NULL
  if (of.sval) return { kind: 'literal', type: 'string', text: of.sval.sval ?? '' }
  // A zero is written as an empty object.
  if (of.ival) return { kind: 'literal', type: 'integer', text: String(of.ival.ival ?? 0) }
  if (of.fval) {
    const text: string = of.fval.fval ?? '0'
    return { kind: 'literal', type: 'decimal', text }
  }
  if (of.boolval) return { kind: 'literal', type: 'boolean', text: of.boolval.boolval ? 'true' : 'false' }
  return { kind: 'other', children: [] }
}

function operator(of: Node): Expr {
  const op: string = of.name?.at(-1)?.String?.sval ?? ''
  const left = of.lexpr ? expr(of.lexpr) : ZERO
  switch (of.kind) {
    case 'AEXPR_OP': {
      const right = expr(of.rexpr)
      if (COMPARISONS.has(op)) return { kind: 'compare', op, left, right }
      if (ARITHMETIC.has(op)) return { kind: 'arithmetic', op, left, right }
      if (CALLS.has(op)) return { kind: 'call', name: op, args: [left, right], star: false, window: false }
      return { kind: 'other', children: [left, right] }
    }
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return { kind: 'compare', op: 'like', left, right: expr(of.rexpr) }
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      return { kind: 'compare', op: '=', left, right: expr(of.rexpr) }
    case 'AEXPR_IN':
      return {
        kind: 'in',
        of: left,
        list: (of.rexpr.List?.items ?? []).map(expr),
        negated: op === '<>',
      }
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = of.rexpr.List.items.map(expr)
      return { kind: 'between', of: left, low, high }
    }
    case 'AEXPR_NULLIF':
      return { kind: 'call', name: 'nullif', args: [left, expr(of.rexpr)], star: false, window: false }
    case 'AEXPR_OP_ANY':
      // `= ANY($1)`: the parameter is an array of what is compared.
      return { kind: 'call', name: '= any', args: [left, expr(of.rexpr)], star: false, window: false }
    default:
      return { kind: 'other', children: [left, ...(of.rexpr ? [expr(of.rexpr)] : [])] }
  }
}

function sublink(of: Node): Expr {
  const inner = of.subselect?.SelectStmt ? query(of.subselect.SelectStmt) : EMPTY
  switch (of.subLinkType) {
    case 'EXISTS_SUBLINK':
      return { kind: 'exists', query: inner }
    case 'ANY_SUBLINK':
      return { kind: 'in-query', of: expr(of.testexpr), query: inner, negated: false }
    case 'EXPR_SUBLINK':
      return { kind: 'subquery', query: inner }
    default:
      return { kind: 'other', children: [{ kind: 'subquery', query: inner }] }
  }
}

/** `int4`, `varchar`, `numeric(10,2)`, `text[]`. */
function typeName(of: Node): string {
  const name = of.names?.at(-1)?.String?.sval ?? ''
  const modifiers = (of.typmods ?? []).map((each: Node) => each.A_Const?.ival?.ival ?? 0)
  const size = modifiers.length > 0 ? `(${modifiers.join(',')})` : ''
  return `${name}${size}${of.arrayBounds ? '[]' : ''}`
}

function valueFunction(op: string): string {
  return op
    .replace(/^SVFOP_/, '')
    .replace(/_N$/, '')
    .toLowerCase()
}

/** Every expression somewhere under a node that has no reading of its own. */
function expressionsIn(node: Node): Expr[] {
  if (node === null || typeof node !== 'object') return []
  if (Array.isArray(node)) return node.flatMap(expressionsIn)
  return Object.entries(node).flatMap(([key, of]) =>
    EXPRESSIONS.has(key) ? [expr({ [key]: of })] : expressionsIn(of),
  )
}

const ZERO: Expr = { kind: 'literal', type: 'integer', text: '0' }
const NULL: Expr = { kind: 'literal', type: 'null', text: 'NULL' }
const EMPTY: Query = { ctes: [], branches: [], orderBy: [], limit: null, offset: null, locks: false }
const JOINS: Record<string, JoinKind> = {
  JOIN_INNER: 'inner',
  JOIN_LEFT: 'left',
  JOIN_RIGHT: 'right',
  JOIN_FULL: 'full',
}
const COMPARISONS = new Set(['=', '<>', '!=', '<', '<=', '>', '>=', '~', '~*', '!~', '!~*'])
const ARITHMETIC = new Set(['+', '-', '*', '/', '%'])
/** Operators whose result is known by name. */
const CALLS = new Set(['||', '->', '->>', '#>', '#>>'])
const EXPRESSIONS = new Set(
  'ColumnRef ParamRef A_Const A_Expr BoolExpr NullTest SubLink TypeCast CoalesceExpr MinMaxExpr SQLValueFunction FuncCall CaseExpr'.split(
    ' ',
  ),
)

/**
 * A statement as one small tree for both dialects: what is asked of it is where columns, parameters and tables stand.
 * What a reader has no node for becomes `other`, so that nothing is taken for more than it is.
 */
export type Expr =
  | { kind: 'column'; table: string | null; name: string }
  /** `*` or `t.*`, in a select list. */
  | { kind: 'star'; table: string | null }
  /** Counted from 0, in the order of the text (`?`), or by its number (`$1` is 0). */
  | { kind: 'parameter'; index: number }
  /** `isBoolean`: TRUE and FALSE of MySQL, which are numbers there. */
  | {
      kind: 'literal'
      type: 'string' | 'integer' | 'decimal' | 'boolean' | 'null'
      text: string
      isBoolean?: true
    }
  /** `name` in lower case, without a schema. `star`: `COUNT(*)`. `distinct`: `COUNT(DISTINCT a)`. */
  | { kind: 'call'; name: string; args: Expr[]; star: boolean; window: boolean; distinct?: true }
  /** Both sides have to be of one kind for the operator: comparisons, LIKE. */
  | { kind: 'compare'; op: string; left: Expr; right: Expr }
  | { kind: 'arithmetic'; op: string; left: Expr; right: Expr }
  | { kind: 'and' | 'or'; args: Expr[] }
  | { kind: 'not'; of: Expr }
  | { kind: 'is-null'; of: Expr; negated: boolean }
  | { kind: 'between'; of: Expr; low: Expr; high: Expr }
  | { kind: 'in'; of: Expr; list: Expr[]; negated: boolean }
  | { kind: 'in-query'; of: Expr; query: Query; negated: boolean }
  | { kind: 'exists'; query: Query }
  | { kind: 'subquery'; query: Query }
  | { kind: 'case'; operand: Expr | null; tests: Expr[]; results: Expr[] }
  /** `type` as the catalogue writes types: `varchar(10)`, `int4[]`. */
  | { kind: 'cast'; of: Expr; type: string }
  | { kind: 'other'; children: Expr[] }

export type JoinKind = 'inner' | 'left' | 'right' | 'full'

/** A table, or a query in parentheses, in FROM. The first one of a list is joined `inner`. */
export interface Source {
  schema: string | null
  /** Null for a query. */
  table: string | null
  query: Query | null
  /** Name by which columns refer to it. */
  alias: string
  join: JoinKind
  on: Expr | null
  /** `USING (a)`. */
  using: string[]
  /** What a function in FROM is given, where its columns do not say it. */
  given?: Expr[]
}

export interface SelectItem {
  expr: Expr
  /** Name of the result column, where the text gives one. */
  alias: string | null
}

export interface Select {
  distinct: boolean
  items: SelectItem[]
  from: Source[]
  where: Expr | null
  groupBy: Expr[]
  having: Expr | null
}

export interface Query {
  ctes: { name: string; query: Query }[]
  /** More than one for UNION and the like. */
  branches: Select[]
  orderBy: Expr[]
  limit: Expr | null
  offset: Expr | null
  /** `FOR UPDATE`, `FOR SHARE`. */
  locks: boolean
}

export interface Assignment {
  column: string
  value: Expr
}

export type Statement =
  | { kind: 'select'; query: Query }
  | {
      kind: 'insert'
      target: Source
      columns: string[]
      rows: Expr[][]
      query: Query | null
      /** `ON DUPLICATE KEY UPDATE`, `ON CONFLICT DO UPDATE`; null for none. */
      onConflict: Assignment[] | null
      /** `INSERT IGNORE`, `ON CONFLICT DO NOTHING`. */
      ignore: boolean
      replace: boolean
      returning: SelectItem[]
    }
  | {
      kind: 'update'
      /** The first is written. */
      sources: Source[]
      set: Assignment[]
      where: Expr | null
      tail: Tail
      returning: SelectItem[]
    }
  | { kind: 'delete'; sources: Source[]; where: Expr | null; tail: Tail; returning: SelectItem[] }

/** How many rows are written, and which come first; MySQL has that. */
export interface Tail {
  orderBy: Expr[]
  limit: Expr | null
}

/** Expressions directly under one; queries in it are not entered. */
export function childrenOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'call':
      return expr.args
    case 'compare':
    case 'arithmetic':
      return [expr.left, expr.right]
    case 'and':
    case 'or':
      return expr.args
    case 'not':
    case 'is-null':
    case 'cast':
    case 'in-query':
      return [expr.of]
    case 'between':
      return [expr.of, expr.low, expr.high]
    case 'in':
      return [expr.of, ...expr.list]
    case 'case':
      return [...(expr.operand ? [expr.operand] : []), ...expr.tests, ...expr.results]
    case 'other':
      return expr.children
    default:
      return []
  }
}

/** The query directly inside of an expression, if it is one that has. */
export function queryIn(expr: Expr): Query | null {
  return expr.kind === 'in-query' || expr.kind === 'exists' || expr.kind === 'subquery' ? expr.query : null
}

/** The terms of a condition that all have to hold. */
export function conjuncts(expr: Expr | null): Expr[] {
  if (expr === null) return []
  return expr.kind === 'and' ? expr.args.flatMap(conjuncts) : [expr]
}

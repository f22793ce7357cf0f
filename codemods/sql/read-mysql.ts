/** MySQL's statements, from the tree that sqlparser-rs gives. */
import type {
  Assignment,
  Expr,
  JoinKind,
  Query,
  Select,
  SelectItem,
  Source,
  Statement,
  Tail,
} from './tree.js'

// The tree is JSON of Rust enums: `{ "Select": {…} }`, or the bare name of a variant without content.
// biome-ignore lint/suspicious/noExplicitAny: a foreign tree, looked at one key at a time
type Node = any

/** Where each placeholder begins, in order: they carry a place but no number. */
export type PlaceholderIndex = (line: number, column: number) => number

/** The statement, or null for a kind that has no place in the tree. */
export function readMysql(ast: unknown, indexOf: PlaceholderIndex): Statement | null {
  const [statement] = ast as Node[]
  return createReader(indexOf).statement(statement)
}

function createReader(indexOf: PlaceholderIndex) {
  function statement(node: Node): Statement | null {
    if (node.Query) return { kind: 'select', query: query(node.Query) }
    if (node.Insert) return insert(node.Insert)
    if (node.Update) {
      const { table, assignments, selection } = node.Update
      return {
        kind: 'update',
        sources: from([table]),
        set: assignments.map(assignment),
        where: optional(selection),
        tail: tail(node.Update),
        returning: [],
      }
    }
    if (node.Delete) {
      const { tables, from: list, using, selection } = node.Delete
      if (using) return null
      const sources = from(list.WithFromKeyword ?? list.WithoutKeyword)
      if (sources.length > 1 && tables.length !== 1) return null
      const target = tables.length === 1 ? nameOf(tables[0]).at(-1) : sources[0]?.alias
      const written = sources.find(source => source.alias === target)
      if (!written) return null
      return {
        kind: 'delete',
        sources: [written, ...sources.filter(source => source !== written)],
        where: optional(selection),
        tail: tail(node.Delete),
        returning: [],
      }
    }
    return null
  }

  function tail({ order_by, limit }: Node): Tail {
    return { orderBy: (order_by ?? []).map((each: Node) => expr(each.expr)), limit: optional(limit) }
  }

  function insert(node: Node): Statement | null {
    const table = nameOf(node.table.TableName ?? [])
    if (table.length === 0 || table.length > 2) return null
    const target: Source = { ...sourceOf(table), alias: node.table_alias?.value ?? table.at(-1)! }
    const given: Assignment[] = (node.assignments ?? []).map(assignment)
    const columns: string[] =
      given.length > 0
        ? given.map(each => each.column)
        : (node.columns ?? []).map((column: Node) => nameOf(Array.isArray(column) ? column : [column]).at(-1))
    const body = node.source?.body
    const rows: Expr[][] =
      given.length > 0
        ? [given.map(each => each.value)]
        : (body?.Values?.rows ?? []).map((row: Node) => (row.content ?? row).map(expr))
    const onConflict = node.on?.DuplicateKeyUpdate?.map(assignment) ?? null
    if (node.on && !onConflict) return null
    return {
      kind: 'insert',
      target,
      columns,
      rows,
      query: rows.length === 0 && node.source ? query(node.source) : null,
      onConflict,
      ignore: node.ignore === true,
      replace: node.replace_into === true,
      returning: (node.returning ?? []).map(item),
    }
  }

  function assignment({ target, value }: Node): Assignment {
    return { column: nameOf(target.ColumnName ?? []).at(-1) ?? '', value: expr(value) }
  }

  function query(node: Node): Query {
    const limit = node.limit_clause?.LimitOffset ?? node.limit_clause?.OffsetCommaLimit
    const offset = limit?.offset
    return {
      ctes: (node.with?.cte_tables ?? []).map((cte: Node) => ({
        name: cte.alias.name.value,
        query: query(cte.query),
      })),
      branches: branches(node.body),
      orderBy: (node.order_by?.kind?.Expressions ?? []).map((each: Node) => expr(each.expr)),
      limit: optional(limit?.limit),
      offset: offset ? expr(offset.value && !offset.Value ? offset.value : offset) : null,
      locks: (node.locks ?? []).length > 0,
    }
  }

  function branches(body: Node): Select[] {
    if (body.Select) return [select(body.Select)]
    if (body.SetOperation) return [...branches(body.SetOperation.left), ...branches(body.SetOperation.right)]
    if (body.Query) return query(body.Query).branches
    return []
  }

  function select(node: Node): Select {
    return {
      distinct: Boolean(node.distinct),
      items: node.projection.map(item),
      from: from(node.from),
      where: optional(node.selection),
      groupBy: (node.group_by?.Expressions?.[0] ?? []).map(expr),
      having: optional(node.having),
    }
  }

  function item(node: Node): SelectItem {
    if (node.Wildcard) return { expr: { kind: 'star', table: null }, alias: null }
    if (node.QualifiedWildcard) {
      const [target] = node.QualifiedWildcard
      const name = nameOf(target.ObjectName ?? target)
      return { expr: { kind: 'star', table: name.at(-1) ?? null }, alias: null }
    }
    if (node.ExprWithAlias)
      return { expr: expr(node.ExprWithAlias.expr), alias: node.ExprWithAlias.alias.value }
    return { expr: node.UnnamedExpr ? expr(node.UnnamedExpr) : other([]), alias: null }
  }

  function from(list: Node[]): Source[] {
    return list.flatMap(({ relation, joins }) => [
      source(relation, 'inner', null, []),
      ...joins.map((join: Node) => {
        const [kind, constraint] = joinOf(join.join_operator)
        return source(
          join.relation,
          kind,
          optional(constraint?.On),
          (constraint?.Using ?? []).map((name: Node) => nameOf(name).at(-1)),
        )
      }),
    ])
  }

  function source(node: Node, join: JoinKind, on: Expr | null, using: string[]): Source {
    const alias = (node.Table ?? node.Derived)?.alias?.name?.value
    if (node.Table && !node.Table.args) {
      const name = nameOf(node.Table.name)
      return { ...sourceOf(name), alias: alias ?? name.at(-1)!, join, on, using }
    }
    return {
      schema: null,
      table: null,
      query: node.Derived ? query(node.Derived.subquery) : EMPTY,
      alias: alias ?? '',
      join,
      on,
      using,
    }
  }

  function optional(node: Node): Expr | null {
    return node === undefined || node === null ? null : expr(node)
  }

  function expr(node: Node): Expr {
    if (typeof node === 'string') return other([])
    const [key] = Object.keys(node)
    const of = node[key!]
    switch (key) {
      case 'Identifier':
        return of.value.startsWith('@') ? other([]) : { kind: 'column', table: null, name: of.value }
      case 'CompoundIdentifier':
        return { kind: 'column', table: of.at(-2)?.value ?? null, name: of.at(-1)?.value ?? '' }
      case 'Value':
        return literal(of)
      case 'Nested':
        return expr(of)
      case 'BinaryOp':
        return binary(of)
      case 'UnaryOp':
        if (of.op === 'Not') return { kind: 'not', of: expr(of.expr) }
        return of.op === 'Minus' || of.op === 'Plus'
          ? { kind: 'arithmetic', op: '-', left: ZERO, right: expr(of.expr) }
          : other([expr(of.expr)])
      case 'IsNull':
      case 'IsNotNull':
        return { kind: 'is-null', of: expr(of), negated: key === 'IsNotNull' }
      case 'Between':
        return { kind: 'between', of: expr(of.expr), low: expr(of.low), high: expr(of.high) }
      case 'Like':
      case 'RLike':
        return { kind: 'compare', op: 'like', left: expr(of.expr), right: expr(of.pattern) }
      case 'InList':
        return { kind: 'in', of: expr(of.expr), list: of.list.map(expr), negated: of.negated }
      case 'InSubquery':
        return { kind: 'in-query', of: expr(of.expr), query: query(of.subquery), negated: of.negated }
      case 'Exists':
        return of.negated
          ? { kind: 'not', of: { kind: 'exists', query: query(of.subquery) } }
          : { kind: 'exists', query: query(of.subquery) }
      case 'Subquery':
        return { kind: 'subquery', query: query(of) }
      case 'Case':
        return {
          kind: 'case',
          operand: optional(of.operand),
          tests: of.conditions.map((each: Node) => expr(each.condition)),
          results: [
            ...of.conditions.map((each: Node) => expr(each.result)),
            of.else_result ? expr(of.else_result) : NULL,
          ],
        }
      case 'Cast':
        return { kind: 'cast', of: expr(of.expr), type: castType(of.data_type) }
      case 'Function':
        return call(of)
      case 'Substring':
        return plainCall('substring', [of.expr, of.substring_from, of.substring_for])
      case 'Trim':
        return plainCall('trim', [of.expr, of.trim_what])
      case 'Extract':
        return plainCall('extract', [of.expr])
      case 'Ceil':
        return plainCall('ceil', [of.expr])
      case 'Floor':
        return plainCall('floor', [of.expr])
      case 'Position':
        return plainCall('position', [of.expr, of.in])
      case 'Interval':
        return { kind: 'call', name: 'interval', args: [expr(of.value)], star: false, window: false }
      case 'Tuple':
        return other(of.map(expr))
      default:
        return other(expressionsIn(of))
    }
  }

  function plainCall(name: string, args: Node[]): Expr {
    return {
      kind: 'call',
      name,
      args: args.filter(arg => arg !== undefined && arg !== null).map(expr),
      star: false,
      window: false,
    }
  }

  function call(of: Node): Expr {
    const list: Node[] = of.args?.List?.args ?? []
    const star = list.some(each => each.Unnamed === 'Wildcard')
    const args = list.flatMap(each => {
      const arg = each.Unnamed ?? each.Named?.arg
      return arg?.Expr ? [expr(arg.Expr)] : []
    })
    const name = nameOf(of.name).at(-1)!.toLowerCase()
    if (of.args?.Subquery) return other([{ kind: 'subquery', query: query(of.args.Subquery) }])
    const order = (of.args?.List?.clauses ?? []).flatMap((clause: Node) =>
      (clause.OrderBy ?? []).map((each: Node) => expr(each.expr)),
    )
    const window = of.over ? expressionsIn(of.over) : []
    return {
      kind: 'call',
      name,
      args: [...args, ...order, ...window],
      star,
      window: Boolean(of.over),
      ...(of.args?.List?.duplicate_treatment === 'Distinct' ? { distinct: true as const } : {}),
    }
  }

  function binary({ left, op, right }: Node): Expr {
    if (op === 'And' || op === 'Or')
      return { kind: op === 'And' ? 'and' : 'or', args: [expr(left), expr(right)] }
    const sign = COMPARISONS[op as string]
    if (sign) return { kind: 'compare', op: sign, left: expr(left), right: expr(right) }
    const arithmetic = ARITHMETIC[op as string]
    if (arithmetic) return { kind: 'arithmetic', op: arithmetic, left: expr(left), right: expr(right) }
    const path = op === 'Arrow' ? '->' : op === 'LongArrow' ? '->>' : null
    if (path) return { kind: 'call', name: path, args: [expr(left), expr(right)], star: false, window: false }
    return other([expr(left), expr(right)])
  }

  function literal(of: Node): Expr {
    const { value, span } = of
    if (value === 'Null') return NULL
    if (value.Placeholder !== undefined)
      return { kind: 'parameter', index: indexOf(span.start.line, span.start.column) }
    if (value.Number) {
      const [text] = value.Number
      return { kind: 'literal', type: /^\d+$/.test(text) ? 'integer' : 'decimal', text }
    }
    if (value.Boolean !== undefined)
      return { kind: 'literal', type: 'integer', text: value.Boolean ? '1' : '0', isBoolean: true }
    const text = value.SingleQuotedString ?? value.DoubleQuotedString
    return text === undefined ? other([]) : { kind: 'literal', type: 'string', text }
  }

  /** Every expression somewhere under a node that has no reading of its own: its parameters must not get lost. */
  function expressionsIn(node: Node): Expr[] {
    if (node === null || typeof node !== 'object') return []
    if (Array.isArray(node)) return node.flatMap(expressionsIn)
    return Object.entries(node).flatMap(([key, of]): Expr[] => {
      if (key === 'span') return []
      if (EXPRESSIONS.has(key) && of !== null && typeof of === 'object') {
        return [expr({ [key]: of })]
      }
      return expressionsIn(of)
    })
  }

  return { statement }
}

const ZERO: Expr = { kind: 'literal', type: 'integer', text: '0' }
const NULL: Expr = { kind: 'literal', type: 'null', text: 'NULL' }
const EMPTY: Query = { ctes: [], branches: [], orderBy: [], limit: null, offset: null, locks: false }
const EXPRESSIONS = new Set(
  'Identifier CompoundIdentifier Value Nested BinaryOp UnaryOp IsNull IsNotNull Between Like InList InSubquery Exists Subquery Case Cast Function Interval Tuple'.split(
    ' ',
  ),
)
const COMPARISONS: Record<string, string> = {
  Eq: '=',
  NotEq: '<>',
  Lt: '<',
  LtEq: '<=',
  Gt: '>',
  GtEq: '>=',
  Spaceship: '<=>',
}
const ARITHMETIC: Record<string, string> = {
  Plus: '+',
  Minus: '-',
  Multiply: '*',
  Divide: '/',
  Modulo: '%',
  MyIntegerDivide: 'div',
}

function other(children: Expr[]): Expr {
  return { kind: 'other', children }
}

/** `[{ Identifier: { value } }]` as plain names. */
function nameOf(parts: Node[]): string[] {
  return parts.map(part => (part.Identifier ?? part).value as string)
}

function sourceOf(name: string[]): Source {
  return {
    schema: name.length > 1 ? name.at(-2)! : null,
    table: name.at(-1)!,
    query: null,
    alias: name.at(-1)!,
    join: 'inner',
    on: null,
    using: [],
  }
}

function joinOf(operator: Node): [JoinKind, Node] {
  if (typeof operator === 'string') return ['inner', null]
  const [key] = Object.keys(operator)
  const kind: JoinKind = key!.startsWith('Left')
    ? 'left'
    : key!.startsWith('Right')
      ? 'right'
      : key!.startsWith('Full')
        ? 'full'
        : 'inner'
  const constraint = operator[key!]
  return [kind, constraint === 'None' ? null : constraint]
}

/** `CAST(x AS …)`: the names that MySQL has for its targets, or '' for one that is not known here. */
function castType(type: Node): string {
  const key = typeof type === 'string' ? type : Object.keys(type)[0]!
  const known: Record<string, string> = {
    Char: 'varchar',
    Character: 'varchar',
    Signed: 'bigint',
    SignedInteger: 'bigint',
    Unsigned: 'bigint unsigned',
    UnsignedInteger: 'bigint unsigned',
    Date: 'date',
    Datetime: 'datetime',
    Time: 'time',
    JSON: 'json',
    Binary: 'varbinary',
    Float: 'float',
    Double: 'double',
  }
  if (key !== 'Decimal') return known[key] ?? ''
  const [precision, scale] = type.Decimal.PrecisionAndScale ?? [type.Decimal.Precision ?? 10, 0]
  return `decimal(${Number(precision)},${Number(scale)})`
}

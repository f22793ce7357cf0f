/** Which table each column of a statement belongs to. */
import type { Access, Column, Table } from '../../analyzers/model.js'
import type { Repository } from '../repository/index.js'
import { childrenOf, type Expr, type Query, queryIn, type Select, type Source } from '../sql/tree.js'

export interface Scope {
  /** Tables of the sources in FROM; null for one that is not known. */
  tables: (Table | null)[]
  /** Source that a column belongs to; null where that can't be told. */
  sourceOf(column: Expr & { kind: 'column' }): number | null
  /** Sources whose columns an expression looks at, queries in it included; null where that can't be told. */
  mentions(expr: Expr): ReadonlySet<number> | null
  /** A column of a source as the catalogue has it. */
  column(source: number, name: string): Column | null
  /** True where no two rows of the source have the same value in the column. */
  isUnique(source: number, name: string): boolean
  /** Table of a source of a query inside of the statement. */
  tableOf(source: Source): Table | null
}

/** @param home service whose tables are looked into where they stand in a query inside */
export function scopeOf(select: Select, access: Access, home: string, { tables }: Repository): Scope {
  const tableOf = (source: Source): Table | null => {
    const found = access.tables.find(
      each =>
        same(each.table, source.table ?? '') && (source.schema === null || each.schema === source.schema),
    )
    return found?.id ? (tables.get(found.id) ?? null) : null
  }
  const known = select.from.map(tableOf)

  function sourceOf({ table, name }: Expr & { kind: 'column' }): number | null {
    if (table !== null) {
      const found = select.from.findIndex(source => same(source.alias, table))
      return found === -1 ? null : found
    }
    // A table whose columns are not known may have it too.
    if (known.some(each => !each || each.columns.length === 0)) return select.from.length === 1 ? 0 : null
    const owners = known.flatMap((each, source) => (hasColumn(each, name) ? [source] : []))
    return owners.length === 1 ? owners[0]! : null
  }

  function mentions(expr: Expr): ReadonlySet<number> | null {
    const found = new Set<number>()
    const walk = (each: Expr, inner: Source[]): boolean => {
      const query = queryIn(each)
      if (query && !walkQuery(query, inner)) return false
      if (each.kind === 'column' && !isInner(each, inner)) {
        const source = sourceOf(each)
        if (source === null) return false
        found.add(source)
      }
      if (each.kind === 'star' && each.table !== null && inner.length === 0) return false
      return childrenOf(each).every(child => walk(child, inner))
    }
    const walkQuery = (query: Query, around: Source[]): boolean => {
      if (query.ctes.length > 0) return false
      return query.branches.every(branch => {
        // What a query reads of others can't be told from here.
        if (branch.from.some(source => tableOf(source)?.owner !== home)) return false
        const inner = [...around, ...branch.from]
        return expressionsOf(branch, query).every(each => walk(each, inner))
      })
    }
    return walk(expr, []) ? found : null
  }

  function isInner({ table, name }: Expr & { kind: 'column' }, inner: Source[]): boolean {
    return table === null
      ? inner.some(source => hasColumn(tableOf(source), name))
      : inner.some(source => same(source.alias, table))
  }

  function column(source: number, name: string): Column | null {
    return known[source]?.columns.find(each => same(each.name, name)) ?? null
  }

  return {
    tables: known,
    sourceOf,
    mentions,
    column,
    tableOf,
    isUnique(source, name) {
      const key = known[source]?.primaryKey ?? []
      return key.length === 1 && same(key[0]!, name)
    },
  }
}

/** Everything that is evaluated in one branch of a query. */
export function expressionsOf(select: Select, query: Query): Expr[] {
  return [
    ...select.items.map(item => item.expr),
    select.where,
    ...select.groupBy,
    select.having,
    ...select.from.map(source => source.on),
    ...query.orderBy,
    query.limit,
    query.offset,
  ].filter(each => each !== null)
}

function hasColumn(table: Table | null, name: string): boolean {
  return table?.columns.some(column => same(column.name, name)) === true
}

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

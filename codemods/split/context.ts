/** What is known of a statement over own and foreign tables: its clauses, its tables, the terms of its conditions. */
import type { Access } from '../../analyzers/model.js'
import type { Repository } from '../repository/index.js'
import type { Refusal } from '../site/refusal.js'
import { type Clauses, clausesOf, type Range } from '../sql/clauses.js'
import { readStatement } from '../sql/read.js'
import type { Expr, Query, Select } from '../sql/tree.js'
import type { RewriteDialect } from '../wire.js'
import { type Scope, scopeOf } from './scope.js'

/** In place of a source: a column of which it is not known where it belongs, or a query over others' tables. */
export const UNKNOWN = -1

/** A term of ON or WHERE, with the sources whose columns it looks at. */
export interface Term {
  range: Range
  expr: Expr
  text: string
  /** Source in whose ON it stands; null for WHERE. */
  of: number | null
  mentions: ReadonlySet<number>
}

/** What is known of a statement that is taken apart. */
export interface SplitContext {
  sql: string
  dialect: RewriteDialect
  select: Select
  query: Query
  clauses: Clauses
  scope: Scope
  /** By the index of the source. */
  isForeign: (source: number) => boolean
  no: (reason: string) => Refusal
  repository: Repository
  /** Service whose tables are its own. */
  home: string
}

/** @throws Refusal for what is no plain SELECT of tables that are known */
export function readContext(
  access: Access,
  home: string,
  sql: string,
  dialect: RewriteDialect,
  repository: Repository,
  no: SplitContext['no'],
): SplitContext {
  const statement = readStatement(sql, dialect, repository.parsers)
  if (statement?.kind !== 'select') throw no('it is no plain SELECT')
  const { query } = statement
  const [select] = query.branches
  if (!select || query.branches.length > 1 || query.ctes.length > 0)
    throw no('it is put together of several queries')
  if (query.locks) throw no('it locks rows')
  if (select.from.some(source => source.query !== null)) throw no('it has a query in FROM')
  if (select.from.some(({ join }) => join === 'right' || join === 'full'))
    throw no('it has a right or full join')
  if (select.from.length === 0) throw no('it has no FROM, and takes each figure by a query of its own')
  const clauses = clausesOf(sql, dialect)
  if (
    !clauses ||
    clauses.items.length !== select.items.length ||
    clauses.sources.length !== select.from.length
  )
    throw no('its joins are not understood')
  const scope = scopeOf(select, access, home, repository)
  const isForeign = (source: number): boolean => scope.tables[source]!.owner !== home
  const unknown = scope.tables.findIndex(table => !table?.owner)
  if (unknown !== -1) throw no(`nobody is known to own ${select.from[unknown]!.table}`)
  return { sql, dialect, select, query, clauses, scope, isForeign, no, repository, home }
}

/** The terms of all ONs and of WHERE. */
export function termsOf({ sql, dialect, clauses, scope, repository, no }: SplitContext): Term[] {
  const read = (range: Range, of: number | null): Term => {
    const text = sql.slice(range.start, range.end)
    const statement = readStatement(`SELECT 1 FROM t WHERE ${text}`, dialect, repository.parsers)
    const expr = statement?.kind === 'select' ? statement.query.branches[0]?.where : null
    if (!expr) throw no(`its condition \`${text.replace(/\s+/g, ' ')}\` is not understood`)
    const mentions = scope.mentions(expr)
    return { range, expr, text, of, mentions: mentions ?? new Set([UNKNOWN]) }
  }
  return [
    ...clauses.sources.flatMap(({ on }, source) => (on?.terms ?? []).map(range => read(range, source))),
    ...(clauses.where?.terms ?? []).map(range => read(range, null)),
  ]
}

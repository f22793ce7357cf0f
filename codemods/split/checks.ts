/** What JavaScript can't do as the database does. */
import type { Table } from '../../analyzers/model.js'
import { wireTypeOf } from '../sql/column-types.js'
import { childrenOf, type Expr } from '../sql/tree.js'
import type { RewriteDialect } from '../wire.js'
import { same } from './scope.js'

const AGGREGATES =
  /^(?:count|sum|avg|min|max|group_concat|string_agg|array_agg|jsonb?_agg|jsonb?_object_agg|json_arrayagg|json_objectagg|xmlagg|bool_and|bool_or|every|any_value|bit_and|bit_or|bit_xor|std|stddev\w*|variance|var_\w+|corr|covar_\w+|regr_\w+|mode|percentile_\w+|grouping|row_number|rank|dense_rank|ntile|lag|lead|first_value|last_value|nth_value)$/

/** True for what looks at more rows than its own: rows that go after the join would be among them. */
export function isAggregated(expr: Expr): boolean {
  if (expr.kind === 'call' && (expr.window || expr.star || AGGREGATES.test(expr.name))) return true
  return childrenOf(expr).some(isAggregated)
}

/** Functions that give NULL for a NULL among what they get. */
const STRICT =
  /^(?:upper|lower|ucase|lcase|l?r?trim|length|char_length|round|abs|floor|ceil(?:ing)?|date|year|month|day|date_format|to_char|substr(?:ing)?|left|right)$/

/** True for what is NULL where all columns are: a left join gives it without a counterpart, whatever it reckons. */
export function isNullOfNulls(expr: Expr, dialect: RewriteDialect): boolean {
  const isNull = (each: Expr): boolean => isNullOfNulls(each, dialect)
  switch (expr.kind) {
    case 'column':
      return true
    case 'cast':
      return isNull(expr.of)
    case 'arithmetic':
      return isNull(expr.left) || isNull(expr.right)
    case 'call':
      if (expr.window || expr.star) return false
      if (/^(?:coalesce|ifnull)$/.test(expr.name)) return expr.args.every(isNull)
      if (STRICT.test(expr.name) || (expr.name === 'concat' && dialect === 'mysql'))
        return expr.args.some(isNull)
      return false
    default:
      return false
  }
}

/** A column that is compared for equality. */
export interface KeyColumn {
  table: Table | null
  name: string
}

const WHOLE = new Set(['integer', 'bigint'])
const TEXT = new Set(['text', 'uuid'])

/** Why the type of a column is not known. */
function whyUnknown({ table, name }: KeyColumn): string {
  if (!table) return 'the types of its key are not known'
  if (table.columns.length > 0) return `no migration or schema file gives ${table.name} a column \`${name}\``
  return table.definedAt === null
    ? `no migration or schema file creates ${table.name}, and so the types of its key are not known`
    : `not all is read of what creates ${table.name} (${table.definedAt.file}:${table.definedAt.line}), and so the types of its key are not known`
}

/**
 * Why two columns may not be compared in JavaScript; null where they may. Whole numbers are equal by their digits. Texts
 * are by their characters in PostgreSQL; MySQL's collations may know more that are equal, which is no matter for ids.
 */
export function whyUnlike(own: KeyColumn, foreign: KeyColumn, dialect: RewriteDialect): string | null {
  const [a, b] = [own, foreign].map(each => {
    const type = each.table?.columns.find(column => same(column.name, each.name))?.type
    return type === undefined ? null : { type, kind: wireTypeOf(type, dialect)?.kind ?? '' }
  })
  if (!a || !b) return whyUnknown(a ? foreign : own)
  if (WHOLE.has(a.kind) && WHOLE.has(b.kind)) return null
  if (!TEXT.has(a.kind) || !TEXT.has(b.kind))
    return a.kind === b.kind
      ? `its key is a ${a.kind}, which JavaScript does not compare as the database does`
      : 'the columns of its key have different types'
  if (dialect === 'postgresql')
    return [a, b].some(({ type }) => /citext|collate|char\b/i.test(type) && !/varchar|varying/i.test(type))
      ? 'its key is a text that the database does not compare by its characters'
      : null
  const isId = [own, foreign].some(
    ({ table, name }) => table?.primaryKey.length === 1 && same(table.primaryKey[0]!, name),
  )
  const isUuid = [a, b].every(({ type }) => /^(?:var)?char\s*\(\s*36\s*\)/i.test(type))
  return isId || isUuid
    ? null
    : 'its key is a text that is no id, which the database compares by its collation'
}

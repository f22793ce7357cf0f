/** Whether a statement finds one row of its own tables at most. */
import type { Expr } from '../sql/tree.js'
import type { SplitContext, Term } from './context.js'

/**
 * True where every own table is asked for by its primary key: for a value that is handed over, or for a column of
 * another one that is asked for so.
 */
export function hasOneOwnRow(terms: Term[], { select, scope, isForeign }: SplitContext): boolean {
  const own = select.from.flatMap((_, source) => (isForeign(source) ? [] : [source]))
  const found = new Set<number>()
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const source of own) if (isFound(source)) found.add(source)
  }
  return found.size === own.length

  function isFound(source: number): boolean {
    const isLeft = select.from[source]!.join === 'left'
    return terms.some(({ expr, of, text }) => {
      // What a left join's ON does not say, its rows are not held to; another one's ON holds for none but its own.
      if (of !== source && (of !== null || isLeft)) return false
      if (expr.kind !== 'compare' || expr.op !== '=' || /\bDISTINCT\b/i.test(text)) return false
      const { left, right } = expr
      return (isKey(left, source) && isFixed(right)) || (isKey(right, source) && isFixed(left))
    })
  }

  function isKey(expr: Expr, source: number): boolean {
    return expr.kind === 'column' && scope.sourceOf(expr) === source && scope.isUnique(source, expr.name)
  }

  function isFixed(expr: Expr): boolean {
    if (expr.kind === 'cast') return isFixed(expr.of)
    if (expr.kind === 'column') return found.has(scope.sourceOf(expr) ?? -1)
    return expr.kind === 'parameter' || expr.kind === 'literal'
  }
}

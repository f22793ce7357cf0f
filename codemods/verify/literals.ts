/** Values that a statement itself speaks of: rows have to have them, or it finds none. */
import type { Expr, Statement } from '../sql/tree.js'

/** By the name of the column that they are compared with, in lower case. */
export type Literals = Map<string, string[]>

export function literalsOf(statement: Statement | null): Literals {
  const found: Literals = new Map()
  const note = (column: Expr, value: Expr): void => {
    if (column.kind !== 'column' || value.kind !== 'literal' || value.type === 'null') return
    const name = column.name.toLowerCase()
    found.set(name, [...(found.get(name) ?? []), value.text])
  }
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const expr = node as Expr
    if (expr.kind === 'compare' && /^[=<>!]+$/.test(expr.op)) {
      note(expr.left, expr.right)
      note(expr.right, expr.left)
    }
    if (expr.kind === 'in') for (const item of expr.list) note(expr.of, item)
    Object.values(node).forEach(walk)
  }
  walk(statement)
  return found
}

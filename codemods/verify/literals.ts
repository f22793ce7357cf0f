/** Values that a statement itself speaks of: rows have to have them, or it finds none. */
import type { Expr, Statement } from '../sql/tree.js'

/** By the name of the column that they are compared with, in lower case. */
export type Literals = Map<string, string[]>

/** @param clock what the database takes for now: columns that are compared with it have to hold moments around it */
export function literalsOf(statement: Statement | null, clock: Date): Literals {
  const found: Literals = new Map()
  const note = (column: Expr, value: Expr): void => {
    if (column.kind !== 'column') return
    const name = column.name.toLowerCase()
    const texts = value.kind === 'literal' && value.type !== 'null' ? [value.text] : []
    if (asksTheClock(value)) texts.push(...momentsAround(clock))
    if (texts.length > 0) found.set(name, [...(found.get(name) ?? []), ...texts])
  }
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const expr = node as Expr
    if (expr.kind === 'compare' && /^[=<>!]+$/.test(expr.op)) {
      note(expr.left, expr.right)
      note(expr.right, expr.left)
    }
    if (expr.kind === 'compare' && expr.op === 'like' && expr.right.kind === 'literal')
      note(expr.left, { ...expr.right, text: expr.right.text.replaceAll('%', '').replaceAll('_', 'a') })
    if (expr.kind === 'between') for (const end of [expr.low, expr.high]) note(expr.of, end)
    if (expr.kind === 'in') for (const item of expr.list) note(expr.of, item)
    Object.values(node).forEach(walk)
  }
  walk(statement)
  return found
}

const CLOCK = /^(?:now|current_(?:date|timestamp)|localtimestamp|curdate|sysdate|utc_(?:date|timestamp))$/

function asksTheClock(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  const expr = node as Expr
  if (expr.kind === 'call' && CLOCK.test(expr.name)) return true
  return Object.values(node).some(asksTheClock)
}

const HOUR = 3_600_000
/** None is at the end of a period that somebody asks for. */
const MINUTES_PAST = 7 * 60_000 + 13_000

/** Dates and moments of the last days and the next, for columns of either type. */
function momentsAround(clock: Date): string[] {
  return [-1, -30, 2, 50].flatMap(hours => {
    const text = new Date(clock.getTime() + hours * HOUR + MINUTES_PAST).toISOString()
    return [text.slice(0, 10), text.slice(0, 19).replace('T', ' ')]
  })
}

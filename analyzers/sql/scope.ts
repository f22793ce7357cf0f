/**
 * CTE names that are visible at a place in a syntax tree. A query of a WITH list sees those before it, a
 * statement sees the whole list, and both see what the statements around them see.
 */
export interface Scope {
  parent: Scope | null
  /** Position in the list by name. The list is shared by the scopes of its queries. */
  names: Map<string, number>
  /** Names from this position on are not visible. */
  limit: number
}

export function isVisible(scope: Scope | null, name: string): boolean {
  for (let s = scope; s; s = s.parent) {
    const position = s.names.get(name)
    if (position !== undefined && position < s.limit) return true
  }
  return false
}

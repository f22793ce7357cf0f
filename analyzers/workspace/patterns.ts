/** Patterns with one `*`, as in `paths` of a tsconfig and in `exports` of a package.json. */

/** Targets by pattern, in the order in which they are to be tried. */
export type Patterns = readonly (readonly [pattern: string, targets: readonly string[]])[]

/** As TypeScript and Node choose: a literal before a pattern, a longer prefix before a shorter one. */
export function bestFirst(targets: Record<string, string[]>): Patterns {
  const prefixLength = (pattern: string): number => {
    const star = pattern.indexOf('*')
    return star === -1 ? Number.MAX_SAFE_INTEGER : star
  }
  return Object.entries(targets).sort(([a], [b]) => prefixLength(b) - prefixLength(a))
}

/** What the `*` of a pattern stands for in `text`; '' for an equal text without one; null for no match. */
export function matchPattern(pattern: string, text: string): string | null {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === text ? '' : null
  const prefix = pattern.slice(0, star)
  const suffix = pattern.slice(star + 1)
  const fits =
    text.startsWith(prefix) && text.endsWith(suffix) && text.length >= prefix.length + suffix.length
  return fits ? text.slice(prefix.length, text.length - suffix.length) : null
}

/** The first of the targets of matching patterns that `probe` finds. */
export function firstMatch(
  patterns: Patterns,
  text: string,
  probe: (path: string) => string | null,
): string | null {
  for (const [pattern, targets] of patterns) {
    const rest = matchPattern(pattern, text)
    if (rest === null) continue
    for (const target of targets) {
      const found = probe(target.replaceAll('*', () => rest))
      if (found !== null) return found
    }
  }
  return null
}

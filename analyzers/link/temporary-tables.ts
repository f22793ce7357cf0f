/** Tables that last as long as the connection that makes them. */
import type { DraftAccess } from './draft.js'

const MAKES =
  /\b(?:create\s+(?:or\s+replace\s+)?(?:local\s+)?temp(?:orary)?\s+(?:table|view)\s+(?:if\s+not\s+exists\s+)?|into\s+(?:local\s+)?temp(?:orary)?\s+(?:table\s+)?)(["`]?)([\p{L}_][\p{L}\p{N}_$]*)\1/giu

/** Names of the temporary tables that the statements of each file make, in lower case. */
export function temporaryTables(
  drafts: Pick<DraftAccess, 'site' | 'executed'>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { site, executed } of drafts) {
    if (!executed.tables.some(({ op }) => op === 'ddl')) continue
    for (const [, , name] of executed.sql.matchAll(MAKES))
      found.set(site.file, (found.get(site.file) ?? new Set()).add(name!.toLowerCase()))
  }
  return found
}

/** Tables that last as long as the connection that makes them. */
import type { DraftAccess } from './draft.js'

const MAKES =
  /\b(?:create\s+(?:or\s+replace\s+)?(?:local\s+)?temp(?:orary)?\s+(?:table|view)\s+(?:if\s+not\s+exists\s+)?|into\s+(?:local\s+)?temp(?:orary)?\s+(?:table\s+)?)(["`]?)([\p{L}_][\p{L}\p{N}_$]*)\1/giu

/** Names of temporary tables, in lower case. */
export interface TemporaryTables {
  /** Those that the statements of a file make. */
  inFile(file: string): ReadonlySet<string>
  /** Those of all files: a routine may be called from elsewhere than where it is made. */
  all: ReadonlySet<string>
}

export function temporaryTables(
  drafts: Pick<DraftAccess, 'site' | 'executed' | 'definitions'>[],
): TemporaryTables {
  const byFile = new Map<string, Set<string>>()
  for (const { site, executed, definitions } of drafts) {
    // One call may run several texts, of which the others may make it.
    for (const text of [executed.sql, ...(definitions ?? []).map(each => each.text)]) {
      if (!/\btemp/i.test(text)) continue
      for (const [, , name] of text.matchAll(MAKES))
        byFile.set(site.file, (byFile.get(site.file) ?? new Set()).add(name!.toLowerCase()))
    }
  }
  const none: ReadonlySet<string> = new Set()
  return {
    inFile: file => byFile.get(file) ?? none,
    all: new Set([...byFile.values()].flatMap(each => [...each])),
  }
}

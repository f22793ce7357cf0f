import type { Walk } from '../walk.js'

/** Words that begin T-SQL's next statement where no semicolon ends a definition. */
const NEXT_OF_BATCH = new Set(
  'INSERT UPDATE DELETE MERGE SELECT EXEC EXECUTE IF ELSE END CREATE TRUNCATE DECLARE PRINT'.split(' '),
)

/** True for `INSERT …`, `DROP TABLE …` and the like; but `ON DELETE CASCADE`, `ALTER COLUMN`, `DROP CONSTRAINT`. */
export function isNextOfBatch(walk: Walk, at: number): boolean {
  const { kind, upper } = walk.tokens[at]!
  const before = walk.tokens[at - 1]?.upper ?? ''
  if (kind !== 'word' || ['ON', ',', 'AS', 'COLUMN', 'CONSTRAINT'].includes(before)) return false
  if (upper === 'ALTER' || upper === 'DROP')
    return ['TABLE', 'VIEW'].includes(walk.tokens[at + 1]?.upper ?? '')
  return NEXT_OF_BATCH.has(upper)
}

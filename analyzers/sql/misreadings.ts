import type { ParserId } from './parsers.js'
import type { Token } from './tokenizer.js'

/**
 * True for a statement that the parser takes and yet reads wrongly, found by comparing its tables with the
 * tokenizer's. Each names what it makes of it.
 */
export function isMisread(id: ParserId, tokens: readonly Token[], from: number, to: number): boolean {
  if (id === 'libpg-query') return hasNameOfOld(tokens, from, to)
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
    const next = i + 1 < to ? tokens[i + 1]! : undefined
    if (token.kind !== 'word' || !next) continue
    // `a ARRAY JOIN b`: a table b and an alias "array"
    if (token.upper === 'ARRAY' && next.upper === 'JOIN') return true
    // `FROM ONLY a`: a table "only"
    if (token.upper === 'ONLY' && (tokens[i - 1]?.upper === 'FROM' || tokens[i - 1]?.upper === 'UPDATE'))
      return true
    // `FROM LEFT JOIN a`, where what stands before is missing: a table "left"
    if (BEFORE_JOIN.has(token.upper) && next.upper === 'JOIN' && tokens[i - 1]?.upper === 'FROM') return true
  }
  return false
}

/** `JOIN system_user u`, a function since PostgreSQL 16: before, and in quotes, it names a table. */
function hasNameOfOld(tokens: readonly Token[], from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) {
    const { kind, upper } = tokens[i]!
    if (kind === 'word' && upper === 'SYSTEM_USER' && BEFORE_TABLE.has(tokens[i - 1]!.upper)) return true
  }
  return false
}

const BEFORE_TABLE = new Set(['FROM', 'JOIN'])

const BEFORE_JOIN = new Set(['LEFT', 'RIGHT', 'CROSS', 'NATURAL'])

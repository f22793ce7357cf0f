/** Locks on whole tables. */
import type { Walk } from '../walk.js'
import { type HeadEnd, isComma, list, rest, skip, table } from './head.js'

/**
 * `LOCK TABLES a READ, b AS x WRITE` and `LOCK TABLE a, b IN SHARE MODE`. Whatever its mode, a lock changes no row:
 * it reads, so that it makes no service a writer of the table.
 */
export function readLock(walk: Walk, at: number): HeadEnd {
  let i = skip(walk, at + 1, 'TABLE', 'TABLES', 'ONLY')
  if (i === at + 1 && walk.dialect.name !== 'postgresql') return rest(walk, at)
  while (i < walk.to) {
    const next = table(walk, i, 'read')
    if (next === i) break
    i = next
    while (i < walk.to && walk.tokens[i]!.kind !== 'end' && !isComma(walk.tokens[i])) i++
    if (!isComma(walk.tokens[i])) break
    i = skip(walk, i + 1, 'ONLY')
  }
  return { next: i, follows: 'rest' }
}

/** `FLUSH TABLES a, b WITH READ LOCK`: a lock, which reads (see `readLock`). */
export function readFlush(walk: Walk, at: number): HeadEnd {
  const names = skip(walk, at + 1, 'LOCAL', 'NO_WRITE_TO_BINLOG')
  const i = skip(walk, names, 'TABLE', 'TABLES')
  return i === names || walk.tokens[i]?.upper === 'WITH' ? rest(walk, at) : list(walk, i, 'read')
}

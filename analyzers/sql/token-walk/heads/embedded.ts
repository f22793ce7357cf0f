/** `PREPARE`, `DECLARE`, `DO`: heads of statements that hold another one. */
import type { Walk } from '../walk.js'
import { find, type HeadEnd, rest } from './head.js'

/** `PREPARE p AS statement`; MySQL: `PREPARE p FROM 'statement'` */
export function readPrepare(walk: Walk, at: number): HeadEnd {
  const i = find(walk, at + 1, 'AS', 'FROM')
  if (i < 0) return rest(walk, at)
  if (walk.tokens[i]!.upper === 'AS') return { next: i + 1, follows: 'statement' }
  const literal = walk.tokens[i + 1]
  if (literal?.kind === 'string') walk.quotedStatement(literal.value, literal.start)
  return { next: i + 1, follows: 'rest' }
}

/** `DECLARE c CURSOR … FOR query`; any other declaration has no tables but in its default value. */
export function readDeclare(walk: Walk, at: number): HeadEnd {
  const cursor = find(walk, at + 1, 'CURSOR')
  if (cursor >= 0) {
    const query = find(walk, cursor + 1, 'FOR')
    if (query >= 0) return { next: query + 1, follows: 'statement' }
  }
  const handler = find(walk, at + 1, 'HANDLER')
  if (handler >= 0) {
    const condition = find(walk, handler, 'FOUND', 'SQLEXCEPTION', 'SQLWARNING')
    if (condition >= 0) return { next: condition + 1, follows: 'body' }
  }
  return { next: at + 1, follows: 'rest' }
}

/** `DO [LANGUAGE x] $$ … $$` of PostgreSQL; `DO expression` of MySQL */
export function readDo(walk: Walk, at: number): HeadEnd {
  for (let i = at + 1; i < walk.to && i < at + 4; i++) {
    const token = walk.tokens[i]!
    if (token.kind !== 'string') continue
    const named = find(walk, at + 1, 'LANGUAGE')
    const language = named < 0 ? 'plpgsql' : (walk.tokens[named + 1]?.value ?? '').toLowerCase()
    if (language === 'plpgsql' || language === 'sql') walk.quotedBody(token, language)
    return { next: i + 1, follows: 'rest' }
  }
  return rest(walk, at)
}

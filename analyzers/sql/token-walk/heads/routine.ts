/** Triggers, functions, procedures and events: heads, behind which a body follows. */
import { readName } from '../names.js'
import type { Walk } from '../walk.js'
import { find, type HeadEnd, opens, rest, skip, skipIfExists, table } from './head.js'

export function readCreateTrigger(walk: Walk, kind: number): HeadEnd {
  const on = find(walk, kind + 1, 'ON')
  if (on < 0) return rest(walk, kind)
  let i = table(walk, on + 1, 'ddl')
  // PostgreSQL: `EXECUTE FUNCTION f()`; T-SQL: `AS …`; MySQL and SQLite: `FOR EACH ROW …`, `BEGIN …`
  for (; i < walk.to; i++) {
    const token = walk.tokens[i]!
    if (opens(token)) {
      i = walk.afterParenthesis(i) - 1
      continue
    }
    if (token.upper === 'EXECUTE' || token.upper === 'EXEC') {
      const name = readName(walk.tokens, skip(walk, i + 1, 'FUNCTION', 'PROCEDURE'), walk.to, walk.text)
      if (name) walk.routine(name)
      return { next: name?.next ?? i + 1, follows: 'rest' }
    }
    if (token.upper === 'BEGIN' || (token.upper === 'AS' && walk.dialect.goBatches)) {
      // The changed rows, to triggers of T-SQL
      if (walk.dialect.goBatches) walk.hidden.add('inserted').add('deleted')
      return { next: i, follows: 'body' }
    }
    if (token.upper === 'ROW' && walk.tokens[i - 1]?.upper === 'EACH') {
      let next = i + 1
      if (['FOLLOWS', 'PRECEDES'].includes(walk.tokens[next]?.upper ?? '')) next += 2
      // A condition `WHEN (…)` before the function or the body
      if (walk.tokens[next]?.upper === 'WHEN' || walk.tokens[next]?.upper === 'EXECUTE') continue
      return { next, follows: 'body' }
    }
    // SQLite's condition needs no parentheses; the body begins where it ends.
    if (token.upper === 'WHEN' && !opens(walk.tokens[i + 1])) return { next: i, follows: 'body' }
  }
  return { next: i, follows: 'rest' }
}

/**
 * Head of a routine. A body in quotes (`AS $$ … $$`) is given to `walk.quotedBody`; one in the open
 * (`BEGIN …`, `AS SELECT …`, `RETURN …`) follows.
 */
export function readCreateRoutine(walk: Walk, kind: number): HeadEnd {
  const name = readName(walk.tokens, skipIfExists(walk, kind + 1), walk.to, walk.text)
  let i = name?.next ?? kind + 1
  const sqlLanguage = find(walk, i, 'LANGUAGE')
  const language = sqlLanguage < 0 ? '' : (walk.tokens[sqlLanguage + 1]?.value ?? '').toLowerCase()
  for (; i < walk.to; i++) {
    const token = walk.tokens[i]!
    if (opens(token)) {
      i = walk.afterParenthesis(i) - 1
      continue
    }
    if (token.upper === 'AS' && walk.tokens[i + 1]?.kind === 'string') {
      if (language === '' || language === 'sql' || language === 'plpgsql')
        walk.quotedBody(walk.tokens[i + 1]!, language)
      return { next: i + 2, follows: 'rest' }
    }
    if (token.kind !== 'word') continue
    if (BODY_STARTS.has(token.upper)) return { next: i, follows: 'body' }
    if (token.upper === 'DO' && walk.tokens[kind]!.upper === 'EVENT') return { next: i + 1, follows: 'body' }
    // `RETURNS TABLE (…) AS …` and `SET x = …` of the head are passed over by going on.
    if (token.upper === 'AS' && (walk.dialect.goBatches || walk.dialect.name === 'unknown')) {
      return { next: i + 1, follows: 'body' }
    }
  }
  return { next: i, follows: 'rest' }
}

const BODY_STARTS = new Set([
  'BEGIN',
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REPLACE',
  'CALL',
  'RETURN',
  'WITH',
  'IF',
  'CASE',
])

/** `DISABLE TRIGGER t ON a` of T-SQL */
export function readTriggerSwitch(walk: Walk, at: number): HeadEnd {
  const on = walk.tokens[at + 1]?.upper === 'TRIGGER' ? find(walk, at + 2, 'ON') : -1
  const ofTable = on >= 0 && !['DATABASE', 'ALL'].includes(walk.tokens[on + 1]?.upper ?? '')
  return !ofTable ? rest(walk, at) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
}

/** `ALTER`, `RENAME` and `DROP`. */
import type { Walk } from '../walk.js'
import { isNextOfBatch } from './batch.js'
import {
  find,
  type HeadEnd,
  isComma,
  kindOfCreate,
  list,
  opens,
  rest,
  skip,
  skipIfExists,
  table,
} from './head.js'
import { readCreateRoutine } from './routine.js'

/** `RENAME TABLE a TO b, c TO d`; the other RENAMEs are of users. */
export function readRename(walk: Walk, at: number): HeadEnd {
  let i = skip(walk, at + 1, 'TABLE', 'TABLES')
  if (i === at + 1) return rest(walk, at)
  i = skipIfExists(walk, i)
  for (;;) {
    i = table(walk, i, 'ddl')
    if (i >= walk.to || walk.tokens[i]?.upper !== 'TO') return { next: i, follows: 'rest' }
    const after = table(walk, i + 1, 'ddl')
    if (after === i + 1 || !isComma(walk.tokens[after])) return { next: after, follows: 'rest' }
    i = after + 1
  }
}

/** New name of the table just read, in the same schema. Returns the index of its last token. */
function renamed(walk: Walk, at: number): number {
  const before = walk.refs[walk.refs.length - 1]
  const next = table(walk, at, 'ddl')
  const ref = walk.refs[walk.refs.length - 1]
  if (before && ref && ref !== before) {
    ref.schema ??= before.schema
    ref.database ??= before.database
  }
  return next - 1
}

/** MySQL's `RENAME b`, unlike `RENAME COLUMN x TO y` and PostgreSQL's `RENAME x TO y`. */
function isRenamedTable(walk: Walk, at: number): boolean {
  if (!walk.dialect.versionComments || ['COLUMN', 'INDEX', 'KEY'].includes(walk.tokens[at]?.upper ?? ''))
    return false
  return walk.tokens[at + 1]?.upper !== 'TO'
}

/**
 * Index after the verb of ClickHouse's `ALTER TABLE a [ON CLUSTER c] UPDATE x = 1 WHERE …` or `DELETE WHERE …`, which
 * change rows and nothing of the table; null where something else follows a table's name.
 */
function afterMutation({ tokens, dialect }: Walk, at: number): number | null {
  if (dialect.name !== 'clickhouse' && dialect.name !== 'unknown') return null
  const isOnCluster = tokens[at]?.upper === 'ON' && tokens[at + 1]?.upper === 'CLUSTER'
  const verb = isOnCluster ? at + 3 : at
  return ['UPDATE', 'DELETE'].includes(tokens[verb]?.upper ?? '') ? verb + 1 : null
}

const ALTERED = new Set(['TABLE', 'VIEW'])

export function readAlter(walk: Walk, at: number): HeadEnd {
  const kind = kindOfCreate(walk, at + 1)
  const word = walk.tokens[kind]?.upper ?? ''
  if (word === 'PROCEDURE' || word === 'PROC' || word === 'FUNCTION') {
    return walk.dialect.goBatches ? readCreateRoutine(walk, kind) : rest(walk, kind)
  }
  if (['TRIGGER', 'POLICY', 'RULE'].includes(word) || (word === 'INDEX' && walk.dialect.goBatches)) {
    const on = find(walk, kind + 1, 'ON')
    return on < 0 ? rest(walk, kind) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
  }
  if (word === 'EVENT') {
    const does = find(walk, kind + 1, 'DO')
    return does < 0 ? rest(walk, kind) : { next: does + 1, follows: 'body' }
  }
  if (!ALTERED.has(word)) return { next: kind + 1, follows: 'rest' }
  let i = skip(walk, kind + 1, 'IF', 'EXISTS', 'ONLY', 'ALL')
  // `ALTER TABLE ALL IN TABLESPACE …`
  if (walk.tokens[i]?.upper === 'IN') return rest(walk, i)
  const altered = walk.refs.length
  i = table(walk, i, 'ddl')
  const mutation = afterMutation(walk, i)
  if (mutation !== null) {
    for (const ref of walk.refs.slice(altered)) ref.op = 'write'
    return { next: mutation, follows: 'statement' }
  }
  if (word === 'VIEW') {
    const as = find(walk, i, 'AS')
    if (as >= 0) return { next: as + 1, follows: 'statement' }
  }
  for (; i < walk.to && walk.tokens[i]!.kind !== 'end'; i++) {
    const token = walk.tokens[i]!
    const next = walk.tokens[i + 1]?.upper ?? ''
    if (walk.dialect.goBatches && isNextOfBatch(walk, i)) break
    if (opens(token)) i = walk.afterParenthesis(i) - 1
    else if (token.upper === 'RENAME' && (next === 'TO' || next === 'AS')) i = renamed(walk, i + 2)
    else if (token.upper === 'RENAME' && isRenamedTable(walk, i + 1)) {
      i = renamed(walk, i + 1)
    } else if (token.upper === 'SWAP' && next === 'WITH') i = table(walk, i + 2, 'ddl') - 1
    else if (token.upper === 'WITH' && next === 'TABLE') i = table(walk, i + 2, 'ddl') - 1
    else if ((token.upper === 'ATTACH' || token.upper === 'DETACH') && next === 'PARTITION') {
      if (walk.dialect.name !== 'clickhouse') i = table(walk, i + 2, 'ddl') - 1
      // `ADD CHECK (…) NO INHERIT` names no table.
    } else if (
      (token.upper === 'INHERIT' || (token.upper === 'NO' && next === 'INHERIT')) &&
      next !== '' &&
      !['NO', ')'].includes(walk.tokens[i - 1]?.upper ?? '')
    ) {
      i = table(walk, token.upper === 'NO' ? i + 2 : i + 1, 'ddl') - 1
    }
  }
  return { next: i, follows: 'rest' }
}

export function readDrop(walk: Walk, at: number): HeadEnd {
  const kind = kindOfCreate(walk, at + 1)
  switch (walk.tokens[kind]?.upper) {
    case 'TABLE':
    case 'TABLES':
    case 'VIEW':
    case 'SYNONYM':
    case 'DICTIONARY':
      return list(walk, skipIfExists(walk, kind + 1), 'ddl')
    case 'INDEX':
    case 'TRIGGER':
    case 'POLICY':
    case 'RULE': {
      const on = find(walk, kind + 1, 'ON')
      return on < 0 ? rest(walk, kind) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
    }
    default:
      return rest(walk, kind)
  }
}

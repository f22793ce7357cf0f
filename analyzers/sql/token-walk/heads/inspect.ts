/** `EXPLAIN`, `SHOW`, `PRAGMA`: what asks about a table, or about another statement. */
import { readName } from '../names.js'
import type { Walk } from '../walk.js'
import { endOf, type HeadEnd, isQueryStart, opens, rest, skip, table } from './head.js'

/** `EXPLAIN [ANALYZE] [VERBOSE] [FORMAT = x] [(…)] statement`, `EXPLAIN QUERY PLAN …`, `DESCRIBE t [column]` */
export function readDescribe(walk: Walk, at: number): HeadEnd {
  let i = skip(
    walk,
    at + 1,
    'ANALYZE',
    'ANALYSE',
    'VERBOSE',
    'EXTENDED',
    'PARTITIONS',
    'QUERY',
    'PLAN',
    'FOR',
    'PIPELINE',
    'AST',
    'SYNTAX',
    'ESTIMATE',
    'FORMATTED',
  )
  if (walk.tokens[i]?.upper === 'FORMAT') {
    i += walk.tokens[i + 1]?.value === '=' ? 3 : 2
    i = skip(walk, i, 'ANALYZE')
  }
  if (
    opens(walk.tokens[i]) &&
    !isQueryStart(walk.tokens[i + 1] ?? walk.tokens[i]!) &&
    !opens(walk.tokens[i + 1])
  ) {
    i = walk.afterParenthesis(i)
  }
  const token = walk.tokens[i]
  if (!token || i >= walk.to) return rest(walk, at)
  const starts = [
    'SELECT',
    'WITH',
    'INSERT',
    'UPDATE',
    'DELETE',
    'REPLACE',
    'MERGE',
    'VALUES',
    'CREATE',
    'EXECUTE',
    'DECLARE',
    'REFRESH',
    'FROM',
  ]
  if (starts.includes(token.upper) || opens(token)) return { next: i, follows: 'statement' }
  // `EXPLAIN FOR CONNECTION 5`
  if (token.upper === 'CONNECTION' && walk.tokens[i - 1]?.upper === 'FOR') return rest(walk, i)
  i = skip(walk, i, 'TABLE', 'VIEW')
  return { next: table(walk, i, 'read'), follows: 'rest' }
}

/** `SHOW COLUMNS | INDEX FROM t [FROM db]`, `SHOW CREATE TABLE t`; the other SHOWs name no table. */
export function readShow(walk: Walk, at: number): HeadEnd {
  const i = skip(walk, at + 1, 'FULL', 'EXTENDED')
  const word = walk.tokens[i]?.upper ?? ''
  if (word === 'CREATE' && ['TABLE', 'VIEW'].includes(walk.tokens[i + 1]?.upper ?? '')) {
    return { next: table(walk, i + 2, 'read'), follows: 'rest' }
  }
  if (['COLUMNS', 'FIELDS', 'INDEX', 'INDEXES', 'KEYS'].includes(word)) {
    if (!['FROM', 'IN'].includes(walk.tokens[i + 1]?.upper ?? '')) return rest(walk, at)
    const first = walk.refs.length
    const next = table(walk, i + 2, 'read')
    const ref = walk.refs[first]
    const database = readName(walk.tokens, next + 1, walk.to, walk.text)
    if (ref && database && ['FROM', 'IN'].includes(walk.tokens[next]?.upper ?? '')) {
      if (!database.unknown) ref.schema = database.name
    }
  }
  return { next: endOf(walk, i), follows: 'rest' }
}

/** `PRAGMA table_info(t)` */
export function readPragma(walk: Walk, at: number): HeadEnd {
  const name = readName(walk.tokens, at + 1, walk.to, walk.text)
  if (name && PRAGMAS_OF_TABLES.has(name.name.toLowerCase()) && opens(walk.tokens[name.next])) {
    const argument = walk.tokens[name.next + 1]
    if (argument?.kind === 'string') {
      walk.add(
        {
          name: argument.value,
          schema: null,
          unknown: argument.hole,
          variable: false,
          at: argument.start,
          next: 0,
        },
        'read',
      )
    } else table(walk, name.next + 1, 'read')
  }
  return { next: endOf(walk, at), follows: 'rest' }
}

const PRAGMAS_OF_TABLES = new Set(['table_info', 'table_xinfo', 'index_list', 'foreign_key_list'])

/** `VACUUM`, `COMMENT`, `GRANT` and the like, which change no row. */
import { readName } from '../names.js'
import type { Walk } from '../walk.js'
import { endOf, find, type HeadEnd, list, opens, rest, skip, table } from './head.js'

/**
 * Maintenance changes how a table is stored and no row of it, so it counts as ddl: MySQL runs OPTIMIZE as an ALTER,
 * PostgreSQL asks for the privilege to maintain the table, not for one to read or write it.
 */
export function readMaintenance(walk: Walk, at: number): HeadEnd {
  let i = at + 1
  if (opens(walk.tokens[i])) i = walk.afterParenthesis(i)
  i = skip(walk, i, 'FULL', 'FREEZE', 'VERBOSE', 'ANALYZE', 'ANALYSE', 'LOCAL', 'NO_WRITE_TO_BINLOG', 'QUICK')
  if (walk.tokens[at]!.upper === 'ANALYZE' && walk.tokens[i]?.upper === 'SELECT')
    return { next: i, follows: 'statement' }
  // `VACUUM INTO 'file'` of SQLite
  if (walk.tokens[i]?.upper === 'INTO') return rest(walk, i)
  // `CLUSTER index ON t`, as it was written once
  if (walk.tokens[at]!.upper === 'CLUSTER' && walk.tokens[i + 1]?.upper === 'ON') i += 2
  return list(walk, skip(walk, i, 'TABLE', 'TABLES'), 'ddl')
}

export function readReindex(walk: Walk, at: number): HeadEnd {
  let i = at + 1
  if (opens(walk.tokens[i])) i = walk.afterParenthesis(i)
  if (walk.tokens[i]?.upper !== 'TABLE') return rest(walk, i)
  return list(walk, skip(walk, i + 1, 'CONCURRENTLY'), 'ddl')
}

/** `COMMENT ON TABLE t IS`, `COMMENT ON COLUMN t.c IS` */
export function readComment(walk: Walk, at: number): HeadEnd {
  const i = skip(walk, at + 1, 'IF', 'EXISTS', 'ON', 'MATERIALIZED', 'FOREIGN')
  const kind = walk.tokens[i]?.upper
  const name = readName(walk.tokens, i + 1, walk.to, walk.text)
  if (!name) return rest(walk, at)
  if (kind === 'TABLE' || kind === 'VIEW') walk.add(name, 'ddl')
  else if (kind === 'COLUMN') {
    // The last part is the column.
    const of = readName(walk.tokens, i + 1, name.next - 2, walk.text)
    if (of) walk.add(of, 'ddl')
  } else if (kind === 'TRIGGER' || kind === 'CONSTRAINT' || kind === 'POLICY' || kind === 'RULE') {
    const on = find(walk, i + 1, 'ON')
    if (on >= 0 && walk.tokens[on + 1]?.upper !== 'DOMAIN') table(walk, on + 1, 'ddl')
  }
  return { next: endOf(walk, name.next), follows: 'rest' }
}

/** `GRANT SELECT, UPDATE ON t TO r`: privileges are named like verbs, and REVOKE has a FROM of its own. */
export function readGrant(walk: Walk, at: number): HeadEnd {
  const to = find(walk, at + 1, 'TO', 'FROM')
  return { next: to < 0 ? endOf(walk, at) : Math.min(to + 2, walk.to), follows: 'rest' }
}

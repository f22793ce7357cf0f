/** Rows from files and into files. */
import { readName } from '../names.js'
import type { Walk } from '../walk.js'
import { find, type HeadEnd, opens, rest, skip, table } from './head.js'

/** `COPY t (…) FROM …` writes, `COPY t TO …` reads, `COPY (query) TO …`; `COPY INTO t FROM @stage` (Snowflake). */
export function readCopy(walk: Walk, at: number): HeadEnd {
  const i = skip(walk, at + 1, 'INTO', 'BINARY')
  if (opens(walk.tokens[i])) return { next: i, follows: 'statement' }
  const name = readName(walk.tokens, i, walk.to, walk.text)
  if (!name) return rest(walk, at)
  let next = name.next
  if (opens(walk.tokens[next])) next = walk.afterParenthesis(next)
  if (walk.tokens[at + 1]?.upper === 'INTO') {
    if (!name.variable) {
      walk.add(name, 'write')
      return { next, follows: 'rest' }
    }
    const from = find(walk, next, 'FROM')
    if (from < 0) return rest(walk, next)
    if (opens(walk.tokens[from + 1])) return { next: from + 1, follows: 'statement' }
    return { next: table(walk, from + 1, 'read'), follows: 'rest' }
  }
  walk.add(name, walk.tokens[next]?.upper === 'TO' ? 'read' : 'write')
  return { next, follows: 'rest' }
}

/** `LOAD DATA [LOCAL] INFILE '…' [REPLACE | IGNORE] INTO TABLE t`; but `LOAD INDEX INTO CACHE t` */
export function readLoad(walk: Walk, at: number): HeadEnd {
  const into = walk.tokens[at + 1]?.upper === 'INDEX' ? -1 : find(walk, at + 1, 'INTO')
  if (into < 0) return rest(walk, at)
  return { next: table(walk, skip(walk, into + 1, 'TABLE'), 'write'), follows: 'rest' }
}

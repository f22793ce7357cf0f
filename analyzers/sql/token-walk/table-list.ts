import type { RawRef } from '../reading.js'
import { NOWHERE, sameName } from '../targets.js'
import type { Token } from '../tokenizer.js'
import { type Frame, isCte } from './frame.js'
import { CLICKHOUSE_JOIN, endsFrom, NEVER_A_TABLE, NOT_ALIAS } from './keywords.js'
import { readName } from './names.js'
import type { Walk } from './walk.js'

/** Reads what stands where a table is expected. Returns the index to go on from, or `at` if it is no table. */
export function readExpectedTable(walk: Walk, frame: Frame, at: number): number {
  const { tokens } = walk
  const token = tokens[at]!
  const next = tokens[at + 1]
  if (token.upper === 'LATERAL' || token.upper === 'ONLY') return at + 1
  if (token.upper === 'TABLE' && next?.value === '(') {
    // `TABLE(f())`
    frame.clause = 'joined'
    return at + 1
  }
  if (token.upper === 'ROWS' && next?.upper === 'FROM') {
    // `ROWS FROM (f(), g())`: only functions
    frame.clause = 'joined'
    return tokens[at + 2]?.value === '(' ? walk.afterParenthesis(at + 2) : at + 2
  }
  if (token.kind === 'word' && next?.value !== '.' && NEVER_A_TABLE.has(token.upper)) return at
  return readTable(walk, frame, at)
}

/** Reads a table with its alias, adds it, and returns the index after it; `at` if there is none. */
export function readTable(walk: Walk, frame: Frame, at: number): number {
  const { tokens, to, text, dialect } = walk
  const name = readName(tokens, at, to, text, dialect.name === 'bigquery')
  if (!name) return at
  frame.clause = 'joined'
  let next = name.next
  if (next < to && tokens[next]!.value === '(' && frame.op === 'read' && !isTableHint(tokens, next)) {
    // A function. Its arguments are read as an expression.
    walk.routine(name)
    return next
  }
  // `DELETE t.* FROM`
  if (tokens[next]?.value === '.' && tokens[next + 1]?.value === '*') next += 2
  const alias = readAlias(walk, next)
  if (alias) next = alias.next

  // T-SQL can write through a CTE: what that writes was read where the CTE is.
  const cte = (frame.op === 'read' || dialect.goBatches) && isCte(name, frame)
  // BigQuery: `FROM t, t.items` unnests a column of t.
  const column =
    dialect.name === 'bigquery' &&
    name.schema !== null &&
    frame.sources.some(source => sameName(source.alias ?? source.ref.name, name.schema!))
  if (column || (cte && frame.op !== 'read')) return next
  const ref: RawRef = cte
    ? { name: name.name, schema: null, op: 'read', unknown: null, at: NOWHERE }
    : walk.add(name, frame.op)
  const list = frame.inTargets ? frame.targets : frame.sources
  list.push({ ref, alias: alias?.name ?? null })
  return next
}

function readAlias(walk: Walk, at: number): { name: string; next: number } | null {
  const { tokens, to, dialect } = walk
  const token = tokens[at]
  if (at >= to || !token) return null
  if (token.upper === 'AS') {
    const name = tokens[at + 1]
    const named = at + 1 < to && (name?.kind === 'word' || name?.kind === 'name' || name?.kind === 'string')
    return named ? { name: name!.value, next: at + 2 } : { name: '', next: at + 1 }
  }
  if (token.kind === 'name') return { name: token.value, next: at + 1 }
  if (token.kind !== 'word' || NOT_ALIAS.has(token.upper) || isEndOfList(walk, at)) return null
  if (dialect.name === 'clickhouse' && CLICKHOUSE_JOIN.has(token.upper)) return null
  return { name: token.value, next: at + 1 }
}

/** True if the word at `at` ends a list of tables. */
export function isEndOfList({ tokens, to, dialect }: Walk, at: number): boolean {
  return endsFrom(tokens[at]!.upper, at + 1 < to ? tokens[at + 1]!.upper : '', dialect.name)
}

/** `FROM t (NOLOCK)` */
function isTableHint(tokens: readonly Token[], at: number): boolean {
  return /^(?:NOLOCK|READPAST|UPDLOCK|ROWLOCK|HOLDLOCK|TABLOCKX?|READUNCOMMITTED|XLOCK)$/.test(
    tokens[at + 1]?.upper ?? '',
  )
}

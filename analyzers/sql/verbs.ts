import type { Token } from './tokenizer.js'
import type { SqlStatement } from './types.js'

/** Words between the verb and the kind of thing it is about: `CREATE OR REPLACE TEMP TABLE`. */
const BEFORE_KIND = new Set(
  `OR REPLACE GLOBAL LOCAL TEMP TEMPORARY UNLOGGED EXTERNAL TRANSIENT VIRTUAL UNIQUE FULLTEXT SPATIAL CLUSTERED
  NONCLUSTERED RECURSIVE CONSTRAINT SECURE ALGORITHM DEFINER SQL SECURITY INVOKER UNDEFINED MERGE TEMPTABLE CURRENT_USER
  EVENT_ ALTER AGGREGATE`.split(/\s+/),
)

const WITH_KIND = new Set(['CREATE', 'ALTER', 'DROP', 'RENAME', 'REFRESH', 'UNDROP'])

/**
 * The statement's verb in upper case, with its kind for DDL (`CREATE TABLE`, `REFRESH MATERIALIZED VIEW`).
 * WITH gives the verb of the statement after it. '' if the text begins with no word.
 */
export function verbOf(tokens: readonly Token[], from: number, to: number): string {
  let i = from
  while (i < to && tokens[i]!.kind === 'op' && tokens[i]!.value === '(') i++
  const first = tokens[i]
  if (first?.kind !== 'word' || first.hole) return ''
  if (first.upper === 'WITH') return verbAfterWith(tokens, i + 1, to)
  if (!WITH_KIND.has(first.upper)) return first.upper
  for (let k = i + 1; k < to && k < i + 24; k++) {
    const token = tokens[k]!
    if (token.kind !== 'word' || BEFORE_KIND.has(token.upper)) continue
    if (tokens[k - 1]?.value === '@' || tokens[k - 1]?.value === '=') continue
    if (token.upper === 'MATERIALIZED' || token.upper === 'FOREIGN')
      return `${first.upper} ${token.upper} ${tokens[k + 1]?.upper ?? ''}`
    return `${first.upper} ${token.upper}`
  }
  return first.upper
}

function verbAfterWith(tokens: readonly Token[], from: number, to: number): string {
  let depth = 0
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
    if (token.kind === 'op' && token.value === '(') depth++
    else if (token.kind === 'op' && token.value === ')') depth--
    else if (
      depth === 0 &&
      ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'REPLACE', 'TABLE', 'VALUES'].includes(token.upper)
    ) {
      if (tokens[i - 1]?.value === ')') return token.upper
    }
  }
  return 'WITH'
}

/** What the statement does to the transaction of its connection, if that is all that it does. */
export function transactionOf(
  tokens: readonly Token[],
  from: number,
  to: number,
): SqlStatement['transaction'] {
  const word = (i: number) => (from + i < to ? tokens[from + i]!.upper : '')
  const second = word(1)
  switch (word(0)) {
    case 'BEGIN':
      return to - from === 1 || BEGIN_WORDS.has(second) ? 'begin' : null
    case 'START':
      return second === 'TRANSACTION' ? 'begin' : null
    case 'COMMIT':
      return 'commit'
    case 'END':
      return to - from === 1 || second === 'TRANSACTION' || second === 'WORK' ? 'commit' : null
    case 'ABORT':
      return 'rollback'
    case 'ROLLBACK':
      return word(1) === 'TO' || word(2) === 'TO' ? null : 'rollback'
    case 'SET': {
      const name = tokens.slice(from + 1, Math.min(from + 6, to)).map(token => token.value.toLowerCase())
      const at = name.findIndex(value => /^(?:@@)?(?:session\.)?autocommit$/.test(value))
      if (at < 0) return null
      const value = name[at + 1] === '=' || name[at + 1] === ':=' ? name[at + 2] : ''
      return value === '0' || value === 'off' || value === 'false' ? 'begin' : value === '' ? null : 'commit'
    }
    default:
      return null
  }
}

const BEGIN_WORDS = new Set([
  'TRANSACTION',
  'TRAN',
  'WORK',
  'ISOLATION',
  'READ',
  'DEFERRABLE',
  'NOT',
  'DEFERRED',
  'IMMEDIATE',
  'EXCLUSIVE',
  'CONCURRENT',
  'DISTRIBUTED',
])

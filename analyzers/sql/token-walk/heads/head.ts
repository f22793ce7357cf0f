/** What the readers of heads share: where one stopped, and the steps that they all take. */
import type { Op } from '../../../model.js'
import type { Token } from '../../tokenizer.js'
import { readName } from '../names.js'
import type { Walk } from '../walk.js'

/** Where the reader of a statement's head stopped, and what follows there. */
export interface HeadEnd {
  next: number
  /** statement: a query or another statement. body: statements of a routine. rest: nothing that names tables. */
  follows: 'statement' | 'body' | 'rest'
}

export type HeadReader = (walk: Walk, at: number) => HeadEnd

export function rest(_walk: Walk, at: number): HeadEnd {
  return { next: at + 1, follows: 'rest' }
}

/** Index of the delimiter that ends the statement at `at`. */
export function endOf(walk: Walk, at: number): number {
  let i = at
  while (i < walk.to && walk.tokens[i]!.kind !== 'end') i++
  return i
}

/** Index after those of the given words that stand here, in any order. */
export function skip(walk: Walk, at: number, ...words: string[]): number {
  let i = at
  while (i < walk.to && words.includes(walk.tokens[i]!.upper)) i++
  return i
}

/** `IF [NOT] EXISTS` */
export const skipIfExists = (walk: Walk, at: number) =>
  walk.tokens[at]?.upper === 'IF' ? skip(walk, at + 1, 'NOT', 'EXISTS') : at

export const isComma = (token: Token | undefined) => token?.kind === 'op' && token.value === ','
export const opens = (token: Token | undefined) => token?.kind === 'op' && token.value === '('

/** Reads one table and adds it. Returns the index after it, or `at` if there is none. */
export function table(walk: Walk, at: number, op: Op): number {
  const name = readName(walk.tokens, at, walk.to, walk.text, walk.dialect.name === 'bigquery')
  if (!name) return at
  walk.add(name, op)
  return name.next
}

/** `a, b [*], ONLY c`: one table or more. */
export function list(walk: Walk, at: number, op: Op): HeadEnd {
  let i = at
  for (;;) {
    i = skip(walk, i, 'ONLY')
    const next = table(walk, i, op)
    if (next === i) break
    i = next
    if (walk.tokens[i]?.value === '*') i++
    if (opens(walk.tokens[i])) i = walk.afterParenthesis(i)
    if (i >= walk.to || !isComma(walk.tokens[i])) break
    i++
  }
  return { next: i, follows: 'rest' }
}

/** How far the head of a statement may reach, in tokens. A bound, so that hostile text stays linear. */
const LOOK_AHEAD = 1500

/** Index of a word before the end of the statement, skipping what stands in parentheses; or -1. */
export function find(walk: Walk, at: number, ...words: string[]): number {
  const to = Math.min(walk.to, at + LOOK_AHEAD)
  for (let i = at; i < to; i++) {
    const token = walk.tokens[i]!
    if (token.kind === 'end') return -1
    if (opens(token)) {
      i = walk.afterParenthesis(i) - 1
      continue
    }
    if (token.kind === 'word' && words.includes(token.upper) && walk.tokens[i - 1]?.value !== '.') return i
  }
  return -1
}

export const isQueryStart = (token: Token) =>
  ['SELECT', 'WITH', 'VALUES', 'TABLE', 'FROM', 'EXECUTE'].includes(token.upper)

const CREATE_MODIFIERS = new Set(
  `OR REPLACE GLOBAL LOCAL TEMP TEMPORARY UNLOGGED EXTERNAL TRANSIENT VIRTUAL FOREIGN UNIQUE FULLTEXT SPATIAL CLUSTERED
  NONCLUSTERED COLUMNSTORE RECURSIVE MATERIALIZED SECURE DYNAMIC HYBRID ICEBERG ALGORITHM DEFINER SQL SECURITY INVOKER UNDEFINED MERGE
  TEMPTABLE CONSTRAINT EDITIONABLE NONEDITIONABLE FORCE NO AGGREGATE ALTER LIVE WINDOW ONLINE OFFLINE BITMAP SNAPSHOT`.split(
    /\s+/,
  ),
)

/** Index of the word that says what is created: TABLE, VIEW, INDEX, TRIGGER, … */
export function kindOfCreate(walk: Walk, at: number): number {
  let i = at
  while (i < walk.to) {
    const token = walk.tokens[i]!
    // `DEFINER = 'a'@'b'`, `ALGORITHM = MERGE`
    if (token.value === '=') i += 2
    else if (token.kind === 'placeholder' && token.value.startsWith('@')) i++
    else if (token.kind === 'op' && token.value === '@') i += 2
    else if (token.upper === 'CURRENT_USER')
      i = opens(walk.tokens[i + 1]) ? walk.afterParenthesis(i + 1) : i + 1
    else if (CREATE_MODIFIERS.has(token.upper) || (token.kind === 'hole' && !walk.tokens[i + 1]?.hole)) i++
    else break
  }
  return i
}

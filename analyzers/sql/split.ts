import type { Dialect } from '../model.js'
import { dialects, type SqlDialect } from './dialects/index.js'
import { type Token, tokenize } from './tokenizer.js'

/** One statement of a script. */
export interface ScriptStatement {
  /** From its leading comments to before its delimiter. */
  text: string
  /** Where `text` begins in the script. */
  offset: number
  /** Line of its first token (comments are none), counted from 1. */
  line: number
}

/** A statement as a range of tokens, `to` exclusive; the delimiter is not part of it. */
export interface TokenRange {
  from: number
  to: number
}

/**
 * Cuts a script, or a string that holds several statements, at its delimiters. Honours quotes, comments,
 * dollar quotes, `DELIMITER`, `GO`, and the bodies of routines and triggers, which may hold semicolons.
 * Commands of the client (`\connect`, `DELIMITER`, rows after `COPY … FROM stdin`) are left out.
 */
export function splitScript(text: string, dialect: Dialect): ScriptStatement[] {
  const commandEnds: number[] = []
  const tokens = tokenize(text, dialects[dialect], undefined, commandEnds)
  const statements: ScriptStatement[] = []
  let line = 1
  let counted = 0
  let command = 0
  for (const { from, to } of splitTokens(tokens, dialects[dialect])) {
    const start = tokens[from]!.start
    line += countLines(text, counted, start)
    counted = start
    while (commandEnds[command]! <= start) command++
    const before = Math.max(from > 0 ? tokens[from - 1]!.end : 0, commandEnds[command - 1] ?? 0)
    const offset = startOfComments(text, before, start)
    const end = endOfVersionComment(text, tokens[to - 1]!.end, dialects[dialect])
    statements.push({ text: text.slice(offset, end), offset, line })
  }
  return statements
}

/** Ranges of tokens, one a statement, empty ones left out. */
export function splitTokens(tokens: readonly Token[], dialect: SqlDialect): TokenRange[] {
  const ranges: TokenRange[] = []
  let from = 0
  // When a BEGIN has no END up to the end of the script, blocks mean nothing here: cut at each delimiter.
  let blocks = true
  while (from < tokens.length) {
    let to = blocks ? endOfStatement(tokens, from, dialect) : endAtDelimiter(tokens, from)
    if (to < 0) {
      blocks = false
      to = endAtDelimiter(tokens, from)
    }
    if (to > from) ranges.push({ from, to })
    from = to + 1
  }
  return ranges
}

function endAtDelimiter(tokens: readonly Token[], from: number): number {
  let i = from
  while (i < tokens.length && tokens[i]!.kind !== 'end') i++
  return i
}

/** Index of the delimiter that ends the statement, or -1 if a block in it is not closed. */
function endOfStatement(tokens: readonly Token[], from: number, dialect: SqlDialect): number {
  const routine = isRoutine(tokens, from)
  const rule = isRule(tokens, from)
  let depth = 0
  let parens = 0
  let i = from
  for (; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind === 'end') {
      // DELIMITER and GO are said by the user: nothing spans them.
      if (token.value !== ';') return i
      if (depth > 0 || (rule && parens > 0)) continue
      // T-SQL: the whole batch is the routine's body.
      if (routine && dialect.goBatches) continue
      return i
    }
    if (token.kind === 'op') {
      if (token.value === '(') parens++
      else if (token.value === ')') parens--
    }
    if (token.kind !== 'word' || !(routine || dialect.scriptBlocks)) continue
    if (
      token.upper === 'BEGIN' ? opensBlock(tokens, i, from, routine) : token.upper === 'CASE' && depth > 0
    ) {
      if (tokens[i - 1]?.upper !== 'END') depth++
    } else if (token.upper === 'END' && depth > 0 && !CLOSES_NO_BEGIN.has(tokens[i + 1]?.upper ?? '')) depth--
  }
  return depth > 0 ? -1 : i
}

/** `END IF` and the like close what was never counted. */
const CLOSES_NO_BEGIN = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT', 'FOR'])

/** Words after BEGIN that make it the begin of a transaction. */
// biome-ignore format: a table
const TRANSACTION = new Set([
  'TRAN', 'TRANSACTION', 'WORK', 'DEFERRED', 'IMMEDIATE', 'EXCLUSIVE', 'CONCURRENT', 'ISOLATION', 'READ', 'DISTRIBUTED', 'DIALOG', 'CONVERSATION',
])

function opensBlock(tokens: readonly Token[], at: number, from: number, routine: boolean): boolean {
  const next = tokens[at + 1]
  if (!next || next.kind === 'end') return false
  if (TRANSACTION.has(next.upper)) return false
  // A name such as `x.begin` or a column: not at the begin of anything.
  const previous = tokens[at - 1]
  if (previous?.kind === 'op' && previous.value !== ')' && previous.value !== ':') return false
  return routine || at === from || previous?.kind !== 'op'
}

const ROUTINE_KINDS = new Set(['PROCEDURE', 'PROC', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE'])

/** `CREATE [OR REPLACE] [DEFINER = …] PROCEDURE | FUNCTION | TRIGGER | EVENT`, `ALTER PROCEDURE` (T-SQL). */
export function isRoutine(tokens: readonly Token[], from: number): boolean {
  const verb = tokens[from]?.upper
  if (verb !== 'CREATE' && verb !== 'ALTER') return false
  for (let i = from + 1; i < from + 14 && i < tokens.length; i++) {
    const token = tokens[i]!
    if (ROUTINE_KINDS.has(token.upper)) return true
    if (token.kind === 'end' || token.upper === 'TABLE' || token.upper === 'VIEW' || token.upper === 'INDEX')
      return false
  }
  return false
}

/** `CREATE RULE … DO ALSO ( …; … )` */
function isRule(tokens: readonly Token[], from: number): boolean {
  if (tokens[from]?.upper !== 'CREATE') return false
  for (let i = from + 1; i < from + 4; i++) if (tokens[i]?.upper === 'RULE') return true
  return false
}

/** Where the comments before a statement begin; one on the line of the statement before belongs to that. */
function startOfComments(text: string, before: number, start: number): number {
  const between = text.slice(before, start)
  const trailing = before > 0 ? /^[ \t]*--[^\n]*\n/.exec(between) : null
  const from = trailing ? before + trailing[0].length : before
  const skipped = text.slice(from, start).search(/\S/)
  return skipped < 0 ? start : from + skipped
}

/** The `*\/` of MySQL's `/*! … *\/` is no token, and yet part of the statement before it. */
function endOfVersionComment(text: string, end: number, dialect: SqlDialect): number {
  if (!dialect.versionComments) return end
  CLOSE.lastIndex = end
  return CLOSE.test(text) ? CLOSE.lastIndex : end
}

const CLOSE = /\s*\*\//y

function countLines(text: string, from: number, to: number): number {
  let lines = 0
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) lines++
  return lines
}

import type { Op } from '../model.js'
import type { SqlDialect } from './dialects/index.js'
import type { QualifiedName } from './names.js'
import type { RawRef } from './reading.js'
import type { Token } from './tokenizer.js'
import type { RoutineRef } from './types.js'

/** What the readers of tokens share while they go through one statement. */
export interface Walk {
  tokens: readonly Token[]
  /** Index after the last token of the statement. */
  to: number
  text: string
  dialect: SqlDialect
  refs: RawRef[]
  routines: RoutineRef[]
  /** Adds a table; returns the entry, so that its op can be changed when more is known. */
  add(name: QualifiedName, op: Op): RawRef
  routine(name: QualifiedName): void
  /** Index after the parenthesis that closes the one at `at`; `to` if it is not closed. */
  afterParenthesis(at: number): number
  /** A routine's body in quotes: its statements' tables are added. */
  quotedBody(token: Token, language: string): void
  /** A statement in quotes (`EXECUTE '…'`), with `DYNAMIC` for what is not known of it; `at` is its offset. */
  quotedStatement(statement: string, at: number): void
}

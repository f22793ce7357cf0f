import type { Token } from '../tokenizer.js'
import type { Hole } from '../types.js'

/** A name as the text has it: `b.c` of `a.b.c`, unquoted. */
export interface QualifiedName {
  name: string
  schema: string | null
  /** A hole or placeholder that is the name or a part of it (not of the schema): the name is not known. */
  unknown: Hole | null
  /** Some part is a variable of the server (`@rows`): no name of anything stored. */
  variable: boolean
  /** Offset of the first token. */
  at: number
  /** Index of the token after the name. */
  next: number
}

/** Tokens that can be a part of a name. Double quotes are a name wherever one is expected. */
function isNamePart(token: Token | undefined, text: string): boolean {
  if (!token) return false
  return (
    token.kind === 'word' ||
    token.kind === 'name' ||
    token.kind === 'hole' ||
    token.kind === 'placeholder' ||
    (token.kind === 'string' && text[token.start] === '"')
  )
}

/** `*` and `%` after a dot: `DELETE t.*`, `t%ROWTYPE`. */
const isDot = (token: Token | undefined) => token?.kind === 'op' && token.value === '.'

/**
 * Reads `a.b.c`, `"a"."b"`, `` `a`.`b` ``, `db..t` (T-SQL) beginning at token `at`; null if no name begins there.
 * `split` cuts a quoted name at its dots, as BigQuery does with `` `project.dataset.table` ``.
 */
export function readName(
  tokens: readonly Token[],
  at: number,
  to: number,
  text: string,
  split = false,
): QualifiedName | null {
  const first = tokens[at]
  if (at >= to || !isNamePart(first, text)) return null
  if (first!.upper === 'IDENTIFIER') {
    const named = readIdentifierCall(tokens, at, to)
    if (named) return named
  }
  const parts: Token[] = [first!]
  let next = at + 1
  while (next < to && isDot(tokens[next])) {
    const part = tokens[next + 1]
    if (next + 1 >= to || !isNamePart(part, text)) break
    parts.push(part!)
    next += 2
  }
  // `db..t` of T-SQL: the default schema of another database
  let database = false
  if (next < to && tokens[next]?.value === '..' && isNamePart(tokens[next + 1], text)) {
    parts.push(tokens[next + 1]!)
    next += 2
    database = true
  }
  const last = parts[parts.length - 1]!
  const before = parts.length > 1 && !database ? parts[parts.length - 2]! : null
  let name = last.value
  let schema = before && !before.hole && before.kind !== 'placeholder' ? before.value : null
  if (split && last.kind === 'name' && name.includes('.')) {
    const pieces = name.split('.')
    name = pieces[pieces.length - 1]!
    schema = pieces[pieces.length - 2]!
  }
  return {
    name,
    schema,
    unknown: last.hole ?? (last.kind === 'placeholder' ? { code: last.value } : null),
    variable: last.kind === 'placeholder' && last.value.startsWith('@'),
    at: first!.start,
    next,
  }
}

/** `IDENTIFIER('db.s.t')`, `IDENTIFIER(:t)` of Snowflake; null if it is another use of the word. */
function readIdentifierCall(tokens: readonly Token[], at: number, to: number): QualifiedName | null {
  const [open, named, close] = tokens.slice(at + 1, Math.min(at + 4, to))
  if (open?.value !== '(' || close?.value !== ')') return null
  if (named?.kind !== 'string' && named?.kind !== 'placeholder' && named?.kind !== 'hole') return null
  const parts = named.value.split('.').map(part => part.replaceAll('"', ''))
  return {
    name: parts.at(-1)!,
    schema: named.kind === 'string' ? (parts.at(-2) ?? null) : null,
    unknown: named.hole ?? (named.kind === 'placeholder' ? { code: named.value } : null),
    variable: false,
    at: tokens[at]!.start,
    next: at + 4,
  }
}

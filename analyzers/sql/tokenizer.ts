import type { SqlDialect } from './dialects/index.js'
import { readPlaceholder } from './placeholders.js'
import type { Hole } from './types.js'

/**
 * word: keyword or bare name. name: quoted name. placeholder: `?`, `$1`, `:id`, `@x`, `$(t:name)`, …
 * hole: a hole of its own. end: the delimiter between statements (`;`, `GO`, what DELIMITER set).
 */
export type TokenKind = 'word' | 'name' | 'string' | 'number' | 'op' | 'placeholder' | 'hole' | 'end'

export interface Token {
  kind: TokenKind
  /** Offsets in the tokenized text, `end` exclusive. */
  start: number
  end: number
  /** word: as written. name and string: without quotes, escapes resolved. placeholder and op: as written. */
  value: string
  /** Upper case of a word; the text of an operator; '' for all else. Compare keywords with this. */
  upper: string
  /** A hole is part of this token: `${prefix}_users`, `"${table}"`. */
  hole: Hole | null
}

/** Texts longer than this are dumps: their rows are stepped over, for they are millions of tokens and no table. */
const SKIPS_ROWS = 500_000

/** Expressions that stand for a clause rather than for the end of a name, judged by what they are called. */
const CLAUSE_CODE =
  /where|clause|filter|cond|criteria|join|order|sort|limit|offset|paging|pagination|group|having|\band|search|query|sql|lock|returning|['"`]\s/i

/** Holes by offset in the masked text. */
export type Holes = ReadonlyMap<number, Hole>

const NO_HOLES: Holes = new Map()

// Character classes by code: a table look-up is what keeps the tokenizer linear and fast on megabytes.
const SPACE = 1
const DIGIT = 2
const WORD = 4
const classes = new Uint8Array(128)
for (const c of ' \t\n\r\f\v\0') classes[c.charCodeAt(0)] = SPACE
for (const c of '0123456789') classes[c.charCodeAt(0)] = DIGIT | WORD
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$') classes[c.charCodeAt(0)] = WORD

const isSpace = (code: number) => (code < 128 ? classes[code] === SPACE : code === 0xa0 || code === 0xfeff)
const isDigit = (code: number) => code >= 48 && code <= 57
const isWord = (code: number) =>
  code < 128 ? (classes[code]! & WORD) !== 0 : code > 127 && code !== 0xa0 && code !== 0xfeff

/** Operators of more than one character that must not be cut, longest first. */
// biome-ignore format: a table
const OPERATORS = [
  '#>>', '->>', '<=>', '!~~*', '!~~', '~~*', '!~*', '||/', '@-@', '&&&', '<->',
  '::', ':=', '->', '#>', '#-', '@>', '<@', '@@', '@?', '||', '&&', '<=', '>=', '<>', '!=', '==', '=>', '|/',
  '!~', '~*', '~~', '<<', '>>', '**', '..',
]

const operatorsByFirst = new Map<number, string[]>()
for (const op of OPERATORS) {
  const list = operatorsByFirst.get(op.charCodeAt(0)) ?? []
  list.push(op)
  operatorsByFirst.set(op.charCodeAt(0), list)
}

/**
 * Cuts SQL text into tokens, comments left out. Linear in the length of the text, never throws: what is not
 * closed (quote, comment) ends with the text. Knows the clients' own commands (`DELIMITER`, `GO`,
 * `\connect`, the data lines of `COPY … FROM stdin`) and leaves them out; where each ends goes to
 * `commandEnds`.
 */
export function tokenize(
  text: string,
  dialect: SqlDialect,
  holes: Holes = NO_HOLES,
  commandEnds: number[] = [],
): Token[] {
  const tokens: Token[] = []
  const length = text.length
  const isHole = (at: number) => text.charCodeAt(at) === 0xe000 && holes.has(at)
  let delimiter = ';'
  let at = 0
  let brackets = 0
  let firstOfStatement = 0
  let lastCopyEnd: number | null = null

  const push = (kind: TokenKind, start: number, end: number, value: string, upper = '') => {
    tokens.push({ kind, start, end, value, upper, hole: holes.size > 0 ? holeWithin(start, end) : null })
    at = end
  }
  const holeWithin = (start: number, end: number): Hole | null => {
    for (let i = start; i < end; i++) if (isHole(i)) return holes.get(i)!
    return null
  }

  while (at < length) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) {
      at++
      continue
    }
    const next = at + 1 < length ? text.charCodeAt(at + 1) : 0

    // Comments
    if (code === 45 && next === 45 && startsDashComment(text, at, dialect)) {
      at = endOfLine(text, at)
      continue
    }
    if (code === 47 && next === 42) {
      if (dialect.versionComments && (text[at + 2] === '!' || text.startsWith('M!', at + 2))) {
        // MySQL runs what stands in `/*!50100 … */`: step over the marker, and over `*/` when it comes.
        at += text[at + 2] === '!' ? 3 : 4
        while (isDigit(text.charCodeAt(at))) at++
        continue
      }
      at = endOfBlockComment(text, at, dialect.nestedComments)
      continue
    }
    if (code === 42 && next === 47 && dialect.versionComments) {
      at += 2
      continue
    }
    if (code === 47 && next === 47 && dialect.slashComments) {
      at = endOfLine(text, at)
      continue
    }

    // Commands of the client
    if (delimiter !== ';' && text.startsWith(delimiter, at)) {
      push('end', at, at + delimiter.length, delimiter)
      firstOfStatement = tokens.length
      continue
    }
    if (dialect.clientCommand !== null && text[at] === dialect.clientCommand && isLineStart(text, at)) {
      if (tokens.length === firstOfStatement || text[at] === '\\') {
        at = endOfLine(text, at)
        commandEnds.push(at)
        continue
      }
    }
    if (dialect.delimiterCommand && (code | 32) === 100 && tokens.length === firstOfStatement) {
      const command = delimiterCommand(text, at)
      if (command) {
        delimiter = command.delimiter
        at = command.end
        commandEnds.push(at)
        continue
      }
    }

    const placeholder = readPlaceholder(text, at, dialect, tokens, brackets > 0)
    if (placeholder > at) {
      push('placeholder', at, placeholder, text.slice(at, placeholder))
      continue
    }
    if (code === 35 && dialect.goBatches && (isWord(next) || next === 35)) {
      // `#t` and `##t`: temporary tables of T-SQL
      const value = text.slice(at, endOfWord(text, next === 35 ? at + 2 : at + 1, delimiter))
      push('word', at, at + value.length, value, value.toUpperCase())
      continue
    }
    if (code === 35 && dialect.hashComments) {
      at = endOfLine(text, at)
      continue
    }

    // Strings and quoted names
    if (code === 39) {
      const end = endOfQuoted(text, at, "'", dialect.backslashEscapes)
      push('string', at, end, unquote(text, at, end, "'"))
      continue
    }
    if (code === 34) {
      const string = dialect.doubleQuotes === 'string'
      const end = endOfQuoted(text, at, '"', string && dialect.backslashEscapes)
      push(string ? 'string' : 'name', at, end, unquote(text, at, end, '"'))
      continue
    }
    if (code === 96 && dialect.backticks) {
      const end = endOfQuoted(text, at, '`', false)
      push('name', at, end, unquote(text, at, end, '`'))
      continue
    }
    if (code === 91 && dialect.brackets) {
      const end = endOfQuoted(text, at, ']', false)
      push('name', at, end, unquote(text, at, end, ']'))
      continue
    }
    if (code === 36 && dialect.dollarQuotes) {
      const tag = dollarTag(text, at)
      if (tag) {
        const close = text.indexOf(tag, at + tag.length)
        const end = close < 0 ? length : close + tag.length
        push('string', at, end, text.slice(at + tag.length, close < 0 ? length : close))
        continue
      }
    }

    if (isDigit(code) || (code === 46 && isDigit(next) && !endsOperand(tokens, at))) {
      let end = endOfNumber(text, at)
      let kind: TokenKind = 'number'
      // `2fa_codes`: names may begin with a digit in MySQL.
      if (end < length && isWord(text.charCodeAt(end)) && !isHole(end) && code !== 46) {
        end = endOfWord(text, end, delimiter)
        kind = 'word'
      }
      const value = text.slice(at, end)
      push(kind, at, end, value, kind === 'word' ? value.toUpperCase() : '')
      continue
    }

    if (isWord(code)) {
      if (isHole(at) && !(at + 1 < length && isWord(next) && !isHole(at + 1))) {
        push('hole', at, at + 1, '')
        continue
      }
      // Strings with a prefix: E'…' has escapes, N'…', B'…', X'…', U&'…' and _utf8'…' have none of their own.
      if (next === 39 || (next === 38 && (code | 32) === 117)) {
        const quote = next === 39 ? at + 1 : at + 2
        const letter = code | 32
        if (
          text.charCodeAt(quote) === 39 &&
          (letter === 101 || letter === 110 || letter === 98 || letter === 120 || letter === 117)
        ) {
          const end = endOfQuoted(text, quote, "'", letter === 101 || dialect.backslashEscapes)
          push('string', at, end, unquote(text, quote, end, "'"))
          continue
        }
        if (next === 38 && text.charCodeAt(quote) === 34) {
          const end = endOfQuoted(text, quote, '"', false)
          push('name', at, end, unquote(text, quote, end, '"'))
          continue
        }
      }
      let end = endOfWord(text, at, delimiter)
      // `FROM users${where}`: the hole brings its own blank; but `users_${suffix}`, `users${year}`
      if (end - at > 1 && isHole(end - 1) && text[end - 2] !== '_' && !isHole(end - 2)) {
        if (CLAUSE_CODE.test(holes.get(end - 1)!.code)) end--
      }
      const value = text.slice(at, end)
      if (
        dialect.goBatches &&
        end - at === 2 &&
        value.toUpperCase() === 'GO' &&
        isAloneOnLine(text, at, end)
      ) {
        push('end', at, end, value)
        at = endOfLine(text, end)
        commandEnds.push(at)
        firstOfStatement = tokens.length
        continue
      }
      push('word', at, end, value, value.toUpperCase())
      if (length > SKIPS_ROWS && tokens[tokens.length - 1]!.upper === 'VALUES') {
        at = endOfRows(text, at, dialect.backslashEscapes)
      }
      continue
    }

    if (code === 59 && delimiter === ';') {
      const copies = isCopyFromStdin(tokens, firstOfStatement)
      if (tokens.length === firstOfStatement) {
        // A statement without a token is none.
        if (commandEnds[commandEnds.length - 1] === at) commandEnds.pop()
        at++
        commandEnds.push(at)
      } else push('end', at, at + 1, ';')
      if (copies) {
        lastCopyEnd ??= text.lastIndexOf(COPY_END)
        if (at <= lastCopyEnd) at = endOfLine(text, text.indexOf(COPY_END, at) + 1)
        commandEnds.push(at)
      }
      firstOfStatement = tokens.length
      continue
    }
    if (code === 91) brackets++
    else if (code === 93 && brackets > 0) brackets--
    const op = operatorAt(text, at, code)
    push('op', at, at + op.length, op, op)
  }
  return tokens
}

/** True if the token can be the end of a value or a name, so that what follows it continues it. */
export function endsOperand(tokens: readonly Token[], at: number): boolean {
  const last = tokens[tokens.length - 1]
  if (!last || last.end !== at) return false
  return last.kind !== 'op' || last.value === ')' || last.value === ']'
}

function operatorAt(text: string, at: number, code: number): string {
  const candidates = operatorsByFirst.get(code)
  if (candidates) for (const op of candidates) if (text.startsWith(op, at)) return op
  // A run of anything that is no operator is one token, so that rubbish stays cheap.
  let end = at + 1
  if (code === 92 || code === 94 || code === 126) while (text.charCodeAt(end) === code) end++
  return text.slice(at, end)
}

function startsDashComment(text: string, at: number, dialect: SqlDialect): boolean {
  if (!dialect.dashesNeedSpace || at + 2 >= text.length) return true
  return isSpace(text.charCodeAt(at + 2))
}

/** Offset of the line break that ends the line, or the length of the text. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function endOfBlockComment(text: string, at: number, nested: boolean): number {
  if (!nested) {
    const end = text.indexOf('*/', at + 2)
    return end < 0 ? text.length : end + 2
  }
  let depth = 1
  let i = at + 2
  while (i < text.length) {
    const code = text.charCodeAt(i)
    if (code === 42 && text.charCodeAt(i + 1) === 47) {
      i += 2
      if (--depth === 0) return i
    } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
      depth++
      i += 2
    } else i++
  }
  return text.length
}

/** End of a quoted piece that begins at `at`; a doubled closing quote is part of it. */
function endOfQuoted(text: string, at: number, close: string, backslash: boolean): number {
  let i = at + 1
  const closeCode = close.charCodeAt(0)
  if (!backslash) {
    for (;;) {
      i = text.indexOf(close, i)
      if (i < 0) return text.length
      if (text.charCodeAt(i + 1) !== closeCode) return i + 1
      i += 2
    }
  }
  while (i < text.length) {
    const code = text.charCodeAt(i)
    if (code === 92) i += 2
    else if (code === closeCode) {
      if (text.charCodeAt(i + 1) !== closeCode) return i + 1
      i += 2
    } else i++
  }
  return text.length
}

/** Text between the quotes, doubled quotes made single. */
function unquote(text: string, start: number, end: number, close: string): string {
  const closed = end - 1 > start && text[end - 1] === close
  const inner = text.slice(start + 1, closed ? end - 1 : end)
  return inner.includes(close) ? inner.replaceAll(close + close, close) : inner
}

/** `$$` or `$tag$` at this place, else null. A tag is a name, so `$1` begins none. */
function dollarTag(text: string, at: number): string | null {
  let i = at + 1
  if (isDigit(text.charCodeAt(i))) return null
  while (i < text.length && i - at < 64) {
    const code = text.charCodeAt(i)
    if (code === 36) return text.slice(at, i + 1)
    if (!isWord(code)) return null
    i++
  }
  return null
}

function endOfNumber(text: string, at: number): number {
  let i = at
  if (text.charCodeAt(i) === 48 && (text.charCodeAt(i + 1) | 32) === 120) {
    i += 2
    while (i < text.length && /[0-9a-f]/i.test(text[i]!)) i++
    return i
  }
  while (isDigit(text.charCodeAt(i))) i++
  // `1..10` is a range, `1.5` a number
  if (text.charCodeAt(i) === 46 && text.charCodeAt(i + 1) !== 46) {
    i++
    while (isDigit(text.charCodeAt(i))) i++
  }
  if ((text.charCodeAt(i) | 32) === 101) {
    const sign = text[i + 1] === '+' || text[i + 1] === '-' ? 1 : 0
    if (isDigit(text.charCodeAt(i + 1 + sign))) {
      i += 1 + sign
      while (isDigit(text.charCodeAt(i))) i++
    }
  }
  return i
}

function endOfWord(text: string, at: number, delimiter: string): number {
  let i = at
  // `END$$`: with DELIMITER $$ the delimiter ends a word although `$` may be part of one.
  const cut = delimiter !== ';' && isWord(delimiter.charCodeAt(0))
  while (i < text.length && isWord(text.charCodeAt(i))) {
    if (cut && i > at && text.startsWith(delimiter, i)) break
    i++
  }
  return i
}

function isLineStart(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const code = text.charCodeAt(i)
    if (code === 10) return true
    if (code !== 32 && code !== 9 && code !== 13) return false
  }
  return true
}

/** `GO` or `GO 5`, and nothing else on the line. */
function isAloneOnLine(text: string, at: number, end: number): boolean {
  return (
    isLineStart(text, at) && /^[ \t]*\d{0,6}[ \t]*;?[ \t]*\r?$/.test(text.slice(end, endOfLine(text, end)))
  )
}

function delimiterCommand(text: string, at: number): { delimiter: string; end: number } | null {
  if (!isLineStart(text, at) || text.slice(at, at + 9).toUpperCase() !== 'DELIMITER') return null
  const end = endOfLine(text, at)
  const words = text.slice(at + 9, Math.min(end, at + 60))
  const delimiter = words.trim().split(/\s/)[0]
  return delimiter && /^\s/.test(words) ? { delimiter, end } : null
}

function isCopyFromStdin(tokens: readonly Token[], first: number): boolean {
  if (tokens[first]?.upper !== 'COPY') return false
  for (let i = tokens.length - 1; i > first; i--) {
    if (tokens[i]!.upper === 'STDIN') return true
  }
  return false
}

/** End of `(…), (…), …` after VALUES; strings in it may hold anything. */
function endOfRows(text: string, at: number, backslash: boolean): number {
  let depth = 0
  let end = at
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 40) depth++
    else if (code === 41) {
      if (--depth === 0) end = i + 1
    } else if (code === 39 && depth > 0) i = endOfQuoted(text, i, "'", backslash) - 1
    else if (depth === 0 && code !== 44 && !isSpace(code)) break
  }
  return end
}

/** pg_dump writes a table's rows after `COPY … FROM stdin;`, up to a line with this. */
const COPY_END = '\n\\.'

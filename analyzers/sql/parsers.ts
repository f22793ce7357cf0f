import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Dialect } from '../model.js'
import { dialects } from './dialects/index.js'

/** A parser together with the grammar it is asked for, as the dialects list them. */
export type ParserId = 'libpg-query' | `sqlparser-rs/${string}` | `node-sql-parser/${string}`

/** A syntax tree as the parser gives it: plain JSON, walked by `walk-*.ts`. Or why there is none. */
export type ParseResult =
  | { ast: unknown }
  | {
      error: string
      /** Where the parser stopped. */
      offset?: number
      /** All before `offset` is the beginning of some well-formed statement: what stands there is the first misfit. */
      stopsAtFirstUnfit?: boolean
    }

export interface Parsers {
  /**
   * The server's own parser of PostgreSQL. `ast` is `{ stmts: [{ stmt, stmt_location?, stmt_len? }] }`;
   * locations in it count UTF-8 bytes. Never throws.
   */
  postgres(sql: string): ParseResult
  /** sqlparser-rs. `grammar` is its name of the dialect; `ast` is a list of statements. Never throws. */
  sqlparser(sql: string, grammar: string): ParseResult
  /** node-sql-parser. `grammar` as in its file names; loaded at the first call. Never throws. */
  nodeSqlParser(sql: string, grammar: string): ParseResult
}

/** Longer texts are data (dumps, seeds) and not worth seconds in a parser: the tokenizer reads them. */
const MAX_LENGTH = 400_000

/**
 * Limits of nesting and of chains (`a OR b OR c …`, which parsers keep as a tree as deep as it is long).
 * Found by trying: libpg-query overflows the stack at 8,000 links and says so; sqlparser-rs traps at 1,000
 * and its WASM instance is lost from then on; node-sql-parser backtracks, two times slower a parenthesis.
 */
const MAX_DEPTH = { postgres: 1_000, sqlparser: 200, nodeSqlParser: 12 }
const MAX_CHAIN = { postgres: 5_000, sqlparser: 400, nodeSqlParser: 400 }

/**
 * Loads the parsers that the dialects need: libpg-query in 20 ms and 13 more at its first text; sqlparser-rs in 2 ms and
 * 40 at its first text; node-sql-parser at its first. A parser that cannot be loaded, or was not asked for, answers with
 * an error.
 */
export async function loadParsers(wanted: Iterable<Dialect>): Promise<Parsers> {
  const ids = new Set([...wanted].flatMap(name => dialects[name].parsers))
  const [postgres, sqlparser, nodeSqlParser] = await Promise.all([
    ids.has('libpg-query') ? loadPostgres() : null,
    [...ids].some(id => id.startsWith('sqlparser-rs/')) ? loadSqlparser() : null,
    [...ids].some(id => id.startsWith('node-sql-parser/')) ? loadNodeSqlParser() : null,
  ])
  return {
    postgres: postgres ?? notLoaded,
    sqlparser: sqlparser ?? notLoaded,
    nodeSqlParser: nodeSqlParser ?? notLoaded,
  }
}

const requireFromHere = createRequire(import.meta.url)

const notLoaded = (): ParseResult => ({ error: 'parser not loaded' })

async function loadPostgres() {
  // Not as a module: that would take as long again.
  const library = requireFromHere('libpg-query') as typeof import('libpg-query')
  await library.loadModule()
  return (sql: string): ParseResult => {
    if (sql === '') return { error: 'empty' }
    // A NUL would end the text for the C parser, and it would call the rest well-formed.
    if (sql.includes('\0')) return { error: 'NUL in the text', offset: sql.indexOf('\0') }
    const reason = tooMuch(sql, MAX_DEPTH.postgres, MAX_CHAIN.postgres)
    if (reason) return { error: reason }
    const { stackTraceLimit } = Error
    try {
      // Nobody reads the stack of its errors, and to write it down takes as long as the parsing.
      Error.stackTraceLimit = 0
      return { ast: library.parseSync(sql) }
    } catch (error) {
      const message = messageOf(error)
      const offset = library.hasSqlDetails(error) ? error.sqlDetails?.cursorPosition : undefined
      return { error: message, offset, stopsAtFirstUnfit: message.startsWith('syntax error at ') }
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
  }
}

async function loadSqlparser() {
  const parse = (await bindingsOfSqlparser()) ?? (await packageOfSqlparser())
  let lost = false
  return (sql: string, grammar: string): ParseResult => {
    if (lost) return { error: 'parser ran out of memory before' }
    const reason = tooMuch(sql, MAX_DEPTH.sqlparser, MAX_CHAIN.sqlparser)
    if (reason) return { error: reason }
    try {
      return { ast: parse(sql, grammar) }
    } catch (error) {
      const message = messageOf(error)
      if (/memory access|unreachable|stack|out of bounds/i.test(message)) lost = true
      const place = /at Line: (\d+), Column: (\d+)/.exec(message)
      return { error: message, offset: place ? offsetOf(sql, Number(place[1]), Number(place[2])) : undefined }
    }
  }
}

const SQLPARSER = '@guanmingchiu/sqlparser-ts'

/**
 * The package's WASM by its generated bindings: set up at the first text, since many runs have none for it. The
 * package's own `init` does it at once, and asks whether it was handed a `Response`, for which Node loads its HTTP client,
 * 40 ms. Null where its files lie elsewhere one day.
 */
async function bindingsOfSqlparser(): Promise<((sql: string, grammar: string) => unknown) | null> {
  const folder = new URL('../wasm/', pathToFileURL(requireFromHere.resolve(SQLPARSER)))
  const glue = new URL('sqlparser_rs_wasm.js', folder)
  const wasm = new URL('sqlparser_rs_wasm_bg.wasm', folder)
  if (!existsSync(glue) || !existsSync(wasm)) return null
  const { initSync, parse_sql } = await import(glue.href)
  if (typeof initSync !== 'function' || typeof parse_sql !== 'function') return null
  let isSetUp = false
  return (sql, grammar) => {
    if (!isSetUp) initSync({ module: readFileSync(wasm) })
    isSetUp = true
    return parse_sql(grammar, sql)
  }
}

async function packageOfSqlparser() {
  const { init, parse } = await import('@guanmingchiu/sqlparser-ts')
  await init()
  return (sql: string, grammar: string): unknown => parse(sql, grammar as 'mysql')
}

interface NodeSqlParser {
  astify(sql: string, options: { database: string }): unknown
}

/** One file a grammar, loaded at the first text for it. */
function loadNodeSqlParser() {
  const loaded = new Map<string, NodeSqlParser>()
  return (sql: string, grammar: string): ParseResult => {
    const reason = tooMuch(sql, MAX_DEPTH.nodeSqlParser, MAX_CHAIN.nodeSqlParser, 20_000)
    if (reason) return { error: reason }
    try {
      let parser = loaded.get(grammar)
      if (!parser) {
        const library = requireFromHere(`node-sql-parser/build/${grammar.toLowerCase()}.js`) as {
          Parser: new () => NodeSqlParser
        }
        parser = new library.Parser()
        loaded.set(grammar, parser)
      }
      return { ast: parser.astify(sql, { database: grammar }) }
    } catch (error) {
      const place = (error as { location?: { start?: { offset?: number } } }).location
      return { error: messageOf(error), offset: place?.start?.offset }
    }
  }
}

/** WASM throws plain objects as well. */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message
  return typeof message === 'string' ? message : String(error)
}

/** Offset of a line and column that count from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let at = 0
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', at)
    if (end < 0) break
    at = end + 1
  }
  return at + column - 1
}

/** Why the text is more than a parser should be given, or null. One pass over the characters. */
function tooMuch(text: string, maxDepth: number, maxChain: number, maxLength = MAX_LENGTH): string | null {
  if (text.length > maxLength) return 'too long'
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 40 || code === 91) {
      if (++depth > maxDepth) return 'nested too deep'
    } else if (code === 41 || code === 93) depth--
  }
  // Only a long text can hold a long chain: a link is three characters or more.
  if (text.length > maxChain * 2) {
    const links = text.match(/\b(?:and|or|not|case|union|except|intersect|join|begin)\b|[-+*/%|&<>=~]/gi)
    if (links && links.length > maxChain) return 'too many operators'
  }
  return null
}

import type { Confidence, Dialect } from '../model.js'
import { dialects, type SqlDialect } from './dialects/index.js'
import { HOLE_CHARACTER } from './hole-character.js'
import { gapOf, withStars } from './holes.js'
import { type MaskedText, mask, unmask, unmaskedOffset } from './masked-text.js'
import { isMisread } from './misreadings.js'
import { namesOfWith } from './names-of-with.js'
import { parseWithGaps } from './parse-with-gaps.js'
import type { ParseResult, ParserId, Parsers } from './parsers.js'
import { type Parts, partsOf } from './parts.js'
import { placeholderKind } from './placeholders.js'
import type { RawRef, Reading } from './reading.js'
import { type Renaming, renamingOf, withNames } from './renaming.js'
import { keyOfTemplate, type Template, templateOf } from './render.js'
import { dialectBySigns } from './signs.js'
import { splitTokens, type TokenRange } from './split.js'
import { isSystemTable } from './system.js'
import { tablesFromTokens } from './tables-from-tokens.js'
import { type Token, tokenize } from './tokenizer.js'
import type { Hole, RoutineRef, SqlPart, SqlStatement, TableRef } from './types.js'
import { transactionOf, verbOf } from './verbs.js'
import { walkNodeSqlParser } from './walk-node-sql-parser.js'
import { walkPostgres } from './walk-postgres.js'
import { walkSqlparser } from './walk-sqlparser.js'

export { loadParsers, type Parsers } from './parsers.js'
export { type ScriptStatement, splitScript } from './split.js'

export interface SqlAnalyzer {
  /**
   * What each statement in the text reads, writes and defines. `parts` is SQL text with holes where the text
   * is not known; never throws. The same input gives the same objects again, so don't change them.
   *
   * @param by what reads it: `tokens` where it is known that no parser takes such a text
   */
  analyze(parts: readonly SqlPart[], dialect: Dialect, by?: 'parsers' | 'tokens'): SqlStatement[]
}

/** Longer texts are dumps and generated scripts: the tokenizer reads them in a tenth of the time. */
const MAX_PARSED = 200_000

/**
 * Makes an analyzer that remembers what it read. The parsers of the dialects in use must be loaded.
 *
 * @param remember gives what was found for a key before, or else what `analyze` finds
 */
export function createSqlAnalyzer(
  parsers: Parsers,
  remember: (key: string, analyze: () => SqlStatement[]) => SqlStatement[] = (_key, analyze) => analyze(),
): SqlAnalyzer {
  const memory = new Map<string, SqlStatement[]>()
  const chain: Chain = { parsers, readings: new Map() }
  return {
    analyze(parts, dialect, by = 'parsers') {
      const key = `${dialect}${by === 'tokens' ? ' tokens' : ''}\0${parts.map(part => (typeof part === 'string' ? part : `\0${part.code}\0`)).join('')}`
      let statements = memory.get(key)
      if (!statements) {
        statements = remember(key, () => analyzeText(parts, dialect, by === 'tokens' ? null : chain))
        memory.set(key, statements)
      }
      return statements
    },
  }
}

/** The parsers, and what statements were found to do that differ from others in names and values alone. */
interface Chain {
  parsers: Parsers
  readings: Map<string, Parsed | null>
}

/** `reading` is null where the statement is of a kind that the walk leaves to the tokenizer. */
interface Parsed {
  reading: Reading | null
  parser: ParserId
}

/** @param chain null where no parser is to be asked */
function analyzeText(parts: readonly SqlPart[], named: Dialect, chain: Chain | null): SqlStatement[] {
  const source = mask(parts)
  const dialect = dialects[named === 'unknown' ? dialectBySigns(source.text) : named]
  const tokens = tokenize(source.text, dialect, source.holes)
  const ranges = splitTokens(tokens, dialect)
  return ranges.map(range => {
    const statement = readStatement(source, tokens, range, dialect, chain)
    const { from, to } = range
    // `DELETE FROM a; ${more}`: any table may be in it.
    const hole = ranges.length > 1 && to === from + 1 ? tokens[from]!.hole : null
    return hole === null ? statement : { ...statement, unknownTables: [hole] }
  })
}

function readStatement(
  source: MaskedText,
  tokens: readonly Token[],
  { from, to }: TokenRange,
  dialect: SqlDialect,
  chain: Chain | null,
): SqlStatement {
  const start = tokens[from]!.start
  const end = tokens[to - 1]!.end
  const verb = verbOf(tokens, from, to)
  const ids = dialect.parsers.filter(id => isTrusted(id, verb) && !isMisread(id, tokens, from, to))
  const renaming = chain && renamingOf(tokens, from, to, verb, source.text, dialect)
  const template = templateOf(tokens, from, to, source.text, dialect, renaming?.written)
  let parsed: Parsed | null = null
  if (chain !== null && source.text.length <= MAX_PARSED) {
    parsed =
      renaming === null
        ? readByParsers(template, ids, dialect, chain.parsers)
        : (readNumbered(template, renaming, ids, dialect, chain) ??
          // The grammar of node-sql-parser knows some functions by their names.
          readByParsers(
            templateOf(tokens, from, to, source.text, dialect),
            ids.filter(isNodeSqlParser),
            dialect,
            chain.parsers,
          ))
  }
  const reading = parsed?.reading ?? tablesFromTokens(tokens, from, to, source.text, dialect)
  if (parsed?.parser === 'libpg-query') respell(reading.refs, tokens, from, to)
  const unknownTables: Hole[] = []
  nameHolesInStrings(reading.refs, tokens, from, to)
  const { tables, parts } = tablesOf(reading.refs, template, unknownTables, dialect)
  const ctes = namesOfWith(tokens, from, to)
  const confidence: Confidence = !parsed
    ? 'tokens'
    : unknownTables.length > 0 || hasUnknownText(tokens, from, to, dialect)
      ? 'partial'
      : 'exact'
  return {
    verb,
    text: unmask(source, start, end),
    offset: unmaskedOffset(source, start),
    tables,
    ...(parts && { parts }),
    ...(ctes.length > 0 && { ctes }),
    routines: distinct(reading.routines),
    transaction: transactionOf(tokens, from, to),
    confidence,
    parser: parsed?.parser.split('/')[0] ?? 'tokens',
    unknownTables,
  }
}

function isNodeSqlParser(id: ParserId): boolean {
  return id.startsWith('node-sql-parser/')
}

/** node-sql-parser is worth its time for queries and changes of rows: its walk leaves all else alone. */
function isTrusted(id: ParserId, verb: string): boolean {
  return !isNodeSqlParser(id) || ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE'].includes(verb)
}

function hasUnknownText(tokens: readonly Token[], from: number, to: number, dialect: SqlDialect): boolean {
  for (let i = from; i < to; i++) {
    const { kind, hole, value } = tokens[i]!
    if (hole || (kind === 'placeholder' && placeholderKind(value, dialect) === 'text')) return true
  }
  return false
}

/** PostgreSQL folds bare names to lower case and cuts long ones; the answer has them as the text has them. */
function respell(refs: RawRef[], tokens: readonly Token[], from: number, to: number): void {
  let spellings: Map<string, string> | null = null
  for (const ref of refs) {
    if (!spellings) {
      spellings = new Map()
      for (let i = from; i < to; i++) {
        const { kind, value } = tokens[i]!
        if (kind === 'word' || kind === 'name') {
          const folded = cutName(kind === 'word' ? value.toLowerCase() : value)
          if (!spellings.has(folded) || folded === value) spellings.set(folded, value)
        }
      }
    }
    ref.name = spellings.get(ref.name) ?? ref.name
    if (ref.schema !== null) ref.schema = spellings.get(ref.schema) ?? ref.schema
    if (ref.database) ref.database = spellings.get(ref.database) ?? ref.database
  }
}

const MAX_NAME_BYTES = 63

function cutName(name: string): string {
  if (name.length * 3 <= MAX_NAME_BYTES) return name
  const bytes = Buffer.from(name)
  // A character that does not fit goes whole.
  return bytes.length <= MAX_NAME_BYTES
    ? name
    : bytes
        .subarray(0, MAX_NAME_BYTES)
        .toString()
        .replace(/\uFFFD+$/, '')
}

/** A body in quotes is one token: a table in it whose name has a hole is told by that token's first hole. */
function nameHolesInStrings(refs: RawRef[], tokens: readonly Token[], from: number, to: number): void {
  for (const ref of refs) {
    if (ref.unknown || !ref.name.includes(HOLE_CHARACTER)) continue
    for (let i = from; i < to && !ref.unknown; i++)
      if (tokens[i]!.kind === 'string') ref.unknown = tokens[i]!.hole
  }
}

/** Each table and op once, in order of appearance; tables without a known name go to `unknownTables`. */
function tablesOf(
  refs: readonly RawRef[],
  template: Template,
  unknownTables: Hole[],
  dialect: SqlDialect,
): { tables: TableRef[]; parts: Parts | undefined } {
  const tables: TableRef[] = []
  const seen = new Map<string, number>()
  const statements = new Map<object | undefined, number[]>()
  for (const ref of [...refs].sort((a, b) => a.at - b.at)) {
    const gap = gapOf(ref.name)
    const unknown = gap >= 0 ? template.gaps[gap]!.hole : ref.unknown
    if (unknown) {
      if (!unknownTables.some(hole => hole.code === unknown.code)) unknownTables.push(unknown)
      continue
    }
    if (ref.name === '' || (ref.schema === null && ref.name.toUpperCase() === 'DUAL')) continue
    const schema = knownQualifier(ref.schema)
    const database = knownQualifier(ref.database) ?? undefined
    const schemaLike = schema === null ? likenessOf(ref.schema) : undefined
    const key = `${database ?? ''}\0${schema ?? schemaLike ?? ''}\0${ref.name}\0${ref.op}`
    const known = seen.get(key)
    if (known === undefined) {
      seen.set(key, tables.length)
      const system = isSystemTable({ database, schema, name: ref.name }, dialect)
      tables.push({
        name: ref.name,
        schema,
        database,
        ...(schemaLike !== undefined && { schemaLike }),
        op: ref.op,
        system,
      })
    }
    const statement = statements.get(ref.statement)
    if (statement) statement.push(known ?? tables.length - 1)
    else statements.set(ref.statement, [known ?? tables.length - 1])
  }
  return { tables, parts: partsOf(statements.values(), tables.length) }
}

/** Null where a hole is a part of it. */
function knownQualifier(name: string | null | undefined): string | null {
  return !name || gapOf(name) >= 0 || name.includes(HOLE_CHARACTER) ? null : name
}

/** A name of which a hole is a part, `*` for each; undefined where there is none. */
function likenessOf(name: string | null): string | undefined {
  return name ? withStars(name).replaceAll(HOLE_CHARACTER, '*') : undefined
}

function distinct(routines: readonly RoutineRef[]): RoutineRef[] {
  const seen = new Map<string, RoutineRef>()
  for (const { name, schema, database } of routines) {
    if (gapOf(name) < 0)
      seen.set(`${database ?? ''}\0${schema ?? ''}\0${name}`, {
        name,
        schema: knownQualifier(schema),
        database: knownQualifier(database) ?? undefined,
      })
  }
  return [...seen.values()]
}

/** Goes through parsers. Null if none of them takes the statement in any rendering. */
function readByParsers(
  template: Template,
  ids: ParserId[],
  dialect: SqlDialect,
  parsers: Parsers,
): Parsed | null {
  for (const id of ids) {
    const tree = parseWithGaps(template, sql => parse(parsers, id, sql))
    if (tree) return { reading: walkTree(id, tree, dialect), parser: id }
  }
  return null
}

/** The same for a statement whose names are numbered, by the parsers to whom names mean nothing. */
function readNumbered(
  template: Template,
  renaming: Renaming,
  ids: ParserId[],
  dialect: SqlDialect,
  { parsers, readings }: Chain,
): Parsed | null {
  const key = `${dialect.name}\0${keyOfTemplate(template)}`
  let parsed = readings.get(key)
  if (parsed === undefined) {
    parsed = readByParsers(
      template,
      ids.filter(id => !isNodeSqlParser(id)),
      dialect,
      parsers,
    )
    readings.set(key, parsed)
  }
  if (parsed === null) return null
  const { reading, parser } = parsed
  return { parser, reading: reading && withNames(reading, renaming, parser === 'libpg-query') }
}

function parse(parsers: Parsers, id: ParserId, sql: string): ParseResult {
  const grammar = id.slice(id.indexOf('/') + 1)
  if (id === 'libpg-query') return parsers.postgres(sql)
  return id.startsWith('sqlparser-rs/')
    ? parsers.sqlparser(sql, grammar)
    : parsers.nodeSqlParser(sql, grammar)
}

function walkTree(id: ParserId, ast: unknown, dialect: SqlDialect): Reading | null {
  if (id.startsWith('sqlparser-rs/')) return walkSqlparser(ast, dialect)
  if (id.startsWith('node-sql-parser/')) return walkNodeSqlParser(ast, dialect)
  const reading = walkPostgres(ast)
  for (const { body, language } of reading.bodies) {
    const tokens = tokenize(body, dialect)
    const inner = tablesFromTokens(
      tokens,
      0,
      tokens.length,
      body,
      dialect,
      language === 'sql' ? 'sql' : 'plpgsql',
    )
    reading.refs.push(...inner.refs)
    reading.routines.push(...inner.routines)
  }
  return reading
}

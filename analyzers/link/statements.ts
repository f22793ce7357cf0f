/** Executions to statements: every text that one may have, read by the SQL layer. */
import type { Confidence, Dialect } from '../model.js'
import type { SqlAnalyzer } from '../sql/index.js'
import { type Parts, partsOf } from '../sql/parts.js'
import type { RoutineRef, SqlPart, SqlStatement, TableRef } from '../sql/types.js'
import { definingTexts } from './definitions.js'
import type { Piece } from './evaluator/pieces.js'
import { type Variants, variantsOf } from './variants.js'

/** What one execution does, over all of its texts. */
export interface ExecutedSql {
  /** The fullest text that a parser takes, holes written as `${code}`. */
  sql: string
  /** Each (database, schema, name, op) once. */
  tables: TableRef[]
  /** Names of written tables that get new rows, as far as it is known: those of all but UPDATE, DELETE and TRUNCATE. */
  added: string[]
  /** Names of written tables that get new rows or values: those of all but DELETE and TRUNCATE. */
  changed: string[]
  routines: RoutineRef[]
  /** What its statements have together, as places in `tables` and behind those in `routines`; absent where all. */
  parts?: Parts
  /** Names of the procedures that statements are calls of; '' where it is not known. */
  procedures: string[]
  /** Which of several texts define something: see `definitions.ts`. Absent where there is but one text. */
  definitions?: number[]
  /** There are more texts than were read. */
  isCut: boolean
  /** What that text says of transactions. */
  transaction: TransactionMark | null
  /** Names of things that stand where a table is expected and are not known. */
  unknownTables: string[]
  confidence: Confidence
  /** The text where it is the only one that can be, with nothing unknown in it; null otherwise. */
  onlyText: OnlyText | null
}

/** A text that is `whole` begins a transaction and ends it. */
export type TransactionMark = 'begin' | 'end' | 'whole'

/** A text of which every character is known. */
export interface OnlyText {
  text: string
  /** Offsets in it up to which something may be there several times, as `?` in `IN (${ids.map(() => '?')})`. */
  repeats: number[]
}

const MAX_SHOWN = 20_000

/**
 * Texts of an execution that are given to the parsers where none is taken. The others are most likely of the same form,
 * but for the last one, which has nothing that is optional; and they can be hundreds, each tried with several fillings of
 * its gaps: those of umami for ClickHouse took 50 s.
 */
const MAX_IN_VAIN = 16

/**
 * Reads the texts of an execution. Null when none of them is a statement. Once a parser took one, whose tables its tokens
 * tell as well, others are parsed only if their tokens tell more than those of the texts before: most are the same
 * statement with another condition.
 */
export function readTexts(all: Piece[][], sql: SqlAnalyzer, dialect: Dialect): ExecutedSql | null {
  const found = nothingFound()
  let first = null as { text: string; statements: SqlStatement[] } | null
  let confidence: Confidence = 'exact'
  let isCut = false
  let tried = 0
  let byTokens = null as Found | null
  let knowsParts = true
  /** @returns whether the text has tables, or tables together, that those before have not */
  const read = (parts: SqlPart[], isLast: boolean, isOnly: boolean): boolean => {
    const isInVain = confidence === 'tokens' && tried++ >= MAX_IN_VAIN && !isLast
    if (byTokens !== null) {
      const told = sql.analyze(parts, dialect, 'tokens')
      addCtes(found, told)
      if (!hasMore(told, byTokens)) return false
      add(byTokens, told)
    }
    const statements = sql.analyze(parts, dialect, isInVain ? 'tokens' : 'parsers')
    if (statements.length === 0) return false
    const before = found.tables.size + found.together.size
    add(found, statements)
    const taken = statements.reduce<Confidence>((sofar, each) => worse(sofar, each.confidence), 'exact')
    if (!first || (confidence === 'tokens' && taken !== 'tokens')) {
      // Pieces that exclude each other can make a text that never runs: one that a parser takes is shown instead.
      const text = parts.map(part => (typeof part === 'string' ? part : `\${${part.code}}`)).join('')
      first = { text: text.slice(0, MAX_SHOWN), statements }
      confidence = taken
      if (taken !== 'tokens' && !isOnly) {
        byTokens = nothingFound()
        add(byTokens, sql.analyze(parts, dialect, 'tokens'))
        if (hasMoreTables(statements, byTokens)) byTokens = null
      }
    }
    return found.tables.size + found.together.size > before
  }
  for (const pieces of all) {
    const { texts, both, isCut: hasMoreTexts } = variantsOf(pieces)
    isCut ||= hasMoreTexts
    const isOnly = all.length + texts.length <= 2
    const adding = [...texts.keys()].filter(at => read(texts[at]!, at === texts.length - 1, isOnly))
    const pairs = inPairs(adding, both)
    for (const parts of pairs ?? []) read(parts, false, isOnly)
    knowsParts &&= pairs !== null
  }
  if (!first) return null
  dropCtes(found, all)
  const { tables, added, changed, routines, procedures, unknownTables } = found
  const parts = knowsParts ? partsOfFound(found) : undefined
  const hasDdl = [...tables.values()].some(({ op }) => op === 'ddl')
  const definitions = hasDdl ? definingTexts(all, sql, dialect) : undefined
  return {
    sql: first.text,
    tables: [...tables.values()],
    added: [...added],
    changed: [...changed],
    routines: [...routines.values()],
    ...(parts && { parts }),
    procedures: [...procedures],
    ...(definitions && { definitions }),
    isCut,
    transaction: markOf(first.statements),
    unknownTables: [...unknownTables],
    // An open fallback beside known tables leaves the access partly known.
    confidence: confidence === 'exact' && unknownTables.size > 0 ? 'partial' : confidence,
    onlyText: onlyTextOf(all),
  }
}

/** Texts with what two others have of different choices are read up to this number. */
const MAX_PAIRS = 100

/**
 * What two choices add stands together as well, in texts that have both.
 *
 * @param adding places of the texts that add something
 * @returns null where these are too many
 */
function inPairs(adding: number[], both: Variants['both']): SqlPart[][] | null {
  const pairs: SqlPart[][] = []
  for (const [at, one] of adding.entries()) {
    for (const other of adding.slice(0, at)) {
      const parts = both(other, one)
      if (parts !== null) pairs.push(parts)
      if (pairs.length > MAX_PAIRS) return null
    }
  }
  return pairs
}

/** What the texts read so far do. */
interface Found {
  tables: Map<string, TableRef>
  added: Set<string>
  changed: Set<string>
  routines: Map<string, RoutineRef>
  procedures: Set<string>
  unknownTables: Set<string>
  /** Keys of what a statement has together, by these keys: each combination once. */
  together: Map<string, Set<string>>
  /** Names that WITH gives in some text, in lower case, and whether a table of that name is read there as well. */
  ctes: Map<string, boolean>
}

function nothingFound(): Found {
  return {
    tables: new Map(),
    added: new Set(),
    changed: new Set(),
    routines: new Map(),
    procedures: new Set(),
    unknownTables: new Set(),
    together: new Map(),
    ctes: new Map(),
  }
}

const routineKey = ({ database, schema, name }: RoutineRef): string =>
  `${database ?? ''}\0${schema ?? ''}\0${name}`
const tableKey = (table: TableRef): string => `${routineKey(table)}\0${table.op}\0${table.schemaLike ?? ''}`

/** What runs over the keys of an object gets this for those that were set but are not known. No table has the name. */
const ANY_KEY = '*'

function add(found: Found, statements: SqlStatement[]): void {
  addCtes(found, statements)
  for (const statement of statements) {
    for (const table of statement.tables) {
      if (table.name === ANY_KEY) found.unknownTables.add('key')
      else found.tables.set(tableKey(table), table)
    }
    for (const name of addedBy(statement)) found.added.add(name)
    for (const name of changedBy(statement)) found.changed.add(name)
    for (const routine of statement.routines) found.routines.set(routineKey(routine), routine)
    for (const name of procedureOf(statement)) found.procedures.add(name)
    for (const { code } of statement.unknownTables) found.unknownTables.add(code)
    for (const keys of togetherIn(statement)) found.together.set(keys.join('\n'), new Set(keys))
  }
}

/** Keys of the tables and routines that a statement has together, sorted: of each part of it where it has several. */
function togetherIn({ tables, routines, parts }: SqlStatement): string[][] {
  if (tables.length + routines.length < 2) return []
  const called = routines.map(routineKey)
  return (parts ?? [tables.keys()]).map(part =>
    [...[...part].map(place => tableKey(tables[place]!)), ...called].sort(),
  )
}

function addCtes({ ctes }: Found, statements: SqlStatement[]): void {
  for (const { ctes: names = [], tables } of statements)
    for (const name of names) ctes.set(name, ctes.get(name) || tables.some(table => isReadAs(table, name)))
}

function isReadAs({ name, schema, op }: TableRef, cte: string): boolean {
  return schema === null && op === 'read' && name.toLowerCase() === cte
}

/**
 * A name that WITH gives in one text and that another reads without it is no table where a third does without both: then
 * the two are likely to come and go together. Where no text does without, scripts tell, see `TableRef`.
 */
function dropCtes({ tables, ctes }: Found, all: Piece[][]): void {
  for (const [key, table] of tables) {
    for (const [name, isTable] of ctes) {
      if (isTable || !isReadAs(table, name)) continue
      if (all.every(pieces => isInEach(name, pieces))) tables.set(key, { ...table, ofWith: true })
      else tables.delete(key)
    }
  }
}

function isInEach(name: string, pieces: Piece[]): boolean {
  return variantsOf(pieces).texts.every(parts =>
    parts.some(part => typeof part === 'string' && part.toLowerCase().includes(name)),
  )
}

function partsOfFound({ tables, routines, together }: Found): Parts | undefined {
  const keys = [...tables.keys(), ...routines.keys()]
  const places = new Map(keys.map((key, place) => [key, place]))
  const statements = [...together.values()].map(statement =>
    // The name of a CTE has been dropped.
    [...statement].flatMap(key => places.get(key) ?? []),
  )
  return partsOf(statements, keys.length)
}

/** Whether statements do something that is not among what was found. */
function hasMore(statements: SqlStatement[], found: Found): boolean {
  return (
    hasMoreTables(statements, found) ||
    statements.some(
      statement =>
        addedBy(statement).some(name => !found.added.has(name)) ||
        changedBy(statement).some(name => !found.changed.has(name)) ||
        statement.routines.some(routine => !found.routines.has(routineKey(routine))) ||
        procedureOf(statement).some(name => !found.procedures.has(name)) ||
        togetherIn(statement).some(keys => !isTogether(keys, found)),
    )
  )
}

/** Combinations that a new one is compared with; where there are more, only with its like. */
const MAX_COMPARED = 50

function isTogether(keys: string[], { together }: Found): boolean {
  if (together.has(keys.join('\n'))) return true
  if (together.size > MAX_COMPARED) return false
  return [...together.values()].some(known => keys.every(key => known.has(key)))
}

function hasMoreTables(statements: SqlStatement[], { tables, unknownTables }: Found): boolean {
  return statements.some(
    statement =>
      statement.tables.some(table => !tables.has(tableKey(table))) ||
      statement.unknownTables.some(({ code }) => !unknownTables.has(code)),
  )
}

/**
 * What a common table expression inserts comes under the verb of the statement around it. A materialized view with a
 * target (ClickHouse) makes no rows: whoever writes what it reads does.
 */
function addedBy({ verb, text, tables }: SqlStatement): string[] {
  if (verb === 'CREATE MATERIALIZED VIEW') return []
  if (/^(?:UPDATE|DELETE|TRUNCATE|ALTER)\b/.test(verb) && !/\binsert\s/i.test(text)) return []
  return tables.flatMap(({ name, op }) => (op === 'write' ? [name] : []))
}

function changedBy({ verb, text, tables }: SqlStatement): string[] {
  if (/^(?:DELETE|TRUNCATE|ALTER)\b/.test(verb) && !/\b(?:insert|update)\s/i.test(text)) return []
  return tables.flatMap(({ name, op }) => (op === 'write' ? [name] : []))
}

function procedureOf({ verb, routines }: SqlStatement): string[] {
  if (verb !== 'CALL' && verb !== 'EXEC') return []
  return routines.length === 0 ? [''] : [routines[0].name]
}

function markOf(statements: SqlStatement[]): TransactionMark | null {
  let mark: TransactionMark | null = null
  for (const { transaction } of statements) {
    if (transaction === 'begin') mark = 'begin'
    else if (transaction !== null) mark = mark === 'begin' ? 'whole' : 'end'
  }
  return mark
}

function onlyTextOf([pieces, ...others]: Piece[][]): OnlyText | null {
  if (!pieces || others.length > 0) return null
  let text = ''
  const repeats: number[] = []
  for (const piece of pieces) {
    if (piece.kind !== 'text' || piece.partly) return null
    text += piece.text
    if (piece.repeats) repeats.push(text.length)
  }
  return text.length > MAX_SHOWN ? null : { text, repeats }
}

function worse(a: Confidence, b: Confidence): Confidence {
  const order: Confidence[] = ['exact', 'partial', 'tokens']
  return order[Math.max(order.indexOf(a), order.indexOf(b))]
}

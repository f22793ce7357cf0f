/** One statement of a script while it is read, and where its results go. */
import type { Diagnostic } from '../model.js'
import { dialects } from '../sql/dialects/index.js'
import { isSystemTable } from '../sql/system.js'
import { tablesFromTokens } from '../sql/tables-from-tokens.js'
import { tokenize } from '../sql/tokenizer.js'
import type { SqlStatement } from '../sql/types.js'
import { verbOf } from '../sql/verbs.js'
import type { Cursor } from './cursor.js'
import type { RoutineTable, SchemaChange, ScriptStatement } from './types.js'

export interface ScriptReading {
  /** In the order of the script. */
  changes: SchemaChange[]
  /** Statements with the tables that they touch themselves (a routine's body is not run by its definition). */
  statements: ScriptStatement[]
  diagnostics: Diagnostic[]
}

export interface Statement {
  /** Its tokens, from behind the words that are read already. */
  cursor: Cursor
  /** Index of its first token. */
  start: number
  /** Text of the whole script, into which the tokens point. */
  text: string
  file: string
  line: number
  lineOf: (offset: number) => number
  /** Asks the SQL stage what the statement touches. */
  analyzed: () => SqlStatement[]
  reading: ScriptReading
}

/** Tables that a text reads, writes or defines, without the database's own. */
export function tablesOf(statements: SqlStatement[]): RoutineTable[] {
  return distinct(statements.flatMap(statement => statement.tables).filter(table => !table.system))
}

/** Each (schema, name, op) once. */
function distinct(found: RoutineTable[]): RoutineTable[] {
  const tables = new Map<string, RoutineTable>()
  for (const { schema, name, op } of found) {
    const key = `${schema ?? ''}\0${name}\0${op}`
    if (!tables.has(key)) tables.set(key, { schema, name, op })
  }
  return [...tables.values()]
}

/** Records that a statement of the script defines a table. */
export function addDdl(
  { reading, line }: Statement,
  verb: string,
  ...tables: Omit<RoutineTable, 'op'>[]
): void {
  reading.statements.push({
    line,
    verb,
    tables: tables.map(({ schema, name }) => ({ schema, name, op: 'ddl' })),
  })
}

/**
 * Records what a statement that is no DDL of ours touches. Back-fills and seeds make up most of a migration's
 * text and decide nothing in the catalogue, so they are read from the tokens that are there already.
 */
export function addQueries({ cursor, start, text, reading, line }: Statement): void {
  const { tokens, end } = cursor
  const dialect = dialects[cursor.dialect]
  const refs = tablesFromTokens(tokens, start, end, text, dialect).refs
  // The body of `DO $$ … $$` is a text of its own.
  if (tokens[start]!.upper === 'DO') {
    const body = tokens.slice(start, end).find(token => token.kind === 'string')?.value ?? ''
    const inner = tokenize(body, dialect)
    refs.push(...tablesFromTokens(inner, 0, inner.length, body, dialect, 'plpgsql').refs)
  }
  const tables = distinct(
    refs.filter(
      ref => ref.unknown === null && ref.name !== '' && !isSystemTable(ref.schema, ref.name, dialect),
    ),
  )
  if (tables.length > 0) reading.statements.push({ line, verb: verbOf(tokens, start, end), tables })
}

/** Records that a name holds a placeholder, so that the statement is not applied. */
export function addUnknownName({ reading, line, file }: Statement, verb: string): void {
  reading.diagnostics.push({
    severity: 'info',
    code: 'schema-unknown-name',
    message: `${verb}: the name is not known before the script runs`,
    file,
    line,
  })
}

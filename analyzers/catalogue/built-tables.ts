/**
 * Tables that code makes with a schema builder instead of SQL: `knex.schema.createTable('users', …)`, and the like of
 * Kysely, Sequelize's query interface, TypeORM's query runner, node-pg-migrate and db-migrate. Their text names the
 * table, which is enough to tell whose it is; columns are not read.
 */
import { lineAt, lineStartsOf } from '../extract/positions.js'

/** A table that a call makes, with its place in a file. */
export interface BuiltTable {
  schema: string | null
  name: string
  file: string
  /** From 1. */
  line: number
}

const TEXT = String.raw`(?:'([^'\n]{1,128})'|"([^"\n]{1,128})"|\`([^\`$\n]{1,128})\`)`
const NAME = String.raw`([A-Za-z_$][\w$]{0,80})`
/** `.withSchema('app').createTable('users'`, `.createTable(new Table({`, `.createTable({`, `.createTable(USERS`. */
const CALL = new RegExp(
  String.raw`(?:\.withSchema\(\s*(?:${TEXT}|${NAME})\s*\)\s*)?\.createTable(?:IfNotExists)?\s*\(\s*` +
    String.raw`(?:${TEXT}|(?:new\s+Table\s*\(\s*)?\{([^{}]{0,400})|${NAME}\s*[,)])`,
  'g',
)
const NAME_ENTRY = new RegExp(String.raw`(?:^|[\s,])(?:name|tableName)\s*:\s*(?:${TEXT}|${NAME})`)
const SCHEMA_ENTRY = new RegExp(String.raw`(?:^|[\s,])schema\s*:\s*(?:${TEXT}|${NAME})`)

/** Names that are looked up in one file. */
const MAX_CONSTANTS = 100

/**
 * Tables that a source file makes, in its order. A name that is no text and no constant of the file is left out: what
 * builders do is said not to be read.
 */
export function readBuiltTables(file: string, text: string): BuiltTable[] {
  if (!text.includes('.createTable')) return []
  const found: BuiltTable[] = []
  const lineStarts = lineStartsOf(text)
  const constants = new Map<string, string | null>()
  /** A text as it is written, or that of the constant for which a name stands. */
  const textOf = ([single, double, back, name]: (string | undefined)[]): string | null => {
    const written = single ?? double ?? back
    if (written !== undefined || name === undefined) return written ?? null
    if (!constants.has(name) && constants.size < MAX_CONSTANTS) constants.set(name, constantIn(text, name))
    return constants.get(name) ?? null
  }
  for (const match of text.matchAll(CALL)) {
    const [, s1, s2, s3, schemaName, t1, t2, t3, entries, tableName] = match
    const named = entries === undefined ? null : NAME_ENTRY.exec(entries)
    const placed = entries === undefined ? null : SCHEMA_ENTRY.exec(entries)
    const name = textOf(named ? named.slice(1) : [t1, t2, t3, tableName])
    if (name === null) continue
    const schema = textOf(placed ? placed.slice(1) : [s1, s2, s3, schemaName])
    const [last, qualifier] = name.split('.').reverse()
    found.push({ schema: qualifier ?? schema, name: last!, file, line: lineAt(lineStarts, match.index) })
  }
  return found
}

function constantIn(text: string, name: string): string | null {
  const constant = new RegExp(
    String.raw`\b(?:const|let|var)\s+${name.replaceAll('$', '\\$')}\s*(?::[^=\n]{1,80})?=\s*${TEXT}`,
  ).exec(text)
  return constant ? (constant[1] ?? constant[2] ?? constant[3] ?? null) : null
}

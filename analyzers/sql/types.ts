/** Plain data between the string evaluator and the SQL layer. */
import type { Confidence, Op } from '../model.js'
import type { Parts } from './parts.js'

/** A piece of SQL text whose value is not known before the program runs. */
export interface Hole {
  /** The source expression, for messages: `ids`, `req.query.sort`. */
  code: string
}

/** SQL text as the evaluator reconstructed it: known text and holes, in order. */
export type SqlPart = string | Hole

/** A table that a statement names. */
export interface TableRef {
  /** Bare name, unquoted, in the case that the text has. */
  name: string
  /** Schema as written; for MySQL the database qualifier; null if none. */
  schema: string | null
  /**
   * What stands before the schema: the database of `billing.dbo.invoices`, `billing@linked` where a linked server
   * stands before that, as datastores of one name on several hosts are called. Absent where nothing does.
   */
  database?: string
  /**
   * What is known of a qualifier that is not all known, `*` for what is not: `*_billing`. `schema` is null then. Absent
   * where nothing of it is unknown.
   */
  schemaLike?: string
  op: Op
  /** True for the catalogues of the database itself. */
  system: boolean
  /** True where another text of the same execution gives the name by WITH: a table unless scripts create only the others. */
  ofWith?: boolean
}

/** A stored function or procedure that a statement calls. */
export interface RoutineRef {
  name: string
  schema: string | null
  /** As a table's. */
  database?: string
}

/** What one statement does. */
export interface SqlStatement {
  /** Upper-case leading verb: SELECT, INSERT, UPDATE, DELETE, MERGE, TRUNCATE, CREATE TABLE, CALL, BEGIN, … */
  verb: string
  /** Rendered text of the statement, holes shown as `${code}`. */
  text: string
  /** Offset of the statement in the rendered text of the whole input. */
  offset: number
  /** Each (database, schema, name, op) once, in order of appearance. */
  tables: TableRef[]
  /** Which of the tables stand together, where the statement is a body or a batch of several; absent where all do. */
  parts?: Parts
  /** Names that WITH gives to its queries, in lower case; absent where it has none. */
  ctes?: string[]
  /** Functions and procedures called, built-ins included where they can't be told apart. */
  routines: RoutineRef[]
  /** Effect on the transaction of the connection, if that is what the statement is for. */
  transaction: 'begin' | 'commit' | 'rollback' | null
  confidence: Confidence
  /** Which parser took it: libpg-query, sqlparser-rs, node-sql-parser, tokens. */
  parser: string
  /** Holes that stand where a table name is expected: the table is unknown. */
  unknownTables: Hole[]
}

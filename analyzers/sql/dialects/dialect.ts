import type { Dialect } from '../../model.js'
import type { ParserId } from '../parsers.js'

/**
 * What the SQL layer has to know about one database: plain values, read by the tokenizer, the splitter,
 * the placeholder reader and the parser chain. A new dialect is one such file and one line in `index.ts`.
 */
export interface SqlDialect {
  name: Dialect
  /** What `"…"` means. `either` where the database takes it for a name if it can. */
  doubleQuotes: 'name' | 'string' | 'either'
  /** `` `…` `` quotes a name. */
  backticks: boolean
  /** `[…]` quotes a name. Otherwise it subscripts an array. */
  brackets: boolean
  /** `\'` inside of plain strings does not end them. (In PostgreSQL only `E'…'` has escapes.) */
  backslashEscapes: boolean
  /** `$$…$$` and `$tag$…$tag$` are strings. */
  dollarQuotes: boolean
  /** `#` begins a comment. */
  hashComments: boolean
  /** `//` begins a comment. */
  slashComments: boolean
  /** `--` begins a comment only where white space follows. */
  dashesNeedSpace: boolean
  /** Block comments nest. */
  nestedComments: boolean
  /** The text of `/*! … *\/` is executed. */
  versionComments: boolean
  /** The client knows `DELIMITER //`. */
  delimiterCommand: boolean
  /** A line `GO` ends a batch. */
  goBatches: boolean
  /** Lines that begin with this character are commands of the client (`\connect`, `.tables`). */
  clientCommand: '\\' | '.' | null
  /** `BEGIN … END` is a block even outside of routines (T-SQL, Snowflake and BigQuery scripting). */
  scriptBlocks: boolean
  /** Characters that may begin a placeholder or a variable with a name: `:id`, `@id`, `$id`. */
  namedPlaceholders: string
  /** `?`, `?|` and `?&` are operators on JSON too. */
  questionMarkOperators: boolean
  /** `??` stands for a name (mysql, mysql2). */
  doubleQuestionMark: boolean
  /** Schemas whose tables belong to the database itself, in lower case. */
  systemSchemas: string[]
  /** Unqualified names that belong to the database itself, in lower case; `*` at the end for any rest. */
  systemTables: string[]
  /** Parsers in the order in which they are tried; the tokenizer comes after all of them. */
  parsers: ParserId[]
}

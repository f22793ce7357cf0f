/**
 * The linked model: what `analyze()` returns and all that reports, the gate and the codemods may read.
 * `map --format json` prints exactly this shape; `schemas/map.schema.json` describes it.
 *
 * Paths are relative to the analysed root, with `/`. Lines and columns count from 1.
 */

/** SQL dialects that the tool tells apart. `unknown` is read with every parser in turn. */
export type Dialect =
  | 'postgresql'
  | 'mysql'
  | 'sqlite'
  | 'mssql'
  | 'snowflake'
  | 'clickhouse'
  | 'bigquery'
  | 'unknown'

/** Why the tool believes something, at a place that a person can open. */
export interface Evidence {
  file: string
  line: number
  reason: string
}

/** A deployable folder (`service`) or shared code that no one deploys (`library`). */
export interface Service {
  name: string
  /** Folder relative to the root; `.` for the root itself. */
  path: string
  kind: 'service' | 'library'
  evidence: Evidence[]
}

/** One physical or logical database. */
/** Reason for a connection's datastore that stands for one without a name. */
export const NO_FILE_NAMES_IT = 'opens a connection whose database no file names'
/** Reason for a datastore that no connection means. */
export const NO_CONNECTION_MEANS_IT = 'only statements and scripts name it'

export interface Datastore {
  id: string
  dialect: Dialect
  evidence: Evidence[]
}

export interface Column {
  name: string
  /** Type as written in the DDL, normalised to lower case. */
  type: string
  nullable: boolean
}

/** How sure an owner is, from config (certain) down to a guess that is said to be one. */
export type OwnerConfidence = 'config' | 'migration' | 'database' | 'only-writer' | 'only-adder' | 'open'

/** A table or view, identified by datastore + schema + name. */
export interface Table {
  /** `datastore/name`, or `datastore/schema/name` where the schema is not the default one. */
  id: string
  datastore: string
  schema: string | null
  name: string
  kind: 'table' | 'view'
  /** The service that owns it; null where that is open. */
  owner: string | null
  ownerConfidence: OwnerConfidence
  evidence: Evidence[]
  columns: Column[]
  primaryKey: string[]
  /** Where the catalogue saw it defined; null for a table that no file creates. */
  definedAt: { file: string; line: number } | null
  /** Present for a table that scripts renamed: the ids that it had, oldest first. */
  formerIds?: string[]
}

export type Op = 'read' | 'write' | 'ddl'

/** One table of an access. */
export interface AccessTable {
  /** Name as the database would call it (alias and quotes removed). */
  table: string
  schema: string | null
  /** Id in `tables`; null for a system table or where the datastore is open. */
  id: string | null
  op: Op
  owner: string | null
  /** True when a service that reaches this access is not the owner. */
  crossService: boolean
  /**
   * Present and true for what is no table of a schema: the catalogues of the database itself (`information_schema`,
   * `pg_catalog`), and temporary tables that statements of the file make.
   */
  system?: true
  /** Present when the statement names a view or a routine and the table lies under it. */
  via?: string
  /**
   * Present and true in a cross-service join of which the table is no part: another text of the call, or another
   * statement of the text, is over it.
   */
  apart?: true
}

/**
 * How well the SQL text is known.
 * exact: all text known and parsed; partial: some piece is unknown; tokens: no parser took it.
 */
export type Confidence = 'exact' | 'partial' | 'tokens'

/** One executed statement at one place in the code. */
export interface Access {
  /** Stable while the code around it moves: a hash of file, SQL and the count of equal ones before it. */
  id: string
  /** Service or library in which the code lies. */
  service: string
  /** Services that can execute it; more than one, for a library. Empty when no service imports it. */
  reachedBy: string[]
  /** How `reachedBy` is known: the code is the service's own, or through its imports of a library. */
  reachedVia: 'own' | 'import'
  file: string
  /** The executing call, from its first line to its last. */
  line: number
  column: number
  endLine: number
  /** Where the SQL text begins, and in which file if not in `file`. */
  sqlLine: number
  sqlFile: string
  driver: string
  kind: 'sql' | 'orm' | 'mongo' | 'proc'
  /** Text as reconstructed, with placeholders; null if there is none. */
  sql: string | null
  confidence: Confidence
  /** `file:line` where the transaction around it begins, in the same function; of those that callers have open, `transactions` tells. */
  transaction: string | null
  datastore: string | null
  /** True for statements of migration files written in TypeScript. */
  migration?: true
  /** Two or more tables of different owners in one statement; not in two texts of the call, or two statements of one. */
  crossServiceJoin: boolean
  tables: AccessTable[]
}

/** Something that looked like an access and could not be resolved. */
export interface Unresolved {
  file: string
  line: number
  service: string
  reason: string
  /** The text as far as it is known, shortened. */
  text: string
}

/**
 * A source file with accesses that nothing in its service is seen to run: no import leads to it from an entry point, no
 * manifest, setting or text names it, and no code that loads modules by name is near. Dead, or begun by something else.
 */
export interface UnusedFile {
  file: string
  service: string
  /** Files that import it, all of them unused too. */
  importedBy: string[]
}

export interface ForeignKey {
  from: string
  fromColumns: string[]
  to: string
  toColumns: string[]
  crossService: boolean
  file: string
  line: number
}

/** A statement of a migration or schema script that touches another service's table. */
export interface SchemaStatement {
  service: string
  file: string
  line: number
  verb: string
  tables: AccessTable[]
}

/** A transaction that writes to tables of two owners or more. */
export interface CrossTransaction {
  /** In which it begins. */
  service: string
  /** `file:line` where it begins. */
  begin: string
  owners: string[]
  tables: string[]
  /** Ids of its accesses, also of those in functions that get its connection. */
  accesses: string[]
}

/**
 * All accesses of one service to one table of another. An access counts once in each column that applies;
 * migrations don't count, they run once.
 */
export interface Edge {
  /** Service that executes the accesses. */
  from: string
  /** Service that owns the table. */
  to: string
  /** Id of the table. */
  table: string
  reads: number
  writes: number
  /** Accesses that define or change the table (`CREATE TABLE IF NOT EXISTS` at start-up). */
  ddl: number
  /** Accesses that use the table beside one of another owner. */
  joins: number
}

/** Something about the input that the user should know: unreadable, unparsable, unknown. */
export interface Diagnostic {
  severity: 'error' | 'warning' | 'info'
  /** Stable machine name, such as `syntax-error`. */
  code: string
  message: string
  file: string | null
  line: number | null
}

/** What was looked at and what was left out, so that a number on the map can be judged. */
export interface Coverage {
  files: number
  lines: number
  /** Left out, by reason: tests, declarations, generated, ignored, compiledTwins, … */
  leftOut: Record<string, number>
}

export interface DependencyMap {
  schemaVersion: 1
  services: Service[]
  datastores: Datastore[]
  tables: Table[]
  accesses: Access[]
  unresolved: Unresolved[]
  unusedFiles: UnusedFile[]
  foreignKeys: ForeignKey[]
  transactions: CrossTransaction[]
  schemaStatements: SchemaStatement[]
  edges: Edge[]
  coverage: Coverage
  diagnostics: Diagnostic[]
}

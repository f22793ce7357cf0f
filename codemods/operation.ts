/**
 * An operation: one statement of another service's, moved to the owner of its tables and given a name. Plain JSON.
 * `seamripper.operations.json` holds all of them; every generated file comes from it and from nothing else.
 */
import type { TemplatePart } from './site/template.js'
import type { Face, RewriteDialect, WireType } from './wire.js'

export interface Operation {
  /** Stable between runs: a hash of owner, dialect and statement. */
  id: string
  /** `getPatientById`; once an owner. */
  name: string
  /** Service that owns every table of the statement. */
  owner: string
  /** Places that use it, sorted by service, file and access. */
  uses: OperationUse[]
  datastore: string
  dialect: RewriteDialect
  /** Driver of the owner that runs the statement: `mysql2`, `pg`, … */
  driver: string
  /** mysql2 only: `query` writes values into the text, `execute` prepares. */
  method: 'query' | 'execute'
  /** The statement, parts in order. Nothing else is ever run. */
  statement: StatementPart[]
  parameters: Parameter[]
  /** Columns of its rows in order; empty for a write without RETURNING. */
  columns: ResultColumn[]
  kind: OperationKind
  /** Running it twice does what running it once does: a client may repeat it. */
  idempotent: boolean
  /** All that it reads is reference data: a client may keep the answer for a while. */
  reference: boolean
  /** Ids of the tables that it reads or writes. */
  tables: string[]
  /** Those of them that it writes. Earlier versions did not keep it. */
  writes?: string[]
  /** Endpoint of the owner that answers instead of a generated one, from the config. */
  endpoint: Endpoint | null
  /** Type of the event that has the owner run it, `billing.charge.created`; null where none of its uses is an event. */
  event: string | null
}

/**
 * rows: any number. one: at most one, by a key that is unique. count: exactly one row, of aggregates.
 * write: INSERT, UPDATE, DELETE; its rows, if any, are those of RETURNING.
 */
export type OperationKind = 'rows' | 'one' | 'count' | 'write'

export type StatementPart =
  | { kind: 'text'; text: string }
  /** One bound value. `list`: as many as the array has, with commas between (`IN (…)`). */
  | { kind: 'parameter'; parameter: string; list?: true }
  /** There only if this parameter is given; for one of type `flag`, if it is true. */
  | { kind: 'optional'; when: string; parts: StatementPart[] }
  /** Optional parts, of which at least one is there, with the separator between those that are (`SET a = ?, b = ?`). */
  | { kind: 'joined'; separator: string; parts: StatementPart[] }
  /** What this parameter says, one of the values of its type: a column, a direction. */
  | { kind: 'choice'; parameter: string }
  /** Once for each row that this parameter has, with commas between; the values in it are named after the row's columns. */
  | { kind: 'rows'; parameter: string; parts: StatementPart[] }

export interface Parameter {
  /** `patientId`: an identifier, once an operation. */
  name: string
  type: ParameterType
  /** Left out by some callers: it makes an `optional` part of the statement appear. */
  optional: boolean
  /** Column that it is compared with or written to, for documentation; null where that is none. */
  column: string | null
}

export type ParameterType =
  | WireType
  /** Of a list (`IN (…)`): never empty. */
  | { kind: 'list'; of: WireType }
  /** Makes an optional part without values appear. */
  | { kind: 'flag' }
  /** One of these, which stands in the statement as it is, or as a text in quotes. */
  | { kind: 'choice'; values: string[]; isQuoted?: true }
  /** Rows to be added, never none: each has a value for each of these, in this order. */
  | { kind: 'rows'; columns: RowColumn[] }

/** A value of a row that is added. */
export interface RowColumn {
  name: string
  type: WireType
  column: string | null
}

export interface ResultColumn {
  name: string
  type: WireType
  nullable: boolean
}

/** What becomes of a cross-service access. */
export type Strategy = 'lift' | 'split' | 'event' | 'by hand'

/** One place in the code that used to run the statement. */
export interface OperationUse {
  service: string
  /** File that calls the operation; lines move. */
  file: string
  /** Id of the access that was rewritten. */
  access: string
  /** What became of it: a call, or an event that the owner applies later. */
  strategy: Exclude<Strategy, 'by hand'>
  driver: string
  /** Face of each result column, in the order of `columns`. */
  faces: Face[]
  options: DriverOptions
  /** What the call site ran, as its source has it: `verify` compares with this. Earlier versions did not keep it. */
  before?: CallStatement
  /** Of a split: what the call site runs now, beside the operation. */
  split?: OwnPart
}

/** A statement as a call site ran it, untouched by all that makes an operation of it. */
export interface CallStatement {
  /** `parts`: placed where their placeholders stood. With `values`: one text with its own placeholders. */
  parts: TemplatePart[]
  /** Expressions for the placeholders, in the order of the list that the call had. Of a split, they stay there. */
  values?: string[]
  /** What the call site hands over now for each parameter of the operation. */
  arguments: { name: string; code: string }[]
}

/** What is left of a statement at the call site, or at the first of its owners, and how the rows of operations come to its rows. */
export interface OwnPart {
  text: string
  /**
   * Of a statement with parts under conditions, all of which `text` has: the whole one without them and with each alone,
   * and what is left of that.
   */
  variants?: { before: string; text: string }[]
  method: Operation['method']
  /** Ids of the tables that it reads. */
  tables: string[]
  /** Values that it no longer takes, by their place in the list that the call had. */
  gone: number[]
  /** Where it is another service's: the operation that it became, and the places of its values in that list. */
  first?: {
    operation: string
    values: { name: string; place: number }[]
    /** Its text has parts under conditions: the values are those that the operation takes, by its names. */
    grows?: true
  }
  /** Ids of others' tables that it joined and asks nothing of. Absent for none. */
  spare?: string[]
  /** Own columns whose foreign keys it counts on: each of their rows has a counterpart. Absent for none. */
  held?: { table: string; column: string }[]
  /** What its rows are put in order by after the join, the most important first; absent where they come in it. */
  order?: Rank[]
  joins: (Join & {
    /** Id of the operation. */
    operation: string
    /** Its other parameters, and the places of their values in that list. */
    values: { name: string; place: number }[]
  })[]
}

/** How rows of the own part meet those of an operation. */
export interface Join {
  /** semi: rows that have a counterpart, once. anti: rows that have none. */
  kind: 'inner' | 'left' | 'semi' | 'anti'
  /** Column of the own rows that holds the key, by its name in the result. */
  ownKey: string
  /** It was not in the result before, and is taken out again. */
  addedKey: boolean
  /** Column of the operation's rows that is compared with it. */
  foreignKey: string
  /** Parameter that takes the keys. */
  parameter: string
  /** Columns that the foreign rows add, and what they are called there. */
  columns: { name: string; column: string }[]
  /** The operation ranks its rows among those that it gives: all keys go in one call. */
  isRanked?: true
}

/** A column that has the rank of a row among those of its database, and is taken out again. */
export interface Rank {
  column: string
  /** Where rows without one stand; absent where all have one. */
  nulls?: 'first' | 'last'
}

/** Options of the consumer's connection that decide what values it gave. Absent ones have the driver's default. */
export interface DriverOptions {
  /** mysql2: DATE, DATETIME and TIMESTAMP as text. */
  dateStrings?: boolean
  /** mysql2: DECIMAL as numbers. */
  decimalNumbers?: boolean
  /** mariadb: the same. */
  decimalAsNumber?: boolean
  bigIntAsNumber?: boolean
  /** mariadb: `insertId` as a number. */
  insertIdAsNumber?: boolean
  supportBigNumbers?: boolean
  bigNumberStrings?: boolean
  /** `local`, `Z` or `+02:00`: what dates without a zone mean. */
  timezone?: string
}

/** `GET /api/v1/patients/{id}` of the owner, written by hand. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Parameters of the operation stand in braces; those that don't go to the query, or to the body. */
  path: string
  /** Whether it answers with one object (404: none) or with a list. */
  answer: 'object' | 'list'
  /** Property of the answer that holds it: `data` of `{ "success": true, "data": … }`, `data.rows`; null where it is all. */
  field: string | null
}

/**
 * A call site that calls no one: its statement joined tables of others, of which it asked nothing. What is run now is in
 * `use.split`, which has no joins.
 */
export interface AloneUse {
  dialect: RewriteDialect
  use: OperationUse
}

/** `seamripper.operations.json`. */
export interface OperationFile {
  schemaVersion: 1
  /** Sorted by owner and name. */
  operations: Operation[]
  /** Absent for none. */
  alone?: AloneUse[]
  /** What `verify` found different: it is not rewritten until `verify` finds it equal. */
  different?: FoundDifferent[]
}

/** An operation that gives a consumer something else than its statement did. */
export interface FoundDifferent {
  /** Of a call site that calls no one, that of its access. */
  id: string
  /** `clinical.getPatientById`, for people; the file of such a call site. */
  name: string
  consumer: string
  strategy: OperationUse['strategy']
  /** Values, the fewest rows, what was given before and what after: a line each. */
  shown: string[]
}

/**
 * How values travel between an owner and its consumers, and what they are at both ends.
 *
 * A column has a `WireType`, which comes from its type in the catalogue and is the same for everyone. What JavaScript
 * value a consumer gets back depends on the driver that it used before and on that driver's options: its `Face`.
 */
import type { Dialect } from '../analyzers/model.js'

/** Dialects whose statements can move. */
export type RewriteDialect = Extract<Dialect, 'mysql' | 'postgresql'>

/**
 * Form of a value in JSON. NULL is `null` in all of them.
 *
 * | kind      | in JSON                                              | columns                          |
 * |-----------|------------------------------------------------------|----------------------------------|
 * | boolean   | `true`                                               | boolean (PostgreSQL)             |
 * | integer   | `42`, within ±2^53                                   | int, smallint, tinyint(1), year  |
 * | bigint    | `"9007199254740993"`                                 | bigint                           |
 * | decimal   | `"12.50"`, all digits that the database has          | decimal, numeric                 |
 * | float     | `0.1`, or `"NaN"`, `"Infinity"`, `"-Infinity"`       | float, double, real              |
 * | text      | `"a"`                                                | char, varchar, text, enum, set   |
 * | uuid      | `"6f1c…"`                                            | uuid                             |
 * | date      | `"2024-02-29"`                                       | date                             |
 * | time      | `"13:45:00.5"`, MySQL's also `"-838:59:59"`          | time                             |
 * | timestamp | `"2024-02-29 13:45:00.123456"`, no zone              | datetime, timestamp              |
 * | instant   | `"2024-02-29T13:45:00.123456Z"`                      | timestamptz                      |
 * | bytes     | base64                                               | blob, binary, bytea              |
 * | json      | the value itself                                     | json, jsonb                      |
 * | array     | a list of `of`                                       | `x[]`                            |
 */
export type WireType =
  /** `native`: the column's type where some driver makes of it something else than of others of this kind. */
  | { kind: ScalarKind; native?: NativeType }
  /** Digits behind the point, where the column says: what a driver that gives numbers is asked to restore. */
  | { kind: 'decimal'; scale: number | null }
  | { kind: 'array'; of: WireType }

export type ScalarKind =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'float'
  | 'text'
  | 'uuid'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'instant'
  | 'bytes'
  | 'json'

export type NativeType = 'bit' | 'set' | 'oid' | 'money' | 'macaddr' | 'tsvector'

/** What a driver made of a column's values for its caller, which the client makes of them again. */
export type Face =
  | 'boolean'
  | 'number'
  | 'string'
  | 'bigint'
  | 'Date'
  | 'Buffer'
  /** The parsed value of a JSON column. */
  | 'json'
  | 'array'
  /** postgres.js: of a date without a zone by the local clock, where that of other columns is another. */
  | 'local Date'
  /** mysql2 with `supportBigNumbers`: a number where it is exact, else a string. */
  | 'number or string'

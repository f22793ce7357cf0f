/**
 * What the gate hands to its reports: plain data, as `check --format json` prints it.
 * Paths are relative to the analysed root, with `/`. Lines and columns count from 1.
 */

import type { Dialect, Evidence } from '../model.js'
import type { GateOp } from '../workspace/gate-names.js'
import type { RuleName } from './rules/index.js'

/** What a rule does when it is broken: fail the check, tell without failing, or nothing. */
export type Level = 'error' | 'warn' | 'off'

/**
 * What was done to the table. A read beside tables of another owner is a `join`, a write in a transaction that
 * also writes tables of another owner a `transaction`; so each use of a table in a statement is one incident.
 */
export type { GateOp }

/**
 * new: fails the check, or is told if it is a warning; baseline: listed in a `seam-todo.yml`; allowed: by the
 * config or by a comment; earlier: with `--since`, would be new, but was there before the change.
 */
export type ViolationState = 'new' | 'baseline' | 'allowed' | 'earlier'

export interface Place {
  file: string
  line: number
}

/** A place that helps to understand a violation, such as where its transaction begins. */
export interface RelatedPlace extends Place {
  message: string
}

/** One use of a table that a rule forbids. */
export interface Violation {
  rule: RuleName
  severity: 'error' | 'warning'
  state: ViolationState
  /** Service that reaches the table. One access of a library is a violation of each service that runs it. */
  service: string
  /** Service that owns the table; null where that is open. */
  owner: string | null
  /** Id of the table, its name where the datastore is open; null for a place that could not be resolved. */
  table: string | null
  op: GateOp
  file: string
  line: number
  column: number
  endLine: number
  /** The statement as reconstructed, or what is known of it; of a foreign key its tables and columns. */
  sql: string | null
  dialect: Dialect
  /** `id` of the access in the map; null for what is none (foreign keys, scripts, unresolved places). */
  accessId: string | null
  /** True for a statement of a migration, which runs once. */
  migration: boolean
  /** The same while lines move: a hash of service, table, op, file, SQL and the count of equal ones before it. */
  fingerprint: string
  /** What is wrong, as one sentence. */
  message: string
  /** Why the table is that owner's: the strongest piece of evidence. */
  ownerEvidence: Evidence | null
  /** What to do instead, as one or two sentences. */
  advice: string
  /** Words of the command line, after `seamripper`, that tells more or does it. */
  command: string[]
  related: RelatedPlace[]
  /** Why it is allowed; null in every other state. */
  allowedBy: AllowedBy | null
}

/** The entry of the config or the comment that allows a violation. */
export interface AllowedBy extends Place {
  reason: string
  /** Last day, `YYYY-MM-DD`; null without end. */
  until: string | null
}

/**
 * Why what a baseline lists is no violation of its kind any more. mended: there is no such use; allowed: by the config or by a
 * comment; moved: to another file, as it seems; rule-off: the config switches its rule off; own-table: the table is the service's own
 * now; other-database: the file uses a table of this name in another database now; open-owner: the owner is open now; an operation:
 * there is another use in its place, such as a join that was a read.
 */
export type StaleReason =
  | 'mended'
  | 'moved'
  | 'allowed'
  | 'rule-off'
  | 'own-table'
  | 'other-database'
  | 'open-owner'
  | GateOp

/** An entry of a `seam-todo.yml` that lists more than there is. It fails the check. */
export interface StaleEntry extends Place {
  /** Service or library beside whose sources the file lies. */
  service: string
  table: string | null
  op: GateOp
  /** File of the code that the entry is about. */
  source: string
  listed: number
  /** How many there are now, fewer than are listed. */
  found: number
  /** Why the others are not there any more: so many of each kind, together `listed` less `found`. */
  reasons: {
    reason: StaleReason
    count: number
    /** Of what moved, the file where it is new; of what is in another database, the table there. */
    to?: string
  }[]
}

/** An allowance that allows nothing: to be removed. It fails nothing. */
export interface UnusedAllow extends Place {
  /** The allowance as it is written, on one line. */
  text: string
  /** Why it is of no use, as one sentence. */
  message: string
}

/** A comment that means to allow something and can't be understood. It fails the check. */
export interface CommentProblem extends Place {
  message: string
}

/** What most likely happened where a baseline does not fit, and what to do then. */
export interface Hint {
  /** The baseline that it is about. */
  file: string
  /** What happened, as it seems, and what to do, as sentences; ends with a colon where commands follow. */
  message: string
  /** Fingerprints of the new violations that it is about. */
  violations: string[]
  /** A line for the shell, in the root, to run before `command`; null if there is none. */
  git: string | null
  /** Words of the command line, after `seamripper`. */
  command: string[]
}

/** What `--since` compared with. */
export interface Since {
  ref: string
  /** The commit that the change began from: the merge base of the revision and HEAD. */
  commit: string
}

/** Uses of one kind in one file, as a baseline counts them. */
export interface CountedUses {
  service: string
  owner: string | null
  table: string | null
  op: GateOp
  /** Present path of the file. */
  file: string
  count: number
}

/** What a change did besides what is new. What moves to another file is accepted there and mended here. */
export interface ChangeOfKnown {
  /** Were there before the change, and are not any more. */
  mended: CountedUses[]
  /** The change put them on a baseline. */
  accepted: CountedUses[]
}

/** The outcome of a check. */
export interface GateResult {
  schemaVersion: 1
  /** False if it is to fail: a new violation that is an error, a stale entry, or a comment that is none. */
  passed: boolean
  since: Since | null
  /** Null unless it was asked for, with `since`. */
  change: ChangeOfKnown | null
  /** By service, file and place. */
  violations: Violation[]
  stale: StaleEntry[]
  unusedAllows: UnusedAllow[]
  problems: CommentProblem[]
  /** Why some of it may be new or stale, if that can be told. */
  hints: Hint[]
}

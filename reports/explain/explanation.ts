/** What `explain` answers, as plain data; `--format json` prints it as it is. */
import type { ForeignMigration } from '../../analyzers/graph/index.js'
import type {
  AccessTable,
  Confidence,
  CrossTransaction,
  Diagnostic,
  Dialect,
  ForeignKey,
  Service,
  Table,
  Unresolved,
} from '../../analyzers/model.js'
import type { Forecast } from '../../codemods/forecast.js'

export interface Place {
  file: string
  line: number
}

/** A thing to do, and where. */
export interface Advice {
  /** Which rule it comes from. */
  rule:
    | 'read'
    | 'join'
    | 'copy'
    | 'write'
    | 'ddl'
    | 'transaction'
    | 'foreign-key'
    | 'open-owner'
    | 'unreached'
    | 'unused'
    | 'unresolved'
  text: string
  places: Place[]
}

/** What `rewrite` would do with one crossing. */
export interface Rewrite extends Forecast, Place {}

/** One access, as `explain` shows it. */
export interface Statement {
  id: string
  service: string
  reachedBy: string[]
  file: string
  line: number
  endLine: number
  sqlFile: string
  sqlLine: number
  driver: string
  confidence: Confidence
  transaction: string | null
  crossServiceJoin: boolean
  dialect: Dialect | null
  sql: string | null
  tables: AccessTable[]
}

/** Where one service uses one table. */
export interface Use {
  service: string
  table: string
  owner: string | null
  crossService: boolean
  reads: Place[]
  writes: Place[]
  ddl: Place[]
}

export interface TableExplanation {
  kind: 'table'
  /** Id of the table; its name where the datastore is open. */
  id: string
  /** What the map's list of tables has; null where the datastore is open. */
  table: Table | null
  dialect: Dialect | null
  uses: Use[]
  /** The statements of services that don't own it. */
  crossing: Statement[]
  foreignKeys: ForeignKey[]
  transactions: CrossTransaction[]
  /** Migrations of other services that touch it. */
  migrations: ForeignMigration[]
  /** What `rewrite` would do with the crossings. */
  rewrites: Rewrite[]
  advice: Advice[]
}

export interface ServiceExplanation {
  kind: 'service'
  service: Service
  /** Ids of the tables that it owns. */
  owns: string[]
  /** The statements that lie in a library, whoever reaches them; empty for a service. */
  statements: Statement[]
  /** Its uses of tables of others. */
  reachesInto: Use[]
  /** Uses of its tables by others. */
  reachedIntoBy: Use[]
  /** Its uses of tables without an owner. */
  open: Use[]
  foreignKeys: ForeignKey[]
  transactions: CrossTransaction[]
  /** Its migrations that touch tables of others. */
  migrations: ForeignMigration[]
  unresolved: Unresolved[]
  /** What `rewrite` would do with the crossings. */
  rewrites: Rewrite[]
  advice: Advice[]
}

export interface PlaceExplanation {
  kind: 'place'
  file: string
  line: number
  statements: Statement[]
  unresolved: Unresolved[]
  /** Tables that are created there. */
  defines: string[]
  foreignKeys: ForeignKey[]
  /** Statements of migrations that touch tables of others. */
  migrations: ForeignMigration[]
  diagnostics: Diagnostic[]
  /** Where nothing is at the line: the nearest accesses and unresolved places of the file. */
  nearest: Place[]
  /** What `rewrite` would do with the crossings. */
  rewrites: Rewrite[]
  advice: Advice[]
}

export interface FileExplanation {
  kind: 'file'
  file: string
  /** What runs in it, by its lines. */
  statements: Statement[]
  unresolved: Unresolved[]
  /** Tables that are created in it. */
  defines: { table: string; line: number }[]
  foreignKeys: ForeignKey[]
  /** Statements of migrations that touch tables of others. */
  migrations: ForeignMigration[]
  diagnostics: Diagnostic[]
  /** What `rewrite` would do with the crossings. */
  rewrites: Rewrite[]
  advice: Advice[]
}

export type Explanation = TableExplanation | ServiceExplanation | FileExplanation | PlaceExplanation

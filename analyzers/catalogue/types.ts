/** The schema as the migrations leave it. */
import type { Column, Dialect } from '../model.js'
import type { Parts } from '../sql/parts.js'

/** A name as a script has it. */
export interface WrittenName {
  schema: string | null
  /** As `TableRef` of the SQL stage has it. */
  database?: string
  name: string
}

/** One DDL statement's effect, in order of the file. */
export type SchemaChange =
  | (WrittenName & {
      kind: 'create-table'
      columns: Column[]
      primaryKey: string[]
      foreignKeys: ForeignKeyDef[]
      /**
       * Table whose columns it takes over: `LIKE t`, `PARTITION OF t`, `INHERITS (t)`, `AS SELECT * FROM t`.
       * `loose`: without their NOT NULL, as a query's rows are taken over. `keys`: with the primary key.
       */
      like: (WrittenName & { loose: boolean; keys: boolean }) | null
      ifNotExists: boolean
      temporary: boolean
      line: number
    })
  | (WrittenName & { kind: 'create-view'; reads: WrittenName[]; line: number; materialized?: true })
  | (WrittenName & {
      kind: 'alter-table'
      add: Column[]
      dropColumns: string[]
      renameColumns: [string, string][]
      /** New type or nullability of a column; null: left as it is. */
      changeColumns: { name: string; type: string | null; nullable: boolean | null }[]
      foreignKeys: ForeignKeyDef[]
      /** Names of constraints; those of foreign keys take these away. */
      dropConstraints: string[]
      primaryKey: string[] | null
      line: number
    })
  | {
      kind: 'rename-table'
      schema: string | null
      /** Of both names. */
      database?: string
      from: string
      to: string
      toSchema: string | null
      line: number
    }
  | (WrittenName & { kind: 'drop-table'; line: number })
  | (WrittenName & {
      kind: 'create-routine'
      tables: RoutineTable[]
      /** Which of the tables its statements have together; absent where all. */
      parts?: Parts
      calls: string[]
      /** What its body defines when it is called. */
      changes: BodyChange[]
      line: number
    })
  /** `CALL p()`, `SELECT p()`: a routine of these scripts is run. */
  | { kind: 'call'; schema: string | null; name: string; line: number }
  | {
      kind: 'create-trigger'
      name: string
      table: string
      schema: string | null
      database?: string
      routine: string | null
      tables: RoutineTable[]
      line: number
    }
  | { kind: 'drop-routine'; schema: string | null; name: string; line: number }
  | { kind: 'drop-schema'; name: string; line: number }
  /** `USE db`, `\connect db` (database) or `SET search_path` (schema): what later unqualified names mean. */
  | { kind: 'use'; scope: 'database' | 'schema'; schema: string; line: number }
  | { kind: 'create-database'; name: string; line: number }

/** What the body of a routine can define; that it creates routines is not followed. */
export type BodyChange = Exclude<SchemaChange, { kind: 'create-routine' }>

export interface RoutineTable extends WrittenName {
  op: 'read' | 'write' | 'ddl'
}

export interface ForeignKeyDef {
  /** Name of the constraint; null where the database makes one up. */
  name: string | null
  columns: string[]
  toSchema: string | null
  to: string
  toColumns: string[]
  line: number
}

export interface CatalogueTable {
  schema: string | null
  name: string
  kind: 'table' | 'view'
  columns: Column[]
  primaryKey: string[]
  foreignKeys: (ForeignKeyDef & { file: string })[]
  /** View: the tables it reads. */
  reads: WrittenName[]
  /** View: it has rows of its own, so that what fills it reads these tables and writes none of them. */
  materialized?: true
  /** First creation. */
  file: string
  line: number
  service: string | null
  /** All statements that create it, the first one too: `IF NOT EXISTS` in a later script is evidence, no second table. */
  definitions: TableDefinition[]
  /** Names that it had before scripts renamed it, oldest first. */
  formerNames: { schema: string | null; name: string }[]
}

/** One place that creates a table. */
export interface TableDefinition {
  file: string
  line: number
  service: string | null
  ifNotExists: boolean
}

export interface CatalogueTrigger {
  name: string
  schema: string | null
  table: string
  routine: string | null
  tables: RoutineTable[]
  file: string
  line: number
}

export interface CatalogueRoutine {
  schema: string | null
  name: string
  tables: RoutineTable[]
  /** Which of the tables its statements have together; absent where all. */
  parts?: Parts
  calls: string[]
  file: string
  line: number
}

/** One text of DDL and DML with its place: a `.sql` file, or the SQL text of a migration written in TypeScript. */
export interface SchemaScript {
  file: string
  service: string | null
  dialect: Dialect
  text: string
  /** Line of the file on which the text begins, from 1. */
  line: number
  /** Place among the scripts of its set, from 0. */
  order: number
}

/** The scripts that build one schema, in the order in which they run. */
export interface MigrationFolder {
  /** Folder relative to the root. */
  path: string
  service: string | null
  dialect: Dialect
  scripts: SchemaScript[]
  /** Files of the folder that are not applied: undo scripts and the like. */
  skipped: { file: string; reason: string }[]
}

/** One statement of a script and the tables that it touches itself. */
export interface ScriptStatement {
  line: number
  verb: string
  tables: RoutineTable[]
}

/** The schema built by one set of migrations (one folder of one service, in order). */
export interface SchemaSet {
  /** Folder or file of the scripts, relative to the root. */
  path: string
  service: string | null
  dialect: Dialect
  /** Database name that the scripts or their folder give (`USE x`, `CREATE DATABASE x`, `ClickHouse/x`), else null. */
  database: string | null
  tables: CatalogueTable[]
  routines: CatalogueRoutine[]
  triggers: CatalogueTrigger[]
  /** Changes of tables that no script of this set creates: another set of the same datastore may. */
  foreignChanges: (Extract<SchemaChange, { kind: 'alter-table' }> & { file: string })[]
  /** Statements of these scripts that read or write data or change tables, for crossings made by migrations. */
  statements: (ScriptStatement & { file: string })[]
}

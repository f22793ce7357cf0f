/** The schema as the migrations leave it. */
import type { Column, Dialect } from '../model.js'

/** One DDL statement's effect, in order of the file. */
export type SchemaChange =
  | {
      kind: 'create-table'
      schema: string | null
      name: string
      columns: Column[]
      primaryKey: string[]
      foreignKeys: ForeignKeyDef[]
      ifNotExists: boolean
      temporary: boolean
      line: number
    }
  | {
      kind: 'create-view'
      schema: string | null
      name: string
      reads: { schema: string | null; name: string }[]
      line: number
    }
  | {
      kind: 'alter-table'
      schema: string | null
      name: string
      add: Column[]
      dropColumns: string[]
      renameColumns: [string, string][]
      foreignKeys: ForeignKeyDef[]
      primaryKey: string[] | null
      line: number
    }
  | {
      kind: 'rename-table'
      schema: string | null
      from: string
      to: string
      toSchema: string | null
      line: number
    }
  | { kind: 'drop-table'; schema: string | null; name: string; line: number }
  | {
      kind: 'create-routine'
      schema: string | null
      name: string
      tables: RoutineTable[]
      calls: string[]
      line: number
    }
  | {
      kind: 'create-trigger'
      name: string
      table: string
      schema: string | null
      routine: string | null
      tables: RoutineTable[]
      line: number
    }
  /** `USE db` / `SET search_path`: what later unqualified names mean. */
  | { kind: 'use'; schema: string; line: number }
  | { kind: 'create-database'; name: string; line: number }

export interface RoutineTable {
  schema: string | null
  name: string
  op: 'read' | 'write' | 'ddl'
}

export interface ForeignKeyDef {
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
  reads: { schema: string | null; name: string }[]
  /** First creation; the service that this file belongs to owns the table. */
  file: string
  line: number
  service: string | null
}

export interface CatalogueRoutine {
  schema: string | null
  name: string
  tables: RoutineTable[]
  calls: string[]
  file: string
  line: number
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
  /** Statements of these scripts that read or write data or change tables, for crossings made by migrations. */
  statements: {
    file: string
    line: number
    verb: string
    tables: { schema: string | null; name: string; op: 'read' | 'write' | 'ddl' }[]
  }[]
}

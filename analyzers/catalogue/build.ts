/** The schema that scripts leave behind: their changes applied in order. */

import { qualifierIsDatabase } from '../datastores/lookup.js'
import type { Diagnostic, Dialect } from '../model.js'
import { applyAlter } from './apply-alter.js'
import { defaultSchemaToNull } from './names.js'
import { readSchemaChanges } from './schema-changes.js'
import { SchemaTables } from './schema-tables.js'
import type { ScriptReading } from './statement.js'
import type {
  BodyChange,
  CatalogueRoutine,
  CatalogueTable,
  MigrationFolder,
  SchemaChange,
  SchemaScript,
  SchemaSet,
  ScriptStatement,
  WrittenName,
} from './types.js'

/**
 * Builds the schema of each folder of scripts; one set for each database that its scripts name.
 * @returns sets in the order of the folders, the database without a name first
 */
export function buildCatalogue(
  folders: MigrationFolder[],
  readScript: (script: SchemaScript) => ScriptReading = readSchemaChanges,
): { sets: SchemaSet[]; diagnostics: Diagnostic[] } {
  const sets: SchemaSet[] = []
  const diagnostics: Diagnostic[] = []
  for (const folder of folders) {
    const readings = folder.scripts.map(script => ({ script, ...readScript(script) }))
    const builder = new FolderBuilder(
      folder,
      onlyDatabase(
        readings.flatMap(reading => reading.changes),
        folder.dialect,
      ),
    )
    for (const { script, changes, statements, diagnostics: found } of readings) {
      diagnostics.push(...found)
      builder.beginScript(script)
      let next = 0
      for (const change of changes) {
        // Statements lie in the database that was in use when they ran.
        while (next < statements.length && statements[next]!.line < change.line)
          builder.add(statements[next++]!)
        builder.apply(change)
      }
      for (const statement of statements.slice(next)) builder.add(statement)
    }
    sets.push(...builder.finish())
  }
  return { sets, diagnostics }
}

/**
 * The database that scripts use, if it is only one: those that name none mean it too. In MySQL one that they
 * only create counts as well; a PostgreSQL script that creates a database stays in the one where it began.
 */
function onlyDatabase(changes: SchemaChange[], dialect: Dialect): string | null {
  const used = new Set<string>()
  const created = new Set<string>()
  for (const change of changes) {
    if (change.kind === 'create-database') created.add(change.name)
    else if (change.kind === 'use' && change.scope === 'database') used.add(change.schema)
  }
  const named = used.size > 0 || dialect === 'postgresql' ? used : created
  return named.size === 1 ? [...named][0]! : null
}

/** One database of a folder while its scripts are applied. */
interface Building extends Omit<SchemaSet, 'tables' | 'routines'> {
  tables: SchemaTables
  routines: Map<string, CatalogueRoutine>
}

class FolderBuilder {
  private readonly folder: MigrationFolder
  private readonly onlyDatabase: string | null
  private readonly databases = new Map<string | null, Building>()
  /** What routines define when they are called, by name. */
  private readonly bodies = new Map<string, BodyChange[]>()
  private script!: SchemaScript
  /** What unqualified names mean at this place of the script. */
  private database: string | null = null
  private schema: string | null = null

  constructor(folder: MigrationFolder, onlyDatabase: string | null) {
    this.folder = folder
    this.onlyDatabase = onlyDatabase
  }

  beginScript(script: SchemaScript): void {
    this.script = script
    this.database = this.onlyDatabase
    this.schema = null
  }

  add(statement: ScriptStatement): void {
    const { database } = this.qualifiersOf(statement.tables[0] ?? { schema: null })
    this.building(database).statements.push({ ...statement, file: this.script.file })
  }

  private building(database: string | null): Building {
    let building = this.databases.get(database)
    if (!building) {
      const { path, service, dialect } = this.folder
      building = {
        path,
        service,
        dialect,
        database,
        tables: new SchemaTables(),
        routines: new Map(),
        triggers: [],
        foreignChanges: [],
        statements: [],
      }
      this.databases.set(database, building)
    }
    return building
  }

  finish(): SchemaSet[] {
    return [...this.databases.values()].map(({ tables, routines, ...rest }) => ({
      ...rest,
      tables: tables.all(),
      routines: [...routines.values()],
    }))
  }

  apply(change: SchemaChange): void {
    switch (change.kind) {
      case 'use':
        if (change.scope === 'schema') this.schema = change.schema
        else this.database = change.schema
        break
      case 'create-database':
        break
      case 'create-table':
        this.createTable(change)
        break
      case 'create-view':
        this.createView(change)
        break
      case 'alter-table':
        this.alterTable(change)
        break
      case 'rename-table':
        this.renameTable(change)
        break
      case 'drop-table': {
        const { building, table } = this.place(change)
        if (!table) break
        building.tables.remove(table)
        forgetReferences(building, table)
        break
      }
      case 'drop-schema':
        this.dropSchema(change.name)
        break
      case 'create-routine': {
        const { schema, name, tables, parts, calls, changes, line } = change
        this.bodies.set(name.toLowerCase(), changes)
        this.building(this.database).routines.set(name.toLowerCase(), {
          schema,
          name,
          tables,
          ...(parts && { parts }),
          calls,
          file: this.script.file,
          line,
        })
        break
      }
      case 'call':
        // A routine that calls itself would go on for ever.
        for (const inner of this.bodies.get(change.name.toLowerCase()) ?? [])
          if (inner.kind !== 'call') this.apply(inner)
        break
      case 'drop-routine':
        this.building(this.database).routines.delete(change.name.toLowerCase())
        break
      case 'create-trigger': {
        const { kind: _, ...trigger } = change
        this.building(this.database).triggers.push({ ...trigger, file: this.script.file })
        break
      }
    }
  }

  /** The table of this name, and where it lies or would lie. */
  private place({ name, ...written }: WrittenName): Place {
    const { database, schema } = this.qualifiersOf(written)
    const building = this.building(database)
    return { building, schema, table: building.tables.find(schema, name) }
  }

  /** Where a name lies, whose qualifiers may be left out. */
  private qualifiersOf({ schema, database }: Omit<WrittenName, 'name'>): {
    database: string | null
    schema: string | null
  } {
    const { dialect } = this.folder
    if (schema !== null && qualifierIsDatabase(dialect)) return { database: schema, schema: null }
    const isElsewhere = database !== undefined && database !== this.database
    return {
      database: database ?? this.database,
      schema: defaultSchemaToNull(schema ?? (isElsewhere ? null : this.schema), dialect),
    }
  }

  /** The table that a CREATE of this name meets. PostgreSQL tells quoted names apart by case. */
  private existing(written: WrittenName): Place {
    const place = this.place(written)
    const other =
      place.table !== null && place.table.name !== written.name && this.folder.dialect === 'postgresql'
    return other ? { ...place, table: null } : place
  }

  private dropSchema(schema: string): void {
    const { tables } = this.building(this.database)
    for (const table of tables.all()) if (table.schema === schema) tables.remove(table)
  }

  private createTable(change: Extract<SchemaChange, { kind: 'create-table' }>): void {
    if (change.temporary || change.name.startsWith('#')) return
    const { building, schema, table: existing } = this.existing(change)
    const { file, service } = this.script
    const definition = { file, line: change.line, service, ifNotExists: change.ifNotExists }
    const foreignKeys = change.foreignKeys.map(item => ({ ...item, file }))
    const source = change.like ? this.place(change.like).table : null
    const copied = (source?.columns ?? []).map(column =>
      change.like?.loose ? { ...column, nullable: true } : column,
    )
    const copiedKey = change.like?.keys ? (source?.primaryKey ?? []) : []
    const primaryKey = change.primaryKey.length > 0 ? change.primaryKey : [...copiedKey]
    const columns = [...copied, ...change.columns].map(column =>
      primaryKey.includes(column.name) ? { ...column, nullable: false } : { ...column },
    )
    if (existing?.kind === 'table') {
      existing.definitions.push(definition)
      // A second text for the same table (`schema.sql` beside migrations) can know more of it.
      for (const column of columns) {
        if (!existing.columns.some(known => known.name === column.name)) existing.columns.push(column)
      }
      if (existing.primaryKey.length === 0) existing.primaryKey = primaryKey
      for (const item of foreignKeys) {
        if (!existing.foreignKeys.some(known => sameForeignKey(known, item))) existing.foreignKeys.push(item)
      }
      return
    }
    building.tables.add({
      schema,
      name: change.name,
      kind: 'table',
      columns,
      primaryKey,
      foreignKeys,
      reads: [],
      file,
      line: change.line,
      service,
      definitions: [definition],
      formerNames: [],
    })
  }

  private createView(change: Extract<SchemaChange, { kind: 'create-view' }>): void {
    const { building, schema, table: existing } = this.existing(change)
    const { file, service } = this.script
    const definition = { file, line: change.line, service, ifNotExists: false }
    const reads = change.reads.map(table => ({
      ...table,
      schema: table.schema ?? (table.database ? null : this.schema),
    }))
    if (existing) {
      existing.kind = 'view'
      existing.reads = reads
      existing.materialized = change.materialized
      existing.definitions.push(definition)
      return
    }
    building.tables.add({
      schema,
      name: change.name,
      kind: 'view',
      columns: [],
      primaryKey: [],
      foreignKeys: [],
      reads,
      ...(change.materialized && { materialized: true }),
      file,
      line: change.line,
      service,
      definitions: [definition],
      formerNames: [],
    })
  }

  private alterTable(change: Extract<SchemaChange, { kind: 'alter-table' }>): void {
    const { building, table } = this.place(change)
    if (table) {
      applyAlter(table, change, this.script.file)
      return
    }
    const schema = change.schema ?? (change.database ? null : this.schema)
    building.foreignChanges.push({ ...change, schema, file: this.script.file })
  }

  private renameTable(change: Extract<SchemaChange, { kind: 'rename-table' }>): void {
    const { database } = change
    const { building, table } = this.place({ database, schema: change.schema, name: change.from })
    if (!table) return
    const { name, schema } = table
    const to = this.place({ database, schema: change.toSchema ?? change.schema, name: change.to })
    building.tables.remove(table)
    table.formerNames.push({ schema, name })
    table.name = change.to
    table.schema = to.schema
    to.building.tables.add(table)
    for (const other of building.tables.all()) {
      for (const item of other.foreignKeys) {
        if (item.to !== name || (item.toSchema !== null && item.toSchema !== schema)) continue
        item.to = change.to
        item.toSchema = to.schema
      }
      for (const read of other.reads) if (read.name === name) read.name = change.to
    }
  }
}

interface Place {
  building: Building
  schema: string | null
  /** Null if there is none yet. */
  table: CatalogueTable | null
}

/** A dropped table takes the foreign keys to it along. */
function forgetReferences({ tables }: Building, dropped: CatalogueTable): void {
  for (const table of tables.all()) {
    table.foreignKeys = table.foreignKeys.filter(
      item => item.to !== dropped.name || (item.toSchema ?? null) !== dropped.schema,
    )
  }
}

function sameForeignKey(a: { columns: string[]; to: string }, b: { columns: string[]; to: string }): boolean {
  return a.to === b.to && a.columns.join() === b.columns.join()
}

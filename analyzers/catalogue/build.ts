/** The schema that scripts leave behind: their changes applied in order. */

import { qualifierIsDatabase } from '../datastores/lookup.js'
import type { Diagnostic, Dialect } from '../model.js'
import { applyAlter } from './apply-alter.js'
import { defaultSchemaToNull } from './names.js'
import { readSchemaChanges } from './schema-changes.js'
import type {
  CatalogueRoutine,
  CatalogueTable,
  MigrationFolder,
  SchemaChange,
  SchemaScript,
  SchemaSet,
  ScriptStatement,
} from './types.js'

/**
 * Builds the schema of each folder of scripts; one set for each database that its scripts name.
 * @returns sets in the order of the folders, the database without a name first
 */
export function buildCatalogue(folders: MigrationFolder[]): { sets: SchemaSet[]; diagnostics: Diagnostic[] } {
  const sets: SchemaSet[] = []
  const diagnostics: Diagnostic[] = []
  for (const folder of folders) {
    const readings = folder.scripts.map(script => ({ script, ...readSchemaChanges(script) }))
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
  tables: Map<string, CatalogueTable>
  routines: Map<string, CatalogueRoutine>
}

class FolderBuilder {
  private readonly folder: MigrationFolder
  private readonly onlyDatabase: string | null
  private readonly databases = new Map<string | null, Building>()
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
    const qualifier = statement.tables[0]?.schema ?? null
    const database =
      qualifier !== null && qualifierIsDatabase(this.folder.dialect) ? qualifier : this.database
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
        tables: new Map(),
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
      tables: [...tables.values()],
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
        const place = this.place(change.schema, change.name)
        if (place.building.tables.delete(place.key)) forgetReferences(place.building, place)
        break
      }
      case 'drop-schema':
        for (const [key, table] of this.building(this.database).tables)
          if (table.schema === change.name) this.building(this.database).tables.delete(key)
        break
      case 'create-routine': {
        const { schema, name, tables, calls, line } = change
        this.building(this.database).routines.set(name.toLowerCase(), {
          schema,
          name,
          tables,
          calls,
          file: this.script.file,
          line,
        })
        break
      }
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

  /** Where a table of this name lies, or would lie: its database, its schema, its key there. */
  private place(schema: string | null, name: string): Place {
    const { dialect } = this.folder
    if (schema !== null && qualifierIsDatabase(dialect)) {
      return known(this.building(schema), null, name)
    }
    return known(this.building(this.database), defaultSchemaToNull(schema ?? this.schema, dialect), name)
  }

  private createTable(change: Extract<SchemaChange, { kind: 'create-table' }>): void {
    if (change.temporary || change.name.startsWith('#')) return
    const { building, key, schema, name } = this.place(change.schema, change.name)
    const { file, service } = this.script
    const definition = { file, line: change.line, service, ifNotExists: change.ifNotExists }
    const foreignKeys = change.foreignKeys.map(item => ({ ...item, file }))
    const like = change.like ? this.place(change.like.schema, change.like.name) : null
    const source = like?.building.tables.get(like.key)
    const copied = (source?.columns ?? []).map(column =>
      change.like?.loose ? { ...column, nullable: true } : column,
    )
    const copiedKey = change.like?.keys ? (source?.primaryKey ?? []) : []
    const primaryKey = change.primaryKey.length > 0 ? change.primaryKey : [...copiedKey]
    const columns = [...copied, ...change.columns].map(column =>
      primaryKey.includes(column.name) ? { ...column, nullable: false } : { ...column },
    )
    const existing = building.tables.get(key)
    if (existing && existing.kind === 'table') {
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
    building.tables.set(key, {
      schema,
      name,
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
    const { building, key, schema, name } = this.place(change.schema, change.name)
    const { file, service } = this.script
    const definition = { file, line: change.line, service, ifNotExists: false }
    const reads = change.reads.map(table => ({ schema: table.schema ?? this.schema, name: table.name }))
    const existing = building.tables.get(key)
    if (existing) {
      existing.kind = 'view'
      existing.reads = reads
      existing.definitions.push(definition)
      return
    }
    building.tables.set(key, {
      schema,
      name,
      kind: 'view',
      columns: [],
      primaryKey: [],
      foreignKeys: [],
      reads,
      file,
      line: change.line,
      service,
      definitions: [definition],
      formerNames: [],
    })
  }

  private alterTable(change: Extract<SchemaChange, { kind: 'alter-table' }>): void {
    const { building, key } = this.place(change.schema, change.name)
    const table = building.tables.get(key)
    if (table) applyAlter(table, change, this.script.file)
    else
      building.foreignChanges.push({
        ...change,
        schema: change.schema ?? this.schema,
        file: this.script.file,
      })
  }

  private renameTable(change: Extract<SchemaChange, { kind: 'rename-table' }>): void {
    const from = this.place(change.schema, change.from)
    const table = from.building.tables.get(from.key)
    if (!table) return
    const to = this.place(change.toSchema ?? change.schema, change.to)
    from.building.tables.delete(from.key)
    to.building.tables.set(keyOf(to.schema, change.to), table)
    table.formerNames.push({ schema: table.schema, name: table.name })
    table.name = change.to
    table.schema = to.schema
    for (const other of from.building.tables.values()) {
      for (const item of other.foreignKeys) {
        if (item.to === from.name && (item.toSchema === null || item.toSchema === from.schema)) {
          item.to = change.to
          item.toSchema = to.schema
        }
      }
      for (const read of other.reads) if (read.name === from.name) read.name = change.to
    }
  }
}

interface Place {
  building: Building
  key: string
  schema: string | null
  name: string
}

/** The exact name first; if there is none, the one table that differs in case only. */
function known(building: Building, schema: string | null, name: string): Place {
  const key = keyOf(schema, name)
  if (building.tables.has(key)) return { building, key, schema, name }
  const folded = key.toLowerCase()
  const close = [...building.tables.keys()].filter(
    other => other.length === key.length && other.toLowerCase() === folded,
  )
  const table = close.length === 1 ? building.tables.get(close[0]!) : undefined
  return table
    ? { building, key: close[0]!, schema: table.schema, name: table.name }
    : { building, key, schema, name }
}

function keyOf(schema: string | null, name: string): string {
  return `${schema ?? ''}\0${name}`
}

/** A dropped table takes the foreign keys to it along. */
function forgetReferences(building: Building, dropped: Place): void {
  for (const table of building.tables.values()) {
    table.foreignKeys = table.foreignKeys.filter(
      item => item.to !== dropped.name || (item.toSchema ?? null) !== dropped.schema,
    )
  }
}

function sameForeignKey(a: { columns: string[]; to: string }, b: { columns: string[]; to: string }): boolean {
  return a.to === b.to && a.columns.join() === b.columns.join()
}

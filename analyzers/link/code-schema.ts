/** The schema that code makes, as scripts for the catalogue: DDL that it executes, and calls of schema builders. */
import { isArchived } from '../catalogue/archived.js'
import { UNDOES } from '../catalogue/builders/calls.js'
import { type BuiltTable, buildCatalogue, emptyTable, roleOf } from '../catalogue/index.js'
import type { ScriptReading } from '../catalogue/statement.js'
import type { MigrationFolder, SchemaScript, SchemaSet } from '../catalogue/types.js'
import type { FileFacts } from '../extract/facts.js'
import { groupBy } from '../graph/index.js'
import type { Dialect } from '../model.js'
import type { CallSite } from './calls.js'
import type { DraftAccess } from './draft.js'

/** Paths that are named after migrations. */
const MIGRATION_PATH = /(?:^|\/)(?:db-)?migrations?(?:\/|-|\.)/i
/** Folders in which migration tools look for their files. */
const MIGRATION_FOLDER = /(?:^|\/)(?:db-)?migrations\//i
/** The sources of a package that is called after migrations, which is what runs them. */
const RUNNER = /(?:^|\/)(?:db-)?migrations?\/(?:src|lib)\/(?!.*\bmigrations?\/)/i
/** Parts of an application that does more than to migrate its database: `migration.service.ts`, `migrations.controller.ts`. */
const LAYER =
  /[.-](?:service|controller|repository|resolver|gateway|processor|worker|consumer|handler|routes?|router)\.\w+$/i

/**
 * Whether a source file is a migration of a database. What is only named after one may as well move data between
 * products, which is what the service is there for: it has to have a version, make or change tables, or take that back.
 *
 * @param file whether it has DDL, and functions that take a migration back
 */
export function isMigrationFile(path: string, file: { hasDdl: boolean; isUndoing: boolean }): boolean {
  if (!MIGRATION_PATH.test(path)) return false
  const { kind } = roleOf(path)
  if (file.isUndoing || kind === 'versioned' || kind === 'undo') return true
  if (RUNNER.test(path)) return false
  if (file.hasDdl) return true
  return MIGRATION_FOLDER.test(path) && !LAYER.test(path)
}

/** Of each function of a file: whether it takes a migration back, or is written in one that does. */
export function functionsUndone(facts: FileFacts): boolean[] {
  const undone: boolean[] = []
  // A function stands after the one that it is written in.
  for (const { name, parent } of facts.functions)
    undone.push(UNDOES.test(name) || (parent !== null && undone[parent]))
  return undone
}

/** DDL of a routine, which touches no table by itself. */
const ROUTINE = /\b(?:create|drop)\s(?:[^;('"$]{0,100}\s)?(?:function|procedure)\s/i

/**
 * Executions with DDL, as one folder of scripts per service and dialect, in the order of their files.
 *
 * @param isUndoing whether a call stands in a function that takes a migration back
 * @param lineOf line of a call
 */
export function schemaOfCode(
  executions: Pick<DraftAccess, 'site' | 'executed' | 'definitions' | 'start' | 'service' | 'dialect'>[],
  isUndoing: (site: CallSite) => boolean,
  lineOf: (site: CallSite) => number,
): MigrationFolder[] {
  const folders = new Map<string, MigrationFolder>()
  for (const { site, executed, definitions, start, service, dialect } of executions) {
    const defines = executed.tables.some(table => table.op === 'ddl') || ROUTINE.test(executed.sql)
    if (!defines || isUndoing(site)) continue
    const key = `${service ?? ''}\0${dialect}\0${isArchived(site.file)}`
    const folder: MigrationFolder = folders.get(key) ?? {
      path: site.file,
      service,
      dialect,
      scripts: [],
      skipped: [],
    }
    folders.set(key, folder)
    for (const { text, start: begin } of definitions ?? [{ text: executed.sql, start }]) {
      // A `.sql` file has its statements at their lines; text of other code is told of where it is run.
      const hasLines = begin !== null && (begin.file === site.file || begin.file.endsWith('.sql'))
      folder.scripts.push({
        file: hasLines ? begin.file : site.file,
        service,
        dialect,
        text,
        line: hasLines ? begin.line : lineOf(site),
        order: folder.scripts.length,
      })
    }
  }
  return [...folders.values()]
}

/** What a schema builder does, with the service whose file has the call. */
interface Built {
  service: string | null
  dialect: Dialect
  table: BuiltTable
}

/**
 * Tables that schema builders make, as sets per service. Only those that some statement uses and that the service's
 * own scripts don't make: not all of a builder's calls are read, so what is left of the schema is not known. A script that
 * says IF NOT EXISTS expects another to have made it.
 *
 * @param built in the order of the files
 * @param isUsed whether some statement names a table, in lower case
 */
export function schemaOfBuilders(
  built: Built[],
  sets: SchemaSet[],
  isUsed: (name: string) => boolean,
  readScript: (script: SchemaScript) => ScriptReading,
): SchemaSet[] {
  const keyOf = (service: string | null, name: string) => `${service ?? ''}\0${name.toLowerCase()}`
  const current = sets.filter(({ path }) => !isArchived(path))
  const scripted = new Map<string, { isFirm: boolean }>()
  for (const { service, tables } of current) {
    for (const { name, definitions } of tables) {
      const key = keyOf(service, name)
      const isFirm = definitions.some(({ ifNotExists }) => !ifNotExists)
      scripted.set(key, { isFirm: isFirm || scripted.get(key)?.isFirm === true })
    }
  }
  const isMade = (service: string | null, { name, file }: { name: string; file: string }): boolean => {
    const script = scripted.get(keyOf(service, name))
    return script !== undefined && (script.isFirm || isArchived(file))
  }
  const folders = groupBy(built, ({ service, table }) => `${service ?? ''}\0${isArchived(table.file)}`)
  return [...folders.values()].flatMap(made =>
    setsOf(made, readScript).map(set => ({
      ...set,
      tables: set.tables.filter(table => isUsed(table.name.toLowerCase()) && !isMade(set.service, table)),
    })),
  )
}

/** @param made by one service */
function setsOf(made: Built[], readScript: (script: SchemaScript) => ScriptReading): SchemaSet[] {
  const [{ service, dialect, table: first }] = made
  const texts = made.map(({ table: { sql } }) =>
    dialect === 'postgresql' || dialect === 'mysql' ? sql[dialect] : null,
  )
  const scripts = made.map(({ table: { file, line } }, order): SchemaScript => {
    return { file, line, service, dialect, order, text: texts[order] ?? '' }
  })
  const folder = { path: first.file, service, dialect, scripts, skipped: [] }
  const { sets } = buildCatalogue([folder], script =>
    texts[script.order] === null ? onlyNamed(made[script.order].table) : readScript(script),
  )
  // Of these not all columns are known, so none is told.
  const open = new Set(made.flatMap(({ table }, order) => (texts[order] === null ? [table.name] : [])))
  return sets.map(set => ({
    ...set,
    tables: set.tables.map(table =>
      [table, ...table.formerNames].some(({ name }) => open.has(name))
        ? { ...table, columns: [], primaryKey: [] }
        : table,
    ),
  }))
}

/** What is left of a change that is not understood. */
function onlyNamed({ schema, name, line, creates }: BuiltTable): ScriptReading {
  const changes = creates ? [{ ...emptyTable({ schema, name }), line }] : []
  return { changes, statements: [], diagnostics: [] }
}

/** DDL that code executes (migrations in TypeScript, tables made at start-up) as scripts for the catalogue. */
import type { MigrationFolder } from '../catalogue/types.js'
import { lineAt } from '../extract/positions.js'
import type { Dialect } from '../model.js'
import type { CallSite } from './calls.js'
import type { ExecutedSql } from './statements.js'

/** Folders in which migration tools look for their files. */
const MIGRATION_PATH = /(?:^|\/)(?:db-)?migrations?(?:\/|-|\.)/i

/** Whether a source file is a migration. */
export function isMigrationFile(path: string): boolean {
  return MIGRATION_PATH.test(path)
}

/** Functions that take a migration back; what they do is no part of the schema. */
const UNDOES = /^(?:down|revert|rollback|undo)$/i

/** Whether a call stands in a function that takes a migration back. */
export function isUndone({ facts, call }: CallSite): boolean {
  for (let fn = call.fn; fn !== null; fn = facts.functions[fn].parent) {
    if (UNDOES.test(facts.functions[fn].name)) return true
  }
  return false
}

/** Executions with DDL, as one folder of scripts per service and dialect, in the order of their files. */
export function schemaOfCode(
  executions: { site: CallSite; executed: ExecutedSql; service: string | null; dialect: Dialect }[],
): MigrationFolder[] {
  const folders = new Map<string, MigrationFolder>()
  for (const { site, executed, service, dialect } of executions) {
    if (!executed.tables.some(table => table.op === 'ddl') || isUndone(site)) continue
    const key = `${service ?? ''}\0${dialect}`
    const folder: MigrationFolder = folders.get(key) ?? {
      path: site.facts.file,
      service,
      dialect,
      scripts: [],
      skipped: [],
    }
    folders.set(key, folder)
    folder.scripts.push({
      file: site.facts.file,
      service,
      dialect,
      text: executed.sql,
      line:
        executed.start?.file === site.facts.file
          ? executed.start.line
          : lineAt(site.facts.lineStarts, site.call.start),
      order: folder.scripts.length,
    })
  }
  return [...folders.values()]
}

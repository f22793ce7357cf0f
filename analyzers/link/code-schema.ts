/** DDL that code executes (migrations in TypeScript, tables made at start-up) as scripts for the catalogue. */
import type { MigrationFolder } from '../catalogue/types.js'
import type { CallFacts, FileFacts } from '../extract/facts.js'
import type { CallSite } from './calls.js'
import type { DraftAccess } from './draft.js'

/** Folders in which migration tools look for their files. */
const MIGRATION_PATH = /(?:^|\/)(?:db-)?migrations?(?:\/|-|\.)/i

/** Whether a source file is a migration. */
export function isMigrationFile(path: string): boolean {
  return MIGRATION_PATH.test(path)
}

/** Functions that take a migration back; what they do is no part of the schema. */
const UNDOES = /^(?:down|revert|rollback|undo)$/i

/** Whether a call stands in a function that takes a migration back. */
export function isUndone(facts: FileFacts, call: CallFacts): boolean {
  for (let fn = call.fn; fn !== null; fn = facts.functions[fn].parent) {
    if (UNDOES.test(facts.functions[fn].name)) return true
  }
  return false
}

/**
 * Executions with DDL, as one folder of scripts per service and dialect, in the order of their files.
 *
 * @param isUndoing whether a call stands in a function that takes a migration back
 * @param lineOf line of a call
 */
export function schemaOfCode(
  executions: Pick<DraftAccess, 'site' | 'executed' | 'start' | 'service' | 'dialect'>[],
  isUndoing: (site: CallSite) => boolean,
  lineOf: (site: CallSite) => number,
): MigrationFolder[] {
  const folders = new Map<string, MigrationFolder>()
  for (const { site, executed, start, service, dialect } of executions) {
    if (!executed.tables.some(table => table.op === 'ddl') || isUndoing(site)) continue
    const key = `${service ?? ''}\0${dialect}`
    const folder: MigrationFolder = folders.get(key) ?? {
      path: site.file,
      service,
      dialect,
      scripts: [],
      skipped: [],
    }
    folders.set(key, folder)
    folder.scripts.push({
      file: site.file,
      service,
      dialect,
      text: executed.sql,
      line: start?.file === site.file ? start.line : lineOf(site),
      order: folder.scripts.length,
    })
  }
  return [...folders.values()]
}

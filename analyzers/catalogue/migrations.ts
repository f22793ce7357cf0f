/** Which `.sql` files build a schema, which of them belong together, and in which order they run. */

import type { Diagnostic, Dialect } from '../model.js'
import { compare } from '../order.js'
import { own } from '../own.js'
import type { ReadFile, WorkspaceFile } from '../workspace/types.js'
import { isArchived } from './archived.js'
import { dialectOfDdl } from './ddl-signs.js'
import type { MigrationFolder } from './types.js'
import { compareScripts, inMigrationFolder, onlyUp, roleOf, type ScriptRole, setFolder } from './versions.js'

export interface FoundMigrations {
  /** Sorted by path. */
  folders: MigrationFolder[]
  /** `.sql` files that hold queries, one or in named blocks: the extractor's, not the catalogue's. */
  queryFiles: string[]
  diagnostics: Diagnostic[]
}

/** A script with what its path and its text say. */
interface Found {
  path: string
  service: string | null
  text: string
  role: ScriptRole
  /** That of its folder as a whole. */
  dialect: Dialect
  folder: string
  use: Use
  /** True for a file that a tool runs in order; false for one that stands alone, such as `schema.sql`. */
  isMigration: boolean
}

/**
 * Sorts the `.sql` files of the workspace into schema scripts and query files.
 * @param dialectOf the dialect that a service's connections speak, for scripts that don't show theirs
 */
export function findMigrations(
  files: Pick<WorkspaceFile, 'path' | 'kind' | 'owner'>[],
  read: ReadFile,
  dialectOf: (service: string | null) => Dialect,
): FoundMigrations {
  const found: Found[] = []
  const result: FoundMigrations = { folders: [], queryFiles: [], diagnostics: [] }
  const skipped = new Map<string, MigrationFolder['skipped']>()
  for (const { path, kind, owner } of files) {
    if (kind !== 'sql') continue
    const role = roleOf(path)
    const folder = setFolder(path)
    if (role.kind === 'undo' || role.kind === 'check') {
      const key = `${owner ?? ''}\0${folder}`
      skipped.set(key, [...(skipped.get(key) ?? []), { file: path, reason: role.reason }])
      continue
    }
    const content = read(path)
    if ('diagnostic' in content) result.diagnostics.push(content.diagnostic)
    else {
      const text = onlyUp(content.text)
      const use = useOf(text, path, role)
      found.push({
        path,
        service: owner,
        text,
        role,
        dialect: 'unknown',
        folder,
        use,
        isMigration: use === 'run',
      })
    }
  }
  const scripts = withoutQueries(found, result.queryFiles)
  tellDialects(scripts, dialectOf)
  result.folders = groups(scripts).map(group => toFolder(group, skipped))
  result.folders.sort((a, b) => compare(a.path, b.path) || compare(a.dialect, b.dialect))
  return result
}

/** DDL at the begin of a line or of a statement. A temporary table is a query's own. */
const DDL =
  /(?:^|;)[ \t]*(?:\/\*.{0,200}?\*\/[ \t]*)?(?:create(?![ \t]+(?:global[ \t]+|local[ \t]+)?temp)(?:\s+or\s+replace)?\s+\w|alter\s+\w|drop\s+(?:table|view|materialized|schema|function|procedure|trigger|index|type|sequence|database)\b|rename\s+table\b)/im

/** `-- name: findUser :one`, `-- BLOCK find_user`, `/* name: x *\/`: a query that code loads by its name. */
const NAMED_BLOCK = /^[ \t]*(?:--|\/\*)[ \t]*(?:@?name:|BLOCK\b|:name\b|\[\w+\]|@query\b|sqlc?:)[ \t]*\w?/m

/**
 * What a file is for, by itself: `run` by a tool in its turn, `define` the schema, `data` for it, `query` for the
 * code that loads it; `numbered` files run in their turn if others of their folder define something.
 */
type Use = 'run' | 'define' | 'data' | 'query' | 'numbered'

function useOf(text: string, path: string, role: ScriptRole): Use {
  if (inMigrationFolder(path) || role.kind === 'repeatable') return 'run'
  if (role.kind === 'versioned' && role.byTool) return 'run'
  if (role.kind === 'seed') return 'data'
  const defines = !NAMED_BLOCK.test(text) && DDL.test(text)
  if (role.kind === 'versioned') return defines ? 'run' : 'numbered'
  return defines ? 'define' : 'query'
}

/** The files that build a schema; the others go to `queryFiles`. */
function withoutQueries(found: Found[], queryFiles: string[]): Found[] {
  const running = new Set(found.filter(script => script.use === 'run').map(script => script.folder))
  return found.filter(script => {
    if (script.use === 'numbered' && running.has(script.folder)) script.isMigration = true
    else if (script.use === 'numbered' || script.use === 'query') {
      queryFiles.push(script.path)
      return false
    }
    return true
  })
}

/** One dialect a folder: by its name first, then by what its scripts show, then what its service speaks. */
function tellDialects(found: Found[], dialectOf: (service: string | null) => Dialect): void {
  for (const group of groupBy(found, script => `${script.service ?? ''}\0${script.folder}`)) {
    const { folder, service } = group[0]!
    const names = folder.toLowerCase().split('/').reverse()
    const named = names.map(name => own(FOLDER_DIALECTS, name)).find(dialect => dialect !== undefined)
    const dialect = named ?? dialectOfDdl(group.map(script => script.text).join('\n'), dialectOf(service))
    for (const script of group) script.dialect = dialect
  }
}

const FOLDER_DIALECTS: Record<string, Dialect> = {
  mysql: 'mysql',
  mariadb: 'mysql',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pg: 'postgresql',
  timescale: 'postgresql',
  timescaledb: 'postgresql',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  mssql: 'mssql',
  sqlserver: 'mssql',
  clickhouse: 'clickhouse',
  snowflake: 'snowflake',
  bigquery: 'bigquery',
}

/**
 * Puts together what builds one schema: the scripts of one folder, and beside a service's migrations its
 * `schema.sql`, which gives the same tables again.
 */
function groups(found: Found[]): Found[][] {
  const all = groupBy(found, ({ service, dialect, isMigration, folder }) =>
    [service ?? '', dialect, isMigration, folder].join('\0'),
  )
  const ordered = all.filter(group => group[0]!.isMigration)
  const nested = mergeNested(ordered)
  const alone = all.filter(group => !group[0]!.isMigration)
  const rest: Found[][] = []
  for (const group of alone) {
    if (isOfDatabases(group)) {
      rest.push(...group.map(script => [{ ...script, folder: script.path }]))
      continue
    }
    const home = nearest(group[0]!, nested)
    if (home) home.push(...group)
    else {
      // Plain scripts of one service are one schema, in however many folders (`tables/`, `views/`) they lie.
      const sibling = group[0]!.service === null ? undefined : rest.find(other => alike(other[0]!, group[0]!))
      if (sibling) sibling.push(...group)
      else rest.push(group)
    }
  }
  return [...nested, ...rest]
}

/** Plain scripts of one folder of which several are called after a database are a schema each: `auth_db.sql`, `users_db.sql`. */
function isOfDatabases(group: Found[]): boolean {
  return group.filter(({ path }) => NAMED_AFTER_DATABASE.test(path)).length > 1
}

/** What is done to a database is not the name of one: `create_db.sql`, `init-db.sql`. */
const NAMED_AFTER_DATABASE =
  /(?:^|[-_./])(?!(?:backup|clean|clear|create|delete|drop|fill|init|load|make|migrate|new|populate|reset|restore|seed|setup|test|update|upgrade)[-_.]?(?:db|database)\.)[a-z0-9]+[-_.]?(?:db|database)\.sql$/i

function alike(a: Found, b: Found): boolean {
  return a.service === b.service && a.dialect === b.dialect
}

/** A folder below another one with migrations goes on with it (`migrations/2023/…`). */
function mergeNested(ordered: Found[][]): Found[][] {
  const kept: Found[][] = []
  for (const group of [...ordered].sort((a, b) => compare(a[0]!.folder, b[0]!.folder))) {
    const first = group[0]!
    const outer = kept.find(
      other =>
        alike(other[0]!, first) &&
        first.folder.startsWith(`${other[0]!.folder}/`) &&
        isArchived(first.folder) === isArchived(other[0]!.folder),
    )
    if (outer) outer.push(...group)
    else kept.push(group)
  }
  return kept
}

/** The service's migrations that a lone script stands beside: the nearest, if one is nearer than all others. */
function nearest(script: Found, ordered: Found[][]): Found[] | null {
  if (script.service === null) return null
  const own = ordered.filter(group => alike(group[0]!, script))
  const near = (group: Found[]) => commonFolders(group[0]!.folder, script.folder)
  const best = Math.max(...own.map(near))
  const nearestOnes = own.filter(group => near(group) === best)
  return nearestOnes.length === 1 ? nearestOnes[0]! : null
}

function commonFolders(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  let count = 0
  while (count < left.length && left[count] === right[count]) count++
  return count
}

function toFolder(group: Found[], skipped: Map<string, MigrationFolder['skipped']>): MigrationFolder {
  const { service, dialect } = group[0]!
  const main = group.find(script => script.isMigration) ?? group[0]!
  const scripts = group
    .sort(compareScripts)
    .map(({ path, text }, order) => ({ file: path, service, dialect, text, line: 1, order }))
  const folders = [...new Set(group.map(script => script.folder))]
  return {
    path: main.folder,
    service,
    dialect,
    scripts,
    skipped: folders.flatMap(folder => skipped.get(`${service ?? ''}\0${folder}`) ?? []),
  }
}

function groupBy(found: Found[], keyOf: (script: Found) => string): Found[][] {
  const groups = new Map<string, Found[]>()
  for (const script of found) {
    const key = keyOf(script)
    const group = groups.get(key)
    if (group) group.push(script)
    else groups.set(key, [script])
  }
  return [...groups.values()]
}

/** How migration files are named, and in which order they run. */

/** What the name of a `.sql` file says about when it runs. */
export type ScriptRole =
  /** Runs once, in the order of its version. `byTool`: the name has Flyway's form, no other file is called so. */
  | { kind: 'versioned'; version: string[]; byTool: boolean }
  /** Flyway's `R__`: runs again whenever it changes, after all versioned ones. */
  | { kind: 'repeatable' }
  /** Takes a migration back: never part of the schema as it stands. */
  | { kind: 'undo'; reason: string }
  /** Checks that a migration has run (sqitch). */
  | { kind: 'check'; reason: string }
  /** Data, put in when the tables are there. */
  | { kind: 'seed' }
  /** No place of its own: `schema.sql`, `init.sql`, `tables/users.sql`. */
  | { kind: 'plain' }

/** Reads the role off a path: file name and the folders that tools give a meaning. */
export function roleOf(path: string): ScriptRole {
  const parts = path.split('/')
  const base = parts.at(-1)!.replace(/\.(sql|pgsql|ddl)$/i, '')
  const folders = parts.slice(0, -1)
  const parent = folders.at(-1) ?? ''
  if (/^U[\d._]+__/.test(base)) return { kind: 'undo', reason: 'undo migration (U)' }
  if (/^R__/.test(base)) return { kind: 'repeatable' }
  if (/^down$|[._-]down$/i.test(base) || /^down$/i.test(parent))
    return { kind: 'undo', reason: 'down migration' }
  if (
    /^(rollback|revert|undo)$|[._-](rollback|revert|undo)$|^[\d.]+\.undo\./i.test(base) ||
    /^(rollback|rollbacks|revert|undo)$/i.test(parent)
  ) {
    return { kind: 'undo', reason: 'takes a migration back' }
  }
  if (parent === 'verify') return { kind: 'check', reason: 'checks a migration (verify)' }
  if (
    /^(seeds?|seeders|fixtures|(?:sample|seed|demo|dummy|mock)[-_]?data)$/i.test(parent) ||
    /^(seeds?|data|(?:sample|seed|demo|dummy|mock)[-_]?data)$|[._-]seeds?$|^seed[._-]/i.test(base)
  ) {
    return { kind: 'seed' }
  }
  const flyway = /^[VB]([\d._]+?)__/.exec(base)
  if (flyway) return { kind: 'versioned', version: numbers(flyway[1]!), byTool: true }
  // `20230101_x/migration.sql` (Prisma, Drizzle) and `2023-01-01-x/up.sql` (diesel): the folder bears the version.
  const name = /^(migration|up|snapshot)$/i.test(base) ? parent : base
  const leading = /^[vV]?(\d+(?:[._T-]\d+)*)(?=[^0-9A-Za-z]|$)/.exec(name)
  if (leading) return { kind: 'versioned', version: numbers(leading[1]!), byTool: false }
  return { kind: 'plain' }
}

/** `1.2` of `V1.2__x`, `2023_01_01_1200`: its numbers without leading zeros, as text for they may be long. */
function numbers(version: string): string[] {
  return version.match(/\d+/g)!.map(digits => digits.replace(/^0+(?=\d)/, ''))
}

/** Compares by numbers, not by text: 2 before 10, 1.2 before 1.10, 1 before 1.1. */
export function compareVersions(a: string[], b: string[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const left = a[place] ?? '0'
    const right = b[place] ?? '0'
    if (left.length !== right.length) return left.length - right.length
    if (left !== right) return left < right ? -1 : 1
  }
  return a.length - b.length
}

interface OrderedScript {
  path: string
  role: ScriptRole
}

/** Orders scripts of one schema: plain ones first, then versions, then repeatable ones, then data. */
export function compareScripts(a: OrderedScript, b: OrderedScript): number {
  const byKind = rank(a.role) - rank(b.role)
  if (byKind !== 0) return byKind
  if (a.role.kind === 'versioned' && b.role.kind === 'versioned') {
    const byVersion = compareVersions(a.role.version, b.role.version)
    if (byVersion !== 0) return byVersion
  }
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

function rank(role: ScriptRole): number {
  return ['plain', 'versioned', 'repeatable', 'seed'].indexOf(role.kind)
}

/** Folders whose `.sql` files are run in order by a tool or by the database's container. */
export const MIGRATION_FOLDER =
  /^(migrations?|migrate|sqls|flyway|deploy|initdb|docker-entrypoint-initdb\.d|[\w.-]*initdb\.d|changelogs?|versions|alembic)$/i

/** True if a folder of the path is one of those that hold scripts and nothing else. */
export function inMigrationFolder(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some(folder => MIGRATION_FOLDER.test(folder))
}

/**
 * The folder that a script's set is named after: for a version in a folder of its own the one around, for
 * `deploy`, `sqls` and Flyway's sub-folders the one that holds them.
 */
export function setFolder(path: string): string {
  const folders = path.split('/').slice(0, -1)
  if (/\/(migration|up|down|snapshot)\.\w+$/i.test(path) && /^\d/.test(folders.at(-1) ?? '')) folders.pop()
  if (/^(deploy|revert|verify|sqls|rollback|rollbacks|undo|seeds?|seeders)$/i.test(folders.at(-1) ?? ''))
    folders.pop()
  return folders.join('/') || '.'
}

/**
 * A line that begins the part that applies (`up`) or takes back (`down`, `rollback`): goose, sql-migrate, dbmate,
 * node-pg-migrate, rambler, and what people write by hand (`-- Down:`, `---- down ----`).
 */
const SECTION =
  /^[ \t]*--[-=#* \t]*(?:\+?(?:goose|migrate|rambler|migration|section)[ \t]*:?[ \t]*)?[+@]?(up|down|rollback|undo|revert)(?:[ \t]+(?:migration|script|sql))?(?:[ \t]+(?:notransaction|transaction:\w+))?[ \t]*:?[-=#* \t]*\r?$/i

/** tern's line between the two directions. */
const TERN = /^----[ \t]*create above[ \t]*\/[ \t]*drop below[ \t]*-*[ \t]*\r?$/i

/**
 * Blanks the `Down` parts of a script that holds both directions; lines stay where they are.
 * @returns the text itself if it has no such parts
 */
export function onlyUp(text: string): string {
  if (!/^[ \t]*--.*\b(?:down|rollback|undo|revert|below)\b/im.test(text)) return text
  let down = false
  let found = false
  const lines = text.split('\n').map(line => {
    const section = SECTION.exec(line)
    if (section || TERN.test(line)) down = !/up/i.test(section?.[1] ?? '')
    found ||= down
    return down ? '' : line
  })
  return found ? lines.join('\n') : text
}

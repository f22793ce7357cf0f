import type { Dialect } from '../model.js'
import { own } from '../own.js'
import { schemasOf, searchPathIn } from './search-path.js'

/** The parts of a connection URL that tell which database it means. Never its user or password. */
export interface DatabaseUrl {
  dialect: Dialect
  database: string | null
  /** With the port, if one is given: `db:3306`. */
  host: string | null
  /** Schemas of `?options=-c search_path=a,b` and its like; empty where it names none. */
  searchPath: string[]
}

const SCHEMES: Record<string, Dialect> = {
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pg: 'postgresql',
  pgsql: 'postgresql',
  timescaledb: 'postgresql',
  cockroachdb: 'postgresql',
  sqlserver: 'mssql',
  mssql: 'mssql',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  libsql: 'sqlite',
  file: 'sqlite',
  clickhouse: 'clickhouse',
  snowflake: 'snowflake',
}

/**
 * Reads a connection URL by hand: `new URL()` refuses the `${…}` and the unescaped passwords that settings
 * files hold. Takes `jdbc:` prefixes, SQL Server's `;database=x` and sqlite's bare paths.
 * @returns null for what is no URL of a SQL database
 */
export function parseDatabaseUrl(text: string): DatabaseUrl | null {
  const match = /^(?:jdbc:)?([a-z][a-z0-9]*)(?:\+[a-z0-9]+)?:(.*)$/i.exec(text.trim())
  const dialect = match && own(SCHEMES, match[1]!.toLowerCase())
  if (!match || !dialect) return null
  const rest = match[2]!
  if (dialect === 'sqlite' && !rest.startsWith('//')) return sqlite(rest)
  if (!rest.startsWith('//')) return null

  const afterSlashes = rest.slice(2)
  if (dialect === 'sqlite') return sqlite(afterSlashes)
  const semicolon = /;\s*(?:database|initial catalog|databasename)\s*=\s*([^;]+)/i.exec(afterSlashes)
  const withoutQuery = afterSlashes.split(/[?#;]/, 1)[0]!
  // The password may hold '/' or '@': the host starts behind the last '@' of what stands before the path.
  const at = withoutQuery.lastIndexOf('@')
  const [host, ...path] = withoutQuery.slice(at + 1).split('/')
  const database = semicolon?.[1]?.trim() ?? decode(path[0] ?? '')
  return { dialect, database: database || null, host: host || null, searchPath: searchPathOf(afterSlashes) }
}

/** `?options=-c%20search_path%3Dshop`, `?currentSchema=shop` of JDBC, `?schema=shop` of Prisma. */
function searchPathOf(url: string): string[] {
  const query = decode(url.split('?', 2)[1] ?? '')
  const named = /(?:^|&)(?:schema|currentSchema)=([^&\s]+)/.exec(query)
  return named ? schemasOf(named[1]!) : searchPathIn(query)
}

function sqlite(path: string): DatabaseUrl {
  const name = path
    .split(/[?#]/, 1)[0]!
    .split('/')
    .at(-1)!
    .replace(/\.(db|db3|sqlite|sqlite3|sdb)$/i, '')
  return {
    dialect: 'sqlite',
    database: name && name !== ':memory:' ? name : null,
    host: null,
    searchPath: [],
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

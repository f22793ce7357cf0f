/** Engines that are reached through clients of many makers, or plain HTTP: told by the names in the code. */
import type { Dialect } from '../model.js'
import type { Driver } from './driver.js'

function engine(name: string, dialect: Dialect): Driver {
  return {
    name,
    dialect,
    modules: [],
    handles: [],
    factories: [],
    executes: {},
    tags: [],
    texts: [],
    transactionCallbacks: [],
    begins: [],
    ends: [],
  }
}

/** Stands for any engine that takes SQL in a request. */
export const http: Driver = engine('http', 'unknown')

/** Stands for the client of some database that a command starts. */
const commandLine: Driver = engine('command line', 'unknown')

const CLIENTS: [RegExp, Driver][] = [
  [/\bpsql\b/, engine('psql', 'postgresql')],
  [/\b(?:mysql|mariadb)\b/, engine('mysql command', 'mysql')],
  [/\b(?:sqlite3|d1)\b/, engine('sqlite3 command', 'sqlite')],
  [/\bsqlcmd\b/, engine('sqlcmd', 'mssql')],
  [/\bclickhouse-client\b/, engine('clickhouse-client', 'clickhouse')],
]

const commandLines: Driver[] = [commandLine, ...CLIENTS.map(([, driver]) => driver)]

/** The client that a command starts, as far as its text tells: `psql -c "SELECT …"`. */
export function clientIn(command: string): Driver {
  return CLIENTS.find(([pattern]) => pattern.test(command))?.[1] ?? commandLine
}

export function isCommandLine(driver: Driver): boolean {
  return commandLines.includes(driver)
}

const ENGINES: [RegExp, Driver][] = [
  [/click_?house/i, engine('clickhouse', 'clickhouse')],
  [/snowflake/i, engine('snowflake', 'snowflake')],
  [/big_?query/i, engine('bigquery', 'bigquery')],
  [/tinybird/i, engine('tinybird', 'clickhouse')],
]

/** All of them. */
export const engines: Driver[] = [http, ...commandLines, ...ENGINES.map(([, driver]) => driver)]

/** The engine that a name (of a receiver, class or file) speaks of, if any. */
export function engineNamed(name: string): Driver | null {
  return ENGINES.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

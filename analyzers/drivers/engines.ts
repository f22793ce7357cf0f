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

/** Stands for the client of a database that a command starts: `psql -c "SELECT …"`. */
export const commandLine: Driver = engine('command line', 'unknown')

const ENGINES: [RegExp, Driver][] = [
  [/click_?house/i, engine('clickhouse', 'clickhouse')],
  [/snowflake/i, engine('snowflake', 'snowflake')],
  [/big_?query/i, engine('bigquery', 'bigquery')],
  [/tinybird/i, engine('tinybird', 'clickhouse')],
]

/** All of them. */
export const engines: Driver[] = [http, commandLine, ...ENGINES.map(([, driver]) => driver)]

/** The engine that a name (of a receiver, class or file) speaks of, if any. */
export function engineNamed(name: string): Driver | null {
  return ENGINES.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

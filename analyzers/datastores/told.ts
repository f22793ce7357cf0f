/** What is told of the database that a connection means, in whatever way it is told. */
import type { ConnectionFact } from './types.js'

export type Told = Pick<
  ConnectionFact,
  | 'dialect'
  | 'database'
  | 'databaseEnv'
  | 'url'
  | 'urlEnv'
  | 'furtherEnvs'
  | 'host'
  | 'hostEnv'
  | 'searchPath'
>

/** Nothing, to be filled in. */
export function nothingTold(): Told {
  return {
    dialect: null,
    database: null,
    databaseEnv: null,
    url: null,
    urlEnv: null,
    furtherEnvs: [],
    host: null,
    hostEnv: null,
    searchPath: [],
  }
}

import { dialectOfName } from '../dialects.js'
import type { ConnectionFact, SettingsFile, SettingsReader } from '../types.js'
import { noConnection } from './connection.js'
import { lineCounter } from './lines.js'

/**
 * Configuration written as a program that a tool runs and our extractor sees no call in: `knexfile.ts`,
 * `ormconfig.ts`, `drizzle.config.ts`, sequelize's `config/database.js`. Read as text, `key: value` by
 * `key: value`; never executed.
 */
export const configSourceReader: SettingsReader = {
  name: 'config-source',
  matches: path =>
    /(^|\/)(knexfile|ormconfig|drizzle\.config|kysely\.config|mikro-orm\.config)\.[cm]?[jt]s$/.test(path) ||
    /(^|\/)config\/(database|db|config|sequelize)\.[cm]?[jt]s$/.test(path),
  read: file => ({ connections: readConfigSource(file) }),
}

const KEY_VALUE =
  /\b(dialect|type|client|provider|database|dbName|url|uri|connectionString|connection|host|test)['"]?\s*:\s*(?:process\.env(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])!?\s*(?:(?:\|\||\?\?)\s*(['"`])([^'"`\n]*)\4)?|(['"`])([^'"`\n]*)\6|(\{))/g

function readConfigSource(file: SettingsFile): ConnectionFact[] {
  const connections: ConnectionFact[] = []
  let current: ConnectionFact | null = null
  let dialect = null as ConnectionFact['dialect']
  let inTests = false
  const lineOf = lineCounter(file.text)
  for (const match of file.text.matchAll(KEY_VALUE)) {
    const key = match[1]!
    const variable = match[2] ?? match[3] ?? null
    const literal = match[5] ?? match[7] ?? null
    if (match[8] !== undefined) {
      inTests = key === 'test' || (inTests && key === 'connection')
      continue
    }
    if (inTests) continue
    if (/^(dialect|type|client|provider)$/.test(key)) {
      const found = literal === null ? null : dialectOfName(literal)
      if (found) {
        dialect = found
        // sequelize writes the dialect below the address, knex above.
        if (current && current.dialect === null) current.dialect = found
        else current = null
      }
      continue
    }
    const slot: 'url' | 'database' | 'host' | null =
      key === 'host' ? 'host' : /^(database|dbName)$/.test(key) ? 'database' : key === 'test' ? null : 'url'
    if (slot === null) continue
    if (!current || current[slot] !== null || current[`${slot}Env`] !== null) {
      current = { ...noConnection(file, lineOf(match.index)), dialect }
      connections.push(current)
    }
    current[slot] = literal
    current[`${slot}Env`] = variable
  }
  return connections.filter(
    fact => fact.dialect !== null && (fact.database ?? fact.databaseEnv ?? fact.url ?? fact.urlEnv) !== null,
  )
}

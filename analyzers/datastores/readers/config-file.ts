import { dialectOfName } from '../dialects.js'
import type { ConnectionFact, SettingsFile, SettingsReader } from '../types.js'
import { environmentReference, noConnection } from './connection.js'
import { readJson } from './json.js'
import { type Tree, type TreeEntry, text } from './tree.js'
import { readYaml } from './yaml.js'

/**
 * JSON and YAML configuration with a connection in it: `ormconfig.json`, db-migrate's and sequelize-cli's
 * `database.json`, `config/default.json` and `config/custom-environment-variables.json` of node-config.
 */
export const configFileReader: SettingsReader = {
  name: 'config-file',
  matches: path =>
    /(^|\/)(ormconfig|database|db|datasource|datasources|knexfile|sequelize)\.(json|ya?ml)$/.test(path) ||
    /(^|\/)(config|configs|configuration|settings)\/([\w-]+\/)?[\w.-]+\.(json|ya?ml)$/.test(path) ||
    /(^|\/)(config|appsettings|application)([.-][\w-]+)?\.(json|ya?ml)$/.test(path),
  read: readConfig,
}

const DATABASE_KEYS = /^(database|databaseName|database_name|dbName|db_name|dbname|initialCatalog)$/i
const HOST_KEYS = /^(host|hostname|server|readHost|writeHost|address)$/i
const DIALECT_KEYS = /^(dialect|type|client|driver|provider|engine)$/i
const URL_KEYS =
  /^(url|uri|connectionString|connection_string|connectionUrl|databaseUrl|database_url|dsn|use_env_variable)$/i
const OTHER_KEYS = /^(user|username|password|port|dialectOptions|pool)$/i

/** Without one of these keys no connection is described: most configuration needs no parsing. */
const HINT =
  /\b(database_?(name|url)?|db_?name|dialect|client|driver|use_env_variable|connection_?(string|url)|initialcatalog)["']?\s*:/i

/** Sections that no deployed service runs with. */
const TEST_SECTION = /^(test|tests|testing|ci|e2e)$/i

function readConfig(file: SettingsFile): ReturnType<SettingsReader['read']> {
  if (!HINT.test(file.text)) return {}
  // In this file of node-config every text is the name of an environment variable.
  const valuesAreNames = /custom-environment-variables\.\w+$/.test(file.path)
  const connections: ConnectionFact[] = []
  const roots = file.path.endsWith('.json') ? [readJson(file.text)] : readYaml(file.text).roots
  for (const root of roots) if (root) collect(root, null, 0)
  return { connections }

  function collect(tree: Tree, name: string | null, depth: number): void {
    if (depth > 12 || (name !== null && TEST_SECTION.test(name))) return
    if (tree.kind === 'list') for (const item of tree.items) collect(item, name, depth + 1)
    if (tree.kind !== 'map') return
    const fact = connectionOf(tree.entries, name)
    if (fact) connections.push(fact)
    for (const entry of tree.entries) {
      // knex keeps the address in `connection` below the client: read together with it.
      if (!(fact && entry.key === 'connection')) collect(entry.value, entry.key, depth + 1)
    }
  }

  function connectionOf(own: TreeEntry[], name: string | null): ConnectionFact | null {
    const nested = own.find(entry => entry.key === 'connection')?.value
    const entries = nested?.kind === 'map' ? [...own, ...nested.entries] : own
    const database = entries.find(entry => DATABASE_KEYS.test(entry.key) && settingOf(entry.value) !== null)
    const url = entries.find(entry => URL_KEYS.test(entry.key) && settingOf(entry.value) !== null)
    const host = entries.find(entry => HOST_KEYS.test(entry.key) && settingOf(entry.value) !== null)
    const dialectEntry = entries.find(entry => DIALECT_KEYS.test(entry.key) && text(entry.value) !== null)
    const dialect = dialectEntry ? dialectOfName(text(dialectEntry.value)!) : null
    const looksLikeOne =
      dialect !== null || host !== undefined || entries.some(entry => OTHER_KEYS.test(entry.key))
    if (!database && !(url && dialect)) return null
    if (database && !looksLikeOne) return null

    const fact: ConnectionFact = {
      ...noConnection(file, (database ?? url)!.line),
      name:
        name !== null && /^(development|production|staging|default|dev|prod|connection)$/i.test(name)
          ? null
          : name,
      dialect,
    }
    if (database) [fact.database, fact.databaseEnv] = settingOf(database.value)!
    if (url) {
      if (url.key === 'use_env_variable') fact.urlEnv = text(url.value)
      else [fact.url, fact.urlEnv] = settingOf(url.value)!
    }
    if (host) [fact.host, fact.hostEnv] = settingOf(host.value)!
    return fact
  }

  /** A value as [literal, environment variable]; null if it is neither. db-migrate writes `{ "ENV": "NAME" }`. */
  function settingOf(tree: Tree): [string | null, string | null] | null {
    if (tree.kind === 'map') {
      const variable = tree.entries.find(entry => /^env$/i.test(entry.key))
      const name = variable ? text(variable.value) : null
      return name === null ? null : [null, name]
    }
    const value = text(tree)
    if (value === null || value === '') return null
    if (valuesAreNames) return [null, value]
    const reference = environmentReference(value)
    return reference ? [reference.fallback, reference.name] : [value, null]
  }
}

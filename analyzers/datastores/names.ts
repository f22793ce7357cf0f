/** How settings and services are named. */
import type { Dialect, Service } from '../model.js'
import { own } from '../own.js'
import { dialectOfName } from './dialects.js'

export type VariableRole = 'database' | 'host' | 'port' | 'dialect'

/** What the name of an environment variable says. */
export interface VariableMeaning {
  role: VariableRole
  /** Dialect that the name itself gives (`MYSQL_DATABASE`). */
  dialect: Dialect | null
  /** The words beside: `BILLING` of `BILLING_DB_NAME`; '' if none. Variables of one connection share it. */
  label: string
}

/** Words that say "database" without saying of which kind. */
const ENGINES = new Set(['DB', 'DATABASE', 'RDS', 'SQL', 'TYPEORM', 'SEQUELIZE', 'KNEX', 'RDBMS'])

/** Words of engines that are no SQL database of ours: their variables are left alone. */
const FOREIGN =
  /^(MONGO|MONGODB|REDIS|INFLUX|INFLUXDB|NEO4J|ELASTIC|ELASTICSEARCH|COUCHDB|CASSANDRA|DYNAMODB|DYNAMO)$/

/** Databases that tests and tools make for themselves. */
const THROWAWAY = /^(TEST|TESTS|TESTING|E2E|SHADOW|CI|TEMPLATE)$/

/** Whether the name of a database, or a URL, says that tests or tools make it for themselves: `shop_test`. */
export function isOfTests(name: string): boolean {
  return name.split(/[^a-zA-Z0-9]+/).some(word => THROWAWAY.test(word.toUpperCase()))
}

/** What is done with a database, or how it is logged: `LOG_LEVEL_DATABASE`, `SEED_DATABASE`. */
const SWITCH =
  /^(LOG|LOGS|LOGGING|LEVEL|DEBUG|VERBOSE|SEED|ENABLE|ENABLED|DISABLE|DISABLED|USE|SKIP|DROP|RESET|RUN)$/

const ROLES: Record<string, VariableRole> = {
  NAME: 'database',
  DBNAME: 'database',
  HOST: 'host',
  HOSTNAME: 'host',
  SERVER: 'host',
  ADDRESS: 'host',
  PORT: 'port',
  TYPE: 'dialect',
  DIALECT: 'dialect',
  CLIENT: 'dialect',
  DRIVER: 'dialect',
  ENGINE: 'dialect',
  PROVIDER: 'dialect',
  CONNECTION: 'dialect',
}

/** Words that may stand between the engine and the role: they tell a replica, not another database. */
const COPIES = /^(READ|WRITE|READER|WRITER|REPLICA|PRIMARY|MASTER|SLAVE|RO|RW)$/

/**
 * Reads the name of an environment variable: `DB_NAME`, `PGDATABASE`, `BILLING_DB_HOST`, `MYSQL_DATABASE`,
 * `DB_NAME_BILLING`. URLs are told by their value, not by their name.
 * @returns null if the name is about no SQL connection
 */
export function readVariableName(name: string): VariableMeaning | null {
  const words = name
    .toUpperCase()
    .replace(/^(.*_)?(PG|DB)(DATABASE|NAME|HOST|PORT)$/, '$1$2_$3')
    .split('_')
    .filter(word => word !== '')
  if (words.some(word => FOREIGN.test(word) || THROWAWAY.test(word) || SWITCH.test(word))) return null
  const first = words.findIndex(isEngine)
  if (first < 0) return null
  let after = first + 1
  while (after < words.length && isEngine(words[after]!)) after++
  let rolePlace = after
  while (rolePlace < words.length && COPIES.test(words[rolePlace]!)) rolePlace++

  const engines = words.slice(first, after)
  const word = words[rolePlace]
  let role: VariableRole | undefined
  if (word !== undefined) role = own(ROLES, word)
  else if (rolePlace === after && /^(DB|DATABASE)$/.test(engines.at(-1)!)) role = 'database'
  if (!role) return null
  const rest = words.slice(rolePlace + 1)
  if (rest.some(item => /^(PREFIX|SUFFIX|PATTERN|TEMPLATE|MAX|MIN|TIMEOUT|LENGTH)$/.test(item))) return null

  const dialect = words.map(item => dialectOfName(item)).find(found => found !== null) ?? null
  const label = [...words.slice(0, first), ...rest].filter(item => !isEngine(item)).join('_')
  return { role, dialect, label }
}

function isEngine(word: string): boolean {
  return ENGINES.has(word) || dialectOfName(word) !== null
}

/**
 * True if a value can be the name of a database: no placeholder (`<name>`, `your_database`, `changeme`),
 * no flag, no number, no unresolved reference.
 */
export function isDatabaseName(value: string): boolean {
  if (!/^[\p{L}_][\p{L}\p{N}_$.-]*$/u.test(value) || value.length > 64) return false
  return !/^(your[_-].*|my[_-]?(database|db)[_-]?name|change[_-]?(me|it).*|x{3,}|true|false|yes|no|on|off|null|undefined|none|todo|tbd|example|placeholder|(not[_-]?|un)used|database_name|db_name|dbname)$/i.test(
    value,
  )
}

/**
 * A service's name with what deployments add or drop left out: scope, case, separators, and the words
 * `service`, `svc`, `app`, `server`, `api`, `ms`. `@org/Billing_Service` and `billing-svc` are both `billing`.
 */
export function plainServiceName(name: string): string {
  const words = name
    .replace(/^@[^/]*\//, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  const kept = words.filter(word => !/^(service|services|svc|app|server|api|ms|microservice)$/.test(word))
  return (kept.length > 0 ? kept : words).join('-')
}

/**
 * True if the last words of a database's name are the service's, or the first of them: `nilecare_billing` and
 * `billing-service`, `nilecare_payment` and `payment-gateway-service`, `shop_orders` and `order-service`.
 */
export function namesMatch(database: string, service: Pick<Service, 'name' | 'path'>): boolean {
  const words = wordsOf(plainServiceName(database.replace(/@.*$/, '')))
  const folder = service.path.slice(service.path.lastIndexOf('/') + 1)
  return [service.name, folder].some(name => {
    const own = wordsOf(plainServiceName(name))
    if (own.length === 0 || words.length === 0) return false
    const last = words.slice(-own.length)
    if (own.length === last.length && own.every((word, place) => sameWord(word, last[place]!))) return true
    // Only a name of several words is compared in part: the words before its last one are the platform's.
    return words.length > 1 && own.length > 1 && sameWord(own[0]!, words.at(-1)!)
  })
}

/** True if a word is the service's name, be it in the plural: `customers` and `customer-service`. */
export function isCalledAfter(word: string, service: Pick<Service, 'name' | 'path'>): boolean {
  const folder = service.path.slice(service.path.lastIndexOf('/') + 1)
  const inOne = (name: string): string => plainServiceName(name).split('-').map(singular).join('-')
  return [service.name, folder].some(name => inOne(name) === inOne(word))
}

function wordsOf(name: string): string[] {
  return name.split('-').filter(word => !/^(db|database|prod|dev|development|production|staging)$/.test(word))
}

/** `notification` and `notifications`, `facility` and `facilities` are one word. */
function sameWord(a: string, b: string): boolean {
  return singular(a) === singular(b)
}

function singular(word: string): string {
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`
  return word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word
}

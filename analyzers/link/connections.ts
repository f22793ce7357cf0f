/** Connections to databases that the code opens, with what it says of the database. */

import type { ConnectionFact } from '../datastores/types.js'
import type { FileFacts, NodeId } from '../extract/facts.js'
import { lineAt } from '../extract/positions.js'
import type { Dialect } from '../model.js'
import type { CallSite } from './calls.js'
import { evaluateFresh } from './evaluator/evaluate.js'
import { memberOf } from './evaluator/members.js'
import type { Evaluator } from './evaluator/state.js'
import type { Value } from './evaluator/values.js'
import { knownText } from './evaluator/values.js'

/** Packages whose first argument, called or constructed, describes a connection. */
const OPENERS = new Set([
  'Pool',
  'Client',
  'ConnectionPool',
  'Connection',
  'Sequelize',
  'DataSource',
  'Database',
  'DatabaseSync',
  'Knex',
])

const DIALECTS: [RegExp, Dialect][] = [
  [/^(?:postgres|pg|postgresql|cockroach|redshift|timescale)/i, 'postgresql'],
  [/^(?:mysql|mariadb|aurora-mysql)/i, 'mysql'],
  [/sqlite|libsql/i, 'sqlite'],
  [/^(?:mssql|sqlserver|tedious)/i, 'mssql'],
  [/^snowflake/i, 'snowflake'],
]

/**
 * @param ownerOf service or library that holds a file
 * @param originKey key of a call site, as `Value`'s `origin` has it
 */
export function findConnections(
  e: Evaluator,
  sites: CallSite[],
  ownerOf: (file: string) => string | null,
): { facts: ConnectionFact[]; byOrigin: Map<string, string> } {
  const facts: ConnectionFact[] = []
  const byOrigin = new Map<string, string>()
  for (const site of sites) {
    const driver = openedDriver(site)
    if (driver === null) continue
    const { facts: file, call } = site
    const node = file.nodes[call.node]
    if (node.kind !== 'call' && node.kind !== 'new') continue
    const line = lineAt(file.lineStarts, call.start)
    byOrigin.set(`${file.file}@${node.at}`, `${file.file}:${line}`)
    const args = node.args.map(id => evaluateFresh(e, file.file, id))
    facts.push({
      file: file.file,
      line,
      owner: ownerOf(file.file),
      name: nameHolding(file, call.node),
      driver,
      ...described(e, args),
    })
  }
  return { facts, byOrigin }
}

/** npm package whose connection a call opens; null for any other call. */
function openedDriver(site: CallSite): string | null {
  const node = site.facts.nodes[site.call.node]
  if (node.kind !== 'call' && node.kind !== 'new') return null
  for (const target of site.targets) {
    if (target.kind !== 'driver') continue
    const { driver, path, isHandle } = target
    const [module] = driver.modules
    // `pgp(…)`, where pgp came from calling the package itself, whose first call takes its own options.
    if (isHandle) {
      const opens = driver.name === 'pg-promise' && path.length === 0 && node.kind === 'call'
      if (opens && node.args.length > 0) return module
      continue
    }
    if (driver.name === 'pg-promise') continue
    if (
      node.kind === 'new'
        ? OPENERS.has(path.at(-1) ?? 'default') || path.length === 0
        : driver.factories.includes(path.join('.') || 'default')
    ) {
      return module
    }
  }
  return null
}

type Described = Pick<
  ConnectionFact,
  'dialect' | 'database' | 'databaseEnv' | 'url' | 'urlEnv' | 'host' | 'hostEnv'
>

/** What the arguments say: a URL, or an object with the usual keys of the drivers. */
function described(e: Evaluator, args: Value[]): Described {
  const result: Described = {
    dialect: null,
    database: null,
    databaseEnv: null,
    url: null,
    urlEnv: null,
    host: null,
    hostEnv: null,
  }
  args.forEach((arg, index) => {
    const options = firstObject(arg)
    if (options) readOptions(e, options, result)
    else if (index === 0) [result.url, result.urlEnv] = read(arg)
  })
  // `new Sequelize('db', 'user', 'password', { … })`.
  if (result.url && !/[:/]/.test(result.url)) {
    result.database ??= result.url
    result.url = null
  }
  return result
}

function firstObject(value: Value): Value | null {
  if (value.kind === 'object') return value
  return value.kind === 'choice' ? (value.of.find(each => each.kind === 'object') ?? null) : null
}

function readOptions(e: Evaluator, options: Value, result: Described): void {
  const get = (...keys: string[]): [string | null, string | null] => {
    for (const key of keys) {
      const found = read(memberOf(e, options, key))
      if (found[0] !== null || found[1] !== null) return found
    }
    return [null, null]
  }
  const fill = (
    literal: 'database' | 'url' | 'host',
    env: 'databaseEnv' | 'urlEnv' | 'hostEnv',
    ...keys: string[]
  ): void => {
    const [text, name] = get(...keys)
    result[literal] ??= text
    result[env] ??= name
  }
  fill('database', 'databaseEnv', 'database', 'dbName', 'db')
  fill('url', 'urlEnv', 'connectionString', 'url', 'uri', 'connectionUrl')
  fill('host', 'hostEnv', 'host', 'server', 'hostname')
  const [dialect] = get('dialect', 'client', 'type')
  if (dialect) result.dialect ??= DIALECTS.find(([pattern]) => pattern.test(dialect))?.[1] ?? null
  const inner = memberOf(e, options, 'connection')
  const innerOptions = firstObject(inner)
  if (innerOptions) readOptions(e, innerOptions, result)
  else if (inner.kind === 'text' || inner.kind === 'choice') fill('url', 'urlEnv', 'connection')
}

/** A literal and an environment variable in a value such as `process.env.DB_NAME || 'shop'`. */
function read(value: Value): [string | null, string | null] {
  const parts = value.kind === 'choice' ? value.of : [value]
  let text: string | null = null
  let env: string | null = null
  for (const part of parts) {
    text ??= knownText(part) || null
    if (part.kind === 'external' && part.path[0] === 'process' && part.path[1] === 'env')
      env ??= part.path[2] ?? null
  }
  return [text, env]
}

/** Top-level name or class field that holds what a call gives. */
function nameHolding(facts: FileFacts, call: NodeId): string | null {
  const holds = (id: NodeId, depth = 0): boolean => {
    if (id === call) return true
    const node = facts.nodes[id]
    if (depth > 3) return false
    if (node.kind === 'typed') return node.of !== null && holds(node.of, depth + 1)
    if (node.kind === 'choice') return node.of.some(each => holds(each, depth + 1))
    return (
      node.kind === 'call' &&
      facts.nodes[node.callee].kind === 'member' &&
      holds((facts.nodes[node.callee] as { of: NodeId }).of, depth + 1)
    )
  }
  for (const [name, id] of Object.entries(facts.variables)) if (holds(id)) return name
  for (const cls of facts.classes)
    for (const [name, id] of Object.entries(cls.fields)) if (holds(id)) return name
  return null
}

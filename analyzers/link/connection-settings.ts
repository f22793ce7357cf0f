/** What the arguments of a call that opens a connection say of the database. */

import { isOfTests } from '../datastores/names.js'
import { schemasOf, searchPathIn } from '../datastores/search-path.js'
import { nothingTold, type Told } from '../datastores/told.js'
import type { Dialect } from '../model.js'
import { databaseAtEnd } from './database-at-end.js'
import { memberOf } from './evaluator/members.js'
import type { Evaluator } from './evaluator/state.js'
import type { Value } from './evaluator/values.js'
import { knownText } from './evaluator/values.js'

const KNEX = 'knex'

const DIALECTS: [RegExp, Dialect][] = [
  [/^(?:postgres|pg|postgresql|cockroach|redshift|timescale)/i, 'postgresql'],
  [/^(?:mysql|mariadb|aurora-mysql)/i, 'mysql'],
  [/sqlite|libsql/i, 'sqlite'],
  [/^(?:mssql|sqlserver|tedious)/i, 'mssql'],
  [/^snowflake/i, 'snowflake'],
]

/** What a call tells of the connection that it opens. */
export interface Described extends Told {
  /** Other variables that a list or a key may choose in place of the one that tells the database or its URL. */
  others: string[]
}

/** The connections that one call opens: to what each of the variables tells that a list chooses from. */
export function eachOf({ others, ...told }: Described): Told[] {
  const named = others.map(name => (told.urlEnv === null ? { databaseEnv: name } : { urlEnv: name }))
  return [told, ...named.map(each => ({ ...told, ...each }))]
}

/** Whether anything says which database is meant. */
export function tellsDatabase({ database, databaseEnv, url, urlEnv }: Described): boolean {
  return [database, databaseEnv, url, urlEnv].some(each => each !== null)
}

/** What the arguments say: a URL, or an object with the usual keys of the drivers. */
export function described(e: Evaluator, args: Value[], driver: string): Described {
  const result: Described = { ...nothingTold(), others: [] }
  args.forEach((arg, index) => {
    const options = optionsIn(e, arg)
    for (const each of options) readOptions(e, each, result)
    if (options.length === 0 && index === 0) {
      const { text, env, further, others } = read(arg)
      Object.assign(result, { url: text, urlEnv: env, furtherEnvs: further, others })
      fillFromPath(arg, result)
    }
  })
  // `new Sequelize('db', 'user', 'password', { … })`. Who calls knex's package with a word means a table, and forgot to connect.
  if (result.url && !/[:/]/.test(result.url)) {
    if (driver !== KNEX || result.url.includes('.')) result.database ??= result.url
    result.url = null
  }
  return result
}

/**
 * The options that a value may be. One fills in what those before it leave open. A database in memory is that of tests,
 * where there are others.
 */
function optionsIn(e: Evaluator, value: Value): Value[] {
  const objects = (value.kind === 'choice' ? value.of : [value]).filter(each => each.kind === 'object')
  const lasting = objects.filter(
    each => !['storage', 'filename'].some(key => knownText(memberOf(e, each, key)) === ':memory:'),
  )
  return lasting.length > 0 ? lasting : objects
}

function readOptions(e: Evaluator, options: Value, result: Described): void {
  const get = (...keys: string[]): Setting => {
    for (const key of keys) {
      const found = read(memberOf(e, options, key))
      if (found.text !== null || found.env !== null) return found
    }
    return { text: null, env: null, further: [], others: [] }
  }
  const fill = (
    literal: 'database' | 'url' | 'host',
    env: 'databaseEnv' | 'urlEnv' | 'hostEnv',
    ...keys: string[]
  ): void => {
    const found = get(...keys)
    result[literal] ??= found.text
    if (result[env] !== null) return
    result[env] = found.env
    if (env === 'hostEnv') return
    result.furtherEnvs.push(...found.further)
    result.others.push(...found.others)
  }
  // A project of BigQuery holds the schemas, as a database does.
  fill('database', 'databaseEnv', 'database', 'dbName', 'db', 'projectId')
  fill('url', 'urlEnv', 'connectionString', 'url', 'uri', 'connectionUrl')
  for (const key of ['connectionString', 'url', 'uri', 'connectionUrl', 'connection'])
    fillFromPath(memberOf(e, options, key), result)
  fill('host', 'hostEnv', 'host', 'server', 'hostname')
  if (result.searchPath.length === 0) result.searchPath = searchPathOf(e, options)
  const { text: dialect } = get('dialect', 'client', 'type')
  if (dialect) result.dialect ??= DIALECTS.find(([pattern]) => pattern.test(dialect))?.[1] ?? null
  const inner = memberOf(e, options, 'connection')
  // TypeORM and Sequelize: the server that is written to; those that are read hold the same.
  const replication = memberOf(e, options, 'replication')
  const innerOptions = [inner, memberOf(e, replication, 'master'), memberOf(e, replication, 'write')].flatMap(
    each => optionsIn(e, each),
  )
  for (const each of innerOptions) readOptions(e, each, result)
  if (innerOptions.length > 0) return
  if (inner.kind === 'text' || inner.kind === 'choice') fill('url', 'urlEnv', 'connection')
}

/** `options: '-c search_path=a,b'` of pg, `searchPath: ['a', 'b']` of knex; of `process.env.SCHEMA || 'a'` what it falls back to. */
function searchPathOf(e: Evaluator, options: Value): string[] {
  const { text: started } = read(memberOf(e, options, 'options'))
  if (started !== null) return searchPathIn(started)
  const path = memberOf(e, options, 'searchPath')
  const names = (path.kind === 'array' ? path.items : [path]).map(name => read(name).text)
  return names.every(name => name !== null) ? names.flatMap(schemasOf) : []
}

interface Setting {
  text: string | null
  /** The environment variable that is asked first. */
  env: string | null
  /** Variables that are asked where that is not set. */
  further: string[]
  /** Variables that may stand in its place. */
  others: string[]
}

/**
 * What a value such as `process.env.DB_NAME || process.env.PGDATABASE || 'shop'` is read from. Of several literals, and of
 * several variables of which one is asked, one that is not that of tests.
 */
function read(value: Value): Setting {
  const parts = value.kind === 'choice' ? value.of : [value]
  const texts: string[] = []
  const envs: string[] = []
  for (const part of parts) {
    const text = knownText(part)
    if (text) texts.push(text)
    if (part.kind === 'external' && part.path[0] === 'process' && part.path[1] === 'env' && part.path[2])
      // What `||` falls back to stands before what it asks first.
      envs.unshift(part.path[2])
  }
  const text = texts.find(text => !isOfTests(text)) ?? texts[0] ?? null
  const isOneOf = value.kind === 'choice' && !value.inTurn
  const lasting = isOneOf ? envs.filter(each => !isOfTests(each)) : []
  const [env = null, ...rest] = lasting.length > 0 ? lasting : envs
  // `process.env[each.env]` over a list, but not `isLocal ? process.env.LOCAL_URL : process.env.DATABASE_URL`.
  const isListed = isOneOf && value.test === undefined
  return { text, env, further: isListed ? [] : rest, others: isListed ? rest : [] }
}

/** Fills in the database that ends a URL of which other parts are not known (`${base}/shop`), where nothing else tells one. */
function fillFromPath(url: Value, result: Described): void {
  if (tellsDatabase(result) || url.kind !== 'text') return
  ;[result.database, result.databaseEnv] = databaseAtEnd(url.pieces)
}

/** Connections to databases that the code opens, with what it says of the database. */

import { isOfTests } from '../datastores/names.js'
import { schemasOf, searchPathIn } from '../datastores/search-path.js'
import type { ConnectionFact } from '../datastores/types.js'
import type { ExprNode, FileFacts, FunctionId, NodeId } from '../extract/facts.js'
import { lineAt } from '../extract/positions.js'
import type { Dialect } from '../model.js'
import { type CallerIndex, type CallSite, callersOf, type FileCalls, functionKey } from './calls.js'
import { databaseAtEnd } from './database-at-end.js'
import { argumentsOf } from './evaluator/arguments.js'
import { evaluateFresh } from './evaluator/evaluate.js'
import { memberOf } from './evaluator/members.js'
import { originFrom } from './evaluator/origins.js'
import type { Evaluator } from './evaluator/state.js'
import type { Frame, Value } from './evaluator/values.js'
import { knownText } from './evaluator/values.js'
import { argumentsHanded, type Target } from './targets.js'
import type { WrapperKind } from './trace/executions.js'
import { wrapperName } from './trace/wrapper-name.js'

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
  'BigQuery',
])

/** Its handles open connections too. */
const PG_PROMISE = 'pg-promise'

const KNEX = 'knex'

const DIALECTS: [RegExp, Dialect][] = [
  [/^(?:postgres|pg|postgresql|cockroach|redshift|timescale)/i, 'postgresql'],
  [/^(?:mysql|mariadb|aurora-mysql)/i, 'mysql'],
  [/sqlite|libsql/i, 'sqlite'],
  [/^(?:mssql|sqlserver|tedious)/i, 'mssql'],
  [/^snowflake/i, 'snowflake'],
]

/** A connection that a file opens. */
export interface OpenedConnection {
  /** Key of the call, as `Value`'s `origin` has it. */
  origin: string
  /** The file, if it is another one, whose call of the function around tells of the database. */
  from: string | null
  fact: Omit<ConnectionFact, 'file' | 'owner'>
}

/** Whether some call of a file may open a connection, by what its calls run. */
export function mayOpen({ targets }: FileCalls): boolean {
  return targets.some(
    target => target.kind === 'driver' && (!target.isHandle || target.driver.name === PG_PROMISE),
  )
}

/**
 * The connections that a file opens. Where a function opens one with what it is handed (`createPool({ database })`),
 * each of its calls that tells of the database opens one besides.
 */
export function connectionsOf(
  e: Evaluator,
  facts: FileFacts,
  calls: FileCalls,
  callers: CallerIndex,
): OpenedConnection[] {
  return openingCalls(facts, calls).flatMap(({ id, node, start, fn, driver }): OpenedConnection[] => {
    const line = lineAt(facts.lineStarts, start)
    const seenFrom = (frame: Frame | null): Described => describedAt(e, facts, { node, driver }, frame)
    const plain = seenFrom(null)
    const common = { name: nameHolding(facts, id), driver }
    const origin = `${facts.file}@${node.at}`
    const told =
      fn === null || tellsDatabase(plain) ? [] : toldByCallers(e, callers, facts.file, fn, seenFrom)
    const [first] = told
    const isAgreed = told.every(each => JSON.stringify(each.told) === JSON.stringify(first!.told))
    const own = first && isAgreed ? first.told : plain
    const openedAt = `${facts.file}:${line}`
    return [
      ...eachOf(own).map(each => ({
        origin,
        from: null,
        fact: { line, openedAt: null, ...common, ...each },
      })),
      ...told.flatMap(({ site, told }) => {
        const calledAt = lineAt(site.facts.lineStarts, site.call.start)
        const node = site.facts.nodes[site.call.node] as ExprNode & { kind: 'call' | 'new' }
        return eachOf(told).map(each => ({
          origin: originFrom(origin, `${site.file}@${node.at}`),
          from: site.file,
          fact: { line: calledAt, openedAt, ...common, ...each },
        }))
      }),
    ]
  })
}

/**
 * Functions that open a connection with what they are handed, and those that hand it on: their callers tell of the
 * database.
 */
export function openingFunctions(
  e: Evaluator,
  facts: FileFacts,
  calls: FileCalls,
  callers: CallerIndex,
): [string, WrapperKind][] {
  const found: [string, WrapperKind][] = []
  const seen = new Set<string>()
  const add = (inFile: FileFacts, fn: FunctionId | null, depth: number): void => {
    if (fn === null || inFile.functions[fn].params.length === 0) return
    const key = functionKey(inFile.file, fn)
    const name = seen.has(key) || seen.size === MAX_CALLS ? null : wrapperName(e, inFile.file, fn)
    if (name === null) return
    seen.add(key)
    found.push(name)
    if (depth === MAX_BETWEEN) return
    for (const site of callersOf(e, callers, inFile.file, fn)) add(site.facts, site.call.fn, depth + 1)
  }
  for (const call of openingCalls(facts, calls))
    if (call.fn !== null && !tellsDatabase(describedAt(e, facts, call, null))) add(facts, call.fn, 1)
  return found
}

interface OpeningCall {
  id: NodeId
  node: ExprNode & { kind: 'call' | 'new' }
  start: number
  /** The function that it is in. */
  fn: FunctionId | null
  /** npm package whose connection it opens. */
  driver: string
}

function openingCalls(facts: FileFacts, calls: FileCalls): OpeningCall[] {
  return facts.calls.flatMap(({ node: id, start, fn }, at): OpeningCall[] => {
    const node = facts.nodes[id]
    if (node.kind !== 'call' && node.kind !== 'new') return []
    const targets = calls.targetsOf[at].map(target => calls.targets[target])
    const driver = openedDriver(node, targets)
    return driver === null ? [] : [{ id, node, start, fn, driver }]
  })
}

function describedAt(
  e: Evaluator,
  facts: FileFacts,
  { node, driver }: Pick<OpeningCall, 'node' | 'driver'>,
  frame: Frame | null,
): Described {
  return described(
    e,
    node.args.map(arg => evaluateFresh(e, facts.file, arg, frame)),
    driver,
  )
}

function tellsDatabase({ database, databaseEnv, url, urlEnv }: Described): boolean {
  return [database, databaseEnv, url, urlEnv].some(each => each !== null)
}

/** Functions between a connection and the call that tells of its database, and calls that are looked at in all. */
const MAX_BETWEEN = 3
const MAX_CALLS = 500

/**
 * Calls that lead to a function, the nearest that tell of the database.
 *
 * @param seenFrom what the connection is told, seen from a call of the function
 */
function toldByCallers(
  e: Evaluator,
  callers: CallerIndex,
  file: string,
  fn: FunctionId,
  seenFrom: (frame: Frame) => Described,
): { site: CallSite; told: Described }[] {
  const found: { site: CallSite; told: Described }[] = []
  let left = MAX_CALLS
  const follow = (
    inFile: string,
    called: FunctionId,
    within: (frame: Frame) => Frame,
    depth: number,
  ): void => {
    const name = e.program.facts(inFile)?.functions[called]?.name ?? ''
    for (const site of callersOf(e, callers, inFile, called)) {
      if (left-- <= 0) return
      const frameOf = (outer: Frame | null): Frame => ({
        file: inFile,
        fn: called,
        args: argumentsOf(e, site.facts, argumentsHanded(site.facts, site.call, name), outer),
        self: null,
        outer: null,
      })
      const told = seenFrom(within(frameOf(null)))
      if (tellsDatabase(told)) found.push({ site, told })
      else if (site.call.fn !== null && depth < MAX_BETWEEN)
        follow(site.file, site.call.fn, frame => within(frameOf(frame)), depth + 1)
    }
  }
  follow(file, fn, frame => frame, 1)
  return found
}

/** npm package whose connection a call opens; null for any other call. */
function openedDriver(node: ExprNode & { kind: 'call' | 'new' }, targets: Target[]): string | null {
  for (const target of targets) {
    if (target.kind !== 'driver') continue
    const { driver, path, isHandle } = target
    const [module] = driver.modules
    // `pgp(…)`, where pgp came from calling the package itself, whose first call takes its own options.
    if (isHandle) {
      const opens = driver.name === PG_PROMISE && path.length === 0 && node.kind === 'call'
      if (opens && node.args.length > 0) return module
      continue
    }
    if (driver.name === PG_PROMISE) continue
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

/** What a call tells of the connection that it opens. */
interface Described extends Told {
  /** Other variables that a list or a key may choose in place of the one that tells the database or its URL. */
  others: string[]
}

type Told = Pick<
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

/** The connections that one call opens: to what each of the variables tells that a list chooses from. */
function eachOf({ others, ...told }: Described): Told[] {
  const named = others.map(name => (told.urlEnv === null ? { databaseEnv: name } : { urlEnv: name }))
  return [told, ...named.map(each => ({ ...told, ...each }))]
}

/** What the arguments say: a URL, or an object with the usual keys of the drivers. */
function described(e: Evaluator, args: Value[], driver: string): Described {
  const result: Described = {
    dialect: null,
    database: null,
    databaseEnv: null,
    url: null,
    urlEnv: null,
    furtherEnvs: [],
    host: null,
    hostEnv: null,
    searchPath: [],
    others: [],
  }
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

/** `options: '-c search_path=a,b'` of pg, `searchPath: ['a', 'b']` of knex. */
function searchPathOf(e: Evaluator, options: Value): string[] {
  const { text: started } = read(memberOf(e, options, 'options'))
  if (started !== null) return searchPathIn(started)
  const path = memberOf(e, options, 'searchPath')
  const names = path.kind === 'array' ? path.items.map(knownText) : [knownText(path)]
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

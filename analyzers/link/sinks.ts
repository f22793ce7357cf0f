/** Sinks: calls that hand SQL text to a driver, and what in the code says so. */
import type { Before, Driver, SqlArgument } from '../drivers/driver.js'
import { commandLine, engineNamed, http } from '../drivers/engines.js'
import { unknownDriver } from '../drivers/index.js'
import type { CallFacts, ExprNode, FileFacts, NodeId } from '../extract/facts.js'
import { codeOf } from './evaluator/code-of.js'
import { fillsText } from './evaluator/externals.js'
import type { Target } from './targets.js'
import { argumentsHanded } from './targets.js'

/** A call of which some argument is SQL text. */
export interface Sink {
  driver: Driver
  /** Where the handle was made, `file@offset`, for telling which database it is. */
  origin: string | null
  /** Node of the SQL text; for an object that holds it, the object. */
  sql: NodeId
  /** Keys of the text in that object. */
  keys: string[]
  /** Node of the bound values, if they are an argument of their own. */
  values: NodeId | null
  /**
   * How sure it is that this executes SQL at all. known: the driver is; named: only the names of receiver and method
   * say so; shaped: only the text itself can; handed: the same, but callers are asked for a text that they hand over.
   */
  certainty: 'known' | 'named' | 'shaped' | 'handed'
  /** A call of a wrapper, not of the driver itself. */
  isHandedOn?: true
  /** The text may be no statement of its own: what goes before it, empty where the text has to tell. */
  before?: Before
}

/** Names of things that execute SQL, where their type is not known. */
const HANDLE_NAME =
  /^(?:db|database|dbs|pool|conn|connection|client|pg|pgclient|mysql|maria|sqlite|knex|sequelize|trx|tx|transaction|qx|queryrunner|manager|entitymanager|datasource|prisma|sql|postgres|psql|executor|session|rds|cnx|em|t)$/i
const HANDLE_SUFFIX =
  /(?:db|database|pool|conn|connection|client|knex|sequelize|trx|tx|transaction|queryrunner|manager|datasource|prisma|executor|mysql|postgres|pg|sqlite)$/i

/** Methods that only things executing SQL have, or nearly so. */
const METHOD_NAME =
  /^(?:query|execute|exec|raw|unsafe|prepare|executeSql|runQuery|execQuery|queryRaw|\$queryRaw|\$executeRaw|\$queryRawUnsafe|\$executeRawUnsafe)$/
/** Methods named after these, as clients of packages that are not there have them: `queryOne`, `executeBatch`, `rawSql`. */
const DERIVED_METHOD = /^(?:query|execute|exec)[A-Z_]|quer(?:y|ies)$|sql$/i
/** Functions that sound as if they executed SQL. */
const FUNCTION_NAME =
  /(?:quer(?:y|ies)|execute|exec|sql|statement|select|fetch|rows?|prepare|raw|run)|^(?:db|pg)|(?:db|database)$/i
/** Methods of drivers that maps, caches and queues have too. */
const SHARED_NAME = /^(?:get|all|run|each|map|batch|open|stream)$/
/** Functions that show or check text. */
const NO_SINK =
  /^(?:log|info|warn|error|debug|trace|verbose|silly|fatal|print|write|expect|describe|it|test|assert|equal|toBe|toEqual|toContain|push|unshift|includes|indexOf|startsWith|endsWith|match|replace|replaceAll|split|join|concat|trim|format|stringify|parse|append|add|set|setItem|publish|emit|send|then|catch|Error|reject|resolve|t|i18n|param|describeTable|createHash|update|digest)$/
/** What has the `exec` of a regular expression: `/SELECT/`, `wordPattern`. */
const REGULAR_EXPRESSION = /^\/|(?:^re|reg|regexp?|pattern)$/i
const LOGGER = /(?:console|log|logger|chai|expect|assert|winston|pino|sentry|i18n)$/i

/** The sinks that a call is, given what it may run: none for most calls, several where any argument may be SQL. */
export function sinksOf(facts: FileFacts, call: CallFacts, target: Target): Sink[] {
  const requests = httpSinks(facts, call, target)
  if (requests.length > 0) return requests
  const command = commandSink(facts, call, target)
  if (command) return [command]
  const sink = sinkOf(facts, call, target)
  return sink ? [sink] : []
}

function sinkOf(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  const node = facts.nodes[call.node]
  if (node.kind === 'tagged') {
    if (target.kind !== 'driver') return unknownTag(call, target)
    if (!isTag(target.driver, target.path)) return null
    return {
      driver: target.driver,
      origin: target.origin,
      sql: call.node,
      keys: [],
      values: null,
      certainty: 'known',
      before: '',
    }
  }
  if (node.kind !== 'call') return null
  const args = target.kind === 'driver' ? argumentsHanded(facts, call, target.path.at(-1) ?? '') : node.args
  if (target.kind === 'driver') {
    const method = target.path.at(-1) ?? ''
    if (target.preparedAt !== undefined) {
      // What can't be told here is told where it is prepared.
      const runs = target.driver.prepares?.runBy.includes(method)
      return runs ? preparedSink(facts, node, target, { argument: 'receiver', orBuilder: true }) : null
    }
    const spec = Object.hasOwn(target.driver.executes, method) ? target.driver.executes[method] : null
    if (!spec || target.driver.texts.includes(target.path.join('.'))) return null
    if (spec.argument === 'receiver') return preparedSink(facts, node, target, spec)
    if (args.length <= spec.argument) return null
    return {
      driver: target.driver,
      origin: target.origin,
      sql: args[spec.argument],
      keys: spec.keys ?? [],
      values: args[spec.argument + 1] ?? null,
      certainty: 'known',
      ...partOf(spec),
    }
  }
  if (args.length === 0 || (target.kind === 'external' && fillsText(target.module))) return null
  const found = nameOf(target)
  if (!found || NO_SINK.test(found.method) || LOGGER.test(found.receiver)) return null
  if (found.method === 'exec' && REGULAR_EXPRESSION.test(found.receiver)) return null
  const handleLike = soundsLikeHandle(found.receiver)
  const spec = Object.hasOwn(unknownDriver.executes, found.method)
    ? unknownDriver.executes[found.method]
    : null
  const sink = (argument: number, certainty: Sink['certainty']): Sink => ({
    driver: engineNamed(found.receiver) ?? unknownDriver,
    origin: null,
    sql: args[argument],
    keys: ['sql', 'text', 'query'],
    values: args[argument + 1] ?? null,
    certainty,
    ...(spec && partOf(spec)),
  })
  if (spec?.before !== undefined && BUILDER_METHOD.test(found.method)) return sink(0, 'named')
  if (handleLike && METHOD_NAME.test(found.method)) return sink(0, 'named')
  if (handleLike && DERIVED_METHOD.test(found.method)) return sink(0, 'handed')
  if (
    (spec && (handleLike || !SHARED_NAME.test(found.method))) ||
    METHOD_NAME.test(found.method) ||
    FUNCTION_NAME.test(found.method)
  )
    return sink(0, 'shaped')
  return handleLike ? sink(0, 'shaped') : null
}

/** Methods that only builders have. */
const BUILDER_METHOD = /[a-z]Raw$/

function partOf({ before }: SqlArgument): Pick<Sink, 'before'> {
  return before === undefined ? {} : { before }
}

/** Whether the last part of a receiver's code is a usual name of a connection or pool. */
function soundsLikeHandle(receiver: string): boolean {
  const last = receiver.replace(/\(\)$/, '').split('.').at(-1) ?? ''
  return HANDLE_NAME.test(last) || HANDLE_SUFFIX.test(last)
}

/** A statement that was made of its text before: `findUser.run(values, client)`. */
function preparedSink(
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  { driver, origin }: Target & { kind: 'driver' },
  { keys = [], orBuilder }: SqlArgument,
): Sink | null {
  const callee = facts.nodes[node.callee]
  if (callee.kind !== 'member') return null
  return { driver, origin, sql: callee.of, keys, values: null, certainty: orBuilder ? 'shaped' : 'known' }
}

function nameOf(target: Target): { receiver: string; method: string } | null {
  switch (target.kind) {
    case 'unknown':
      return target
    case 'external':
      return {
        receiver: target.path.length > 1 ? target.path.slice(0, -1).join('.') : '',
        method: target.path.at(-1) ?? '',
      }
    case 'interface':
      return { receiver: target.name, method: target.method }
    default:
      return null
  }
}

/** Names of tags that execute, or make a part of what does: which of the two, the texts that they end in tell. */
const TAG = /^(?:sql|db|tx|trx|pg|client|conn|connection|transaction)$/i

/** A template behind a tag that could not be found (an untyped parameter, a class of a package). */
function unknownTag(call: CallFacts, target: Target): Sink | null {
  if (target.kind === 'external') return globalTag(call, target)
  if (target.kind !== 'unknown') return null
  const isPrisma = /^\$(?:query|execute)Raw$/.test(target.method)
  const name = target.method.split('.').at(-1) ?? ''
  if (NO_SINK.test(name) || LOGGER.test(target.receiver)) return null
  return tagSink(call, isPrisma ? 'known' : TAG.test(name) ? 'named' : 'shaped')
}

/** `sql` of a file that does not say where it has it from: part of a file, or of one put together by a build. */
function globalTag(call: CallFacts, { module, path }: Target & { kind: 'external' }): Sink | null {
  return module === '' && path.length === 1 && TAG.test(path[0]) ? tagSink(call, 'named') : null
}

function tagSink(call: CallFacts, certainty: Sink['certainty']): Sink {
  return {
    driver: unknownDriver,
    origin: null,
    sql: call.node,
    keys: [],
    values: null,
    certainty,
    before: '',
  }
}

/** Whether a template behind this part of a driver executes. */
function isTag(driver: Driver, path: string[]): boolean {
  return driver.tags.includes(path.at(-1) ?? '')
}

/**
 * The sink that a call of the repository's own `query` or `execute` is, if nothing else tells how its text reaches a
 * database: SQL that goes out through a queue, a socket, or a client that could not be followed.
 */
export function ownSinkOf(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call' || node.args.length === 0) return null
  if (target.kind !== 'function' && target.kind !== 'interface') return null
  const callee = facts.nodes[node.callee]
  const method =
    callee.kind === 'member' || callee.kind === 'import' || callee.kind === 'variable' ? callee.name : ''
  if (!FUNCTION_NAME.test(method)) return null
  const receiver = callee.kind === 'member' ? codeOf(facts, callee.of) : ''
  const engine = engineNamed(receiver) ?? engineNamed(target.file)
  // A circuit breaker executes too: the receiver has to sound like a database.
  if (!engine && !(METHOD_NAME.test(method) && soundsLikeHandle(receiver))) return null
  return {
    driver: engine ?? unknownDriver,
    origin: null,
    sql: node.args[0],
    keys: ['sql', 'text', 'query'],
    values: node.args[1] ?? null,
    certainty: 'shaped',
  }
}

/** Packages and globals that send requests: engines such as ClickHouse and Tinybird take SQL that way. */
const HTTP_MODULE =
  /^(?:axios|got|ky|undici|node-fetch|cross-fetch|isomorphic-fetch|superagent|needle|request|@nestjs\/axios)$/
const HTTP_METHOD = /^(?:fetch|request|post|put|get|default|axios|got)$/

/** Requests of which some argument may hold SQL; only the text itself can tell. */
function httpSinks(facts: FileFacts, call: CallFacts, target: Target): Sink[] {
  const node = facts.nodes[call.node]
  if (target.kind !== 'external' || node.kind !== 'call') return []
  const method = target.path.at(-1) ?? 'default'
  const isFetch = target.module === '' && method === 'fetch' && target.path.length <= 2
  if (!isFetch && !(HTTP_MODULE.test(target.module) && HTTP_METHOD.test(method))) return []
  return node.args.slice(0, 3).map(sql => ({
    driver: engineNamed(facts.file) ?? http,
    origin: null,
    sql,
    keys: ['body', 'data', 'json', 'q', 'query', 'sql'],
    values: null,
    certainty: 'shaped',
  }))
}

/** Modules that start programs, and their functions and tags that do. */
const COMMAND_MODULE = /^(?:node:child_process|child_process|execa|zx|shelljs|cross-spawn|tinyexec|bun)$/
const COMMAND_METHOD =
  /^(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|execa|execaSync|execaCommand|execaCommandSync|command|commandSync|sync|default|x|\$)$/

/** A call that starts a program, which may be a database's client. */
function commandSink(facts: FileFacts, call: CallFacts, target: Target): Sink | null {
  if (target.kind !== 'external' || !COMMAND_MODULE.test(target.module)) return null
  if (!COMMAND_METHOD.test(target.path.at(-1) ?? 'default')) return null
  const node = facts.nodes[call.node]
  const [sql, values = null] = node.kind === 'call' ? node.args : node.kind === 'tagged' ? [call.node] : []
  if (sql === undefined) return null
  return { driver: commandLine, origin: null, sql, keys: [], values, certainty: 'handed' }
}

/** Whether nothing but the text tells that a sink is one. */
export function onlyTextTells({ certainty }: Sink): boolean {
  return certainty === 'shaped' || certainty === 'handed'
}

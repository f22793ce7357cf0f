/** What the names of receivers, methods and functions say, where nothing else tells whether they execute SQL. */
import type { Target } from '../targets.js'

/** Names of things that execute SQL, where their type is not known. */
const HANDLE_NAME =
  /^(?:db|database|dbs|pool|conn|connection|client|pg|pgclient|mysql|maria|sqlite|knex|sequelize|trx|tx|transaction|qx|queryrunner|manager|entitymanager|datasource|prisma|sql|postgres|postgresql|psql|executor|session|rds|cnx|em|t)$/i
const HANDLE_SUFFIX =
  /(?:db|database|pool|conn|connection|client|knex|sequelize|trx|tx|transaction|queryrunner|manager|datasource|prisma|executor|mysql|postgres(?:ql)?|pg|sqlite)$/i

/** What says in which of several databases a statement runs, where a function is given that before it: `dbName`, `tenantId`. */
const DATABASE_NAME = /(?:db|database|schema|tenant|shard)_?(?:name|id|key|slug)?$/i

/** Whether the last part of some code is a usual name of what names a database. */
export function namesDatabase(code: string): boolean {
  return DATABASE_NAME.test(code.replace(/\(\)$/, '').split('.').at(-1) ?? '')
}

/** Methods that only things executing SQL have, or nearly so. */
export const METHOD_NAME =
  /^(?:query|execute|exec|raw|unsafe|prepare|executeSql|runQuery|execQuery|queryRaw|\$queryRaw|\$executeRaw|\$queryRawUnsafe|\$executeRawUnsafe|\$queryRawTyped)$/
/** Methods named after these, as clients of packages that are not there have them: `queryOne`, `executeBatch`, `rawSql`. */
export const DERIVED_METHOD = /^(?:query|execute|exec)[A-Z_]|quer(?:y|ies)$|sql$/i
/** Methods by which databases in the application run statements (SQLite). */
export const STATEMENT_METHOD = /^(?:get|all|run|each)$/
/** Functions that sound as if they executed SQL. */
export const FUNCTION_NAME =
  /(?:quer(?:y|ies)|execute|exec|sql|statement|select|fetch|rows?|prepare|raw|run)|^(?:db|pg)|(?:db|database)$/i
/** What a function is given to execute with: `query`, `executeSql`, `queryFn`. */
export const EXECUTOR_NAME = /quer(?:y|ies)|sql|^exec/i
/** Methods of drivers that maps, caches and queues have too. */
export const SHARED_NAME = /^(?:get|all|run|each|map|batch|open|stream)$/
/** Functions that show or check text. */
export const NO_SINK =
  /^(?:log|info|warn|error|debug|trace|verbose|silly|fatal|print|write|expect|describe|it|test|assert|equal|toBe|toEqual|toContain|push|unshift|includes|indexOf|startsWith|endsWith|match|replace|replaceAll|split|join|concat|trim|format|stringify|parse|append|add|set|setItem|publish|emit|send|then|catch|Error|reject|resolve|t|i18n|param|describeTable|createHash|update|digest)$/
/** What has the `exec` of a regular expression: `/SELECT/`, `wordPattern`. */
export const REGULAR_EXPRESSION = /^\/|(?:^re|reg|regexp?|pattern)$/i
export const LOGGER = /(?:console|log|logger|chai|expect|assert|winston|pino|sentry|i18n)$/i

/** Whether the last part of a receiver's code is a usual name of a connection or pool. */
export function soundsLikeHandle(receiver: string): boolean {
  const last = receiver.replace(/\(\)$/, '').split('.').at(-1) ?? ''
  return HANDLE_NAME.test(last) || HANDLE_SUFFIX.test(last)
}

/** Names of what a database class runs its statements on: `this.driver_[method](sql)`. */
export const DRIVER_NAME = /(?:driver|adapter|engine|backend)_?(?:\(\))?$/i

export interface Named {
  receiver: string
  method: string
  /** The method's name is not written. */
  isComputed?: true
}

/** The names of what a call runs that is no function of the repository and of no driver. */
export function nameOf(target: Target): Named | null {
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

/** Whether a method or function of this name may execute, or be a wrapper of one that does. */
export function mayExecute(name: string): boolean {
  return METHOD_NAME.test(name) || FUNCTION_NAME.test(name)
}

/** Whether a call, by the code of what it runs, shows, checks or keeps what it gets. */
export function isShown(code: string): boolean {
  const parts = code.replace(/\(\)/g, '').split('.')
  return NO_SINK.test(parts.at(-1) ?? '') || parts.some(part => LOGGER.test(part))
}

/** Whether a call is one of a method of something that is called like a connection or pool. */
export function isOfHandle(target: Target): boolean {
  const found = nameOf(target)
  return found !== null && soundsLikeHandle(found.receiver)
}

/** What functions are called that callers hand over, and that keep or hand on what they get. */
const KEEPS = /^(?:cb|callback|done|next|fail|(?:on|set|add|parse|check|is|to)[A-Z]\w*)$/

/** Whether a function that callers hand over, by what it is called there, may run a statement that it gets. */
export function mayRunGiven(name: string): boolean {
  return !NO_SINK.test(name) && !LOGGER.test(name) && !KEEPS.test(name)
}

/** Cheap tests on the text of a file that decide whether parsing it can find anything. */
import { drivers, isPrepared } from '../drivers/index.js'

/** Statements, and pieces that statements are put together from, by words that seldom stand together elsewhere. */
const SQL_WORDS =
  /\binsert\s+(?:ignore\s+)?into\b|\breplace\s+into\b|\bupdate\s+\S+(?:\s+\S+){0,3}\s+set\b|\bdelete\s+(?:\S+\s+)?from\b|\bmerge\s+into\b|\b(?:create|alter|drop|rename)\s+(?:\w+\s+){0,3}(?:table|view|index|function|procedure|trigger|schema|database)\b|\block\s+tables?\b|\brefresh\s+materialized\b|\bwith\s+(?:recursive\s+)?\S+\s+as\b|\bjoin\s+\S+\s+(?:as\s+)?\S*\s*on\b/i

/** Statements by their first word, in the writing that sentences don't have. */
const UPPER_CASE_VERB = /\b(?:SELECT|TRUNCATE|COPY|EXPLAIN)\s|\b(?:CALL|EXEC(?:UTE)?)\s+\w/

/**
 * The same in any writing. Sentences and markup have these words too (`please select one`, `<select className`), so
 * they count only where a text, a line or a statement begins, or behind a word of SQL that another statement follows.
 */
const VERB_AT_BEGINNING =
  /(?:[`'"(){};$]|^|\\[nrt]|\*\/|\b(?:union|all|except|intersect|minus|as|analyze|begin|do|else|then|return|query|for)\s)\s{0,200}(?:(?:select|truncate|copy|explain)\s|(?:call|exec(?:ute)?)\s+\w)/im

const escaped = drivers
  .flatMap(driver => driver.modules)
  .map(name => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))

const forks = escaped.filter(name => /^[^@].*\d$/.test(name)).map(name => `@[\\w.-]{1,60}/${name}`)

/** Imports of a driver or a fork of it, raw queries by name, and `.sql` files. */
const DRIVER_TEXT = new RegExp(
  `['"\`](?:${[...escaped, ...forks].join('|')})['"\`]|\\$(?:query|execute)Raw|\\.sql['"\`]`,
)

/** Calls of methods that execute SQL, whose text may come from elsewhere. */
const EXECUTING_CALL =
  /\.(?:(?:query|execute|exec)(?:[A-Z_]\w{0,30})?|raw|unsafe|prepare|any|none|one|oneOrNone|many|manyOrNone|maybeOne|result)\s*(?:<[^;(){}]{0,200}>)?\s*\(/

/** The same of databases in the application (SQLite), whose methods other things have as well. */
const DATABASE_CALL = /(?:db|database|sqlite)\.(?:run|get|all|each)\s*\(/i

/** Statements by the keys of their files, behind types of rows that may be long: `db.sql<Row>('users.find')`. */
const KEY_CALL = /\.sql\s*[<(]/

/** What begins a transaction, whose statements may all stand in other files. */
const TRANSACTION_CALL = /transaction(?:al(?:ly)?)?\s{0,20}(?:<[^;(){}]{0,200}>)?\s{0,20}\(/i

/** What is shared by an application or a request, such as a pool of another file: see `shared.ts`. */
const SHARES =
  /\.decorate(?:Request|Reply)?\s*\(\s*['"`]|\bapp\.set\s*\(\s*['"`]\w+['"`]\s*,|\b(?:locals|req|request|ctx|context|app|fastify|server)\.\w*(?:db|database|pool|conn|pg|sql|knex|client|prisma)\w*\s*=[^=>]|\binterface\s+Fastify(?:Instance|Request)\b/i

/** Whether a source file can hold SQL text, a driver, the loading of `.sql` files, a call that executes SQL or begins a transaction, or shares what does. */
export function mayTouchSql(text: string): boolean {
  return (
    UPPER_CASE_VERB.test(text) ||
    SQL_WORDS.test(text) ||
    DRIVER_TEXT.test(text) ||
    EXECUTING_CALL.test(text) ||
    DATABASE_CALL.test(text) ||
    KEY_CALL.test(text) ||
    TRANSACTION_CALL.test(text) ||
    SHARES.test(text) ||
    VERB_AT_BEGINNING.test(text)
  )
}

const prepared = drivers.filter(isPrepared)

/** Whether a source file makes statements that are run later, by a method of their own (pgtyped). */
export function makesPrepared(text: string): boolean {
  return prepared.some(driver => driver.modules.some(module => text.includes(module)))
}

const RUNNING_CALL = new RegExp(
  `\\.(?:${prepared.flatMap(driver => Object.keys(driver.executes)).join('|')})\\s*\\(`,
)

/** Whether a source file may run such statements. */
export function mayRunPrepared(text: string): boolean {
  return RUNNING_CALL.test(text)
}

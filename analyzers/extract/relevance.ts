/** Cheap tests on the text of a file that decide whether parsing it can find anything. */
import { drivers, isPrepared } from '../drivers/index.js'

/** Beginnings of statements and of the pieces that statements are put together from. */
const SQL_TEXT =
  /\bselect\s|\binsert\s+(?:ignore\s+)?into\b|\breplace\s+into\b|\bupdate\s+\S+(?:\s+\S+){0,3}\s+set\b|\bdelete\s+(?:\S+\s+)?from\b|\btruncate\s|\bmerge\s+into\b|\b(?:create|alter|drop|rename)\s+(?:\w+\s+){0,3}(?:table|view|index|function|procedure|trigger|schema|database)\b|\bcall\s+\w+|\bexec(?:ute)?\s+\w|\block\s+tables?\b|\bcopy\s|\brefresh\s+materialized\b|\bexplain\s|\bwith\s+(?:recursive\s+)?\S+\s+as\b|\bjoin\s+\S+\s+(?:as\s+)?\S*\s*on\b/i

const escaped = drivers
  .flatMap(driver => driver.modules)
  .map(name => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))

/** Imports of a driver, raw queries by name, and `.sql` files. */
const DRIVER_TEXT = new RegExp(`['"\`](?:${escaped.join('|')})['"\`]|\\$(?:query|execute)Raw|\\.sql['"\`]`)

/** Calls of methods that execute SQL, whose text may come from elsewhere. */
const EXECUTING_CALL =
  /\.(?:query|queryRaw|execute|executeSql|raw|unsafe|prepare|any|none|one|oneOrNone|many|manyOrNone|maybeOne|result)\s*(?:<[^;(){}]{0,200}>)?\s*\(/

/** Whether a source file can hold SQL text, a driver, the loading of `.sql` files, or a call that executes SQL. */
export function mayTouchSql(text: string): boolean {
  return SQL_TEXT.test(text) || DRIVER_TEXT.test(text) || EXECUTING_CALL.test(text)
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

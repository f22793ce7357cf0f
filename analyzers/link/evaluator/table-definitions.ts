/** Tables that packages let a repository define in code: SQL templates write their names. */
import type { Value } from './values.js'

/** `pgTable('users', …)`, `getTableName(users)`. https://orm.drizzle.team/docs/sql#sql-template */
const DEFINES = /^(?:pg|mysql|sqlite|singlestore|mssql|cockroach)(?:Table|View|MaterializedView)$/
const NAMES = /^get(?:Table|View)Name$/

/** The name of a table as a part of SQL, where a call of a package's function defines the table or asks for its name. */
export function definedTable(module: string, name: string, [first]: Value[]): Value | null {
  if (!/^drizzle-orm(?:\/|$)/.test(module) || first?.kind !== 'text') return null
  return DEFINES.test(name) || NAMES.test(name) ? { ...first, fragment: true } : null
}

/** Tables that packages let a repository define in code: SQL templates write their names. */
import { callFunction } from './functions.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'

/** `pgTable('users', …)`, `getTableName(users)`. https://orm.drizzle.team/docs/sql#sql-template */
const DEFINES = /^(?:pg|mysql|sqlite|singlestore|mssql|cockroach)(?:Table|View|MaterializedView)$/
const NAMES = /^get(?:Table|View)Name$/

/** `pgSchema('app')` and `pgTableCreator(name => …)`: what defines tables is made of what they get. */
const MAKES = /^(?:pg|mysql|sqlite|singlestore|mssql|cockroach)(?:Schema|TableCreator)$/
const DEFINES_IN_SCHEMA = /Schema\(\)\.(?:table|view|materializedView)$/
const DEFINES_BY_CREATOR = /TableCreator\(\)$/

/** The name of a table as a part of SQL, or what defines more, where a call of a package's function gives such. */
export function definedTable(
  e: Evaluator,
  { module, path, madeOf }: Value & { kind: 'external' },
  args: Value[],
  code: string,
): Value | null {
  if (!/^drizzle-orm(?:\/|$)/.test(module)) return null
  const [first] = args
  if (!first) return null
  const name = path.at(-1) ?? ''
  if (MAKES.test(name)) return { kind: 'external', module, path: [`${name}()`], madeOf: first }
  if (first.kind !== 'text') return null
  if (madeOf === undefined)
    return DEFINES.test(name) || NAMES.test(name) ? { ...first, fragment: true } : null
  const made = path.join('.')
  if (DEFINES_IN_SCHEMA.test(made) && madeOf.kind === 'text') {
    const dot = { kind: 'text' as const, text: '.', file: '', line: 0 }
    return { ...first, pieces: [...madeOf.pieces, dot, ...first.pieces], fragment: true }
  }
  if (!DEFINES_BY_CREATOR.test(made) || madeOf.kind !== 'function') return null
  const named = callFunction(e, madeOf, () => [first], code)
  return named.kind === 'text' ? { ...named, fragment: true } : null
}

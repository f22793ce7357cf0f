/**
 * Prisma's TypedSQL: one statement a file in the folder `sql` beside the schema, of which the generated client exports a
 * function by the file's name: `prisma.$queryRawTyped(getUsers(id))`.
 * https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/typedsql
 */
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { textValue } from './values.js'

/** The generated functions: of the package, or of the folder into which the client is generated. */
const TYPED_SQL =
  /^@prisma\/client\/sql$|(?:^|\/)(?:[\w.-]*prisma[\w.-]*|generated)\/(?:[\w.-]+\/)?sql(?:\/index)?(?:\.[cm]?[jt]s)?$/i

/** The statement that such a function gives; null for what is none, or has no file. */
export function typedStatement(e: Evaluator, module: string, path: string[], fromFile: string): Value | null {
  if (path.length !== 1 || !TYPED_SQL.test(module)) return null
  return e.sqlFiles.fromLoader([textValue(`sql/${path[0]}.sql`)], fromFile)
}

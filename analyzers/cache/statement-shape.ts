/** The shape of `SqlStatement`: see `sql/types.ts`. */
import type { RoutineRef, SqlStatement, TableRef } from '../sql/types.js'
import { confidence, op } from './map-shape.js'
import { bool, count, list, nullable, object, oneOf, text } from './shape.js'

const statement = object<SqlStatement>({
  verb: text,
  text,
  offset: count,
  tables: list(object<TableRef>({ name: text, schema: nullable(text), op, system: bool })),
  routines: list(object<RoutineRef>({ name: text, schema: nullable(text) })),
  transaction: nullable(oneOf({ begin: true, commit: true, rollback: true })),
  confidence,
  parser: text,
  unknownTables: list(object({ code: text })),
})

export const statementsShape = list(statement)

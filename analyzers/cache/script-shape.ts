/** The shape of what a schema script does: see `catalogue/types.ts`. */
import type { ScriptReading } from '../catalogue/statement.js'
import type {
  BodyChange,
  ForeignKeyDef,
  RoutineTable,
  SchemaChange,
  ScriptStatement,
} from '../catalogue/types.js'
import { column, diagnostic, op } from './map-shape.js'
import { bool, byKind, count, list, nullable, object, oneOf, pair, text } from './shape.js'

const routineTables = list(object<RoutineTable>({ schema: nullable(text), name: text, op }))

const foreignKeys = list(
  object<ForeignKeyDef>({
    name: nullable(text),
    columns: list(text),
    toSchema: nullable(text),
    to: text,
    toColumns: list(text),
    line: count,
  }),
)

const changes: Parameters<typeof byKind<BodyChange>>[0] = {
  'create-table': {
    schema: nullable(text),
    name: text,
    columns: list(column),
    primaryKey: list(text),
    foreignKeys,
    like: nullable(object({ schema: nullable(text), name: text, loose: bool, keys: bool })),
    ifNotExists: bool,
    temporary: bool,
    line: count,
  },
  'create-view': {
    schema: nullable(text),
    name: text,
    reads: list(object({ schema: nullable(text), name: text })),
    line: count,
  },
  'alter-table': {
    schema: nullable(text),
    name: text,
    add: list(column),
    dropColumns: list(text),
    renameColumns: list(pair(text, text)),
    changeColumns: list(object({ name: text, type: nullable(text), nullable: nullable(bool) })),
    foreignKeys,
    dropConstraints: list(text),
    primaryKey: nullable(list(text)),
    line: count,
  },
  'rename-table': {
    schema: nullable(text),
    from: text,
    to: text,
    toSchema: nullable(text),
    line: count,
  },
  'drop-table': { schema: nullable(text), name: text, line: count },
  call: { schema: nullable(text), name: text, line: count },
  'create-trigger': {
    name: text,
    table: text,
    schema: nullable(text),
    routine: nullable(text),
    tables: routineTables,
    line: count,
  },
  'drop-routine': { schema: nullable(text), name: text, line: count },
  'drop-schema': { name: text, line: count },
  use: { scope: oneOf({ database: true, schema: true }), schema: text, line: count },
  'create-database': { name: text, line: count },
}

const change = byKind<SchemaChange>({
  ...changes,
  'create-routine': {
    schema: nullable(text),
    name: text,
    tables: routineTables,
    calls: list(text),
    changes: list(byKind<BodyChange>(changes)),
    line: count,
  },
})

export const scriptShape = object<ScriptReading>({
  changes: list(change),
  statements: list(object<ScriptStatement>({ line: count, verb: text, tables: routineTables })),
  diagnostics: list(diagnostic),
})

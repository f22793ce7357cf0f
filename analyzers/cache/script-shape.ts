/** The shape of what a schema script does: see `catalogue/types.ts`. */
import type { ScriptReading } from '../catalogue/statement.js'
import type {
  BodyChange,
  ForeignKeyDef,
  RoutineTable,
  SchemaChange,
  ScriptStatement,
  WrittenName,
} from '../catalogue/types.js'
import { column, diagnostic, op } from './map-shape.js'
import { bool, byKind, count, list, maybe, nullable, object, oneOf, only, pair, text } from './shape.js'

/** A name that a database may stand before. */
const written = { schema: nullable(text), database: maybe(text), name: text }

const routineTables = list(object<RoutineTable>({ ...written, op }))

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
    ...written,
    columns: list(column),
    primaryKey: list(text),
    foreignKeys,
    like: nullable(object({ ...written, loose: bool, keys: bool })),
    ifNotExists: bool,
    temporary: bool,
    line: count,
  },
  'create-view': {
    ...written,
    reads: list(object<WrittenName>(written)),
    line: count,
    materialized: maybe(only(true)),
  },
  'alter-table': {
    ...written,
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
    database: maybe(text),
    from: text,
    to: text,
    toSchema: nullable(text),
    line: count,
  },
  'drop-table': { ...written, line: count },
  call: { schema: nullable(text), name: text, line: count },
  'create-trigger': {
    name: text,
    table: text,
    schema: nullable(text),
    database: maybe(text),
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
    ...written,
    tables: routineTables,
    parts: maybe(list(list(count))),
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

/** The shapes of `SqlStatement` and `ExecutedSql`: see `sql/types.ts` and `link/statements.ts`. */
import type { ExecutedSql, OnlyText, TransactionMark } from '../link/statements.js'
import type { RoutineRef, SqlStatement, TableRef } from '../sql/types.js'
import { confidence, op } from './map-shape.js'
import { bool, count, list, maybe, nullable, object, oneOf, text } from './shape.js'

const tables = list(
  object<TableRef>({
    name: text,
    schema: nullable(text),
    database: maybe(text),
    schemaLike: maybe(text),
    op,
    system: bool,
    ofWith: maybe(bool),
  }),
)
const routines = list(object<RoutineRef>({ name: text, schema: nullable(text), database: maybe(text) }))

const parts = list(list(count))

const statement = object<SqlStatement>({
  verb: text,
  text,
  offset: count,
  tables,
  parts: maybe(parts),
  ctes: maybe(list(text)),
  routines,
  transaction: nullable(oneOf({ begin: true, commit: true, rollback: true })),
  confidence,
  parser: text,
  unknownTables: list(object({ code: text })),
})

export const statementsShape = list(statement)

/** What the executions of a file do. */
export interface ExecutedTexts {
  /** Their dialects and texts, as `textsKeyOf` tells. */
  keys: string[]
  /** Null for what is no statement. */
  found: (KeptSql | null)[]
}

/** The only text is nearly always the one that is shown, and then not kept twice. */
export interface KeptSql extends Omit<ExecutedSql, 'onlyText'> {
  onlyText: (Omit<OnlyText, 'text'> & { text: string | null }) | null
}

export const executedShape = object<ExecutedTexts>({
  keys: list(text),
  found: list(
    nullable(
      object<KeptSql>({
        sql: text,
        tables,
        added: list(text),
        changed: list(text),
        routines,
        parts: maybe(parts),
        procedures: list(text),
        definitions: maybe(list(count)),
        isCut: bool,
        transaction: nullable(oneOf<TransactionMark>({ begin: true, end: true, whole: true })),
        unknownTables: list(text),
        confidence,
        onlyText: nullable(
          object<{ text: string | null; repeats: number[] }>({ text: nullable(text), repeats: list(count) }),
        ),
      }),
    ),
  ),
})

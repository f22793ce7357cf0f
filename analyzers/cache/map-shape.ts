/** The shape of the map: see `model.ts`. */
import type {
  Access,
  AccessTable,
  Column,
  Coverage,
  CrossTransaction,
  Datastore,
  DependencyMap,
  Diagnostic,
  Dialect,
  Edge,
  Evidence,
  ForeignKey,
  Op,
  SchemaStatement,
  Service,
  Table,
  Unresolved,
  UnusedFile,
} from '../model.js'
import { bool, count, list, maybe, nullable, object, oneOf, only, record, type Shape, text } from './shape.js'

export const diagnostic = object<Diagnostic>({
  severity: oneOf({ error: true, warning: true, info: true }),
  code: text,
  message: text,
  file: nullable(text),
  line: nullable(count),
})

export const op = oneOf<Op>({ read: true, write: true, ddl: true })
export const confidence = oneOf<Access['confidence']>({ exact: true, partial: true, tokens: true })

const evidence = list(object<Evidence>({ file: text, line: count, reason: text }))

export const dialect = oneOf<Dialect>({
  postgresql: true,
  mysql: true,
  sqlite: true,
  mssql: true,
  snowflake: true,
  clickhouse: true,
  bigquery: true,
  unknown: true,
})

export const column = object<Column>({ name: text, type: text, nullable: bool })

const table = object<Table>({
  id: text,
  datastore: text,
  schema: nullable(text),
  name: text,
  kind: oneOf({ table: true, view: true }),
  owner: nullable(text),
  ownerConfidence: oneOf({
    config: true,
    migration: true,
    database: true,
    'only-writer': true,
    'only-adder': true,
    open: true,
  }),
  evidence,
  columns: list(column),
  primaryKey: list(text),
  definedAt: nullable(object({ file: text, line: count })),
  formerIds: maybe(list(text)),
})

const accessTable = object<AccessTable>({
  table: text,
  schema: nullable(text),
  id: nullable(text),
  op,
  owner: nullable(text),
  crossService: bool,
  system: maybe(only(true)),
  via: maybe(text),
  apart: maybe(only(true)),
})

const access = object<Access>({
  id: text,
  service: text,
  reachedBy: list(text),
  reachedVia: oneOf({ own: true, import: true }),
  file: text,
  line: count,
  column: count,
  endLine: count,
  sqlLine: count,
  sqlFile: text,
  driver: text,
  kind: oneOf({ sql: true, orm: true, mongo: true, proc: true }),
  sql: nullable(text),
  confidence,
  transaction: nullable(text),
  datastore: nullable(text),
  migration: maybe(only(true)),
  crossServiceJoin: bool,
  tables: list(accessTable),
})

export const mapShape: Shape<DependencyMap> = object<DependencyMap>({
  schemaVersion: only(1),
  services: list(
    object<Service>({ name: text, path: text, kind: oneOf({ service: true, library: true }), evidence }),
  ),
  datastores: list(object<Datastore>({ id: text, dialect, evidence })),
  tables: list(table),
  accesses: list(access),
  unresolved: list(object<Unresolved>({ file: text, line: count, service: text, reason: text, text })),
  unusedFiles: list(object<UnusedFile>({ file: text, service: text, importedBy: list(text) })),
  foreignKeys: list(
    object<ForeignKey>({
      from: text,
      fromColumns: list(text),
      to: text,
      toColumns: list(text),
      crossService: bool,
      file: text,
      line: count,
    }),
  ),
  transactions: list(
    object<CrossTransaction>({
      service: text,
      begin: text,
      owners: list(text),
      tables: list(text),
      accesses: list(text),
    }),
  ),
  schemaStatements: list(
    object<SchemaStatement>({
      service: text,
      file: text,
      line: count,
      verb: text,
      tables: list(accessTable),
    }),
  ),
  edges: list(
    object<Edge>({
      from: text,
      to: text,
      table: text,
      reads: count,
      writes: count,
      ddl: count,
      joins: count,
    }),
  ),
  coverage: object<Coverage>({ files: count, lines: count, leftOut: record(count) }),
  diagnostics: list(diagnostic),
})

/**
 * The shape of `seamripper.operations.json`. Anybody may have changed it, and what it says becomes names of files and
 * code that is run: every value is checked before it is believed.
 */
import {
  bool,
  byKind,
  count,
  list,
  maybe,
  nullable,
  object,
  oneOf,
  only,
  type Shape,
  text,
} from '../analyzers/cache/shape.js'
import type {
  AloneUse,
  CallStatement,
  DriverOptions,
  Endpoint,
  FoundDifferent,
  Join,
  Operation,
  OperationFile,
  OperationUse,
  OwnPart,
  Parameter,
  ParameterType,
  Rank,
  ResultColumn,
  RowColumn,
  StatementPart,
} from './operation.js'
import type { OptionalPart, TemplatePart } from './site/template.js'
import type { Face, NativeType, ScalarKind, WireType } from './wire.js'

/** An identifier, and a part of a file's name. */
const name = ((value: unknown) =>
  typeof value === 'string' && /^[a-z][A-Za-z0-9]{0,99}$/.test(value)) as Shape<string>

const eventType = ((value: unknown) =>
  typeof value === 'string' && /^[\w-]+(?:\.\w+){2}$/.test(value)) as Shape<string>

const scalarKind = oneOf<ScalarKind>({
  boolean: true,
  integer: true,
  bigint: true,
  float: true,
  text: true,
  uuid: true,
  date: true,
  time: true,
  timestamp: true,
  instant: true,
  bytes: true,
  json: true,
})

const scalar = object<{ kind: ScalarKind; native?: NativeType }>({
  kind: scalarKind,
  native: maybe(
    oneOf<NativeType>({ bit: true, set: true, oid: true, money: true, macaddr: true, tsvector: true }),
  ),
})
const decimal = object<{ kind: 'decimal'; scale: number | null }>({
  kind: oneOf<'decimal'>({ decimal: true }),
  scale: nullable(count),
})

const wireType: Shape<WireType> = ((value: unknown) =>
  scalar(value) || decimal(value) || array(value)) as Shape<WireType>

const array = object<{ kind: 'array'; of: WireType }>({
  kind: oneOf<'array'>({ array: true }),
  of: ((value: unknown) => wireType(value)) as Shape<WireType>,
})

const listType = object<{ kind: 'list'; of: WireType }>({
  kind: oneOf<'list'>({ list: true }),
  of: wireType,
})
const flag = object<{ kind: 'flag' }>({ kind: oneOf<'flag'>({ flag: true }) })
const choice = object<{ kind: 'choice'; values: string[]; isQuoted?: true }>({
  kind: oneOf<'choice'>({ choice: true }),
  values: list(text),
  isQuoted: maybe(only(true)),
})
const rows = object<{ kind: 'rows'; columns: RowColumn[] }>({
  kind: oneOf<'rows'>({ rows: true }),
  columns: list(object<RowColumn>({ name, type: wireType, column: nullable(text) })),
})
const parameterType = ((value: unknown) =>
  wireType(value) || listType(value) || flag(value) || choice(value) || rows(value)) as Shape<ParameterType>

const part: Shape<StatementPart> = byKind<StatementPart>({
  text: { text },
  parameter: { parameter: name, list: maybe(only(true)) },
  optional: { when: name, parts: ((value: unknown) => list(part)(value)) as Shape<StatementPart[]> },
  joined: { separator: text, parts: ((value: unknown) => list(part)(value)) as Shape<StatementPart[]> },
  choice: { parameter: name },
  rows: { parameter: name, parts: ((value: unknown) => list(part)(value)) as Shape<StatementPart[]> },
})

const face = oneOf<Face>({
  boolean: true,
  number: true,
  string: true,
  bigint: true,
  Date: true,
  Buffer: true,
  json: true,
  array: true,
  'number or string': true,
  'local Date': true,
})

const optionalPart = {
  test: text,
  parts: ((value: unknown) => list(templatePart)(value)) as Shape<TemplatePart[]>,
}
const templatePart: Shape<TemplatePart> = byKind<TemplatePart>({
  text: { text },
  value: { slot: count, code: text, list: maybe(only(true)) },
  optional: optionalPart,
  joined: { separator: text, parts: list(byKind<OptionalPart>({ optional: optionalPart })) },
  choice: {
    slot: count,
    code: text,
    values: list(text),
    isQuoted: maybe(only(true)),
    isTold: maybe(only(true)),
    isWide: maybe(only(true)),
  },
  rows: { code: text, parts: ((value: unknown) => list(templatePart)(value)) as Shape<TemplatePart[]> },
})

const before = object<CallStatement>({
  parts: list(templatePart),
  values: maybe(list(text)),
  arguments: list(object<CallStatement['arguments'][number]>({ name, code: text })),
})

const strategy = oneOf<OperationUse['strategy']>({ lift: true, split: true, event: true })

const split = object<OwnPart>({
  text,
  variants: maybe(list(object<NonNullable<OwnPart['variants']>[number]>({ before: text, text }))),
  method: oneOf<Operation['method']>({ query: true, execute: true }),
  tables: list(text),
  gone: list(count),
  first: maybe(
    object<NonNullable<OwnPart['first']>>({
      operation: text,
      values: list(object<{ name: string; place: number }>({ name, place: count })),
      grows: maybe(only(true)),
    }),
  ),
  spare: maybe(list(text)),
  held: maybe(list(object<NonNullable<OwnPart['held']>[number]>({ table: text, column: text }))),
  order: maybe(
    list(
      object<Rank>({
        column: text,
        nulls: maybe(oneOf<NonNullable<Rank['nulls']>>({ first: true, last: true })),
      }),
    ),
  ),
  joins: list(
    object<OwnPart['joins'][number]>({
      kind: oneOf<Join['kind']>({ inner: true, left: true, semi: true, anti: true }),
      ownKey: text,
      addedKey: bool,
      foreignKey: text,
      parameter: name,
      columns: list(object<Join['columns'][number]>({ name: text, column: text })),
      isRanked: maybe(only(true)),
      operation: text,
      values: list(object<OwnPart['joins'][number]['values'][number]>({ name, place: count })),
    }),
  ),
})

const use = object<OperationUse>({
  service: text,
  file: text,
  access: text,
  strategy,
  driver: text,
  faces: list(face),
  options: object<DriverOptions>({
    dateStrings: maybe(bool),
    decimalNumbers: maybe(bool),
    decimalAsNumber: maybe(bool),
    bigIntAsNumber: maybe(bool),
    insertIdAsNumber: maybe(bool),
    supportBigNumbers: maybe(bool),
    bigNumberStrings: maybe(bool),
    timezone: maybe(text),
  }),
  before: maybe(before),
  split: maybe(split),
})

const operation = object<Operation>({
  id: text,
  name,
  owner: text,
  uses: list(use),
  datastore: text,
  dialect: oneOf<Operation['dialect']>({ mysql: true, postgresql: true }),
  driver: text,
  method: oneOf<Operation['method']>({ query: true, execute: true }),
  statement: list(part),
  parameters: list(object<Parameter>({ name, type: parameterType, optional: bool, column: nullable(text) })),
  columns: list(object<ResultColumn>({ name: text, type: wireType, nullable: bool })),
  kind: oneOf<Operation['kind']>({ rows: true, one: true, count: true, write: true }),
  idempotent: bool,
  reference: bool,
  tables: list(text),
  writes: maybe(list(text)),
  endpoint: nullable(
    object<Endpoint>({
      method: oneOf<Endpoint['method']>({ GET: true, POST: true, PUT: true, PATCH: true, DELETE: true }),
      path: text,
      answer: oneOf<Endpoint['answer']>({ object: true, list: true }),
      field: nullable(text),
    }),
  ),
  event: nullable(eventType),
})

export const operationFile: Shape<OperationFile> = object<OperationFile>({
  schemaVersion: only(1),
  operations: list(operation),
  alone: maybe(
    list(
      object<AloneUse>({
        dialect: oneOf<AloneUse['dialect']>({ mysql: true, postgresql: true }),
        use,
      }),
    ),
  ),
  different: maybe(
    list(object<FoundDifferent>({ id: text, name: text, consumer: text, strategy, shown: list(text) })),
  ),
})

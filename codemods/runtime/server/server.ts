/** Runs this service's operations for other services: checks what comes in, and nothing but its own statements runs. */

/** Forms of values in JSON; NULL is null in all of them. */
export type Kind =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'decimal'
  | 'float'
  | 'text'
  | 'uuid'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'instant'
  | 'bytes'
  | 'json'
  | `${string}[]`

/**
 * A parameter's form; `list` of values for `IN (…)`, `flag` for a part of the statement that is there or not, `choice`
 * for one of `texts`, by what the caller says, which stands in the statement.
 */
export interface ParameterSpec {
  kind: Kind | 'flag' | 'choice' | 'rows'
  /** Of rows to be added, in their order. */
  columns?: Record<string, Kind>
  texts?: Record<string, string>
  list?: true
  optional?: true
}

/** A bound value. */
export type Bound = string | number | boolean | null | Uint8Array | Bound[]

/** The parameters of a request. */
export type Given = Record<string, Bound | Fragment | undefined>

/** A statement and its values, apart: values are never written into the text. */
export interface Statement {
  text: string
  values: Bound[]
}

export interface OperationSpec {
  name: string
  kind: 'rows' | 'one' | 'count' | 'write'
  /** MySQL: how the driver runs it. */
  method: 'query' | 'execute'
  parameters: Record<string, ParameterSpec>
  /** Columns of the rows in order; `decimal(2)` has two digits behind the point. */
  columns: Record<string, Kind | `decimal(${number})`>
  statement: (given: Given) => Fragment
}

export interface RunResult {
  rows: Record<string, unknown>[]
  /** What a write did, as the driver tells it. */
  result: Record<string, unknown> | null
}

/** As the driver tells it, for the caller's code may look at it; no text, which has values of rows in it. */
export interface DatabaseRefusal {
  code: string
  /** MySQL's. */
  errno?: number
  sqlState?: string
  /** PostgreSQL's name of the constraint. */
  constraint?: string
}

/** How statements are written for a database, and run. */
export interface Database {
  placeholder(position: number): string
  run(operation: OperationSpec, statement: Statement): Promise<RunResult>
  /** What the database said of a statement that it refused: a key that is there already, a column that is not. Null for other errors. */
  refusal(error: unknown): DatabaseRefusal | null
  /** A column's value as it travels. */
  encode(value: unknown, kind: string): unknown
}

/** Text with values in it, not yet numbered. */
export interface Fragment {
  strings: readonly string[]
  parts: readonly (Bound | Fragment)[]
}

const FRAGMENTS = new WeakSet<object>()

function fragment(strings: readonly string[], parts: readonly (Bound | Fragment)[]): Fragment {
  const made = { strings, parts }
  FRAGMENTS.add(made)
  return made
}

/** Text of a statement: what stands in `${…}` is bound, unless it is a fragment itself. */
export function sql(strings: TemplateStringsArray, ...parts: (Bound | Fragment | undefined)[]): Fragment {
  return fragment(
    strings,
    parts.map(part => part ?? null),
  )
}

/** The values of `IN (…)`. */
export function list(values: Bound | Fragment | undefined): Fragment {
  const items: (Bound | Fragment)[] = Array.isArray(values) ? values : [values ?? null]
  return fragment(['', ...items.slice(1).map(() => ', '), ''], items)
}

/** A part of a statement for each row that is added, with commas between. */
export function eachRow(rows: Bound | Fragment | undefined, part: (row: Bound[]) => Fragment): Fragment {
  const parts = (rows as Bound[][]).map(part)
  return fragment(['', ...parts.slice(1).map(() => ', '), ''], parts)
}

/** A part of a statement that is there under a condition. */
export function when(condition: boolean, part: Fragment): Fragment {
  return condition ? part : fragment([''], [])
}

/** Those of the parts that are there, with a separator between them. */
export function joined(separator: Fragment, ...parts: Fragment[]): Fragment {
  const there = parts.filter(isThere)
  const between = there.flatMap((part, at) => (at === 0 ? [part] : [separator, part]))
  return fragment(['', ...between.map(() => '')], between)
}

function isThere({ strings, parts }: Fragment): boolean {
  return parts.length > 0 || strings.join('') !== ''
}

function isFragment(part: Bound | Fragment): part is Fragment {
  return typeof part === 'object' && part !== null && FRAGMENTS.has(part)
}

/** Writes a fragment out with the placeholders of the database. */
export function render(root: Fragment, placeholder: (position: number) => string): Statement {
  let text = ''
  const values: Bound[] = []
  const write = ({ strings, parts }: Fragment): void => {
    strings.forEach((string, at) => {
      text += string
      const part = parts[at]
      if (at >= parts.length || part === undefined) return
      if (isFragment(part)) write(part)
      else {
        values.push(part)
        text += placeholder(values.length)
      }
    })
  }
  write(root)
  return { text, values }
}

export interface ServerOptions {
  database: Database
  operations: readonly OperationSpec[]
  /** Keys that callers may show. */
  apiKeys: readonly string[]
  /** Told of what went wrong; the caller is told that something did. */
  onError?: (error: unknown, operation: string) => void
}

export interface Request {
  /** Null for a request with many reads in it. */
  operation: string | null
  apiKey: string | undefined
  /** Parsed JSON. */
  body: unknown
}

export interface Answer {
  status: number
  contentType: 'application/json' | 'application/problem+json'
  body: unknown
}

const MAX_TEXT = 1_000_000
const MAX_ITEMS = 10_000
const MAX_CALLS = 100

/** A function that answers one request. */
export function createServer(options: ServerOptions): (request: Request) => Promise<Answer> {
  const operations = new Map(options.operations.map(operation => [operation.name, operation]))
  const keys = options.apiKeys.filter(key => key !== '')
  if (keys.length === 0) throw new Error('No API key is set: nobody could call, or everybody')

  async function answerOne(name: string, body: unknown): Promise<Answer> {
    const operation = operations.get(name)
    if (!operation) return problem(404, 'There is no such operation')
    const given = readParameters(operation, body)
    if (typeof given === 'string') return problem(400, given)
    try {
      const statement = render(operation.statement(given), options.database.placeholder)
      const { rows, result } = await options.database.run(operation, statement)
      const encoded = rows.map(row => encodeRow(row, operation, options.database))
      return {
        status: 200,
        contentType: 'application/json',
        body: operation.kind === 'write' ? { result, rows: encoded } : { rows: encoded },
      }
    } catch (error) {
      options.onError?.(error, name)
      const refusal = options.database.refusal(error)
      return refusal === null
        ? problem(500, 'The operation failed')
        : problem(409, 'The database refused it', refusal)
    }
  }

  /** Many reads, each as if it had come alone. */
  async function answerMany(body: unknown): Promise<Answer> {
    const calls = typeof body === 'object' && body !== null && 'calls' in body ? body.calls : null
    if (!Array.isArray(calls) || calls.length === 0 || calls.length > MAX_CALLS) {
      return problem(400, 'The body has no list of calls, or too many')
    }
    if (!hasOnly(body, ['calls'])) return problem(400, 'The body has unknown fields')
    const answers = await Promise.all((calls as unknown[]).map(answerCall))
    return { status: 200, contentType: 'application/json', body: { answers } }
  }

  async function answerCall(call: unknown): Promise<unknown> {
    if (!hasOnly(call, ['operation', 'parameters']))
      return { problem: problem(400, 'A call has unknown fields').body }
    const { operation, parameters } = (call ?? {}) as { operation?: unknown; parameters?: unknown }
    const known = typeof operation === 'string' ? operations.get(operation) : undefined
    const answered =
      known && known.kind !== 'write'
        ? await answerOne(known.name, parameters)
        : problem(404, 'There is no such operation that reads')
    return answered.status === 200 ? answered.body : { problem: answered.body }
  }

  return async ({ operation, apiKey, body }) => {
    if (apiKey === undefined || !keys.some(key => sameText(key, apiKey))) {
      return problem(401, 'The API key is missing or wrong')
    }
    return operation === null ? answerMany(body) : answerOne(operation, body)
  }
}

function hasOnly(value: unknown, names: string[]): boolean {
  return typeof value === 'object' && Object.keys(value ?? {}).every(name => names.includes(name))
}

export function problem(status: number, title: string, refusal?: DatabaseRefusal): Answer {
  return {
    status,
    contentType: 'application/problem+json',
    body: { type: 'about:blank', status, title, ...refusal },
  }
}

/** Compares in a time that does not tell where two texts differ. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at % (b.length || 1))
  return difference === 0
}

function encodeRow(
  row: Record<string, unknown>,
  operation: OperationSpec,
  database: Database,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(operation.columns).map(([name, kind]) => {
      const value = row[name]
      return [name, value === null || value === undefined ? null : database.encode(value, kind)]
    }),
  )
}

/** The parameters of a request, or what is wrong with it. */
export function readParameters(operation: OperationSpec, body: unknown): Given | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'The body is no JSON object'
  const sent = new Map(Object.entries(body))
  const known = new Set(Object.keys(operation.parameters))
  for (const name of sent.keys()) {
    if (!known.has(name)) return 'The body has a field that the operation does not know'
  }
  const given: Given = {}
  for (const [name, spec] of Object.entries(operation.parameters)) {
    const value = sent.get(name)
    if (value === undefined) {
      if (!spec.optional) return `The parameter ${name} is missing`
      continue
    }
    const bound = spec.columns
      ? readRows(value, spec.columns)
      : spec.texts
        ? readChoice(value, spec.texts)
        : spec.list
          ? readList(value, spec)
          : readValue(value, spec.kind)
    if (bound === undefined) return `The parameter ${name} is no ${spec.list ? 'list of ' : ''}${spec.kind}`
    given[name] = bound
  }
  return given
}

/** Nothing but these texts gets into a statement. */
function readChoice(value: unknown, texts: Record<string, string>): Fragment | undefined {
  const text = typeof value === 'string' ? new Map(Object.entries(texts)).get(value) : undefined
  return text === undefined ? undefined : fragment([text], [])
}

function readList(value: unknown, spec: ParameterSpec): Bound | undefined {
  if (value === null) return [null]
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ITEMS) return undefined
  const items = value.map(item => readValue(item, spec.kind))
  return items.some(item => item === undefined) ? undefined : (items as Bound[])
}

/** The values of each row, in the order of the columns. */
function readRows(value: unknown, columns: Record<string, Kind>): Bound | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ITEMS) return undefined
  const kinds = Object.entries(columns)
  const names = kinds.map(([name]) => name)
  const rows = value.map((row: unknown) => {
    if (row === null || Array.isArray(row) || !hasOnly(row, names)) return [undefined]
    const sent = new Map(Object.entries(row as object))
    return kinds.map(([name, kind]) => (sent.has(name) ? readValue(sent.get(name), kind) : undefined))
  })
  return rows.some(row => row.includes(undefined)) ? undefined : (rows as Bound[][])
}

/** The database decides what a text means as a number or a date, as it did for the caller's own driver. */
function readValue(value: unknown, kind: string): Bound | undefined {
  if (value === null) return kind === 'flag' ? undefined : null
  if (kind === 'flag') return typeof value === 'boolean' ? value : undefined
  if (kind.endsWith('[]')) return readArray(value, kind.slice(0, -2), 1)
  switch (typeof value) {
    case 'string':
      if (value.length > MAX_TEXT) return undefined
      return kind === 'bytes' ? bytesOf(value) : value
    case 'number':
      return Number.isFinite(value) ? value : undefined
    case 'boolean':
      return value
    default:
      return undefined
  }
}

/** Of PostgreSQL, which has up to six dimensions. */
function readArray(value: unknown, kind: string, depth: number): Bound | undefined {
  if (!Array.isArray(value) || value.length > MAX_ITEMS || depth > 6) return undefined
  const items = value.map(item =>
    Array.isArray(item) ? readArray(item, kind, depth + 1) : readValue(item, kind),
  )
  return items.some(item => item === undefined) ? undefined : (items as Bound[])
}

function bytesOf(base64: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : undefined
}

/** How operations of other services are called. */

/** What a parameter takes: what the driver took for it before. */
export type TextInput = string | number | bigint | boolean | Date | null | undefined
export type NumberInput = number | bigint | string | boolean | null | undefined
export type BooleanInput = boolean | number | string | null | undefined
export type TimeInput = Date | string | number | null | undefined
export type BytesInput = Uint8Array | string | null | undefined
export type JsonInput = unknown
export type ArrayInput = readonly unknown[] | string | null | undefined
/** A list for `IN (…)`: never empty. */
export type ListInput<Item> = readonly Item[] | Item

/** `kind` of the value in JSON, and what it becomes here. */
export type ColumnSpec = [kind: string, face: string]

export interface OperationCall {
  name: string
  idempotent: boolean
  reference: boolean
  /** Kind of each parameter; `text*` is a list of texts. */
  parameters: Record<string, string>
  columns: Record<string, ColumnSpec>
  /** What dates without a zone mean: `local`, `Z`, `+02:00`. */
  timezone: string
}

export interface Client {
  rows<Row>(operation: OperationCall, parameters: object): Promise<Row[]>
  /** What a write did, as the driver told it; `rows` are those of RETURNING. */
  write<Result>(operation: OperationCall, parameters: object): Promise<Result>
}

/** The owner refused the call: the key, or a parameter. */
export class RejectedError extends Error {
  override name = 'RejectedError'
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}

/** The owner could not be reached, or failed. */
export class UnavailableError extends Error {
  override name = 'UnavailableError'
}

export interface ClientOptions {
  service: string
  /** Environment variables that hold the address and the key. */
  urlVariable: string
  keyVariable: string
}

const TIMEOUT = 5_000

export function createClient({ service, urlVariable, keyVariable }: ClientOptions): Client {
  async function send(operation: OperationCall, parameters: object): Promise<Record<string, unknown>> {
    const base = process.env[urlVariable]
    if (!base) throw new UnavailableError(`${urlVariable} is not set: the address of ${service} is not known`)
    const url = `${base.replace(/\/+$/, '')}/api/v1/operations/${operation.name}`
    let response: Response
    let text: string
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': process.env[keyVariable] ?? '' },
        body: JSON.stringify(encodeParameters(operation, parameters)),
        signal: AbortSignal.timeout(TIMEOUT),
      })
      text = await response.text()
    } catch (error) {
      throw new UnavailableError(`${service} does not answer ${operation.name}`, { cause: error })
    }
    if (response.status >= 400 && response.status < 500) {
      throw new RejectedError(`${service} rejected ${operation.name}: ${titleOf(text)}`, response.status)
    }
    const answer = response.ok ? parse(text) : null
    if (!answer) throw new UnavailableError(`${service} answered ${operation.name} with ${response.status}`)
    return answer
  }
  return {
    async rows<Row>(operation: OperationCall, parameters: object): Promise<Row[]> {
      return decodeRows<Row>(operation, (await send(operation, parameters)).rows)
    },
    async write<Result>(operation: OperationCall, parameters: object): Promise<Result> {
      const { result, rows } = await send(operation, parameters)
      return {
        ...(result as object),
        ...(Array.isArray(rows) && { rows: decodeRows(operation, rows) }),
      } as Result
    },
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function titleOf(text: string): string {
  const title = parse(text)?.title
  return typeof title === 'string' ? title : 'no reason given'
}

function encodeParameters(operation: OperationCall, parameters: object): Record<string, unknown> {
  const given = new Map<string, unknown>(Object.entries(parameters))
  return Object.fromEntries(
    Object.entries(operation.parameters).flatMap(([name, kind]) => {
      const value = given.get(name)
      // Left out on purpose, unless the statement always has it: then it is NULL, as for the driver.
      if (value === undefined) return kind.endsWith('?') ? [] : [[name, null]]
      const plain = kind.replace(/\?$/, '')
      if (!plain.endsWith('*')) return [[name, encode(value, plain, operation.timezone)]]
      const items = Array.isArray(value) ? value : [value]
      return [[name, items.map(item => encode(item, plain.slice(0, -1), operation.timezone))]]
    }),
  )
}

function encode(value: unknown, kind: string, timezone: string): unknown {
  if (value === null || value === undefined) return null
  if (kind.endsWith('[]') && Array.isArray(value)) {
    return value.map(item => encode(item, kind.slice(0, -2), timezone))
  }
  if (value instanceof Date) return kind === 'instant' ? value.toISOString() : dateText(value, timezone)
  if (kind === 'bytes') return Buffer.from(value as Uint8Array | string).toString('base64')
  if (kind === 'json') return typeof value === 'string' ? value : JSON.stringify(value)
  return typeof value === 'bigint' ? String(value) : value
}

function decodeRows<Row>(operation: OperationCall, rows: unknown): Row[] {
  if (!Array.isArray(rows)) throw new UnavailableError(`${operation.name} was not answered with rows`)
  return rows.map(
    row =>
      Object.fromEntries(
        Object.entries(operation.columns).map(([name, column]) => [
          name,
          decode((row as Record<string, unknown>)[name], column, operation.timezone),
        ]),
      ) as Row,
  )
}

/** A value as the driver gave it before. */
function decode(value: unknown, [kind, face]: ColumnSpec, timezone: string): unknown {
  if (value === null || value === undefined) return null
  if (kind.endsWith('[]') && Array.isArray(value)) {
    return value.map(item => decode(item, [kind.slice(0, -2), face], timezone))
  }
  switch (face) {
    case 'number':
      return Number(value)
    case 'bigint':
      return BigInt(value as string)
    case 'number or string':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    case 'Date':
      return dateOf(String(value), kind, timezone)
    case 'Buffer':
      return Buffer.from(value as string, 'base64')
    default:
      return value
  }
}

/** A point in time from `2024-02-29 13:45:00`, in the zone that the connection had. */
function dateOf(text: string, kind: string, timezone: string): Date | number {
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  if (text === '-infinity') return Number.NEGATIVE_INFINITY
  if (kind === 'instant') return new Date(text)
  const [day, time = '00:00:00'] = text.split(' ')
  if (timezone === 'local') {
    const [year, month, date] = day!.split('-').map(Number)
    const [hours, minutes, seconds] = time.split(':').map(Number)
    const made = new Date(2000, 0, 1)
    made.setFullYear(year!, month! - 1, date!)
    const whole = Math.floor(seconds!)
    made.setHours(hours!, minutes!, whole, Math.floor((seconds! - whole) * 1000 + 1e-6))
    return made
  }
  return new Date(`${day}T${time}${timezone}`)
}

/** `2024-02-29 13:45:00.123`, in the zone that the connection had. */
function dateText(date: Date, timezone: string): string {
  if (timezone === 'local') {
    const two = (part: number): string => String(part).padStart(2, '0')
    const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
  }
  const sign = /^([+-])(\d{2}):?(\d{2})$/.exec(timezone)
  const offset = sign ? (Number(sign[2]) * 60 + Number(sign[3])) * (sign[1] === '-' ? -1 : 1) : 0
  return new Date(date.getTime() + offset * 60_000).toISOString().replace('T', ' ').replace('Z', '')
}

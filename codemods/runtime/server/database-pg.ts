/** Operations on PostgreSQL, by node-postgres. */
import type { Bound, Database, OperationSpec, RunResult, Statement } from './server.js'

interface QueryConfig {
  text: string
  values: Bound[]
  types: { getTypeParser: () => (value: string) => string }
}

/** A pool or client of `pg`; pg-promise has one as `db.$pool`. */
export interface Pg {
  query(config: QueryConfig): Promise<{ rows: unknown[]; rowCount: number | null; command: string }>
}

/** Every value as the server's text, whatever parsers the process has set: what travels does not depend on them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value }

/**
 * SQLSTATEs that are about a statement, and not about the connection or the server: a value that does not fit (22), a
 * constraint (23, 44), a deadlock (40), an unknown name (42), a lock that is held (55), a function's RAISE (P0).
 */
const OF_THE_STATEMENT = /^(?:2[23]|4[024]|55|P0)...$/

export function pgDatabase(pool: Pg): Database {
  return {
    placeholder: position => `$${position}`,
    async run(operation: OperationSpec, { text, values }: Statement): Promise<RunResult> {
      const { rows, rowCount, command } = await pool.query({ text, values, types: AS_TEXT })
      return {
        rows: rows as Record<string, unknown>[],
        result: operation.kind === 'write' ? { rowCount, command } : null,
      }
    },
    refusal(error) {
      const { code, constraint } = (error ?? {}) as Record<string, unknown>
      if (typeof code !== 'string' || !OF_THE_STATEMENT.test(code)) return null
      return { code, ...(typeof constraint === 'string' ? { constraint } : {}) }
    },
    encode: (value, kind) => encode(String(value), kind),
  }
}

function encode(text: string, kind: string): unknown {
  if (kind.endsWith('[]')) return readArray(text).map(item => encodeItem(item, kind.slice(0, -2)))
  switch (kind) {
    case 'boolean':
      return text === 't' || text === 'true'
    case 'integer':
      return Number(text)
    case 'float': {
      const number = Number(text)
      return Number.isFinite(number) ? number : text
    }
    case 'instant':
      return text
        .replace(' ', 'T')
        .replace(/([+-]\d{2})(?::?(\d{2}))?$/, (_, hours, minutes) => `${hours}:${minutes ?? '00'}`)
    case 'bytes':
      return Buffer.from(text.slice(2), 'hex').toString('base64')
    case 'json':
      return JSON.parse(text)
    default:
      return text
  }
}

type Item = string | null | Item[]

function encodeItem(item: Item, kind: string): unknown {
  if (item === null) return null
  return Array.isArray(item) ? item.map(each => encodeItem(each, kind)) : encode(item, kind)
}

/** `{1,NULL,"a b"}` */
function readArray(text: string): Item[] {
  let at = text.indexOf('{')
  const read = (): Item[] => {
    const items: Item[] = []
    at++
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at++
      else if (text[at] === '{') items.push(read())
      else if (text[at] === '"') items.push(readQuoted())
      else {
        const from = at
        while (at < text.length && text[at] !== ',' && text[at] !== '}') at++
        const word = text.slice(from, at)
        items.push(word === 'NULL' ? null : word)
      }
    }
    at++
    return items
  }
  const readQuoted = (): string => {
    let value = ''
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++
      value += text[at]
    }
    at++
    return value
  }
  return at === -1 ? [] : read()
}

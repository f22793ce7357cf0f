/** Values of the evaluator as plain data, and back: objects that others share are shared again. */
import { anything, list, type Shape } from '../../cache/shape.js'
import { driverNamed, isDriver } from './drivers-by-name.js'

/** An object, by what it is and what it holds: references to items before it. */
type Item =
  | ['plain', string | number | boolean | null]
  | ['driver', string]
  | ['array', ...number[]]
  | ['object' | 'map', ...(string | number)[]]

export type ValueData = Item[]

/** What it holds is checked when it is read. */
export const valuesShape = list(anything) as Shape<unknown[]> as Shape<ValueData>

/** A value that is larger is not kept: it would take longer to read than to make. */
const MAX_ITEMS = 5000
const MAX_DEPTH = 200

export interface ValueEncoder {
  items: ValueData
  /** Id of a value, for `decodeValues`; null where it is too large or holds itself. */
  idOf(value: unknown): number | null
}

export function createValueEncoder(): ValueEncoder {
  const items: ValueData = []
  const known = new Map<unknown, number>()
  const same = new Map<string, number>()
  const add = (value: unknown, item: Item): number => {
    // What is chosen of a choice is so wherever that very choice is, and nowhere else.
    const isItself = (value as { kind?: unknown } | null)?.kind === 'choice'
    const key = isItself ? '' : JSON.stringify(item)
    const id = same.get(key) ?? items.push(item) - 1
    if (!isItself) same.set(key, id)
    known.set(value, id)
    return id
  }
  const idOf = (value: unknown, depth = 0): number | null => {
    const found = known.get(value)
    if (found !== undefined) return found
    if (depth > MAX_DEPTH || items.length > MAX_ITEMS) return null
    if (typeof value !== 'object' || value === null)
      return add(value, ['plain', value as string | number | boolean | null])
    if (isDriver(value)) return add(value, ['driver', value.name])
    if (Array.isArray(value)) {
      const ids = value.map(each => idOf(each, depth + 1))
      return ids.every(id => id !== null) ? add(value, ['array', ...ids]) : null
    }
    const parts: (string | number)[] = []
    const entries =
      value instanceof Map ? value : Object.entries(value).filter(([, part]) => part !== undefined)
    for (const [key, part] of entries as Iterable<[string, unknown]>) {
      const id = idOf(part, depth + 1)
      if (id === null) return null
      parts.push(key, id)
    }
    return add(value, [value instanceof Map ? 'map' : 'object', ...parts])
  }
  return { items, idOf: value => idOf(value) }
}

/** All values; null where they are none. None holds itself, for each is made of those before it. */
export function decodeValues(items: ValueData): unknown[] | null {
  const values: unknown[] = []
  for (const item of items as unknown[]) {
    if (!Array.isArray(item)) return null
    const [kind, ...parts] = item
    if (kind === 'plain') values.push(parts[0])
    else if (kind === 'driver') values.push(driverNamed(parts[0]))
    else if (kind === 'array') values.push(parts.map(id => values[id]))
    else if (kind === 'map' || kind === 'object') {
      const entries: [string, unknown][] = []
      for (let at = 0; at < parts.length; at += 2) entries.push([parts[at], values[parts[at + 1]]])
      values.push(kind === 'map' ? new Map(entries) : Object.fromEntries(entries))
    } else return null
  }
  return values
}

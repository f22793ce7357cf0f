/**
 * Shapes of plain data. What comes from a cache may have been written by anyone: each value is checked before it is
 * believed to be of its type. `Shape<T>` names every field of T, so that a field added to T and forgotten here does
 * not compile.
 */
export type Shape<T> = (value: unknown) => value is T

export const text = ((value: unknown) => typeof value === 'string') as Shape<string>
export const bool = ((value: unknown) => typeof value === 'boolean') as Shape<boolean>
/** A whole number from 0: ids, offsets, lines, counts. */
export const count = ((value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= 0) as Shape<number>

/** One of these words; a record, so that none of the type can be forgotten. */
export function oneOf<T extends string>(words: Record<T, true>): Shape<T> {
  return ((value: unknown) => typeof value === 'string' && Object.hasOwn(words, value)) as Shape<T>
}

/** Exactly this. */
export function only<const T extends boolean | number>(wanted: T): Shape<T> {
  return ((value: unknown) => value === wanted) as Shape<T>
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return ((value: unknown) => value === null || shape(value)) as Shape<T | null>
}

export function list<T>(item: Shape<T>): Shape<T[]> {
  return ((value: unknown) => Array.isArray(value) && value.every(item)) as Shape<T[]>
}

/** A pair such as `[name, id]`. */
export function pair<A, B>(first: Shape<A>, second: Shape<B>): Shape<[A, B]> {
  return ((value: unknown) =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1])) as Shape<[A, B]>
}

/** An object used as a dictionary. */
export function record<T>(item: Shape<T>): Shape<Record<string, T>> {
  return ((value: unknown) => isObject(value) && Object.values(value).every(item)) as Shape<Record<string, T>>
}

type Fields<T> = { [K in keyof T]-?: Shape<Exclude<T[K], undefined>> }
type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** An object with exactly these fields. */
export function object<T extends object>(fields: Fields<T>, ...optional: OptionalKeys<T>[]): Shape<T> {
  const shapes = Object.entries(fields) as [string, Shape<unknown>][]
  const mayLack = new Set<string>(optional as string[])
  return ((value: unknown) => {
    if (!isObject(value)) return false
    let known = 0
    for (const [key, shape] of shapes) {
      if (!Object.hasOwn(value, key)) {
        if (!mayLack.has(key)) return false
      } else if (!shape(value[key])) return false
      else known++
    }
    return Object.keys(value).length === known
  }) as Shape<T>
}

/** One of several kinds of objects, told apart by their `kind`. */
export function byKind<T extends { kind: string }>(
  kinds: {
    [K in T['kind']]: Shape<Omit<Extract<T, { kind: K }>, 'kind'>>
  },
): Shape<T> {
  const shapes = new Map<unknown, Shape<unknown>>(Object.entries(kinds) as [string, Shape<unknown>][])
  return ((value: unknown) => {
    if (!isObject(value)) return false
    const { kind, ...rest } = value
    return shapes.get(kind)?.(rest) ?? false
  }) as Shape<T>
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

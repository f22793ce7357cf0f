/**
 * Shapes of plain data. What comes from a cache may have been written by anyone: each value is checked before it is
 * believed to be of its type. `Shape<T>` names every field of T, so that a field added to T and forgotten here does
 * not compile.
 */
export type Shape<T> = (value: unknown) => value is T

export const text = ((value: unknown) => typeof value === 'string') as Shape<string>
export const bool = ((value: unknown) => typeof value === 'boolean') as Shape<boolean>
/** What is checked later, when it is used. */
export const anything = (() => true) as unknown as Shape<unknown>
/** A whole number from 0: ids, offsets, lines, counts. */
export const count = ((value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= 0) as Shape<number>

/** A whole number. */
export const integer = ((value: unknown) => Number.isSafeInteger(value)) as Shape<number>

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

type Fields<T> = { [K in keyof T]-?: Shape<T[K]> }

/** A field that may be absent. */
export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return ((value: unknown) => value === undefined || shape(value)) as Shape<T | undefined>
}

/** An object with exactly these fields. */
export function object<T extends object>(fields: Fields<T>): Shape<T> {
  const shapes = Object.entries(fields) as [string, Shape<unknown>][]
  return ((value: unknown) => isObject(value) && hasFields(value, shapes, 0)) as Shape<T>
}

/** An object with at least these fields: what is read of a file that others know more of. */
export function having<T extends object>(fields: Fields<T>): Shape<T> {
  return ((value: unknown) =>
    isObject(value) &&
    Object.entries(fields).every(([name, shape]) => (shape as Shape<unknown>)(value[name]))) as Shape<T>
}

/** One of several kinds of objects, told apart by their `kind`. */
export function byKind<T extends { kind: string }>(
  kinds: {
    [K in T['kind']]: Fields<Omit<Extract<T, { kind: K }>, 'kind'>>
  },
): Shape<T> {
  const shapes = new Map<unknown, [string, Shape<unknown>][]>(
    Object.entries(kinds).map(([kind, fields]) => [kind, Object.entries(fields as object)]),
  )
  return ((value: unknown) => {
    const own = isObject(value) && Object.hasOwn(value, 'kind') ? shapes.get(value.kind) : undefined
    return own !== undefined && hasFields(value as Record<string, unknown>, own, 1)
  }) as Shape<T>
}

/** Whether all fields are as they should be, and there are no others but the `known` ones. */
function hasFields(
  value: Record<string, unknown>,
  shapes: [string, Shape<unknown>][],
  known: number,
): boolean {
  for (const [key, shape] of shapes) {
    // What is inherited, as `constructor` is, is of no shape.
    const field = value[key]
    if (!shape(field)) return false
    if (field !== undefined) known++
  }
  for (const _ in value) known--
  return known === 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

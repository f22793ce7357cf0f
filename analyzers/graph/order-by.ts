/** Text sorts by code unit, so that the order is the same on every machine. */
type Key = string | number

/**
 * A comparison for `sort` by several keys, first key first, all ascending; negate a number to sort it
 * descending.
 */
export function orderBy<T>(...keys: ((item: T) => Key)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const key of keys) {
      const left = key(a)
      const right = key(b)
      if (left < right) return -1
      if (left > right) return 1
    }
    return 0
  }
}

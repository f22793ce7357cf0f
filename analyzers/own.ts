/** Value of a record's own key: names come from the analysed code, and `constructor` is one. */
export function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** Names in a sentence: `a, b and c`. */
export function listed(names: readonly (string | null)[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

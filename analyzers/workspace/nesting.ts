/** Text nested deeper than people write it, which parsers that descend recursively do not survive. */

/** Far from where their recursion uses up the stack. */
const MAX_NESTING = 500
/** A level of YAML takes one column of indentation, or two characters: `- - ? a:`. */
const DEEP_LINE = new RegExp(`^[ \\t\\-?:]{${2 * MAX_NESTING}}`, 'm')

/** Whether brackets nest too deep; those in strings count as well. */
export function bracketsNestTooDeep(text: string): boolean {
  let depth = 0
  for (const [bracket] of text.matchAll(/[{}[\]]/g)) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1
    if (depth > MAX_NESTING) return true
  }
  return false
}

/**
 * Whether YAML nests too deep. Its parser would mostly throw a `RangeError`; but where a regular expression has to be
 * compiled with little of the stack left, V8 ends the process.
 */
export function yamlNestsTooDeep(text: string): boolean {
  return DEEP_LINE.test(text) || bracketsNestTooDeep(text)
}

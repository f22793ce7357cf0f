/** Names that texts speak of. */

/** How a text speaks of a name. */
interface Spoken {
  /** Anywhere. */
  words: Set<string>
  /** As a property: `x.name`, `{ name }`, `'name'`. */
  members: Set<string>
}

const WORD = /[A-Za-z_$][\w$]*/g

/**
 * @param names those that are looked for
 */
export function spokenOf(text: string, names: ReadonlySet<string>): Spoken {
  const words = new Set<string>()
  const members = new Set<string>()
  WORD.lastIndex = 0
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    const [name] = match
    if (!names.has(name)) continue
    words.add(name)
    if (!members.has(name) && isMember(text, match.index, WORD.lastIndex)) members.add(name)
  }
  return { words, members }
}

/** Whether a word stands behind a dot, in quotes, or between the braces or commas of names that are taken out of an object. */
function isMember(text: string, from: number, to: number): boolean {
  const before = neighbour(text, from - 1, -1)
  if (before === '.') return true
  const after = neighbour(text, to, 1)
  if (before === after && /['"`]/.test(before)) return true
  return /[{,]/.test(before) && /[},:=]/.test(after)
}

/** The next character that is no white space. */
function neighbour(text: string, from: number, step: 1 | -1): string {
  let at = from
  while (at >= 0 && at < text.length && /\s/.test(text[at]!)) at += step
  return text[at] ?? ''
}

/** Lists of what a file exports: `export { a, b }`, `module.exports = { a, b }`, `exports.a =`. */
const EXPORT_LIST =
  /\bexport\s*\{[^{}]*\}|\bmodule\.exports\s*=\s*\{[^{}]*\}|\b(?:module\.)?exports\.[\w$]+\s*=/g

/**
 * Names that a file speaks of besides declaring them, and listing them as what it exports.
 *
 * @param declared names of functions, classes and methods of the file itself
 */
export function spokenOfBesides(text: string, declared: ReadonlySet<string>): Spoken {
  const without = text.replace(EXPORT_LIST, ' ')
  const counts = new Map<string, number>()
  const members = new Set<string>()
  WORD.lastIndex = 0
  for (let match = WORD.exec(without); match !== null; match = WORD.exec(without)) {
    const [name] = match
    if (!declared.has(name)) continue
    counts.set(name, (counts.get(name) ?? 0) + 1)
    // A key of an object literal is where it is declared.
    if (neighbour(without, match.index - 1, -1) === '.') members.add(name)
  }
  return { words: new Set([...counts].filter(([, count]) => count > 1).map(([name]) => name)), members }
}

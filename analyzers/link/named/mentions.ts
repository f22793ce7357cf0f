/** Names that texts speak of. */

/** How a text speaks of a name. */
interface Spoken {
  /** Anywhere. */
  words: Set<string>
  /** As of what another file has: `x.name`, `'name'`, `{ name: other }`, or `{ name }` where the name stands once more. */
  members: Set<string>
  /** As an object of which any property may be meant: `name[key]`, `...name`, `Object.values(name)`. */
  objects: Set<string>
}

/** Names that are looked for. */
export interface Sought {
  names: ReadonlySet<string>
  /** Whether one of them begins with a character and is so long: `MAX_LENGTH` times its code, and the length. */
  shapes: Uint8Array
}

const MAX_LENGTH = 32
const shapeOf = (first: number, length: number): number =>
  (first & 127) * MAX_LENGTH + Math.min(length, MAX_LENGTH - 1)

export function seek(names: ReadonlySet<string>): Sought {
  const shapes = new Uint8Array(128 * MAX_LENGTH)
  for (const name of names) shapes[shapeOf(name.charCodeAt(0), name.length)] = 1
  return { names, shapes }
}

/** Characters of names: one look-up each, for all files are gone through in each run. */
const IN_NAME = new Uint8Array(128)
for (const each of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$')
  IN_NAME[each.charCodeAt(0)] = 1

/** Calls back for each of the names that stands somewhere as a word. */
function eachSpoken(
  text: string,
  { names, shapes }: Sought,
  found: (name: string, from: number, to: number) => void,
): void {
  for (let at = 0; at < text.length; at++) {
    const first = text.charCodeAt(at)
    if (first > 127 || IN_NAME[first] === 0) continue
    const from = at
    for (at++; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > 127 || IN_NAME[code] === 0) break
    }
    if (shapes[shapeOf(first, at - from)] === 0) continue
    const name = text.slice(from, at)
    if (names.has(name)) found(name, from, at)
  }
}

/** Names that a file speaks of, besides handing them on. */
export function spokenOf(whole: string, sought: Sought): Spoken {
  const words = new Set<string>()
  const members = new Set<string>()
  const objects = new Set<string>()
  /** Names that so far stand only where they are taken out of something. */
  const taken = new Set<string>()
  const text = whole.includes('export') ? whole.replace(EXPORT_LIST, ' ') : whole
  const isWithin = withinTexts(text)
  eachSpoken(text, sought, (name, from, to) => {
    if (!objects.has(name) && isAnyOf(text, from, to)) objects.add(name)
    if (!members.has(name)) {
      const isTaken = isShorthand(text, from, to)
      if (isTaken ? words.has(name) : taken.has(name) || isMember(text, from, to, isWithin)) members.add(name)
      // What is imported only to be exported is not run here.
      else if (isTaken) taken.add(name)
    }
    words.add(name)
  })
  return { words, members, objects }
}

/** Whether any property of what a word names may be meant. */
function isAnyOf(text: string, from: number, to: number): boolean {
  if (/^\s*(?:\?\.)?\s*\[\s*[^'"\s]/.test(text.slice(to, to + 20))) return true
  return /(?:\.\.\.|\bin\s|\bObject\.(?:keys|values|entries|assign)\()\s*$/.test(
    text.slice(Math.max(0, from - 30), from),
  )
}

/**
 * Whether a word stands behind a dot, in quotes, or between the braces or commas of names that are imported or taken out
 * of an object.
 */
function isMember(text: string, from: number, to: number, isWithin: Within): boolean {
  const before = neighbour(text, from - 1, -1)
  // The end of a text (`sql['users.find']`) is no property.
  if (before === '.') return !/^['"`]/.test(text.slice(to, to + 1))
  const after = neighbour(text, to, 1)
  // A value in a statement (`"… WHERE state = 'open'"`) is no key.
  if (before === after && /['"`]/.test(before))
    return text[from - 2] === '[' || before === '`' || !isWithin(from - 1, before === "'" ? '"' : "'")
  return /[{,]/.test(before) && (/[},:=]/.test(after) || /^\s+as\s/.test(text.slice(to, to + 20)))
}

/** Whether a place is within a text in these quotes, or in a template. */
type Within = (at: number, quote: '"' | "'") => boolean

/** To be asked from the begin to the end. Comments and templates in templates are not told from texts, so this is no more than likely. */
function withinTexts(text: string): Within {
  let seen = 0
  let isInTemplate = false
  const open = { '"': false, "'": false }
  return (at, quote) => {
    for (; seen < at; seen++) {
      const each = text[seen]
      if (each === '`') isInTemplate = !isInTemplate
      else if (each === '"' || each === "'") open[each] = !open[each]
      else if (each === '\n') {
        open['"'] = false
        open["'"] = false
      }
    }
    return isInTemplate || open[quote]
  }
}

/** Whether a word is a name in braces that stands for itself: `import { name }`, `const { name } = users`, `{ name }`. */
function isShorthand(text: string, from: number, to: number): boolean {
  return /[{,]/.test(neighbour(text, from - 1, -1)) && /[},]/.test(neighbour(text, to, 1))
}

/** The next character that is no white space. */
function neighbour(text: string, from: number, step: 1 | -1): string {
  let at = from
  while (at >= 0 && at < text.length && /\s/.test(text[at]!)) at += step
  return text[at] ?? ''
}

/** Lists of what a file exports: `export { a, b }`, `module.exports = { a, b: c }`, `exports.a =`. */
const EXPORT_LIST =
  /\bexport\s*\{[^{}]*\}|\bmodule\.exports\s*=\s*\{[\w$\s,:]*\}|\b(?:module\.)?exports\.[\w$]+\s*=/g

/**
 * Names that a file speaks of besides declaring them, and listing them as what it exports.
 *
 * @param declared names of functions, classes and methods of the file itself
 * @param inside how often a class speaks of itself, by its name
 */
export function spokenOfBesides(
  text: string,
  declared: ReadonlySet<string>,
  inside: ReadonlyMap<string, number> = new Map(),
): Pick<Spoken, 'words' | 'members'> {
  const without = text.replace(EXPORT_LIST, ' ')
  const counts = new Map<string, number>()
  const members = new Set<string>()
  eachSpoken(without, seek(declared), (name, from) => {
    counts.set(name, (counts.get(name) ?? 0) + 1)
    // A key of an object literal is where it is declared.
    if (neighbour(without, from - 1, -1) === '.') members.add(name)
  })
  const spoken = [...counts].filter(([name, count]) => count - (inside.get(name) ?? 0) > 1)
  return { words: new Set(spoken.map(([name]) => name)), members }
}

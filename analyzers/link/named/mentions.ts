/** Names that texts speak of. */

/** A place at which a text speaks of a name, besides declaring it and handing it on. */
export interface Mention {
  name: string
  at: number
  /** As of what another file or an object has: `x.name`, `'name'`, `{ name: other }`, or what such a name stands for. */
  isMember: boolean
}

/** How a text speaks of names. */
interface Spoken {
  /** Those that stand anywhere. */
  words: Set<string>
  mentions: Mention[]
  /** Objects of which any property may be meant: `name[key]`, `...name`, `Object.values(name)`. */
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

/**
 * Where a file speaks of names. Another file's function has to be imported, or taken out of an object: a word alone is
 * another thing of that name.
 *
 * @param own names of functions, classes and methods of the file itself
 */
export function spokenOf(whole: string, sought: Sought, own: ReadonlySet<string> = new Set()): Spoken {
  const words = new Set<string>()
  const objects = new Set<string>()
  const mentions: Mention[] = []
  const text = whole.includes('export') ? whole.replace(EXPORT_LIST, list => ' '.repeat(list.length)) : whole
  const isWithin = withinTexts(text)
  const isOfCollection = collectionMethods(text)
  /** Names that are taken out of something, each with the places at which it stands as a word alone. */
  const taken = new Map<string, number[]>()
  const alone: [name: string, at: number][] = []
  eachSpoken(text, sought, (name, from, to) => {
    words.add(name)
    if (!objects.has(name) && isAnyOf(text, from, to)) objects.add(name)
    if (isOfCollection(name, from)) return
    if (own.has(name)) {
      const isMember = neighbour(text, from - 1, -1) === '.'
      if (isMember || (!isDeclared(text, from, to) && !isInComment(text, from)))
        mentions.push({ name, at: from, isMember })
    } else if (isShorthand(text, from, to)) {
      const more = taken.get(name)
      // What is imported only to be exported is not run here.
      if (more) more.push(from)
      else taken.set(name, [])
    } else if (isMember(text, from, to, isWithin)) mentions.push({ name, at: from, isMember: true })
    else alone.push([name, from])
  })
  for (const [name, at] of alone) taken.get(name)?.push(at)
  for (const [name, places] of taken) for (const at of places) mentions.push({ name, at, isMember: true })
  return { words, mentions, objects }
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
  if (before === after && /['"`]/.test(before)) {
    if (isChosenBy(text, from - 1, to + 1)) return false
    return text[from - 2] === '[' || before === '`' || !isWithin(from - 1, before === "'" ? '"' : "'")
  }
  return /[{,]/.test(before) && (/[},:=]/.test(after) || /^\s+as\s/.test(text.slice(to, to + 20)))
}

/** Whether a text in quotes is what a value is compared with, or one that a type allows: `=== 'open'`, `'open' | 'closed'`. */
function isChosenBy(text: string, from: number, to: number): boolean {
  return (
    /(?:[!=]==?|\bcase|[^|]\||^\|)\s*$/.test(text.slice(Math.max(0, from - 20), from)) ||
    /^\s*(?:[!=]==?|\|(?!\|))/.test(text.slice(to, to + 20))
  )
}

/** Methods of `Map`, `Set` and the weak ones. */
const OF_COLLECTIONS = /^(?:get|set|has|add|delete|clear|forEach|keys|values|entries)$/
const RECEIVER = /([\w$]+)\s*[?!]?\.\s*$/

/** Whether a word is a method of what the file makes by `new Map()` and by nothing else; to be asked about one text. */
function collectionMethods(text: string): (name: string, from: number) => boolean {
  const known = new Map<string, boolean>()
  return (name, from) => {
    if (!OF_COLLECTIONS.test(name)) return false
    const receiver = RECEIVER.exec(text.slice(Math.max(0, from - 60), from))?.[1]
    if (receiver === undefined) return false
    const found = known.get(receiver) ?? isCollection(text, receiver)
    known.set(receiver, found)
    return found
  }
}

function isCollection(text: string, name: string): boolean {
  const word = name.replaceAll('$', '\\$')
  const declared = text.matchAll(
    new RegExp(`(?<![\\w$])${word}\\s*[?!]?(?::[^=;()\\n]*)?(=(?![=>])[^;\\n]*|[:)])`, 'g'),
  )
  const made = [...declared].map(([, value]) => value!)
  return made.length > 0 && made.every(value => /^=\s*new (?:Weak)?(?:Map|Set)\b/.test(value))
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

/** Whether a word is the name that a function, a class, a variable or an object's property is declared by. */
function isDeclared(text: string, from: number, to: number): boolean {
  if (/\b(?:const|let|var|class|function(?:\s*\*)?)\s+$/.test(text.slice(Math.max(0, from - 20), from)))
    return true
  return /[{,]/.test(neighbour(text, from - 1, -1)) && neighbour(text, to, 1) === ':'
}

/** Whether a word stands on a line of its own of a comment. */
function isInComment(text: string, from: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
  if (/^\s*\/\//.test(before)) return true
  return /^\s*\/?\*/.test(before) && text.lastIndexOf('/*', from) > text.lastIndexOf('*/', from)
}

/** Lists of what a file exports: `export { a, b }`, `module.exports = { a, b: c }`, `exports.a =`. */
const EXPORT_LIST =
  /\bexport\s*\{[^{}]*\}|\bmodule\.exports\s*=\s*\{[\w$\s,:]*\}|\b(?:module\.)?exports\.[\w$]+\s*=/g

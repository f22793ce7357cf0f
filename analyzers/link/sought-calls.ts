/** Calls of wrappers, looked for by name in the texts of files that are not read yet. */
import { groupBy } from '../graph/group-by.js'
import type { SourceFiles } from './files.js'
import type { FileOutline } from './outline.js'
import type { WrapperKind } from './trace/executions.js'

/** Names, as plain data, that make a file worth reading. */
export interface SoughtCalls {
  /** Functions and methods, of which a call is enough. */
  rare: string[]
  /** Methods called as many others are: a call counts only where SQL is spoken of, or one of `classes`. */
  common: string[]
  classes: string[]
  /** Classes whose constructor is a wrapper. */
  made: string[]
  /** Methods of statements that are kept by name: `statements.findUser.get(id)`. */
  ofKept: string[]
  /** Keys of objects under which wrappers stand: `queries['users.find'](id)`. */
  keys: string[]
}

/** A method's name that many things bear: calls of it are worth reading only where SQL or its class is spoken of. */
const COMMON_NAME = /^[a-z]{1,8}$/
const SPEAKS_OF_SQL = /quer(?:y|ies)|sql|statement|stmt/i

export function soughtCalls(
  wrappers: Map<string, WrapperKind>,
  ofKept: string[],
  source: SourceFiles,
  outlineOf: (file: string) => FileOutline,
): SoughtCalls {
  const names = [...withOtherNames(wrappers, source.touched().map(outlineOf))].filter(
    ([name, kind]) =>
      kind === 'key' || (/^[\w$]{2,}$/.test(name) && name !== 'constructor' && name !== 'default'),
  )
  const namesOf = (isOne: (name: string, kind: WrapperKind) => boolean): string[] =>
    names.flatMap(([name, kind]) => (isOne(name, kind) ? [name] : []))
  const isCommon = (name: string, kind: WrapperKind): boolean => kind === 'method' && COMMON_NAME.test(name)
  const common = namesOf(isCommon)
  return {
    rare: namesOf((name, kind) => kind !== 'class' && kind !== 'key' && !isCommon(name, kind)),
    common,
    classes: [...classesWith(new Set(common), source, outlineOf)].filter(name => /^\w{3,}$/.test(name)),
    made: namesOf((_, kind) => kind === 'class'),
    ofKept,
    keys: namesOf((_, kind) => kind === 'key'),
  }
}

/** Wrappers under all names that files which were read export them by: `export { run as execute } from './run'`. */
function withOtherNames(
  wrappers: Map<string, WrapperKind>,
  outlines: FileOutline[],
): Map<string, WrapperKind> {
  const all = new Map(wrappers)
  const othersOf = groupBy(
    outlines.flatMap(outline => outline.renamed),
    ([, name]) => name,
  )
  // One that is added is looked at as well, behind those that are there.
  for (const [name, kind] of all)
    for (const [as] of othersOf.get(name) ?? []) if (!all.has(as)) all.set(as, kind)
  return all
}

/** Whether a text has one of the calls. */
export function callsSome({
  rare,
  common,
  classes,
  made,
  ofKept,
  keys,
}: SoughtCalls): (text: string) => boolean {
  const anyOf = (names: string[], before: string, after: string, flags = ''): RegExp | null =>
    names.length === 0
      ? null
      : new RegExp(`${before}(?:${names.join('|').replaceAll('$', '\\$')})${after}`, flags)
  // Called, or given another name by which others call it.
  const aRare = anyOf(rare, '\\b', '(?:\\s*[(<`]|\\s+as\\s)')
  const aRenamed = anyOf(rare, '=\\s*', '\\s*(?:;|$)', 'm')
  const aCommon = anyOf(common, '\\b', '\\s*[(<`]')
  // Classes, and what is usually called like one of their objects: `UserRepository`, `userRepository`.
  const itsClass = anyOf(classes, '\\b', '\\b', 'i')
  const aKept = anyOf(ofKept, '\\.\\w+(?:\\s*\\?)?\\s*\\.', '\\s*\\(')
  const aMade = anyOf(made, '\\b(?:new|extends)\\s+(?:\\w+\\.)?', '\\b')
  const quoted = keys.flatMap(key => [`'${key}'`, `"${key}"`, `\`${key}\``])
  return text =>
    quoted.some(key => text.includes(key)) ||
    aRare?.test(text) ||
    aRenamed?.test(text) ||
    aMade?.test(text) ||
    aKept?.test(text) ||
    (aCommon?.test(text) && (SPEAKS_OF_SQL.test(text) || itsClass?.test(text))) ||
    false
}

/** Names of the classes that have one of these methods, and of those that extend them. */
function classesWith(
  methods: Set<string>,
  source: SourceFiles,
  outlineOf: (file: string) => FileOutline,
): Set<string> {
  const names = new Set<string>()
  const add = ({ file, cls }: { file: string; cls: number }, depth = 0): void => {
    const name = outlineOf(file).classes[cls]?.name
    if (name) names.add(name)
    if (depth < 10) for (const each of source.subclasses(file, cls) ?? []) add(each, depth + 1)
  }
  for (const { file, classes } of source.touched().map(outlineOf)) {
    classes.forEach((each, cls) => {
      if (each.methods.some(method => methods.has(method))) add({ file, cls })
    })
  }
  return names
}

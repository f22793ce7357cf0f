/** By which names code has to speak of a function before it can run it. */
import type { FileFacts, FunctionFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { lineAt } from '../../extract/positions.js'

/** A name without which nobody runs what stands in a function. */
export interface Guard {
  name: string
  /** It is a property's, so that only `x.name`, a key or a name taken out of an object can mean it. */
  isMember: boolean
  /** The name of the object that it is a property of: who takes that by a computed key need not speak of it. */
  holder?: string
  /** The file is the only one that can mean it: a function or class that it does not export. */
  only?: string
}

/** What has to be known of a file besides its facts. */
export interface GuardedFile {
  facts: FileFacts
  /** The lines of its text. */
  lines: readonly string[]
  /** Whether an import of it leads to a file of the repository. */
  isOwn(module: string): boolean
  /** Whether another file hands on an export of this name under another one. */
  isRenamed(name: string): boolean
}

/** Names of methods that are called by who does not name them, and keys that are no names (`'users.find'`). */
const CALLED_BY_FRAMEWORKS = /^(?:on[A-Z]\w*|constructor|default|then|toString|toJSON|valueOf|.*[^\w$].*)?$/

/**
 * The names that stand around a function, from the inside: of itself, if it is a method, a property of an object that is
 * handed out, or declared at the top of its file, and of the class or the functions around it. A callback has none.
 */
export function createGuards(file: GuardedFile): (fn: FunctionId | null) => Guard[] {
  const { facts } = file
  const { functions, classes } = facts
  const methodOf = methodsOf(facts)
  const properties = handedOutProperties(facts)
  const declared = declaredFunctions(facts)
  const exportedAs = exportedNames(facts)
  const known = new Map<FunctionId, Guard[]>()

  return guardsOf

  function guardsOf(fn: FunctionId | null): Guard[] {
    if (fn === null) return []
    let found = known.get(fn)
    if (found === undefined) {
      found = [...ownGuards(fn), ...guardsOf(functions[fn].parent)]
      known.set(fn, found)
    }
    return found
  }

  function ownGuards(fn: FunctionId): Guard[] {
    const method = methodOf.get(fn)
    if (method !== undefined) {
      const { name, cls } = method
      const ofClass = topLevel(classes[cls].name)
      return isCalledByName(functions[fn], name, cls) ? [{ name, isMember: true }, ...ofClass] : ofClass
    }
    const { cls } = functions[fn]
    if (cls !== null && classes[cls].constructor === fn) return topLevel(classes[cls].name)
    const property = properties.get(fn)
    if (property !== undefined) {
      const { key, holder } = property
      return CALLED_BY_FRAMEWORKS.test(key)
        ? []
        : [{ name: key, isMember: true, ...(holder !== null && { holder }) }]
    }
    return declared.has(fn) ? topLevel(functions[fn].name) : []
  }

  /** What is exported as something else than what it is called here may be meant by other names. */
  function topLevel(name: string): Guard[] {
    const isNamed = /^[\w$]{2,}$/.test(name) && Object.hasOwn(facts.variables, name)
    const names = exportedAs.get(name) ?? []
    if (!isNamed || names.some(each => each !== name) || file.isRenamed(name)) return []
    const isPrivate = names.length === 0 && Object.keys(facts.exports).length > 0
    return [{ name, isMember: false, ...(isPrivate && { only: facts.file }) }]
  }

  /** Not where a decorator, or a package whose class it extends, has a say in who calls it. */
  function isCalledByName(fn: FunctionFacts, name: string, cls: number): boolean {
    const { extends: base, implements: interfaces } = classes[cls]
    return (
      !CALLED_BY_FRAMEWORKS.test(name) &&
      !isDecorated(file.lines, lineAt(facts.lineStarts, fn.start)) &&
      (base === null || isOfRepository(base)) &&
      interfaces.every(
        each =>
          Object.hasOwn(facts.interfaces, each) ||
          (Object.hasOwn(facts.imports, each) && file.isOwn(facts.imports[each].module)),
      )
    )
  }

  function isOfRepository(node: NodeId): boolean {
    const found = facts.nodes[node]
    if (found.kind === 'typed') return found.of !== null && isOfRepository(found.of)
    if (found.kind === 'import')
      return Object.hasOwn(facts.imports, found.name) && file.isOwn(facts.imports[found.name].module)
    return found.kind === 'class' || found.kind === 'variable'
  }
}

function methodsOf({ classes }: FileFacts): Map<FunctionId, { name: string; cls: number }> {
  const found = new Map<FunctionId, { name: string; cls: number }>()
  for (const [cls, { methods, statics }] of classes.entries()) {
    for (const [name, fn] of [...Object.entries(methods), ...Object.entries(statics)])
      found.set(fn, { name, cls })
  }
  return found
}

/** Functions under the keys of objects that a function returns or a name of the file holds. */
function handedOutProperties(facts: FileFacts): Map<FunctionId, { key: string; holder: string | null }> {
  const found = new Map<FunctionId, { key: string; holder: string | null }>()
  const values: [string | null, NodeId][] = [
    ...facts.functions.flatMap(({ returns }) => returns.map((value): [null, NodeId] => [null, value])),
    ...Object.entries(facts.exports),
    ...Object.entries(facts.variables),
  ]
  for (const [holder, value] of values) {
    const object = facts.nodes[bare(facts, value)]
    if (object.kind !== 'object') continue
    for (const [key, entry] of object.entries) {
      const node = facts.nodes[bare(facts, entry)]
      if (node.kind === 'function') found.set(node.fn, { key, holder })
    }
  }
  return found
}

/** Functions that a name at the top of the file holds. */
function declaredFunctions(facts: FileFacts): Set<FunctionId> {
  const found = new Set<FunctionId>()
  for (const [name, value] of Object.entries(facts.variables)) {
    const node = facts.nodes[bare(facts, value)]
    if (node.kind === 'function' && facts.functions[node.fn].name === name) found.add(node.fn)
  }
  return found
}

/** By the name at the top of the file, those that it is exported under. */
function exportedNames(facts: FileFacts): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const add = (name: string, as: string): void => void found.set(name, [...(found.get(name) ?? []), as])
  const nameOf = (value: NodeId): string | null => {
    const node = facts.nodes[bare(facts, value)]
    if (node.kind === 'variable') return node.name
    if (node.kind === 'function') return facts.functions[node.fn].name
    return node.kind === 'class' ? facts.classes[node.cls].name : null
  }
  for (const [as, value] of Object.entries(facts.exports)) {
    const name = nameOf(value)
    if (name !== null) add(name, as)
    const object = facts.nodes[bare(facts, value)]
    for (const [key, entry] of object.kind === 'object' ? object.entries : []) {
      const entryName = nameOf(entry)
      if (entryName !== null && key !== '...') add(entryName, key)
    }
  }
  return found
}

function bare(facts: FileFacts, node: NodeId): NodeId {
  const found = facts.nodes[node]
  return found.kind === 'typed' && found.of !== null ? bare(facts, found.of) : node
}

/** Whether a decorator stands before what begins on a line, or on it. */
function isDecorated(lines: readonly string[], line: number): boolean {
  for (let at = line - 1; at >= 0 && line - at <= 10; at--) {
    const text = lines[at]!.trim()
    if (/^@\w/.test(text)) return true
    // What ends another member, or is empty, ends the search.
    if (at < line - 1 && (text === '' || /^[}\])]*[;}]$/.test(text))) return false
  }
  return false
}

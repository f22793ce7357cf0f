/** The whole repository as facts: finds what an imported name means, through barrels, packages and paths. */
import type { ClassId, ExprNode, FileFacts, NodeId } from '../extract/facts.js'

export interface Program {
  /** Facts of a file, read when first asked for; null for a file that is not source. */
  facts(file: string): FileFacts | null
  /** File of the repository that a module specifier means, or null. */
  resolve(fromFile: string, specifier: string): string | null
  /** Name of the package that a specifier means which leads out of the repository. */
  packageName(fromFile: string, specifier: string): string
  /** Classes that extend a class of the repository directly, as far as read. */
  subclasses(file: string, cls: ClassId): { file: string; cls: ClassId }[] | undefined
  /** Classes that say they implement an interface of the repository, as far as read. */
  implementers(file: string, name: string): { file: string; cls: ClassId }[] | undefined
  /** What web frameworks' applications and requests have in the service that a file is of, as far as read. */
  shared(file: string): SharedAt[]
  /** Exports found before, by `file`, NUL and name. */
  exportMemo: Map<string, Resolution | null>
}

/** Something that is shared under a name: a value, or the types that are declared for it. */
export interface SharedAt {
  name: string
  file: string
  node: NodeId | null
  types: string[]
}

/** What an exported or imported name turned out to be. */
export type Resolution =
  | { kind: 'node'; file: string; node: NodeId }
  | { kind: 'interface'; file: string; name: string }
  | { kind: 'namespace'; file: string }
  | { kind: 'external'; module: string; path: string[] }

/** Follows an import of `file` to what it names. */
export function resolveImport(program: Program, file: string, local: string): Resolution | null {
  const facts = program.facts(file)
  if (!facts || !Object.hasOwn(facts.imports, local)) return null
  const { module, name } = facts.imports[local]
  return resolveExport(program, file, module, name)
}

/** What `name` of `module` is, as seen from `fromFile`. */
export function resolveExport(
  program: Program,
  fromFile: string,
  module: string,
  name: string,
  seen: Set<string> = new Set(),
): Resolution | null {
  const file = program.resolve(fromFile, module)
  if (!file) {
    const outside = program.packageName(fromFile, module)
    return { kind: 'external', module: outside, path: name === '*' ? [] : [name] }
  }
  if (name === '*') return { kind: 'namespace', file }
  return findExport(program, file, name, seen)
}

/** What a file exports under a name; null if nothing. Barrels may form cycles. */
export function findExport(
  program: Program,
  file: string,
  name: string,
  seen: Set<string> = new Set(),
): Resolution | null {
  const key = `${file}\0${name}`
  const known = program.exportMemo.get(key)
  if (known !== undefined) return known
  if (seen.has(key)) return null
  const isOutermost = seen.size === 0
  seen.add(key)
  const found = searchExport(program, file, name, seen)
  // Inside of a cycle of barrels an answer may be cut short.
  if (found || isOutermost) program.exportMemo.set(key, found)
  return found
}

function searchExport(program: Program, file: string, name: string, seen: Set<string>): Resolution | null {
  const facts = program.facts(file)
  if (!facts) return null
  if (Object.hasOwn(facts.exports, name)) {
    const type = typeExported(facts, name)
    return type === null
      ? { kind: 'node', file, node: facts.exports[name] }
      : { kind: 'interface', file, name: type }
  }
  if (Object.hasOwn(facts.interfaces, name)) return { kind: 'interface', file, name }
  for (const reexport of facts.reexports) {
    if (reexport.as === name) {
      const found = resolveExport(program, file, reexport.module, reexport.name, seen)
      if (found) return found
    }
  }
  let external: Resolution | null = null
  for (const reexport of facts.reexports) {
    if (reexport.as !== '*') continue
    const found = resolveExport(program, file, reexport.module, name, seen)
    if (found?.kind === 'external') external ??= found
    else if (found) return found
  }
  // `import mysql from './db'` where the file has only named exports (CommonJS interop).
  if (name === 'default' && Object.keys(facts.exports).length > 0) return { kind: 'namespace', file }
  return external
}

/** The interface or type that an export is, under whatever name: `export default Orders`, `export { Orders as Default }`. */
function typeExported({ exports, nodes, interfaces, variables }: FileFacts, name: string): string | null {
  const node = nodes[exports[name]]
  if (node.kind !== 'variable' && node.kind !== 'global') return null
  return Object.hasOwn(interfaces, node.name) && !Object.hasOwn(variables, node.name) ? node.name : null
}

export function nodeAt(program: Program, file: string, id: NodeId): ExprNode {
  const facts = program.facts(file)
  return facts?.nodes[id] ?? { kind: 'unknown', code: '' }
}

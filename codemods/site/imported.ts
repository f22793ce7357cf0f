/** What an import means, through files that only hand it on. */
import type { Binding } from './bindings.js'
import type { Node } from './parse.js'
import type { SourceFile } from './source-file.js'

/** How a file finds others. */
export interface Files {
  sourceOf(path: string): SourceFile | null
  resolve(from: string, specifier: string): string | null
}

/** A declaration: a function, a class, a declarator, or the expression of a default export. */
export interface Declared {
  file: SourceFile
  node: Node
}

const MAX_HOPS = 5

/** @param member what is taken of the module, where all of it is imported as one object */
export function imported(
  file: SourceFile,
  binding: Binding,
  files: Files,
  member: string | null = null,
): Declared | null {
  const name = nameOf(binding.declaration, binding.name, member)
  return name === null ? null : exportedFrom(file.path, moduleOf(file, binding), name, files, MAX_HOPS)
}

/** `pg` of a name that `import { DatabaseError } from 'pg'` declares. */
export function moduleOf(file: SourceFile, { declaration }: Binding): string {
  return file.bindings.around(declaration).at(-1)!.source.value
}

function nameOf({ type, imported }: Node, local: string, member: string | null): string | null {
  if (type === 'ImportNamespaceSpecifier') return member
  return type === 'ImportDefaultSpecifier' ? 'default' : (imported?.name ?? local)
}

function exportedFrom(
  from: string,
  module: string,
  name: string,
  files: Files,
  hops: number,
): Declared | null {
  const path = files.resolve(from, module)
  const file = path === null ? null : files.sourceOf(path)
  if (!file || hops === 0) return null
  for (const statement of file.program.body as Node[]) {
    const declared = statement.declaration
    const isDefault = statement.type === 'ExportDefaultDeclaration'
    if (isDefault && name === 'default') return declaredBy(file, declared)
    const found =
      declared?.id?.name === name && !isDefault
        ? declared
        : declared?.declarations?.find((each: Node) => each.id.name === name)
    if (found) return { file, node: found }
    const hands = statement.specifiers?.find((each: Node) => each.exported?.name === name)
    if (hands && !statement.source) return declaredBy(file, hands.local)
    const isAll = statement.type === 'ExportAllDeclaration'
    if (!statement.source || (!isAll && !hands)) continue
    const inner = exportedFrom(file.path, statement.source.value, hands?.local?.name ?? name, files, hops - 1)
    if (inner) return inner
  }
  return null
}

/** What an exported expression is declared by, if it is a name. */
function declaredBy(file: SourceFile, node: Node): Declared | null {
  if (node.type !== 'Identifier') return { file, node }
  const binding = file.bindings.of(node)
  return binding && binding.kind !== 'import' ? { file, node: binding.declaration } : null
}

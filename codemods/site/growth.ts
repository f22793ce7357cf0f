/** Whether a text is put together step by step, so that what it is in the end may depend on conditions. */
import type { Binding } from './bindings.js'
import { type Node, visit } from './parse.js'
import type { SourceFile } from './source-file.js'

/** Methods that change the list that they are called on. */
export const CHANGES = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill)$/

/** How a file finds others. */
export interface Files {
  sourceOf(path: string): SourceFile | null
  resolve(from: string, specifier: string): string | null
}

/** True where a variable in it is changed after its declaration, or a function makes a part of it. */
export function grows(file: SourceFile, text: Node, files: Files): boolean {
  const seen = new Set<Binding>()
  const inNode = (node: Node): boolean => {
    let found = false
    visit(node, each => {
      if (found) return
      if (each.type === 'CallExpression') found = isMade(file, each.callee, files)
      const binding = each.type === 'Identifier' ? file.bindings.of(each) : null
      if (!binding || seen.has(binding)) return
      seen.add(binding)
      if (binding.kind !== 'let' && binding.kind !== 'const' && binding.kind !== 'var') return
      found ||= isChanged(binding) || (binding.declaration.init && inNode(binding.declaration.init))
    })
    return found
  }
  return inNode(text)
}

function isChanged({ references }: Binding): boolean {
  return references.some(({ node, around }) => {
    const parent = around.at(-1)!
    if (parent.type === 'AssignmentExpression') return parent.left === node
    return parent.type === 'MemberExpression' && parent.object === node && CHANGES.test(parent.property.name)
  })
}

/** A function that puts a list together, or one that is not found. */
function isMade(file: SourceFile, callee: Node, files: Files): boolean {
  const binding = callee.type === 'Identifier' ? file.bindings.of(callee) : null
  if (!binding) return false
  const made = binding.kind === 'import' ? exported(file, binding, files) : binding.declaration
  if (!made) return true
  let changes = false
  visit(made, node => {
    changes ||= node.type === 'MemberExpression' && CHANGES.test(node.property?.name ?? '')
    changes ||= node.type === 'AssignmentExpression' || node.type === 'IfStatement'
  })
  return changes
}

const MAX_HOPS = 5

/** What an import means, through files that only hand it on. */
function exported(file: SourceFile, binding: Binding, files: Files): Node | null {
  const module: string = file.bindings.around(binding.declaration).at(-1)!.source.value
  const name: string = binding.declaration.imported?.name ?? binding.name
  return exportedFrom(file.path, module, name, files, MAX_HOPS)
}

function exportedFrom(from: string, module: string, name: string, files: Files, hops: number): Node | null {
  const path = files.resolve(from, module)
  const file = path === null ? null : files.sourceOf(path)
  if (!file || hops === 0) return null
  for (const statement of file.program.body as Node[]) {
    const declared = statement.declaration
    const found =
      declared?.id?.name === name
        ? declared
        : declared?.declarations?.find((each: Node) => each.id.name === name)
    if (found) return found
    const hands = statement.specifiers?.find((each: Node) => each.exported?.name === name)
    const isAll = statement.type === 'ExportAllDeclaration'
    if (!statement.source || (!isAll && !hands)) continue
    const inner = exportedFrom(file.path, statement.source.value, hands?.local?.name ?? name, files, hops - 1)
    if (inner) return inner
  }
  return null
}

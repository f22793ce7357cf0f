/** Whether a text is put together step by step, so that what it is in the end may depend on conditions. */
import type { Binding } from './bindings.js'
import { type Node, visit } from './parse.js'
import type { SourceFile } from './source-file.js'

/** Methods that change the list that they are called on. */
export const CHANGES = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill)$/

/** True where a variable in it is changed after its declaration, or a function makes a part of it. */
export function grows(file: SourceFile, text: Node): boolean {
  const seen = new Set<Binding>()
  const inNode = (node: Node): boolean => {
    let found = false
    visit(node, each => {
      if (found) return
      if (each.type === 'CallExpression') found = isMade(file, each.callee)
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

/** A function of this file that puts a list together, or one of another file. */
function isMade(file: SourceFile, callee: Node): boolean {
  const binding = callee.type === 'Identifier' ? file.bindings.of(callee) : null
  if (!binding) return false
  if (binding.kind === 'import') return true
  let changes = false
  visit(binding.declaration, node => {
    changes ||= node.type === 'MemberExpression' && CHANGES.test(node.property?.name ?? '')
    changes ||= node.type === 'AssignmentExpression'
  })
  return changes
}

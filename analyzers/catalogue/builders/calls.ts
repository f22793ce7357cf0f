/** The calls of methods in a file, and which of them stand in functions that take a migration back. */
import type { CallExpression, Node, Program } from '@oxc-project/types'

/** Functions that take a migration back; what they do is no part of the schema. */
export const UNDOES = /^(?:down|revert|rollback|undo)$/i

export interface MethodCall {
  call: CallExpression
  /** What the method is called on. */
  object: Node
  method: string
  /** Offset of the method's name. */
  at: number
  isUndone: boolean
}

/** @returns calls of these methods in the order in which they run */
export function methodCalls(program: Program, methods: RegExp): MethodCall[] {
  const found: MethodCall[] = []
  visit(program, false)
  return found

  function visit(node: Node, isUndone: boolean): void {
    const undone = isUndone || isNamed(node, UNDOES)
    // What is called first stands deeper: `schema.createTable('a', …).createTable('b', …)`.
    for (const child of childrenOf(node)) visit(child, undone)
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return
    const { object, property } = node.callee
    if (property.type === 'Identifier' && methods.test(property.name))
      found.push({ call: node, object, method: property.name, at: property.start, isUndone: undone })
  }
}

/** `async function down`, `exports.down = …`, `down: …`, `down() { … }`, `const down = …` */
function isNamed(node: Node, names: RegExp): boolean {
  const isName = (key: Node | null): boolean => key?.type === 'Identifier' && names.test(key.name)
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'VariableDeclarator':
      return isName(node.id)
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return isName(node.key)
    case 'AssignmentExpression':
      return isName(node.left.type === 'MemberExpression' ? node.left.property : node.left)
    default:
      return false
  }
}

/** The nodes right below one, in the order in which they are written. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

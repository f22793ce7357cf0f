/** What a node of the facts consists of. */
import type { ExprNode, NodeId } from './facts.js'

/** Nodes that a node's value is made of, but for a loop's, which may lead back to it. */
export function nodeParts(node: ExprNode): NodeId[] {
  switch (node.kind) {
    case 'concat':
      return node.parts
    case 'choice':
      return node.of
    case 'member':
    case 'awaited':
    case 'spread':
    case 'element':
      return [node.of]
    case 'typed':
      return node.of === null ? [] : [node.of]
    case 'grown':
      return [node.of, node.call]
    case 'index':
      return [node.of, node.by]
    case 'among':
      return [node.of, node.set]
    case 'admitted':
      return [node.callee]
    case 'call':
    case 'new':
      return [node.callee, ...node.args]
    case 'tagged':
      return [node.text]
    case 'object':
      return [...node.entries.map(([, entry]) => entry), ...(node.computed?.flat() ?? [])]
    case 'assign':
      return node.by === null ? [node.of, node.value] : [node.of, node.by, node.value]
    case 'array':
      return node.items
    case 'append':
      return [node.of, ...node.items]
    default:
      return []
  }
}

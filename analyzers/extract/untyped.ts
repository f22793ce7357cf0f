import type { ExprNode, NodeId } from './facts.js'

/** A node without the types that are declared for it. */
export function untyped({ nodes }: { nodes: ExprNode[] }, id: NodeId): ExprNode {
  let node = nodes[id]
  while (node.kind === 'typed' && node.of !== null) node = nodes[node.of]
  return node
}

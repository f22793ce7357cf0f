import type { ExprNode, NodeId } from './facts.js'

/** A node without the types that are declared for it, and the tests that it passed. */
export function untyped({ nodes }: { nodes: ExprNode[] }, id: NodeId): ExprNode {
  let node = nodes[id]
  while ((node.kind === 'typed' && node.of !== null) || node.kind === 'among') node = nodes[node.of!]
  return node
}

/** Whether a node is an object of a class that is made here, also after calls of its methods: `new Where().and('a = 1')`. */
export function isMadeHere({ nodes }: { nodes: ExprNode[] }, id: NodeId): boolean {
  for (let at = id, depth = 0; depth < MAX_CHAIN; depth++) {
    const node = untyped({ nodes }, at)
    if (node.kind === 'new') return nodes[node.callee].kind !== 'global'
    if (node.kind === 'grown') at = node.of
    else if (node.kind === 'call' && nodes[node.callee].kind === 'member')
      at = (nodes[node.callee] as ExprNode & { kind: 'member' }).of
    else return false
  }
  return false
}

const MAX_CHAIN = 60

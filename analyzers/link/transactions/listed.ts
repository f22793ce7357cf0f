/** Calls that make what a transaction is given as a list: `prisma.$transaction([prisma.$executeRaw`…`, ...others])`. */
import type { FileFacts, NodeId } from '../../extract/facts.js'

/** So many nodes are looked at: a list may be as long as the code that makes it. */
const MAX_NODES = 400

/** Methods of arrays that give what was in them, or what they make of it. */
const OF_ARRAYS = /^(?:map|flatMap|filter|concat|slice|flat|reverse|toReversed|sort|toSorted)$/

/**
 * The calls whose results are in a list, wherever the list was put together: spread into it, pushed, or made by a `map`. What
 * such a call gets as its arguments is not among them.
 */
export function callsListed(facts: FileFacts, list: NodeId): Set<NodeId> {
  const calls = new Set<NodeId>()
  const seen = new Set<NodeId>()
  const rest = [list]
  for (let id = rest.pop(); id !== undefined && seen.size < MAX_NODES; id = rest.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = facts.nodes[id]
    switch (node.kind) {
      case 'array':
        rest.push(...node.items)
        break
      case 'append':
        rest.push(node.of, ...node.items)
        break
      case 'choice':
        rest.push(...node.of)
        break
      case 'loop':
        rest.push(node.before, ...node.of)
        break
      case 'spread':
      case 'awaited':
      case 'grown':
        rest.push(node.of)
        break
      case 'typed':
        if (node.of !== null) rest.push(node.of)
        break
      case 'variable':
        if (Object.hasOwn(facts.variables, node.name)) rest.push(facts.variables[node.name])
        break
      case 'tagged':
        calls.add(id)
        break
      case 'call': {
        const callee = facts.nodes[node.callee]
        if (callee.kind !== 'member' || !OF_ARRAYS.test(callee.name)) calls.add(id)
        else {
          rest.push(callee.of)
          for (const arg of node.args) {
            const given = facts.nodes[arg]
            if (given.kind === 'function') rest.push(...facts.functions[given.fn].returns)
            else rest.push(arg)
          }
        }
        break
      }
    }
  }
  return calls
}

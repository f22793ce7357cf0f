/** Names of nodes, for people. */
import type { FileFacts, NodeId } from '../../extract/facts.js'

/** Source-like name of a node, for messages. */
export function codeOf(facts: FileFacts, id: NodeId): string {
  const node = facts.nodes[id]
  switch (node.kind) {
    case 'unknown':
      return node.code
    case 'import':
    case 'variable':
    case 'global':
      return node.name
    case 'member':
      return `${codeOf(facts, node.of)}.${node.name}`
    case 'param':
      return facts.functions[node.fn].params[node.index]?.name || 'argument'
    case 'this':
      return 'this'
    case 'new':
      return `new ${codeOf(facts, node.callee)}()`
    case 'call':
      return `${codeOf(facts, node.callee)}()`
    case 'index':
      return `${codeOf(facts, node.of)}[…]`
    case 'awaited':
    case 'among':
      return codeOf(facts, node.of)
    case 'typed':
      return node.of === null ? '' : codeOf(facts, node.of)
    case 'element':
      return `${codeOf(facts, node.of)}[…]`
    case 'choice':
      return codeOf(facts, askedFor(facts, node.of))
    case 'concat': {
      // What grows in a loop holds itself.
      const asked = askedFor(facts, node.parts)
      return facts.nodes[asked]?.kind === 'call' ? codeOf(facts, asked) : node.kind
    }
    default:
      return node.kind
  }
}

/** What is written is not what is asked for. */
function askedFor(facts: FileFacts, of: NodeId[]): NodeId {
  return of.find(each => facts.nodes[each].kind !== 'text') ?? of[0]
}

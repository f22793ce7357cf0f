/** What of the arguments of a call was given to a function around it. */
import type { CallFacts, ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { argumentsHanded } from '../targets.js'

/** So many nodes of the arguments are looked at: texts may have thousands of parts. */
const MAX_NODES = 60

/** A function that was given what a call is given. */
export interface Given {
  fn: FunctionId
  /** It was given several, of which the call gets each. */
  isEach: boolean
}

/** Functions whose parameters a call is given, or parts of these: `connection.query(step.sql)` in a loop over `steps`. */
export function givenBy(facts: FileFacts, call: CallFacts): Given[] {
  const found: Given[] = []
  const seen = new Set<NodeId>()
  const rest = argumentsHanded(facts, call, '').map((id): [NodeId, boolean] => [id, false])
  for (let next = rest.pop(); next !== undefined && seen.size < MAX_NODES; next = rest.pop()) {
    const [id, isEach] = next
    if (seen.has(id)) continue
    seen.add(id)
    const node = facts.nodes[id]
    if (node.kind === 'param') found.push({ fn: node.fn, isEach })
    else for (const part of partsOf(node)) rest.push([part, isEach || node.kind === 'element'])
  }
  return found
}

function partsOf(node: ExprNode): NodeId[] {
  switch (node.kind) {
    case 'member':
    case 'index':
    case 'element':
    case 'spread':
    case 'awaited':
    case 'among':
    case 'grown':
      return [node.of]
    case 'typed':
      return node.of === null ? [] : [node.of]
    case 'choice':
      return node.of
    case 'concat':
      return node.parts
    case 'object':
      return node.entries.map(([, value]) => value)
    default:
      return []
  }
}

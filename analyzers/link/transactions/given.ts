/** What of the arguments of a call was given to a function around it. */
import type { CallFacts, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { argumentsHanded } from '../targets.js'

/** So many nodes of the arguments are looked at: texts may have thousands of parts. */
const MAX_NODES = 60

/** Functions whose parameters a call is given, or parts of these: `connection.query(step.sql)` in a loop over `steps`. */
export function givenBy(facts: FileFacts, call: CallFacts): FunctionId[] {
  const found = new Set<FunctionId>()
  const seen = new Set<NodeId>()
  const rest = [...argumentsHanded(facts, call, '')]
  for (let id = rest.pop(); id !== undefined && seen.size < MAX_NODES; id = rest.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = facts.nodes[id]
    switch (node.kind) {
      case 'param':
        found.add(node.fn)
        break
      case 'member':
      case 'index':
      case 'element':
      case 'spread':
      case 'awaited':
      case 'among':
      case 'grown':
        rest.push(node.of)
        break
      case 'typed':
        if (node.of !== null) rest.push(node.of)
        break
      case 'choice':
        rest.push(...node.of)
        break
      case 'concat':
        rest.push(...node.parts)
        break
      case 'object':
        rest.push(...node.entries.map(([, value]) => value))
        break
    }
  }
  return [...found]
}

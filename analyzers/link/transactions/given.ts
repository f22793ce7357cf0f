/** What of the arguments of a call was given to a function around it. */
import type { CallFacts, ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { nodeParts } from '../../extract/node-parts.js'
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
    else if (HANDS_ON.has(node.kind))
      for (const part of nodeParts(node)) rest.push([part, isEach || node.kind === 'element'])
  }
  return found
}

/** What hands on a value, or a part of one. */
const HANDS_ON = new Set<ExprNode['kind']>([
  'member',
  'index',
  'element',
  'spread',
  'awaited',
  'among',
  'grown',
  'typed',
  'choice',
  'concat',
  'object',
])

/** Functions that keep what they get in what their module holds: `const register = (name, table) => QUERIES.push(…)`. */
import type { FileFacts, FunctionId, NodeId } from '../extract/facts.js'
import { nodeParts } from '../extract/node-parts.js'

const known = new WeakMap<FileFacts, Set<FunctionId>>()

/** Functions at the top of a file whose arguments are a part of what the names there hold. */
export function registrarsOf(facts: FileFacts): Set<FunctionId> {
  const found = known.get(facts) ?? findRegistrars(facts)
  known.set(facts, found)
  return found
}

function findRegistrars({ nodes, variables, functions }: FileFacts): Set<FunctionId> {
  const found = new Set<FunctionId>()
  const seen = new Set<NodeId>()
  const left = Object.values(variables)
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = nodes[id]
    if (node.kind === 'param' && functions[node.fn].cls === null && functions[node.fn].parent === null)
      found.add(node.fn)
    for (const part of node.kind === 'loop' ? [node.before, ...node.of] : nodeParts(node)) left.push(part)
  }
  return found
}

/** Elements of an iteration, looked at one by one. */
import type { ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import type { Frame, Value } from './values.js'

/** The element of an iteration that is being looked at by itself. */
export function elementHeld(facts: FileFacts, id: NodeId, frame: Frame | null): Value | null {
  for (let at = frame; at; at = at.outer) {
    if (at.element && at.file === facts.file && at.element.node === id) return at.element.value
  }
  return null
}

/** A frame in which an iteration has come to an item. */
export function holding(facts: FileFacts, element: NodeId, item: Value, frame: Frame | null): Frame {
  return {
    ...(frame ?? { fn: -1, args: [], self: null }),
    file: facts.file,
    // Around it, elements of outer iterations may be held as well.
    outer: frame,
    element: { node: element, value: item },
    memo: undefined,
  }
}

/** Nodes within nodes in which an element is looked for. */
const MAX_UNDER = 12

/**
 * The element of an iteration that a node is, or is made of: `[key, file]` of `Object.entries(files)`,
 * `basename(file, '.sql')`. Each node is looked at once, for a text may name another one any number of times.
 */
export function elementUnder(facts: FileFacts, id: NodeId): NodeId | null {
  const seen = new Set<NodeId>()
  const within = (at: NodeId, depth: number): NodeId | null => {
    if (seen.has(at) || depth > MAX_UNDER) return null
    seen.add(at)
    if (facts.nodes[at].kind === 'element') return at
    for (const part of madeOf(facts.nodes[at])) {
      const found = within(part, depth + 1)
      if (found !== null) return found
    }
    return null
  }
  return within(id, 0)
}

function madeOf(node: ExprNode): NodeId[] {
  switch (node.kind) {
    case 'typed':
      return node.of === null ? [] : [node.of]
    case 'member':
    case 'awaited':
    case 'among':
      return [node.of]
    case 'index':
      return [node.of, node.by]
    case 'call':
      return [...node.args, node.callee]
    case 'concat':
      return node.parts
    default:
      return []
  }
}

/** What a node of the facts consists of. */
import type { Condition, ExprNode } from './facts.js'

/** Nodes that a condition asks about. */
export function conditionParts({ checks }: Condition): number[] {
  return checks.flatMap(each =>
    each.kind === 'other' ? [] : each.kind === 'asked' ? [each.callee, ...each.args] : [each.of],
  )
}

/** Nodes that a node consists of, with those that its condition asks about; null for one that is left out. */
export function nodeParts(node: ExprNode): (number | null)[] {
  switch (node.kind) {
    case 'concat':
      return node.parts
    case 'choice':
      return node.when === undefined ? node.of : [...node.of, ...conditionParts(node.when)]
    case 'member':
    case 'awaited':
    case 'spread':
    case 'element':
    case 'typed':
      return [node.of]
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
      return [node.tag, node.text]
    case 'object':
      return [...node.entries.map(([, id]) => id), ...(node.computed?.flat() ?? [])]
    case 'assign':
      return [node.of, node.by, node.value]
    case 'array':
      return node.items
    case 'append':
      return [node.of, ...node.items]
    default:
      return []
  }
}

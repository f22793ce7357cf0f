import { type Node, parseTree } from 'jsonc-parser'
import { MAX_DEPTH, type Tree, type TreeEntry } from './tree.js'

/** A JSON text as a tree; comments and trailing commas pass. Null if nothing of it can be read. */
export function readJson(text: string): Tree | null {
  let root: Node | undefined
  try {
    root = parseTree(text, [], { allowTrailingComma: true })
  } catch {
    // It descends recursively: the stack ends before a hostile nesting does.
    return null
  }
  const lines = lineStarts(text)
  return root ? toTree(root, lines, 0) : null
}

function toTree(node: Node, lines: number[], depth: number): Tree | null {
  if (depth > MAX_DEPTH) return null
  const line = lineOf(node.offset, lines)
  if (node.type === 'array') {
    const items = (node.children ?? []).map(child => toTree(child, lines, depth + 1))
    return { kind: 'list', items: items.filter(item => item !== null), line }
  }
  if (node.type !== 'object')
    return { kind: 'scalar', value: node.value as string | number | boolean | null, line }
  const entries: TreeEntry[] = []
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? []
    const tree = value ? toTree(value, lines, depth + 1) : null
    if (key && tree) entries.push({ key: String(key.value), line: lineOf(key.offset, lines), value: tree })
  }
  return { kind: 'map', entries, line }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The last line that begins at or before the offset. */
function lineOf(offset: number, starts: number[]): number {
  let low = 0
  let high = starts.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle
  }
  return low + 1
}

/** The names that tell the places of equal statements apart in one file, however its lines move. */
import { parseSource } from '../../extract/parse.js'
import { lineStartsOf } from '../../extract/positions.js'

/**
 * Names of what is around a place, outermost first: functions, classes, methods, variables, and the calls that a function is
 * handed to, such as `app.get('/orders', `. None where the code can't be parsed.
 */
export type NamesAround = (line: number, column: number) => string[]

/** Of a call, so much is its name. */
const LONGEST = 200

interface Node {
  type: string
  start: number
  end: number
  [property: string]: unknown
}

export function namesAround(file: string, text: string): NamesAround {
  const { program } = parseSource(file, text)
  if (program === null) return () => []
  const lines = text.split('\n')
  const starts = lineStartsOf(text)
  return (line, column) => {
    // What has no column of its own begins with the first code of its line.
    const inLine = column > 1 ? column - 1 : Math.max(lines[line - 1]?.search(/\S/) ?? 0, 0)
    const offset = (starts[line - 1] ?? 0) + inLine
    const names: string[] = []
    for (let node: Node | null = program as unknown as Node; node !== null; ) {
      const inner: Node | null = childAt(node, offset)
      const name = inner === null ? '' : nameOf(node, inner, text)
      if (name !== '') names.push(name.replace(/\s+/g, ' ').slice(0, LONGEST))
      node = inner
    }
    return names
  }
}

/** The child of a node that a place is in. */
function childAt(node: Node, offset: number): Node | null {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child) && child.start <= offset && offset < child.end) return child
    }
  }
  return null
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string'
}

/** What a node calls the one in it; empty for most. */
function nameOf(node: Node, inner: Node, text: string): string {
  const textOf = (part: unknown) => (isNode(part) ? text.slice(part.start, part.end) : '')
  if (/Function|^Arrow/.test(inner.type) && /^(?:Call|New)Expression$/.test(node.type)) {
    return text.slice(node.start, inner.start)
  }
  switch (node.type) {
    case 'AssignmentExpression':
      return node.left === inner ? '' : textOf(node.left)
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return node.key === inner ? '' : textOf(node.key)
    default:
      return node.id === inner ? '' : textOf(node.id)
  }
}

/** Source files as syntax trees with exact offsets, by the parsers of jscodeshift. */
import tsParser from 'jscodeshift/parser/ts.js'
import tsxParser from 'jscodeshift/parser/tsx.js'

/** A Babel node: looked at by type and key, as jscodeshift's own transforms do. */
export interface Node {
  type: string
  start: number
  end: number
  // biome-ignore lint/suspicious/noExplicitAny: the keys depend on the type
  [key: string]: any
}

/** jscodeshift's parser for a file, imported by itself: all of them together bring Flow's along. */
function parserFor(file: string): typeof tsParser {
  return /(?<!\.d)\.[cm]?ts$/.test(file) ? tsParser : tsxParser
}

/**
 * Parses a file. jscodeshift's `j(source)` goes through recast, which turns leading tabs into blanks before it parses:
 * offsets would be those of another text. So the parser is asked itself.
 *
 * @returns the program, or null for a file that does not parse
 */
export function parseSource(file: string, source: string): Node | null {
  try {
    const { program, errors } = parserFor(file)().parse(source)
    return errors?.length ? null : program
  } catch {
    return null
  }
}

/** Keys that hold no part of the program. */
const NO_CHILDREN = new Set([
  'loc',
  'tokens',
  'comments',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'extra',
])

/** Nodes directly under one. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = []
  for (const key of Object.keys(node)) {
    const value = node[key]
    // Most are plain values.
    if (typeof value !== 'object' || value === null || NO_CHILDREN.has(key)) continue
    // Type arguments are there under two names.
    if (key === 'typeArguments' && node.typeParameters) continue
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) children.push(each)
    } else if (isNode(value)) children.push(value)
  }
  return children
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Visits a node and all under it, with those around each, innermost last. */
export function visit(node: Node, each: (node: Node, around: Node[]) => void, around: Node[] = []): void {
  each(node, around)
  around.push(node)
  for (const child of childrenOf(node)) visit(child, each, around)
  around.pop()
}

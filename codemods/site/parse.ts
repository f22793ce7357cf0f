/** Source files as syntax trees with exact offsets, by the parsers of jscodeshift. */
import { createRequire } from 'node:module'

/** A Babel node: looked at by type and key, as jscodeshift's own transforms do. */
export interface Node {
  type: string
  start: number
  end: number
  // biome-ignore lint/suspicious/noExplicitAny: the keys depend on the type
  [key: string]: any
}

interface Parser {
  parse(source: string): { program: Node } & Node
}

/** Names of jscodeshift's parsers to try, in order. */
function parsersFor(file: string): string[] {
  if (/\.tsx$/.test(file)) return ['tsx']
  if (/\.[cm]?ts$/.test(file)) return ['ts']
  return ['tsx', 'babel']
}

const require = createRequire(import.meta.url)
const loaded = new Map<string, Parser>()

function parserNamed(name: string): Parser {
  let parser = loaded.get(name)
  if (!parser) {
    parser = (require('jscodeshift/src/getParser') as (name: string) => Parser)(name)
    loaded.set(name, parser)
  }
  return parser
}

/**
 * Parses a file. jscodeshift's `j(source)` goes through recast, which turns leading tabs into blanks before it parses:
 * offsets would be those of another text. So the parser is asked itself.
 *
 * @returns the program, or null for a file that does not parse
 */
export function parseSource(file: string, source: string): Node | null {
  for (const name of parsersFor(file)) {
    try {
      const { program, errors } = parserNamed(name).parse(source)
      if (!errors?.length) return program
    } catch {
      // The next one may take it.
    }
  }
  return null
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
    // Type arguments are there under two names.
    if (NO_CHILDREN.has(key) || (key === 'typeArguments' && node.typeParameters)) continue
    const value = node[key]
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

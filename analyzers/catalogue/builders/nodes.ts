/** Parts of code that schema builders get: objects and lists, also by the name of a constant that holds them. */
import type { Node, Program } from '@oxc-project/types'
import { childrenOf } from './calls.js'
import type { TextOf } from './literals.js'

/** What the constant that a name stands for holds; null where it is none, or not known. */
export type ConstantOf = (name: Node & { type: 'Identifier' }) => Node | null

/** How the nodes of a file are read. */
export interface Reader {
  constantOf: ConstantOf
  textOf: TextOf
}

/** @param textOf the text that a node is, where that is written right there */
export function readerOf(program: Program, textOf: TextOf): Reader {
  const constantOf = constantsOf(program)
  return { constantOf, textOf: node => textOf(plain(node, constantOf)) ?? textOf(node) }
}

/** The last declaration before a name is taken for its own: each function of a migration has its `const table = …`. */
function constantsOf(program: Program): ConstantOf {
  let found: Map<string, Node[]> | null = null
  return ({ name, start }) => {
    found ??= declared(program)
    const held = found.get(name) ?? []
    return held.findLast(each => each.start < start) ?? held[0] ?? null
  }
}

/** What names are given where they are declared; none for names of parameters, which hide them. */
function declared(program: Program): Map<string, Node[]> {
  const found = new Map<string, Node[]>()
  const params = new Set<string>()
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
      found.set(node.id.name, [...(found.get(node.id.name) ?? []), node.init])
    if ('params' in node && Array.isArray(node.params))
      for (const param of node.params) if (param.type === 'Identifier') params.add(param.name)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(program)
  for (const name of params) found.delete(name)
  return found
}

const MAX_NAMES = 8

/** A node without what TypeScript adds, and in place of a constant what it holds. */
export function plain(node: Node, constantOf: ConstantOf): Node {
  let at = node
  for (let names = 0; ; ) {
    switch (at.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'ParenthesizedExpression':
        at = at.expression
        continue
      case 'Identifier': {
        const held = names++ < MAX_NAMES ? constantOf(at) : null
        if (held === null) return at
        at = held
        continue
      }
      default:
        return at
    }
  }
}

/** Entries of an object by their keys, spreads written out; null where not all of them are known. */
export function entriesOf(node: Node, constantOf: ConstantOf, depth = 0): Map<string, Node> | null {
  const object = plain(node, constantOf)
  if (object.type !== 'ObjectExpression' || depth > MAX_NAMES) return null
  const entries = new Map<string, Node>()
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') {
      const spread = entriesOf(property.argument, constantOf, depth + 1)
      if (spread === null) return null
      for (const [key, value] of spread) entries.set(key, value)
      continue
    }
    const { key, value } = property
    if (key.type === 'Identifier' && !property.computed) entries.set(key.name, value)
    else if (key.type === 'Literal' && typeof key.value === 'string') entries.set(key.value, value)
    else return null
  }
  return entries
}

/** Items of a list, spreads written out; null where not all of them are known. */
export function itemsOf(node: Node, constantOf: ConstantOf, depth = 0): Node[] | null {
  const list = plain(node, constantOf)
  if (list.type !== 'ArrayExpression' || depth > MAX_NAMES) return null
  const items: Node[] = []
  for (const element of list.elements) {
    if (element === null) return null
    if (element.type !== 'SpreadElement') items.push(element)
    else {
      const spread = itemsOf(element.argument, constantOf, depth + 1)
      if (spread === null) return null
      items.push(...spread)
    }
  }
  return items
}

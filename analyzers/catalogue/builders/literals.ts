/** What is written out in code: the arguments of a schema builder. */
import type { Node } from '@oxc-project/types'

/** A text, a number, true, false, null, a list; an object by its entries. */
export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal }

/** Text of an expression that is one: a literal, a constant of the file. */
export type TextOf = (node: Node) => string | null

/** An argument that is written out; undefined where it is not. */
export function literalOf(node: Node, textOf: TextOf): Literal | undefined {
  const text = textOf(node)
  if (text !== null) return text
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number' || typeof node.value === 'boolean' || node.value === null
        ? node.value
        : undefined
    case 'ArrayExpression': {
      const items = node.elements.map(element => (element ? literalOf(element, textOf) : undefined))
      return items.some(item => item === undefined) ? undefined : (items as Literal[])
    }
    case 'ObjectExpression': {
      const entries: { [key: string]: Literal } = Object.create(null)
      for (const property of node.properties) {
        if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier')
          return undefined
        const value = literalOf(property.value, textOf)
        if (value === undefined) return undefined
        entries[property.key.name] = value
      }
      return entries
    }
    default:
      return undefined
  }
}

export function isEntries(value: Literal | undefined): value is { [key: string]: Literal } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names given one by one or as a list; null where one is no text. */
export function namesIn(args: (Literal | undefined)[]): string[] | null {
  const names = args.flat()
  return names.every(name => typeof name === 'string') ? names : null
}

export function splitLast(name: string): [before: string | null, last: string] {
  const at = name.lastIndexOf('.')
  return at < 0 ? [null, name] : [name.slice(0, at), name.slice(at + 1)]
}

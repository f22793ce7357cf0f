/** Rounds of a loop over a list that is written out: the names that it sets, and what they are each time. */
import type { Binding } from './bindings.js'
import type { Node } from './parse.js'
import { constantMade, type Known, literal } from './rewritten.js'
import { bare, type SourceFile } from './source-file.js'

export type Round = [Binding, Node][]

/** More would be a statement that nobody reads. */
const MOST_ROUNDS = 100

/** `for (const field of ['a', 'b'])`, `for (const [key, column] of Object.entries(COLUMNS))`; null for other lists. */
export function roundsOf(file: SourceFile, { left, right }: Node): Round[] | null {
  const pattern: Node | null = left.type === 'VariableDeclaration' ? left.declarations[0].id : null
  const elements = pattern && elementsOf(file, bare(right))
  if (!elements || elements.length > MOST_ROUNDS) return null
  const rounds = elements.map(element => bound(file, pattern, element))
  return rounds.every(round => round !== null) ? rounds : null
}

/** What the names of a pattern are for one element. */
function bound(file: SourceFile, pattern: Node, element: Node): Round | null {
  if (pattern.type === 'Identifier') {
    const binding = file.bindings.of(pattern)
    const isWhole = element.type === 'ObjectExpression' || element.type === 'ArrayExpression'
    const value = isWhole ? undefined : knownValue(element)
    if (!binding || (!isWhole && value === undefined)) return null
    return [[binding, isWhole ? element : literal(value!)]]
  }
  const parts: (Node | null)[][] =
    pattern.type === 'ArrayPattern' && element.type === 'ArrayExpression'
      ? pattern.elements.map((each: Node | null, at: number) => [each, element.elements[at] ?? null])
      : pattern.type === 'ObjectPattern' && element.type === 'ObjectExpression'
        ? pattern.properties.map((each: Node) => [each.value ?? null, propertyOf(element, each.key?.name)])
        : [[null, null]]
  const rounds = parts.map(([inner, part]) => (inner && part ? bound(file, inner, bare(part)) : null))
  return rounds.every(round => round !== null) ? rounds.flat() : null
}

function propertyOf({ properties }: Node, name: string | undefined): Node | null {
  return (
    properties.find((each: Node) => each.type === 'ObjectProperty' && nameOf(each) === name)?.value ?? null
  )
}

function elementsOf(file: SourceFile, node: Node): Node[] | null {
  if (node.type === 'Identifier') {
    const made = constantMade(file, node)
    return made ? elementsOf(file, made) : null
  }
  if (node.type === 'ArrayExpression') {
    const all = node.elements.map((each: Node | null) => each && bare(each))
    return all.every((each: Node | null) => each && each.type !== 'SpreadElement') ? all : null
  }
  const { callee } = node
  if (node.type !== 'CallExpression' || callee.object?.name !== 'Object' || node.arguments.length !== 1)
    return null
  const given = bare(node.arguments[0])
  const object = given.type === 'Identifier' ? constantMade(file, given) : given
  if (object?.type !== 'ObjectExpression') return null
  const entries: (Node[] | null)[] = object.properties.map((each: Node) => {
    const name = each.type === 'ObjectProperty' && !each.computed ? nameOf(each) : undefined
    // Keys that are numbers come first, whatever their place.
    return name === undefined || /^\d/.test(name) ? null : [literal(name), bare(each.value)]
  })
  if (!entries.every(entry => entry !== null)) return null
  switch (callee.property?.name) {
    case 'keys':
      return entries.map(([key]) => key!)
    case 'values':
      return entries.map(([, value]) => value!)
    case 'entries':
      return entries.map(elements => ({ type: 'ArrayExpression', start: -1, end: -1, elements }))
    default:
      return null
  }
}

function nameOf({ key }: Node): string | undefined {
  return key.name ?? (typeof key.value === 'string' ? key.value : undefined)
}

function knownValue({ type, value }: Node): Known {
  return /^(?:String|Numeric|Boolean)Literal$/.test(type) ? value : undefined
}

/** Options objects, also those that a method of the class puts together from the ones that it gets. */
import { functionsRun, keyName, linkedCall, returnsOf } from '../connection/functions.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { bare, type SourceFile } from '../site/source-file.js'
import { overriding } from './implementations.js'

const MAX_HOPS = 4

/**
 * The objects that an expression may be, with all properties in one literal; null among them for one that is not known.
 */
export function objectsOf(
  file: SourceFile,
  expression: Node,
  repository: Repository,
  handed: ReadonlyMap<string, Node | null> = new Map(),
  hops = MAX_HOPS,
): (Node | null)[] {
  const node = bare(expression)
  if (hops === 0) return [null]
  if (node.type === 'Identifier') return handed.has(node.name) ? [handed.get(node.name)!] : [null]
  if (node.type === 'ObjectExpression') {
    let made: (Node | null)[] = [{ ...node, properties: [] }]
    for (const property of node.properties as Node[]) {
      const added =
        property.type === 'SpreadElement'
          ? objectsOf(file, property.argument, repository, handed, hops - 1)
          : [{ ...node, properties: [property] }]
      made = made.flatMap(object =>
        added.map(
          each => object && each && { ...node, properties: [...object.properties, ...each.properties] },
        ),
      )
    }
    return made
  }
  const linked = node.type === 'CallExpression' ? linkedCall(file, node, repository) : null
  if (!linked || linked.isOpen || linked.runs.length === 0) return [null]
  const own = functionsRun(linked, repository)
  if (own.includes(null)) return [null]
  const isSuper = node.callee.object?.type === 'Super'
  const found = own.flatMap(each => [each!, ...(isSuper ? [] : overriding(each!, repository))])
  const arguments_ = (node.arguments as Node[]).map(each =>
    objectsOf(file, each, repository, handed, hops - 1),
  )
  if (arguments_.some(each => each.length !== 1)) return [null]
  return found.flatMap(({ file: at, fn }) => {
    const names = new Map<string, Node | null>(
      fn.params.map((param: Node, index: number) => [param.name ?? '', arguments_[index]?.[0] ?? null]),
    )
    return returnsOf(fn).flatMap(given => objectsOf(at, given, repository, names, hops - 1))
  })
}

/** The value of a property of an object literal. */
export function propertyOf(object: Node, name: string): Node | null {
  const found = object.properties.findLast((each: Node) => keyName(each) === name)
  return found?.value ?? null
}

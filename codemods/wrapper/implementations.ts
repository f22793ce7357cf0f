/**
 * What may run where a method is called: the functions that the linker names, those of subclasses in their place, and,
 * for a method of an interface, those of all that has its members.
 */
import type { LinkedCall } from '../../analyzers/link/call-graph.js'
import { type FoundFunction, functionsRun, keyName, returnsOf } from '../connection/functions.js'
import type { Mention } from '../connection/mentions.js'
import type { Repository } from '../repository/index.js'
import { isFunction } from '../site/bindings.js'
import type { Declared } from '../site/imported.js'
import type { Node } from '../site/parse.js'
import { bare, type SourceFile } from '../site/source-file.js'

/** A class or an object literal. */
type Container = Declared

const CLASS = /^Class(?:Declaration|Expression)$/
const MAX_HOPS = 5

/**
 * Everything in the repository that a call may run.
 *
 * @param made classes of which its receiver is known to be; null where that is not known
 * @returns null where something of it is not found; nothing where no code implements an interface, which then is one of
 * what a driver makes
 */
export function bodiesOf(
  linked: LinkedCall,
  repository: Repository,
  made: Container[] | null = null,
): FoundFunction[] | null {
  const named = functionsRun(linked, repository)
  const found: (FoundFunction | null)[] = named.flatMap(each =>
    each ? [each, ...overriding(each, repository)] : [null],
  )
  for (const { name, method } of linked.interfaces) {
    if (made) found.push(...made.map(each => memberOf(each, method, repository)))
    else found.push(...implementationsOf(name, method, repository))
  }
  const bodies = new Map(found.map(each => [each?.fn, each]))
  return bodies.has(undefined) ? null : ([...bodies.values()] as FoundFunction[])
}

/** Methods of subclasses that run in place of one. */
export function overriding({ file, fn }: FoundFunction, repository: Repository): FoundFunction[] {
  const name = keyName(fn)
  const cls = file.bindings.around(fn).at(-2)
  if (name === null || fn.static || fn.kind === 'constructor' || !cls || !CLASS.test(cls.type)) return []
  return subclassesOf({ file, node: cls }, repository).flatMap(each => ownMember(each, name) ?? [])
}

function subclassesOf({ node }: Container, repository: Repository, hops = MAX_HOPS): Container[] {
  if (!node.id || hops === 0) return []
  const below = repository.mentions.of(node.id.name).flatMap(({ file, node: name, around }): Container[] => {
    const cls = around.at(-1)!
    return CLASS.test(cls.type) && cls.superClass === name && cls !== node ? [{ file, node: cls }] : []
  })
  return below.flatMap(each => [each, ...subclassesOf(each, repository, hops - 1)])
}

/** The method of an interface in all that implements it; null for one of which it is not found. */
function implementationsOf(name: string, method: string, repository: Repository): (FoundFunction | null)[] {
  const { containers, members } = declaredAs(name, repository)
  const signature = members.get(method)
  for (const each of withMembers(method, members, repository)) containers.set(each.node, each)
  return [...containers.values()].flatMap((container): (FoundFunction | null)[] => {
    const own = memberOf(container, method, repository)
    const isAbstract = container.node.abstract === true && own === null
    const below = CLASS.test(container.node.type)
      ? subclassesOf(container, repository).flatMap(each => ownMember(each, method) ?? [])
      : []
    // What takes more than is handed over is no implementation.
    if (own && signature !== undefined && required(own.fn) > signature) return []
    return isAbstract ? below : [own, ...below]
  })
}

function required({ params }: Node): number {
  return params.filter((each: Node) => each.type !== 'AssignmentPattern' && !each.optional).length
}

/** What is said to be of an interface, and the members of that, with the number of parameters of each. */
function declaredAs(
  first: string,
  repository: Repository,
): { containers: Map<Node, Container>; members: Map<string, number> } {
  const containers = new Map<Node, Container>()
  const members = new Map<string, number>()
  const names = new Set([first])
  const add = (file: SourceFile, value: Node | null | undefined): void => {
    const node = value && bare(value)
    if (node && (CLASS.test(node.type) || node.type === 'ObjectExpression'))
      containers.set(node, { file, node })
  }
  const read = ({ file, node, around }: Mention): void => {
    for (const each of around.toReversed()) {
      if (CLASS.test(each.type)) {
        if (each.implements?.some((type: Node) => contains(type, node))) add(file, each)
        return
      }
      if (each.type === 'TSInterfaceDeclaration') {
        if (each.id === node) for (const member of each.body.body) addMember(member)
        else if (each.extends?.some((type: Node) => contains(type, node))) names.add(each.id.name)
        return
      }
      if (each.type === 'TSTypeAliasDeclaration') {
        names.add(each.id.name)
        if (each.id === node && each.typeAnnotation.type === 'TSTypeLiteral')
          for (const member of each.typeAnnotation.members) addMember(member)
        return
      }
      if (each.type === 'ImportSpecifier') {
        names.add(each.local.name)
        return
      }
      if (/^TS(?:As|Satisfies)Expression$|^TSTypeAssertion$/.test(each.type)) {
        add(file, each.expression)
        return
      }
      if (isFunction(each)) {
        if (each.returnType && contains(each.returnType, node) && each.body)
          for (const given of returnsOf(each)) add(file, given)
        return
      }
      if (each.type === 'VariableDeclarator') add(file, each.init)
      if (/^Class(?:Private)?Property$/.test(each.type)) add(file, each.value)
      if (/Declarator$|Property$|Statement$/.test(each.type)) return
    }
  }
  const addMember = (member: Node): void => {
    const name = keyName(member)
    const parameters = member.parameters ?? member.typeAnnotation?.typeAnnotation?.parameters
    if (name !== null && !member.optional) members.set(name, parameters?.length ?? 0)
  }
  for (const name of names) for (const mention of repository.mentions.of(name)) read(mention)
  return { containers, members }
}

/** Classes and objects that have all members of an interface, whatever they are said to be. */
function withMembers(
  method: string,
  members: ReadonlyMap<string, number>,
  repository: Repository,
): Container[] {
  if (!members.has(method)) return []
  return repository.mentions.of(method).flatMap(({ file, node, around }): Container[] => {
    const member = around.at(-1)!
    if (member.key !== node || member.computed) return []
    const object = around.at(-2)!
    const container = object.type === 'ClassBody' ? around.at(-3)! : object
    if (!CLASS.test(container.type) && container.type !== 'ObjectExpression') return []
    const made = { file, node: container }
    return [...members.keys()].every(name => ownMember(made, name)) ? [made] : []
  })
}

/** A method of a class, or of one above it; null where it is not found, or is no function written there. */
function memberOf(
  container: Container,
  name: string,
  repository: Repository,
  hops = MAX_HOPS,
): FoundFunction | null {
  const own = ownMember(container, name)
  if (own || hops === 0) return own
  const above: Node | null = container.node.superClass ?? null
  const parent = above?.type === 'Identifier' ? repository.classOf(container.file, above) : null
  return parent && memberOf(parent, name, repository, hops - 1)
}

function ownMember({ file, node }: Container, name: string): FoundFunction | null {
  const list: Node[] = CLASS.test(node.type) ? node.body.body : node.properties
  const found = list.findLast(each => keyName(each) === name && !each.static)
  const fn = found && (isFunction(found) ? found : found.value && bare(found.value))
  return fn && isFunction(fn) && fn.body ? { file, fn } : null
}

function contains(outer: Node, inner: Node): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}

/**
 * The connection of a transaction by the names it has in a function: a parameter, a field, what a call gave, and parts of
 * these (`param 3 0.client`).
 */
import type { CallFacts, ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { argumentsHanded, calleeOf } from '../targets.js'

/**
 * How what a call runs gets the connection: as an argument (`0`), in one (`0.client`), in the object that has the method
 * (`this.client`), or in what that object was made from (`new 0`, its first argument).
 */
export type Way = string

/** Names of things that may be the one or the other. */
const MAX_NAMES = 8
/** Names of parts: `a.b.c.d`. */
const MAX_PARTS = 3
const MAX_DEPTH = 40

/**
 * What an expression is called in its function; nothing where it is no connection that has a name.
 *
 * @param parts how many names of parts may follow
 */
export function namesOf(facts: FileFacts, id: NodeId, parts = MAX_PARTS): string[] {
  const names = choicesOf(facts, id).flatMap((choice): string[] => {
    const node = facts.nodes[choice]
    switch (node.kind) {
      case 'param':
        return [paramName(node.fn, node.index)]
      case 'this':
        return ['this']
      case 'variable':
      case 'import':
        return [`${node.kind} ${node.name}`]
      case 'call':
      case 'new':
        return [`made ${choice}`]
      case 'member':
        return parts === 0 ? [] : namesOf(facts, node.of, parts - 1).map(name => `${name}.${node.name}`)
      default:
        return []
    }
  })
  return [...new Set(names)]
}

/** What a value may be, each once: it may be one of two in each of many steps. */
function choicesOf(facts: FileFacts, id: NodeId): NodeId[] {
  const found: NodeId[] = []
  const seen = new Set<NodeId>()
  const rest = [id]
  for (let at = rest.pop(); at !== undefined && found.length < MAX_NAMES; at = rest.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const node = facts.nodes[at]
    if (node.kind === 'choice') rest.push(...node.of)
    else if (node.kind === 'loop') rest.push(node.before, ...node.of)
    else if (isWrapper(node)) rest.push(node.of)
    else found.push(at)
  }
  return found
}

/** Whether it is the same thing with something told of it, or done to it. */
function isWrapper(node: ExprNode): node is ExprNode & { of: NodeId } {
  const { kind } = node
  return (
    (kind === 'typed' && node.of !== null) ||
    kind === 'awaited' ||
    kind === 'among' ||
    kind === 'grown' ||
    kind === 'assign'
  )
}

function paramName(fn: FunctionId, index: number): string {
  return `param ${fn} ${index}`
}

/** What a function calls the connection that it gets in one of these ways. */
export function namesIn(facts: FileFacts, fn: FunctionId, ways: Way[]): string[] {
  return ways.flatMap(way => {
    const [, root, index, rest] = /^(this|new |)(\d*)(.*)$/.exec(way)!
    if (root === 'this') return [`this${rest}`]
    if (root === '') return [paramName(fn, Number(index)) + rest]
    return fieldsWith(facts, facts.functions[fn].cls, Number(index), rest)
  })
}

/** Fields that the constructor of a class sets to its argument, or to a part of it. */
function fieldsWith(facts: FileFacts, id: number | null, index: number, rest: string): string[] {
  const cls = id === null ? undefined : facts.classes[id]
  if (!cls || cls.constructor === null) return []
  const given = paramName(cls.constructor, index) + rest
  return Object.entries(cls.fields).flatMap(([field, value]) =>
    namesOf(facts, value).flatMap(name => restsOf(name, [given]).map(part => `this.${field}${part}`)),
  )
}

/** For something with this name that holds one of the connections, or is one: what has to be added to come to it. */
function restsOf(name: string, connections: string[]): string[] {
  return connections.flatMap(each =>
    each === name ? [''] : each.startsWith(`${name}.`) ? [each.slice(name.length)] : [],
  )
}

/** Whether something with this name is one of the connections, or a part of what the transaction handed over. */
export function isPartOf(name: string, connections: string[]): boolean {
  return connections.some(
    each => name === each || name.startsWith(`${each}.`) || (each.startsWith(ANY) && endsLike(name, each)),
  )
}

/** Before the name of a field that holds the connection whatever has it: `*.connection`, but for `this`, which is known. */
export const ANY = '*.'

function endsLike(name: string, field: string): boolean {
  const at = `${name}.`.indexOf(`.${field.slice(ANY.length)}.`)
  return at > 0 && name.slice(0, at) !== 'this'
}

/** Names that what begins a transaction has: what it is called on, what it gets and what it gives. */
export function connectionsAt(facts: FileFacts, call: CallFacts): string[] {
  const callee = facts.nodes[calleeOf(facts, call)]
  const node = facts.nodes[call.node]
  return [
    `made ${call.node}`,
    ...(callee.kind === 'member' ? namesOf(facts, callee.of) : []),
    ...(node.kind === 'call' ? node.args.flatMap(arg => namesOf(facts, arg)) : []),
  ]
}

/** Names of the parameters of a function that a transaction runs. */
export function parametersOf(facts: FileFacts, fn: FunctionId): string[] {
  return facts.functions[fn].params.map((_, index) => paramName(fn, index))
}

/**
 * Whether a call runs on one of the connections: `client.query(…)`, `knex('t').transacting(trx)`, `query(sql, { transaction })`,
 * or is itself called one, as what runs on a connection that it finds by itself.
 */
export function isOn(facts: FileFacts, call: CallFacts, connections: string[]): boolean {
  if (namesOf(facts, call.node).some(name => connections.includes(name))) return true
  let id = call.node
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const node = unwrapped(facts, id)
    if (node.kind !== 'call' && node.kind !== 'new' && node.kind !== 'tagged') return false
    if (node.kind !== 'tagged' && node.args.some(arg => waysIn(facts, arg, '', connections).length > 0))
      return true
    if (node.kind === 'new') return false
    const callee = node.kind === 'tagged' ? node.tag : node.callee
    const on = facts.nodes[callee]
    const receiver = on.kind === 'member' ? on.of : callee
    if (namesOf(facts, receiver).some(name => isPartOf(name, connections))) return true
    id = receiver
  }
  return false
}

function unwrapped(facts: FileFacts, id: NodeId): ExprNode {
  let node = facts.nodes[id]
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (node.kind === 'typed' && node.of !== null) node = facts.nodes[node.of]
    else if (node.kind === 'awaited' || node.kind === 'among' || node.kind === 'grown')
      node = facts.nodes[node.of]
    else return node
  }
  return node
}

/** In which ways a call hands the connections to what it runs. */
export function waysOf(facts: FileFacts, call: CallFacts, connections: string[]): Way[] {
  const callee = facts.nodes[calleeOf(facts, call)]
  const name = callee.kind === 'member' ? callee.name : ''
  const ways = argumentsHanded(facts, call, name).flatMap((arg, index) =>
    waysIn(facts, arg, String(index), connections),
  )
  if (callee.kind === 'member') {
    for (const receiver of namesOf(facts, callee.of)) {
      // An object that the transaction hands over, such as a unit of work, runs all on it.
      if (isPartOf(receiver, connections)) ways.push('this')
      else ways.push(...restsOf(receiver, connections).map(rest => `this${rest}`))
    }
    const made = unwrapped(facts, callee.of)
    if (made.kind === 'new')
      ways.push(...made.args.flatMap((arg, index) => waysIn(facts, arg, `new ${index}`, connections)))
  }
  return [...new Set(ways)].filter(way => way.split('.').length <= MAX_PARTS + 1)
}

/**
 * In which ways an argument holds the connections.
 *
 * @param to the way to the argument itself
 */
export function waysIn(facts: FileFacts, arg: NodeId, to: Way, connections: string[], depth = 0): Way[] {
  const node = unwrapped(facts, arg)
  if (node.kind === 'object' && depth < 2)
    return node.entries.flatMap(([key, value]) =>
      waysIn(facts, value, key === '...' ? to : `${to}.${key}`, connections, depth + 1),
    )
  // `trx.raw.bind(trx)`: the method is handed over, and what it runs on.
  const bound = node.kind === 'call' ? facts.nodes[node.callee] : null
  if (bound?.kind === 'member' && bound.name === 'bind' && depth < 2)
    return waysIn(facts, bound.of, to, connections, depth + 1)
  return namesOf(facts, arg).flatMap(name =>
    isPartOf(name, connections) ? [to] : restsOf(name, connections).map(rest => to + rest),
  )
}

/**
 * Loops. What a name holds at the beginning of a round is what it held before the loop or at the end of a round: a
 * node that stands for it is put in before the body is read, and told what it stands for when the body's end is known.
 */
import type { Env } from './env.js'
import { grewFrom, growth, joinAll, joinValues, orNothing } from './environment.js'
import type { ExprNode, NodeId } from './facts.js'
import type { JumpTarget, Lowering } from './lowering.js'
import { scopeOf } from './lowering.js'
import { nodeParts } from './node-parts.js'

/** A place in the source. */
interface Span {
  start: number
  end: number
}

export interface LoopParts {
  body: () => void
  /** Runs before each round, or after it (`do … while`). */
  test?: () => void
  testsFirst: boolean
  /** What runs after each round, also one that `continue` ends. */
  update?: () => void
  /** Only `break` and `return` leave it. */
  endless: boolean
}

/** A name's value at the beginning of every round. */
interface Head {
  node: NodeId
  before: NodeId
}

type Heads = Map<number, Head>

/** Reads a loop; afterwards the names hold what they hold behind it. */
export function lowerLoop(l: Lowering, span: Span, parts: LoopParts): void {
  const heads = openLoop(l, span)
  if (parts.testsFirst) parts.test?.()
  const exit = parts.endless || !parts.testsFirst || !l.env ? null : l.env.copy()
  const target: JumpTarget = { label: null, breaks: [], continues: [], isLoop: true }
  l.jumps.push(target)
  parts.body()
  l.jumps.pop()
  l.env = joinAll(l, [l.env, ...target.continues, ...continuesByLabel(l, span)])
  parts.update?.()
  if (!parts.testsFirst) parts.test?.()
  const end = l.env
  closeLoop(l, heads, end)
  const after: Env | null = parts.endless ? null : parts.testsFirst ? withChanges(l, exit, end, heads) : end
  l.env = joinAll(l, [after, ...target.breaks])
}

/** Ways of `continue label` to the loop that bears the label. */
function continuesByLabel(l: Lowering, span: Span): (Env | null)[] {
  const outer = l.jumps.at(-1)
  return outer?.label !== null && outer?.labels === span ? outer.continues.splice(0) : []
}

/** Puts in nodes for the names that may change between here and the end of a round. */
export function openLoop(l: Lowering, { start, end }: Span): Heads {
  const heads: Heads = new Map()
  if (!l.env) return heads
  const code = l.source.slice(start, end)
  const written = namesWritten(code)
  for (const name of new Set(code.match(NAME))) {
    const binding = scopeOf(l, name)?.names.get(name)
    const before = binding === undefined ? undefined : l.env.get(binding)
    if (binding === undefined || before === undefined) continue
    if (!written.has(name) && !canGrow(l.nodes[before])) continue
    const node = l.add({ kind: 'choice', of: [before] })
    l.env.set(binding, node)
    heads.set(binding, { node, before })
  }
  return heads
}

/** Tells the nodes what they stand for, once it is known what the names hold at the end of a round. */
export function closeLoop(l: Lowering, heads: Heads, end: Env | null): void {
  for (const [binding, { node, before }] of heads) {
    const last = end?.get(binding) ?? node
    l.nodes[node] = last === node ? { ...l.nodes[before] } : headOf(l, node, before, last)
  }
}

function headOf(l: Lowering, node: NodeId, before: NodeId, last: NodeId): ExprNode {
  const grown = grewFrom(l, last, node) ? regrown(l, node, before, last) : null
  if (grown) return grown
  const end = l.nodes[last]
  const others = (end.kind === 'choice' ? end.of : [last]).filter(each => each !== node && each !== before)
  return others.some(each => leadsTo(l, each, node))
    ? { kind: 'loop', before, of: others }
    : { kind: 'choice', of: [before, ...others] }
}

/** What grew from one round to the next, grown from before the loop: it is there, or not. Null where it needs itself. */
function regrown(l: Lowering, node: NodeId, before: NodeId, last: NodeId): ExprNode | null {
  const joined = joinValues(l, node, last)
  if (!grewFrom(l, joined, node)) return null
  let of = before
  let grown: ExprNode = l.nodes[before]
  for (const step of growth(l, node, joined)) {
    if (of !== before || grown !== l.nodes[before]) of = l.add(grown)
    const next = l.nodes[step]
    if (next.kind === 'concat') grown = { ...next, parts: [of, ...next.parts.slice(1)] }
    else if (next.kind === 'append' || next.kind === 'assign' || next.kind === 'grown')
      grown = { ...next, of }
    else return null
  }
  return partsOf(l, grown).some(each => each !== before && leadsTo(l, each, node)) ? null : grown
}

const MAX_VISITED = 5_000

/** Whether the value of a node depends on that of another. */
function leadsTo(l: Lowering, from: NodeId, to: NodeId): boolean {
  const seen = new Set<NodeId>()
  const queue = [from]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to || seen.size > MAX_VISITED) return true
    if (seen.has(id)) continue
    seen.add(id)
    queue.push(...partsOf(l, l.nodes[id]))
  }
  return false
}

/** Nodes that a node's value is made of, a loop and what a function gives among them. */
function partsOf(l: Lowering, node: ExprNode): NodeId[] {
  if (node.kind === 'loop') return [node.before, ...node.of]
  return node.kind === 'function' ? l.functions[node.fn].returns : nodeParts(node)
}

/** What is known behind the loop: as at its head, with what changed by ways that the head does not tell. */
export function withChanges(l: Lowering, exit: Env | null, end: Env | null, heads: Heads): Env | null {
  if (!exit || !end) return exit
  for (const [binding, value] of end.changesFrom(exit)) {
    const held = exit.get(binding)
    if (heads.has(binding)) continue
    exit.set(binding, held === undefined ? orNothing(l, value) : joinValues(l, held, value))
  }
  return exit
}

const NAME = /(?<![.\w$])[A-Za-z_$][\w$]*/g

/** Text that gives a name, or a property of it, another value, or adds to it. */
const WRITTEN =
  /(?<![.\w$])([A-Za-z_$][\w$]*)(?:(?:\??\.[\w$#]+|\[[^\]]*\])*\s*(?:[-+*/|&?]{0,2}=(?![=>])|\+\+|--)|(?:\??\.[\w$#]+|\[[^\]]*\])*\??\.(?:push|unshift|append|add|set)\()/g
/** The left side of an assignment to several names. */
const PATTERN = /[[{]([^=;(){}[\]]*)[\]}]\s*\)?\s*=(?![=>])/g

/** Names that the code seems to give another value, by its text. */
export function namesWritten(code: string): Set<string> {
  const names = new Set<string>()
  for (const match of code.matchAll(WRITTEN)) names.add(match[1])
  for (const match of code.matchAll(PATTERN)) for (const name of match[1].match(NAME) ?? []) names.add(name)
  return names
}

/** Arrays, objects and statements of a template: what they are handed to may add to them. */
export function canGrow(node: ExprNode): boolean {
  return (
    node.kind === 'tagged' ||
    (node.kind === 'concat' && node.grows === true) ||
    node.kind === 'array' ||
    node.kind === 'append' ||
    node.kind === 'object' ||
    node.kind === 'assign' ||
    node.kind === 'grown'
  )
}

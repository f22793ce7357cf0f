/** How what is known on two ways to one point of the program is joined. */
import type { Binding, Env } from './env.js'
import type { Condition, ExprNode, NodeId } from './facts.js'

/** The nodes of one file under construction. */
export interface NodeTable {
  nodes: ExprNode[]
  add(node: ExprNode): NodeId
  /** Names of the current function, and of those around it, that were declared without a value. */
  withoutValue: Set<Binding>
  /** Choices within choices that arguments decide, with how deep they go. */
  nesting: Map<NodeId, number>
}

export function createNodeTable(): NodeTable {
  const nodes: ExprNode[] = []
  return {
    nodes,
    withoutValue: new Set(),
    nesting: new Map(),
    add(node) {
      nodes.push(node)
      return nodes.length - 1
    },
  }
}

/** A test that two paths begin at: its source, and what it asks of arguments. */
export interface Test {
  code: string
  when: Condition | null
}

/** Joins what is known on two paths, `test` true and false; either may be unreachable. */
export function joinEnvs(table: NodeTable, a: Env | null, b: Env | null, test?: Test): Env | null {
  if (!a || !b) return a ?? b
  if (a === b) return a
  const joined = a.merge(b, (one, other) => joinValues(table, one, other, test))
  for (const binding of table.withoutValue) {
    const [one, other] = [a.get(binding), b.get(binding)]
    const value = one ?? other
    if (value !== undefined && (one === undefined || other === undefined))
      joined.set(binding, orNothing(table, value))
  }
  return joined
}

/** A value of a name that may have none: what it says of itself decides no condition. */
export function orNothing(table: NodeTable, value: NodeId): NodeId {
  const node = table.nodes[value]
  return node.kind === 'typed' && node.types.length === 0
    ? value
    : table.add({ kind: 'typed', of: value, types: [] })
}

/** So many ways to one point are joined two by two: one after the other, each would copy the values of all before it. */
const MANY_WAYS = 100

/** Joins what is known on several paths, in their order; some may be unreachable. */
export function joinAll(table: NodeTable, envs: (Env | null)[]): Env | null {
  if (envs.length < MANY_WAYS) return envs.reduce((joined, env) => joinEnvs(table, joined, env), null)
  const half = envs.length >> 1
  return joinEnvs(table, joinAll(table, envs.slice(0, half)), joinAll(table, envs.slice(half)))
}

/**
 * One of two values. Texts and arrays that grew from a common beginning keep it in common, so that ten optional
 * conditions stay ten optional pieces and don't become a thousand whole texts.
 */
export function joinValues(table: NodeTable, a: NodeId, b: NodeId, test?: Test): NodeId {
  if (a === b) return a
  const tested = beforeTests(table, a)
  if (tested === beforeTests(table, b)) return tested
  const base = commonBase(table, a, b)
  if (base === null) {
    // One of more than two, unless an argument tells.
    const nesting = 1 + Math.max(nestingOf(table, a), nestingOf(table, b))
    if (test?.when && nesting > 1 && nesting <= MAX_NESTING) {
      const nested = table.add({ kind: 'choice', of: [a, b], when: test.when })
      table.nesting.set(nested, nesting)
      return nested
    }
    const of = [...new Set([...alternatives(table, a), ...alternatives(table, b)])]
    return table.add(withTest({ kind: 'choice', of }, of.length === 2 ? test : undefined))
  }
  const steps = [...growth(table, base, a), ...growth(table, base, b)]
  const kind = table.nodes[steps[0]].kind
  if (steps.some(step => table.nodes[step].kind !== kind)) return table.add({ kind: 'choice', of: [a, b] })
  if (kind === 'append') {
    let value = base
    for (const step of steps) {
      const node = table.nodes[step]
      if (node.kind === 'append') value = table.add({ ...node, of: value, maybe: true })
    }
    return value
  }
  if (kind === 'concat') {
    const rest = (end: NodeId): NodeId =>
      table.add({
        kind: 'concat',
        parts: growth(table, base, end).flatMap(grown =>
          (table.nodes[grown] as { parts: NodeId[] }).parts.slice(1),
        ),
      })
    const grows = steps.every(step => (table.nodes[step] as { grows?: true }).grows)
    return table.add({
      kind: 'concat',
      parts: [base, table.add(withTest({ kind: 'choice', of: [rest(a), rest(b)] }, test))],
      ...(grows && { grows: true as const }),
    })
  }
  // Assignments to properties, and calls that add something: the object with all of them shows the most.
  let value = base
  for (const step of steps) {
    const node = table.nodes[step]
    if (node.kind === 'assign' || node.kind === 'grown') value = table.add({ ...node, of: value })
  }
  return value
}

/** A value without what tests that it passed say of it. */
function beforeTests({ nodes }: NodeTable, id: NodeId): NodeId {
  let at = id
  for (let node = nodes[at]; node.kind === 'among'; node = nodes[at]) at = node.of
  return at
}

function withTest(node: ExprNode & { kind: 'choice' }, test: Test | undefined): ExprNode {
  return test === undefined ? node : { ...node, test: test.code, ...(test.when && { when: test.when }) }
}

/** How many choices an argument decides one after the other; where there are more, all are one of many. */
const MAX_NESTING = 30

function nestingOf(table: NodeTable, id: NodeId): number {
  return table.nesting.get(id) ?? (table.nodes[id].kind === 'choice' ? 1 : 0)
}

function alternatives(table: NodeTable, id: NodeId): NodeId[] {
  const node = table.nodes[id]
  if (node.kind !== 'choice') return [id]
  return table.nesting.has(id) ? node.of.flatMap(each => alternatives(table, each)) : node.of
}

/** What a grown value grew from, one step back; null where it did not grow. */
export function grownFrom(table: NodeTable, id: NodeId): NodeId | null {
  const node = table.nodes[id]
  if (node.kind === 'append' || node.kind === 'assign' || node.kind === 'grown') return node.of
  if (node.kind === 'concat' && node.parts.length > 0) return node.parts[0]
  return null
}

const MAX_GROWTH = 400

/** The latest value from which both grew. */
function commonBase(table: NodeTable, a: NodeId, b: NodeId): NodeId | null {
  const line = new Set<NodeId>()
  for (let id: NodeId | null = a, n = 0; id !== null && n < MAX_GROWTH; id = grownFrom(table, id), n++)
    line.add(id)
  for (let id: NodeId | null = b, n = 0; id !== null && n < MAX_GROWTH; id = grownFrom(table, id), n++) {
    if (line.has(id)) return id
  }
  return null
}

/** Whether a value is another with something added. */
export function grewFrom(table: NodeTable, value: NodeId, base: NodeId): boolean {
  let id: NodeId | null = value
  for (let n = 0; id !== null && n < MAX_GROWTH; id = grownFrom(table, id), n++) if (id === base) return true
  return false
}

/** The steps of growth after `base` up to `end`, in order. */
export function growth(table: NodeTable, base: NodeId, end: NodeId): NodeId[] {
  const steps: NodeId[] = []
  for (let id: NodeId | null = end; id !== null && id !== base; id = grownFrom(table, id)) steps.push(id)
  return steps.reverse()
}

import type { NodeId } from './facts.js'

/** A declared local name; the same name in two scopes is two bindings. Counted from 0 in each file. */
export type Binding = number

type Leaf = readonly (NodeId | undefined)[]
type Branch = readonly (Branch | Leaf | undefined)[]

const BITS = 4
const MASK = (1 << BITS) - 1

/**
 * What each local name holds at a point of the program.
 *
 * A tree of arrays that are never changed. Each branch, loop and callback takes a copy of what is known before it, and
 * the two are joined after it. Here a copy is one object, and a join skips what both sides share; with a `Map`, a file
 * of 2,000 routes took 2.9 s of processor time and one of 4,000 took 10.5 s, where this takes 1.5 and 2.3 s.
 */
export class Env {
  private root: Branch | Leaf
  /** Levels of branches above the leaves. */
  private height: number

  constructor(root: Branch | Leaf = [], height = 0) {
    this.root = root
    this.height = height
  }

  copy(): Env {
    return new Env(this.root, this.height)
  }

  get(binding: Binding): NodeId | undefined {
    if (binding >> (BITS * (this.height + 1)) > 0) return undefined
    let node: Branch | Leaf | undefined = this.root
    for (let level = this.height; level > 0 && node; level--)
      node = (node as Branch)[(binding >> (BITS * level)) & MASK]
    return (node as Leaf | undefined)?.[binding & MASK]
  }

  set(binding: Binding, value: NodeId): void {
    this.replace(binding, value)
  }

  delete(binding: Binding): void {
    this.replace(binding, undefined)
  }

  /** What either side knows; `join` gives the value where they differ. */
  merge(other: Env, join: (own: NodeId, other: NodeId) => NodeId): Env {
    const height = Math.max(this.height, other.height)
    return new Env(merged(this.raised(height), other.raised(height), height, join), height)
  }

  /** Bindings with a value that is not the one before. */
  changesFrom(before: Env): [Binding, NodeId][] {
    const height = Math.max(this.height, before.height)
    const found: [Binding, NodeId][] = []
    collectChanges(before.raised(height), this.raised(height), height, 0, found)
    return found
  }

  private replace(binding: Binding, value: NodeId | undefined): void {
    while (binding >> (BITS * (this.height + 1)) > 0) {
      this.root = [this.root]
      this.height++
    }
    this.root = replaced(this.root, this.height, binding, value)
  }

  /** The root under as many levels as asked for. */
  private raised(height: number): Branch | Leaf {
    let { root } = this
    for (let level = this.height; level < height; level++) root = [root]
    return root
  }
}

function replaced(
  node: Branch | Leaf | undefined,
  level: number,
  binding: Binding,
  value: NodeId | undefined,
): Branch | Leaf {
  const at = (binding >> (BITS * level)) & MASK
  if (level === 0) {
    const leaf = (node as Leaf | undefined)?.slice() ?? []
    leaf[at] = value
    return leaf
  }
  const branch = (node as Branch | undefined)?.slice() ?? []
  branch[at] = replaced(branch[at], level - 1, binding, value)
  return branch
}

function merged(
  a: Branch | Leaf,
  b: Branch | Leaf,
  level: number,
  join: (a: NodeId, b: NodeId) => NodeId,
): Branch | Leaf {
  if (a === b) return a
  const all: (Branch | Leaf | NodeId | undefined)[] = []
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [x, y] = [a[at], b[at]]
    if (x === y || y === undefined) all[at] = x
    else if (x === undefined) all[at] = y
    else if (level === 0) all[at] = join(x as NodeId, y as NodeId)
    else all[at] = merged(x as Branch | Leaf, y as Branch | Leaf, level - 1, join)
  }
  return all as Branch | Leaf
}

function collectChanges(
  before: Branch | Leaf | undefined,
  now: Branch | Leaf,
  level: number,
  offset: Binding,
  found: [Binding, NodeId][],
): void {
  for (const [at, value] of now.entries()) {
    if (value === undefined || value === before?.[at]) continue
    const binding = offset + (at << (BITS * level))
    if (level === 0) found.push([binding, value as NodeId])
    else
      collectChanges(
        before?.[at] as Branch | Leaf | undefined,
        value as Branch | Leaf,
        level - 1,
        binding,
        found,
      )
  }
}

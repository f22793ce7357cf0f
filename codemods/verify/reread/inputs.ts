/** What a call site gets from outside, where nothing tells what it is: a name for it, and a value for each look. */

/** Something that the code was given: a parameter, a field of one, what an unknown function gave. */
export class Unknown {
  /** @param isOfCode code that is not seen gives it, and no caller: it may be a piece of the statement */
  constructor(
    readonly path: string,
    readonly isOfCode = false,
  ) {}

  at(path: string): Unknown {
    return new Unknown(`${this.path}${path}`, this.isOfCode)
  }
}

/** Stands in a text for a piece that is not known, with where that comes from. */
export const GAP = /\uE000([^\uE001]*)\uE001/

/** What reading can't follow, with why; the statement that was kept is compared alone then. */
export class NotRead extends Error {}

/** With these values the code does not get to the call. */
export class NotReached extends Error {}

type Kind = 'text' | 'list'

/** One value for each unknown: those that are bound, and for the others one that is there and is none of a kind. */
export class Inputs {
  /** What was asked for its value since this was last emptied, in order. */
  readonly touched = new Set<string>()

  /** What callers give that was ever asked for its value. */
  readonly asked = new Set<string>()

  /**
   * @param bound values by path
   * @param kinds what methods of it tell of an unknown, learnt while reading
   * @param turn other values for what is not bound
   */
  constructor(
    private readonly bound: ReadonlyMap<string, unknown> = new Map(),
    private readonly kinds: Map<string, Kind> = new Map(),
    private readonly turn = 0,
  ) {}

  isBound({ path }: Unknown): boolean {
    return this.bound.has(path)
  }

  /** Whether the code asked for something whose value is given from outside, since `touched` was emptied. */
  get dependsOnBound(): boolean {
    return [...this.touched].some(path => this.bound.has(path))
  }

  isList({ path }: Unknown): boolean {
    return this.bound.has(path) ? Array.isArray(this.bound.get(path)) : this.kinds.get(path) === 'list'
  }

  learn({ path }: Unknown, kind: Kind): void {
    if (!this.kinds.has(path)) this.kinds.set(path, kind)
  }

  /** What of an object is given from outside; null for nothing. */
  fieldsOf({ path }: Unknown): Record<string, unknown> | null {
    const fields = [...this.bound].filter(
      ([each]) => /^\.\w+$/.test(each.slice(path.length)) && each.startsWith(path),
    )
    if (fields.length === 0) return null
    return Object.fromEntries(fields.map(([each, value]) => [each.slice(path.length + 1), value]))
  }

  /** As a piece of a text: what code that is not seen gives leaves a gap. */
  pieceOf(unknown: Unknown): unknown {
    if (unknown.isOfCode && !this.bound.has(unknown.path)) return `\uE000${unknown.path}\uE001`
    return this.valueOf(unknown)
  }

  valueOf(unknown: Unknown): unknown {
    const { path } = unknown
    this.touched.add(path)
    if (!unknown.isOfCode) this.asked.add(path)
    if (this.bound.has(path)) {
      const value = this.bound.get(path)
      return Array.isArray(value) ? [...value] : value
    }
    const number = 1 + (this.turn % 3)
    switch (this.kinds.get(path)) {
      case 'list':
        return [unknown.at('[0]'), unknown.at('[1]')]
      case 'text':
        return String(number)
      default:
        return number
    }
  }
}

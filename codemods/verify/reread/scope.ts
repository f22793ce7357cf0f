/** Names and what they hold while code is read. */
import type { Node } from '../../site/parse.js'
import type { SourceFile } from '../../site/source-file.js'

/** Held by a name: a value, or how it is found once it is asked for. */
interface Cell {
  value: unknown
  find: (() => unknown) | null
}

export class Scope {
  private readonly cells = new Map<string, Cell>()

  constructor(
    readonly file: SourceFile,
    private readonly parent: Scope | null = null,
    /** What `this` is; undefined where it is what it is around. */
    private readonly self?: unknown,
  ) {}

  inner(self?: unknown): Scope {
    return new Scope(this.file, this, self ?? this.self)
  }

  get this(): unknown {
    return this.self
  }

  declare(name: string, value: unknown): void {
    this.cells.set(name, { value, find: null })
  }

  /** A name whose value is looked for when it is asked for. */
  declareLazily(name: string, find: () => unknown): void {
    this.cells.set(name, { value: undefined, find })
  }

  has(name: string): boolean {
    return this.cells.has(name) || (this.parent?.has(name) ?? false)
  }

  get(name: string): unknown {
    const cell = this.cells.get(name)
    if (!cell) return this.parent?.get(name)
    if (cell.find) {
      const { find } = cell
      cell.find = null
      cell.value = find()
    }
    return cell.value
  }

  set(name: string, value: unknown): boolean {
    if (!this.cells.has(name)) return this.parent?.set(name, value) ?? false
    this.cells.set(name, { value, find: null })
    return true
  }
}

/** A function of the code, with the names around it. */
export class Closure {
  constructor(
    readonly node: Node,
    readonly scope: Scope,
    readonly self?: unknown,
  ) {}
}

/** A class, or an object of it: fields that are written out, and methods. */
export class OfClass {
  constructor(
    readonly node: Node,
    readonly scope: Scope,
    readonly isStatic: boolean,
  ) {}
}

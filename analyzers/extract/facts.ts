/**
 * Facts: all that the linker needs to know of one file, as plain JSON.
 *
 * A file is lowered to a graph of expression nodes (`nodes`, addressed by index). Control flow inside a function
 * is resolved here: a `query` that grows under conditions arrives as one `concat` with `choice`s in it. What
 * other files or callers decide stays symbolic: `param`, `import`, `variable`.
 */
import type { Diagnostic } from '../model.js'

/** Index into `FileFacts.nodes`. */
export type NodeId = number
/** Index into `FileFacts.functions`. */
export type FunctionId = number
/** Index into `FileFacts.classes`. */
export type ClassId = number

export type ExprNode =
  /** Literal text (strings, template quasis, numbers); `at` is its offset in the file. */
  | { kind: 'text'; text: string; at: number; number?: true }
  /** Values written one after the other: templates, `+`, `+=`. */
  /** Texts one after the other; `grows` where the first is a statement that a call of its own adds the others to. */
  | { kind: 'concat'; parts: NodeId[]; grows?: true }
  /**
   * One of these, decided at run time: ternaries, branches, `||`. Choices with the same `test` fall alike; `when`: the first of
   * two where this holds, the second where it does not; `inTurn`: each where those behind it give nothing (`c || b || a`).
   */
  | { kind: 'choice'; of: NodeId[]; test?: string; when?: Condition; inTurn?: true }
  /** What a name holds at the beginning of a loop's rounds, where what it holds at their end depends on that. */
  | { kind: 'loop'; before: NodeId; of: NodeId[] }
  /** A parameter of the enclosing function, or of one around it. */
  | { kind: 'param'; fn: FunctionId; index: number }
  /** A name that an import brought in; see `imports`. */
  | { kind: 'import'; name: string }
  /** A module: namespace import, `require('x')`, `await import('x')`. */
  /** `required`: by `require`, which gives what the module says that it is. */
  | { kind: 'module'; module: string; required?: true }
  /** A name declared at the top level of this file; see `variables`. */
  | { kind: 'variable'; name: string }
  /** A name that the file does not declare: `process`, `Object`, `undefined`. */
  | { kind: 'global'; name: string }
  | { kind: 'function'; fn: FunctionId }
  | { kind: 'class'; cls: ClassId }
  | { kind: 'this'; cls: ClassId | null }
  /** The class that a class extends, as `super` in its methods. */
  | { kind: 'super'; cls: ClassId }
  | { kind: 'member'; of: NodeId; name: string }
  | { kind: 'index'; of: NodeId; by: NodeId }
  | { kind: 'call'; callee: NodeId; args: NodeId[]; at: number; types: string[] }
  | { kind: 'new'; callee: NodeId; args: NodeId[]; at: number }
  /** A tagged template; `text` is its concat. */
  | { kind: 'tagged'; tag: NodeId; text: NodeId; at: number }
  /** What is awaited, where it may be a statement: what comes of that is rows, not its text. */
  | { kind: 'awaited'; of: NodeId }
  /**
   * Object literal in order; a spread has the key `...`. Later entries win. `computed`: what stands under keys that are
   * expressions (`[Kind.user]: …`), each after its key.
   */
  | { kind: 'object'; entries: [string, NodeId][]; computed?: [NodeId, NodeId][]; at: number }
  /** An object after `target.key = value`, or `target[by] = value` (key `*`). */
  | { kind: 'assign'; of: NodeId; key: string; by: NodeId | null; value: NodeId }
  | { kind: 'array'; items: NodeId[] }
  /** An array after `push`, or with items that are there only under a condition. */
  | { kind: 'append'; of: NodeId; items: NodeId[]; maybe: boolean; front?: true }
  /**
   * An array or object after a call that got it as an argument and may have added to it; without an index, an object after one
   * of its own methods ran.
   */
  | { kind: 'grown'; of: NodeId; call: NodeId; index: number | null }
  | { kind: 'spread'; of: NodeId }
  /** Some element of an array, Set, Map or object that is iterated over. */
  | { kind: 'element'; of: NodeId }
  /** A value with a declared type, for when the value itself says nothing. */
  | { kind: 'typed'; of: NodeId | null; types: string[] }
  /**
   * What passed a test that it is one of a set: an element of an array or a Set, a key of a Map. With `when`, the set is the
   * `element` of an iteration that it is made of, and it is one of those for which this holds.
   */
  | { kind: 'among'; of: NodeId; set: NodeId; when?: Condition }
  /** The set that a function lets pass as an argument, see `FunctionFacts.admits`. */
  | { kind: 'admitted'; callee: NodeId; index: number; answers: boolean }
  /** The place of this file: `import.meta.url`, `__filename`, or of its folder: `__dirname`. */
  | { kind: 'here'; folder: boolean }
  /** A value that the evaluator has no rule for; `code` is shown to people. */
  | { kind: 'unknown'; code: string }

/** What a test asks of an argument, as far as the argument's value may tell. */
export type Check =
  /** `of`, as a test */
  | { kind: 'truthy'; of: NodeId; not?: true }
  /** Whether it is `undefined`, so that a default stands for it: `{ of = … }` */
  | { kind: 'missing'; of: NodeId; not?: true }
  /** `typeof of === 'type'` */
  | { kind: 'typeof'; of: NodeId; type: string; not?: true }
  /** `Array.isArray(of)` */
  | { kind: 'array'; of: NodeId; not?: true }
  /** `of === 'text'`; `loose`: `of == 'text'` */
  | { kind: 'equal'; of: NodeId; text: string; loose?: true; not?: true }
  /** `of === 1`, `of === true` */
  | { kind: 'same'; of: NodeId; value: number | boolean; loose?: true; not?: true }
  /** `of === null`, `of === undefined`; `is` tells which of the two, and nothing where both are asked for: `of == null` */
  | { kind: 'nothing'; of: NodeId; is?: 'null' | 'undefined'; not?: true }
  /** `'text' in of` */
  | { kind: 'has'; of: NodeId; text: string; not?: true }
  /** `callee(...args)`, where that function says what it asks (`FunctionFacts.asks`). */
  | { kind: 'asked'; callee: NodeId; args: NodeId[]; not?: true }
  /** Something else. */
  | { kind: 'other' }

/** All of these hold, or not all of them. */
export interface Condition {
  checks: Check[]
  holds: boolean
}

export interface ParamFacts {
  name: string
  /** Named types of the annotation, generics and unions flattened: `Pool`, `mysql.Connection`, `string`. */
  types: string[]
  default: NodeId | null
  rest: boolean
  /** Its type is written, and a call has to give it: it is not optional and has no default. */
  required?: true
  /** The array or object that it holds at the end, where the function adds to it. */
  after?: NodeId
}

/**
 * What a function lets pass as an argument: where it `answers` that it does (`return TABLES.has(table)`), or comes to its end
 * (`if (!TABLES.has(table)) throw …`).
 */
export interface Admission {
  index: number
  set: NodeId
  answers: boolean
}

export interface FunctionFacts {
  /** Name as declared or as the variable, property or method that holds it; empty if none. */
  name: string
  params: ParamFacts[]
  cls: ClassId | null
  /** Function that encloses it; null at the top level. */
  parent: FunctionId | null
  /** Every value it may return. */
  returns: NodeId[]
  /** On what conditions it comes to each of them; left out where it has none that an argument may decide. */
  returnsWhen?: Condition[][]
  /** What it asks of its arguments, where that is all that it returns: `typeof of === 'string'`. */
  asks?: Condition
  admits?: Admission[]
  /** For a callback of `map` and the like: the node that stands for its first parameter. */
  element: NodeId | null
  /** Declared return types. */
  returnTypes: string[]
  /** Of a method, if it has some. */
  decorators?: DecoratorFacts[]
  /** Offsets of the whole of it; of a method they begin at its parameters. */
  start: number
  end: number
}

/** `@Transactional({ readOnly: true })` */
export interface DecoratorFacts {
  name: string
  /** What it is called with. */
  args: NodeId[]
}

export interface ClassFacts {
  name: string
  extends: NodeId | null
  /** Names of the interfaces it says it implements. */
  implements: string[]
  /** Fields, also those set in the constructor or declared by its parameters. */
  fields: Record<string, NodeId>
  methods: Record<string, FunctionId>
  /** Methods of the class itself; those of them that no method of its objects is called like are among `methods` as well. */
  statics: Record<string, FunctionId>
  constructor: FunctionId | null
  /** The `super(…)` of its constructor. */
  superCall: NodeId | null
}

export interface ImportFacts {
  module: string
  /** Exported name; `*` for the namespace, `default` for the default export. */
  name: string
}

export interface CallFacts {
  /** The `call`, `new` or `tagged` node. */
  node: NodeId
  /** Function in which it stands; null at the top level. */
  fn: FunctionId | null
  /** Offsets of the whole expression. */
  start: number
  end: number
  /** Functions written as its arguments. */
  callbacks: FunctionId[]
}

export interface FileFacts {
  file: string
  nodes: ExprNode[]
  functions: FunctionFacts[]
  classes: ClassFacts[]
  /** Names of interfaces and the interfaces they extend. */
  interfaces: Record<string, string[]>
  /** Of interfaces and types of objects, by their names: the types of their fields, as `ParamFacts.types` has them. */
  fieldTypes: Record<string, Record<string, string[]>>
  /** Top-level names and their values at the end of the module. */
  variables: Record<string, NodeId>
  /** What it shares by a web framework's application or request, under which names: see `shared.ts`. */
  shared: [name: string, value: NodeId][]
  /** The types that it declares for what is shared so, as `ParamFacts.types` has them. */
  sharedTypes: Record<string, string[]>
  imports: Record<string, ImportFacts>
  /** Exported name -> top-level value. */
  exports: Record<string, NodeId>
  /** `export { a as b } from 'm'` (name a, as b) and `export * from 'm'` (both `*`). */
  reexports: { module: string; name: string; as: string }[]
  calls: CallFacts[]
  /** Offsets of each `catch`, its begin and its end. */
  catches: [start: number, end: number][]
  /** Offset at which each line starts, for turning offsets into places. */
  lineStarts: number[]
  diagnostics: Diagnostic[]
}

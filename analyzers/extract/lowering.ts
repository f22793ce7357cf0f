/** State shared by the parts of the lowering of one file: scopes, the function being read, what is put off. */
import type { Node as SyntaxNode, TSTypeAnnotation } from '@oxc-project/types'
import type { Closure } from './closures.js'
import type { Binding } from './env.js'
import { Env } from './env.js'
import type { NodeTable } from './environment.js'
import { createNodeTable } from './environment.js'
import type { ExpectedTypes } from './expected-types.js'
import type {
  CallFacts,
  ClassFacts,
  ClassId,
  Condition,
  FileFacts,
  FunctionFacts,
  FunctionId,
  ImportFacts,
  NodeId,
} from './facts.js'

/** Names declared in one block, function or module. */
export interface Scope {
  names: Map<string, Binding>
  parent: Scope | null
  /** The body of a function, or the module: what `var` declares is known in all of it. */
  isFunction: boolean
}

/** A name and a value that it was given. */
export type Given = [Binding, NodeId]

/** Where `break` and `continue` send what is known at them. */
export interface JumpTarget {
  label: string | null
  /** The statement that bears the label. */
  labels?: object
  breaks: (Env | null)[]
  continues: (Env | null)[]
  isLoop: boolean
}

export interface Lowering extends NodeTable {
  file: string
  source: string
  functions: FunctionFacts[]
  classes: ClassFacts[]
  interfaces: Record<string, string[]>
  fieldTypes: Record<string, Record<string, string[]>>
  shared: FileFacts['shared']
  sharedTypes: FileFacts['sharedTypes']
  imports: Record<string, ImportFacts>
  reexports: { module: string; name: string; as: string }[]
  exports: Record<string, NodeId>
  calls: CallFacts[]
  catches: FileFacts['catches']
  /** Every value that a top-level name is given, for reading it from inside functions. */
  moduleValues: Map<string, NodeId[]>
  moduleScope: Scope
  scope: Scope
  /** Null while the current point can't be reached. */
  env: Env | null
  /** What was known where the last path ended: function bodies put off see it if the block's end can't be reached. */
  lastEnv: Env
  fn: FunctionId | null
  /** The function whose arguments `arguments` is: an arrow function has none of its own. */
  argumentsOf: FunctionId | null
  cls: ClassId | null
  jumps: JumpTarget[]
  /** True while statements are read to which no path leads. */
  dead: boolean
  /** What the current function yields. */
  yielded: NodeId[]
  /** The conditions on which the current point is come to, as far as arguments of the current function decide them. */
  conditions: Condition[]
  /** What is known where the current function returns. */
  returned: (Env | null)[]
  /** Values that names were given since a `try` began; null outside of all. */
  given: Given[] | null
  /** Function bodies that run later: read at the end of the block, when its names have their values. */
  deferred: (() => void)[]
  /** Local functions that write to names around them, and those of them that are being run. */
  closures: Map<Binding, Closure>
  running: Closure[]
  /** What parameters hold that are lists, as far as their types or names tell. */
  lists: Set<NodeId>
  /** What is expected of functions where they stand. */
  expected: ExpectedTypes
  /** What the current function is declared to return. */
  returnType: TSTypeAnnotation | null
  /** Declared types of bindings, for values that say nothing. */
  bindingTypes: Map<Binding, string[]>
  nextBinding: Binding
}

export function createLowering(file: string, source: string): Lowering {
  const moduleScope: Scope = { names: new Map(), parent: null, isFunction: true }
  return {
    ...createNodeTable(),
    file,
    source,
    functions: [],
    classes: [],
    interfaces: {},
    fieldTypes: Object.create(null) as Record<string, Record<string, string[]>>,
    shared: [],
    sharedTypes: Object.create(null) as FileFacts['sharedTypes'],
    imports: Object.create(null) as Record<string, ImportFacts>,
    reexports: [],
    exports: Object.create(null) as Record<string, NodeId>,
    calls: [],
    catches: [],
    moduleValues: new Map(),
    moduleScope,
    scope: moduleScope,
    env: new Env(),
    lastEnv: new Env(),
    fn: null,
    argumentsOf: null,
    cls: null,
    jumps: [],
    dead: false,
    yielded: [],
    conditions: [],
    returned: [],
    given: null,
    deferred: [],
    closures: new Map(),
    running: [],
    lists: new Set(),
    expected: new WeakMap(),
    returnType: null,
    bindingTypes: new Map(),
    nextBinding: 0,
  }
}

/** Declares a name in the innermost scope, or the one given, once. */
export function declare(l: Lowering, name: string, scope: Scope = l.scope): Binding {
  const known = scope.names.get(name)
  if (known !== undefined) return known
  const binding = l.nextBinding++
  scope.names.set(name, binding)
  return binding
}

/** The scope of the function around. */
export function functionScopeOf(l: Lowering): Scope {
  let { scope } = l
  while (!scope.isFunction && scope.parent) scope = scope.parent
  return scope
}

/** The scope that declares a name, seen from the current one. */
export function scopeOf(l: Lowering, name: string): Scope | null {
  for (let scope: Scope | null = l.scope; scope; scope = scope.parent) if (scope.names.has(name)) return scope
  return null
}

/** Runs `body` in a new block scope and then the function bodies that it put off. */
export function inScope(l: Lowering, body: () => void, isFunction = false): void {
  const { scope, deferred } = l
  l.scope = { names: new Map(), parent: scope, isFunction }
  l.deferred = []
  body()
  runDeferred(l)
  l.scope = scope
  l.deferred = deferred
}

/** Reads the function bodies that were put off; they see the names as they are now. */
export function runDeferred(l: Lowering): void {
  for (let task = l.deferred.shift(); task; task = l.deferred.shift()) task()
}

/** Ends this path: nothing after it is reached. */
export function endPath(l: Lowering): void {
  if (l.env) l.lastEnv = l.env
  l.env = null
}

/** Source of a node, shortened, for messages. */
export function codeOf(l: Lowering, node: SyntaxNode): string {
  const code = l.source.slice(node.start, Math.min(node.end, node.start + 80)).replace(/\s+/g, ' ')
  return code.length > 60 ? `${code.slice(0, 57)}...` : code
}

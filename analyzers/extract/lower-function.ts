/** Functions and classes: their parameters, bodies, fields and what they return. */
import type {
  ArrowFunctionExpression,
  BindingIdentifier,
  Class,
  Decorator,
  Expression,
  Function as FunctionSyntax,
  ParamPattern,
  TSTypeAnnotation,
} from '@oxc-project/types'
import { admissionsOf } from './allow-lists.js'
import { noteClosure } from './closures.js'
import { conditionOf } from './conditions.js'
import { Env } from './env.js'
import { grownFrom, joinAll } from './environment.js'
import { expectFunction } from './expected-types.js'
import type { ClassFacts, ClassId, DecoratorFacts, FunctionId, NodeId, ParamFacts } from './facts.js'
import { canGrow } from './loops.js'
import { lowerExpression, propertyName, readByGetter } from './lower-expression.js'
import { addField, bindPattern, setName } from './lower-pattern.js'
import { lowerStatements, namesOf } from './lower-statement.js'
import type { Lowering } from './lowering.js'
import { declare, inScope } from './lowering.js'
import { isListType, typeNames } from './types-of.js'

type AnyFunction = FunctionSyntax | ArrowFunctionExpression

/** Gives a function its place in the facts; its body is read by `lowerBody`. */
export function allocateFunction(l: Lowering, syntax: AnyFunction, name: string): FunctionId {
  l.functions.push({
    name,
    params: [],
    cls: l.cls,
    parent: l.fn,
    returns: [],
    element: null,
    returnTypes: typeNames(syntax.returnType),
    start: syntax.start,
    end: syntax.end,
  })
  return l.functions.length - 1
}

/**
 * Reads a function's body.
 * @param argumentNodes what is known of its arguments (the element that `map` hands to its callback)
 * @param inline the body runs here and now: it sees the names as they are at this point
 * @returns what is known at its end; the names around it hold what they held
 */
export function lowerBody(
  l: Lowering,
  fn: FunctionId,
  syntax: AnyFunction,
  argumentNodes: (NodeId | null)[] = [],
  inline = false,
): Env | null {
  const saved = {
    fn: l.fn,
    argumentsOf: l.argumentsOf,
    env: l.env,
    lastEnv: l.lastEnv,
    jumps: l.jumps,
    returned: l.returned,
    yielded: l.yielded,
    conditions: l.conditions,
    withoutValue: l.withoutValue,
    given: l.given,
    dead: l.dead,
    returnType: l.returnType,
  }
  // Functions at the top level see its names as the module leaves them, not as they are here.
  const isTopLevel = saved.fn === null && l.scope === l.moduleScope && !inline
  const outer = isTopLevel || !l.env ? new Env() : l.env.copy()
  l.fn = fn
  if (syntax.type !== 'ArrowFunctionExpression') l.argumentsOf = fn
  l.jumps = []
  l.env = outer.copy()
  l.returned = []
  l.yielded = []
  l.conditions = []
  l.withoutValue = new Set(l.withoutValue)
  l.dead = false
  l.returnType = syntax.returnType ?? null
  if (!inline) l.given = null
  let end: Env | null = null
  inScope(
    l,
    () => {
      const expected = l.expected.get(syntax) ?? []
      for (const [index, param] of paramsOf(syntax).entries())
        lowerParam(l, fn, param, index, argumentNodes[index] ?? null, expected[index] ?? null)
      const only = onlyReturn(syntax)
      const asks = only && conditionOf(l, only)
      if (asks) l.functions[fn].asks = asks
      if (syntax.body?.type === 'BlockStatement') lowerStatements(l, syntax.body.body)
      else if (syntax.body) {
        expectFunction(l.expected, syntax.body, l.returnType)
        l.functions[fn].returns.push(lowerExpression(l, syntax.body))
      }
      // What runs over a generator gets what it yields.
      if (l.yielded.length > 0 && l.functions[fn].returns.length === 0)
        l.functions[fn].returns.push(l.add({ kind: 'array', items: l.yielded }))
      end = joinAll(l, [l.env, ...l.returned])
      if (end) noteGrowth(l, fn, argumentNodes, end)
      l.env = end
      const admits = admissionsOf(l, fn, only)
      if (admits.length > 0) l.functions[fn].admits = admits
    },
    true,
  )
  Object.assign(l, saved)
  return end
}

/** What a function returns that does nothing else. */
function onlyReturn({ body }: AnyFunction): Expression | null {
  if (body?.type !== 'BlockStatement') return body
  const [only] = body.body
  return body.body.length === 1 && only.type === 'ReturnStatement' ? only.argument : null
}

/** Parameters that get an argument: the type of `this` that is written like one (`this: Pool`) is none. */
function paramsOf(syntax: AnyFunction): ParamPattern[] {
  const [first, ...rest] = syntax.params
  return first?.type === 'Identifier' && first.name === 'this' ? rest : syntax.params
}

/** Notes parameters that hold an array, object or statement to which the function adds something. */
function noteGrowth(l: Lowering, fn: FunctionId, argumentNodes: (NodeId | null)[], end: Env): void {
  for (const [index, param] of l.functions[fn].params.entries()) {
    if (param.name === '' || argumentNodes[index] != null || param.rest) continue
    const binding = l.scope.names.get(param.name)
    const after = binding === undefined ? undefined : end.get(binding)
    if (after !== undefined && isGrownParam(l, after, fn, index)) param.after = after
  }
}

/** Whether a value is a parameter with something added to it, as arrays, objects and statements are. */
function isGrownParam(l: Lowering, value: NodeId, fn: FunctionId, index: number): boolean {
  let node = l.nodes[value]
  let grows = false
  for (let of = grownFrom(l, value); of !== null && canGrow(node); of = grownFrom(l, of)) {
    node = l.nodes[of]
    grows = true
  }
  if (node.kind === 'typed' && node.of !== null) node = l.nodes[node.of]
  return grows && node.kind === 'param' && node.fn === fn && node.index === index
}

function lowerParam(
  l: Lowering,
  fn: FunctionId,
  syntax: ParamPattern,
  index: number,
  argument: NodeId | null,
  expected: TSTypeAnnotation | null,
): void {
  const property = syntax.type === 'TSParameterProperty'
  const pattern = property ? syntax.parameter : syntax
  const rest = pattern.type === 'RestElement'
  const binding = rest ? pattern.argument : pattern
  const inner = binding.type === 'AssignmentPattern' ? binding.left : binding
  const types = typeNames(inner.typeAnnotation ?? expected)
  const facts: ParamFacts = {
    name: inner.type === 'Identifier' ? inner.name : '',
    types,
    default: null,
    rest,
  }
  const isOptional = rest || binding.type === 'AssignmentPattern' || ('optional' in inner && inner.optional)
  if (inner.typeAnnotation && !isOptional) facts.required = true
  l.functions[fn].params[index] = facts
  for (const name of namesOf(inner)) declare(l, name)
  if (binding.type === 'AssignmentPattern') facts.default = lowerExpression(l, binding.right)
  const value = argument ?? l.add({ kind: 'param', fn, index })
  bindPattern(l, inner, value, types)
  if (inner.type === 'Identifier' && !argument) noteList(l, inner)
  if (property && inner.type === 'Identifier') {
    addField(l, inner.name, types.length > 0 ? l.add({ kind: 'typed', of: value, types }) : value)
  }
}

/** Notes a parameter that is a list: calls that get it may add to it, which is a function's own `conditions` then. */
function noteList(l: Lowering, { name, typeAnnotation }: BindingIdentifier): void {
  const held = l.env?.get(declare(l, name))
  if (held === undefined) return
  if (typeAnnotation ? isListType(typeAnnotation) : SOUNDS_LIKE_PARTS.test(name)) l.lists.add(held)
}

/** Names, in code without types, of lists to which parts of a statement are added. */
const SOUNDS_LIKE_PARTS =
  /(?:conditions?|filters?|wheres?|joins?|clauses?|parts|withs?|ctes|criteria|predicates|fragments|columns|fields|sets|updates|assignments|unions|queries|statements)$/i

/** A function that runs when it is called, not where it stands. */
export function deferFunction(l: Lowering, syntax: AnyFunction, name: string): NodeId {
  const fn = allocateFunction(l, syntax, name)
  defer(l, () => lowerBody(l, fn, syntax))
  return l.add({ kind: 'function', fn })
}

/** Puts a body off to the end of the block, in the scope, class and function of this place. */
function defer(l: Lowering, task: () => void): void {
  const { scope, cls, fn } = l
  l.deferred.push(() => {
    const now = { scope: l.scope, cls: l.cls, fn: l.fn, env: l.env }
    l.scope = scope
    l.cls = cls
    l.fn = fn
    l.env ??= l.lastEnv.copy()
    task()
    l.scope = now.scope
    l.cls = now.cls
    l.fn = now.fn
    l.env = now.env
  })
}

export function declareFunction(l: Lowering, syntax: FunctionSyntax): void {
  if (!syntax.id || !syntax.body) return
  setName(l, syntax.id.name, deferFunction(l, syntax, syntax.id.name), true)
  noteClosure(l, syntax.id.name, syntax)
}

export function declareClass(l: Lowering, syntax: Class): NodeId {
  const node = lowerClass(l, syntax, syntax.id?.name ?? '')
  if (syntax.id) setName(l, syntax.id.name, node, true)
  return node
}

export function lowerClass(l: Lowering, syntax: Class, name: string): NodeId {
  const cls: ClassId = l.classes.length
  l.classes.push({
    name: syntax.id?.name ?? name,
    extends: syntax.superClass ? lowerExpression(l, syntax.superClass) : null,
    implements: (syntax.implements ?? []).flatMap(each =>
      each.expression.type === 'Identifier' ? [each.expression.name] : [],
    ),
    fields: Object.create(null) as Record<string, NodeId>,
    methods: Object.create(null) as Record<string, FunctionId>,
    statics: Object.create(null) as Record<string, FunctionId>,
    constructor: null,
    superCall: null,
  })
  const outer = l.cls
  l.cls = cls
  lowerDecorators(l, syntax.decorators)
  for (const element of syntax.body.body) {
    const decorators = 'decorators' in element ? lowerDecorators(l, element.decorators) : []
    switch (element.type) {
      case 'MethodDefinition':
      case 'TSAbstractMethodDefinition': {
        const key = propertyName(l, element.key, element.computed) ?? ''
        if (!element.value.body) {
          // An abstract getter, or a method that gets nothing, is like a field that subclasses give a value.
          const isField =
            element.kind === 'get' ||
            (element.type === 'TSAbstractMethodDefinition' && paramsOf(element.value).length === 0)
          const types = isField ? typeNames(element.value.returnType) : []
          if (types.length > 0) addField(l, key, l.add({ kind: 'typed', of: null, types }))
          break
        }
        const fn = allocateFunction(l, element.value, key)
        if (decorators.length > 0) l.functions[fn].decorators = decorators
        defer(l, () => lowerBody(l, fn, element.value))
        if (element.kind === 'constructor') l.classes[cls].constructor = fn
        else if (element.kind === 'get') addGetter(l, key, fn)
        else addMethod(l.classes[cls], key, fn, element.static)
        break
      }
      case 'PropertyDefinition':
      case 'AccessorProperty':
      case 'TSAbstractPropertyDefinition': {
        const key = propertyName(l, element.key, element.computed)
        if (key === null) break
        const types = typeNames(element.typeAnnotation)
        expectFunction(l.expected, element.value, element.typeAnnotation)
        const isFunction =
          element.value?.type === 'ArrowFunctionExpression' || element.value?.type === 'FunctionExpression'
        const value = element.value ? lowerExpression(l, element.value, key) : null
        if (value !== null && isFunction) {
          const node = l.nodes[value]
          if (node.kind === 'function') addMethod(l.classes[cls], key, node.fn, element.static)
        }
        if (types.length > 0) addField(l, key, l.add({ kind: 'typed', of: value, types }))
        else if (value !== null) addField(l, key, value)
        break
      }
      case 'StaticBlock':
        defer(l, () => inScope(l, () => lowerStatements(l, element.body)))
        break
    }
  }
  l.cls = outer
  return l.add({ kind: 'class', cls })
}

/** A class may have a method of its own and one of its objects that are called alike. */
function addMethod(cls: ClassFacts, name: string, fn: FunctionId, isStatic: boolean): void {
  const isTaken = Object.hasOwn(cls.methods, name) && cls.methods[name] !== cls.statics[name]
  if (isStatic) cls.statics[name] = fn
  if (!isStatic || !isTaken) cls.methods[name] = fn
}

/** Decorators that are called, each with what it is given: `@Query('SELECT …')`. */
function lowerDecorators(l: Lowering, decorators: Decorator[] | undefined): DecoratorFacts[] {
  return (decorators ?? []).map(({ expression }) => {
    if (expression.type !== 'CallExpression') return { name: lastName(expression), args: [] }
    const node = expression.arguments.length > 0 ? l.nodes[lowerExpression(l, expression)] : null
    return { name: lastName(expression.callee), args: node?.kind === 'call' ? node.args : [] }
  })
}

/** `Tx` of `Tx` and of `db.Tx`. */
function lastName(expression: Expression): string {
  if (expression.type === 'Identifier') return expression.name
  return expression.type === 'MemberExpression' && expression.property.type === 'Identifier'
    ? expression.property.name
    : ''
}

/** A getter is read like a field whose value is what it returns. */
function addGetter(l: Lowering, name: string, fn: FunctionId): void {
  addField(l, name, readByGetter(l, l.add({ kind: 'function', fn })))
}

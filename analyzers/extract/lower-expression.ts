/** Expressions: each becomes a node; calls are noted with their place. */
import type {
  Argument,
  ArrowFunctionExpression,
  AssignmentExpression,
  BinaryExpression,
  CallExpression,
  Expression,
  Function as FunctionExpression,
  MemberExpression,
  NewExpression,
  ObjectExpression,
  PropertyKey,
  Node as SyntaxNode,
  TaggedTemplateExpression,
  TemplateLiteral,
  YieldExpression,
} from '@oxc-project/types'
import { narrow } from './allow-lists.js'
import { runClosure } from './closures.js'
import { conditionOf, conditionOfSecond } from './conditions.js'
import { joinEnvs, joinValues } from './environment.js'
import type { ExprNode, FunctionId, NodeId } from './facts.js'
import { grow, growArguments, growReceiver } from './growth.js'
import { closeLoop, openLoop, withChanges } from './loops.js'
import { allocateFunction, deferFunction, lowerBody, lowerClass } from './lower-function.js'
import { assignPattern, readName } from './lower-pattern.js'
import type { Lowering } from './lowering.js'
import { codeOf, scopeOf } from './lowering.js'
import { noteSharedByAssignment, noteSharedByCall } from './shared.js'
import { typeNames } from './types-of.js'

/** @param name name of the variable or property that the value is given to, for naming functions */
export function lowerExpression(l: Lowering, expression: Expression, name = ''): NodeId {
  switch (expression.type) {
    case 'Literal':
      return literal(l, expression)
    case 'TemplateLiteral':
      return lowerTemplate(l, expression)
    case 'TaggedTemplateExpression':
      return lowerTagged(l, expression)
    case 'Identifier':
      if (
        (expression.name === '__filename' || expression.name === '__dirname') &&
        !scopeOf(l, expression.name)
      ) {
        return l.add({ kind: 'here', folder: expression.name === '__dirname' })
      }
      return readName(l, expression.name, expression)
    case 'MetaProperty':
      return expression.meta.name === 'import' ? lowerImportMeta(l, expression.start) : unknown(l, expression)
    case 'ThisExpression':
      return l.add({ kind: 'this', cls: l.cls })
    case 'Super':
      return l.cls !== null && l.classes[l.cls].extends !== null
        ? l.add({ kind: 'super', cls: l.cls })
        : unknown(l, expression)
    case 'BinaryExpression':
      return expression.operator === 'in' && expression.left.type === 'PrivateIdentifier'
        ? unknown(l, expression)
        : lowerBinary(l, expression as BinaryExpression)
    case 'LogicalExpression': {
      const left = lowerExpression(l, expression.left)
      const when = conditionOfSecond(l, expression)
      const before = l.env
      l.env = before?.copy() ?? null
      if (expression.operator !== '??') narrow(l, expression.left, expression.operator === '&&')
      const right = lowerExpression(l, expression.right)
      l.env = joinEnvs(l, before, l.env)
      // `a && b` written into text is b or nothing.
      const other = expression.operator === '&&' ? text(l, '', expression.start) : left
      const of = [right, other]
      const inTurn = expression.operator !== '&&' && of.every(each => isInTurn(l.nodes[each]))
      return l.add({ kind: 'choice', of, ...(when && { when }), ...(inTurn && { inTurn: true as const }) })
    }
    case 'ConditionalExpression': {
      lowerExpression(l, expression.test)
      const when = conditionOf(l, expression.test)
      const before = l.env
      l.env = before?.copy() ?? null
      narrow(l, expression.test, true)
      const yes = lowerExpression(l, expression.consequent)
      const afterYes = l.env
      l.env = before
      narrow(l, expression.test, false)
      const no = lowerExpression(l, expression.alternate)
      const test = codeOf(l, expression.test)
      l.env = joinEnvs(l, afterYes, l.env, { code: test, when })
      return l.add({ kind: 'choice', of: [yes, no], test, ...(when && { when }) })
    }
    case 'AssignmentExpression':
      return lowerAssignment(l, expression)
    case 'CallExpression':
      return lowerCall(l, expression)
    case 'NewExpression':
      return lowerNew(l, expression)
    case 'ImportExpression':
      return expression.source.type === 'Literal' && typeof expression.source.value === 'string'
        ? l.add({ kind: 'module', module: expression.source.value })
        : unknown(l, expression)
    case 'MemberExpression':
      return hereOf(l, expression) ?? lowerMember(l, expression)
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
    case 'TSTypeAssertion':
    case 'TSSatisfiesExpression':
    case 'TSInstantiationExpression':
      return lowerExpression(l, expression.expression, name)
    case 'TSAsExpression': {
      const value = lowerExpression(l, expression.expression, name)
      const types = typeNames(expression.typeAnnotation)
      return types.length > 0 && types[0] !== 'const' ? l.add({ kind: 'typed', of: value, types }) : value
    }
    case 'AwaitExpression': {
      const of = lowerExpression(l, expression.argument)
      return mayBeStatement(l, of) ? l.add({ kind: 'awaited', of }) : of
    }
    case 'YieldExpression':
      return expression.argument ? lowerYield(l, expression, expression.argument) : unknown(l, expression)
    case 'SequenceExpression':
      return expression.expressions.map(each => lowerExpression(l, each)).at(-1) ?? unknown(l, expression)
    case 'ArrayExpression':
      return l.add({
        kind: 'array',
        items: expression.elements.flatMap(element => (element ? [lowerArgument(l, element)] : [])),
      })
    case 'ObjectExpression':
      return lowerObject(l, expression)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return deferFunction(l, expression, ('id' in expression && expression.id?.name) || name)
    case 'ClassExpression':
      return lowerClass(l, expression, name)
    case 'UnaryExpression': {
      const of = l.nodes[lowerExpression(l, expression.argument)]
      return expression.operator === '-' && of.kind === 'text'
        ? number(l, `-${of.text}`, expression.start)
        : unknown(l, expression)
    }
    case 'UpdateExpression':
      return unknown(l, expression)
    default:
      lowerChildren(l, expression)
      return unknown(l, expression)
  }
}

/** Whether `||` and `??` take a value in turn with others: no ternary, branch or `&&` decides what it is. */
function isInTurn(node: ExprNode): boolean {
  return node.kind !== 'choice' || node.inTurn === true
}

/**
 * `yield value`, as `await value` in libraries that run generators; `yield* Service` gives what they know by that name, which
 * is its type as well.
 */
function lowerYield(l: Lowering, { delegate }: YieldExpression, argument: Expression): NodeId {
  const value = lowerExpression(l, argument)
  l.yielded.push(delegate ? l.add({ kind: 'spread', of: value }) : value)
  const isName = argument.type === 'Identifier' || argument.type === 'MemberExpression'
  if (!delegate || !isName) return value
  return l.add({ kind: 'typed', of: unknown(l, argument), types: [codeOf(l, argument)] })
}

export function unknown(l: Lowering, syntax: SyntaxNode): NodeId {
  return l.add({ kind: 'unknown', code: codeOf(l, syntax) })
}

function text(l: Lowering, value: string, at: number): NodeId {
  return l.add({ kind: 'text', text: value, at })
}

function number(l: Lowering, value: string, at: number): NodeId {
  return l.add({ kind: 'text', text: value, at, number: true })
}

function literal(l: Lowering, expression: Expression & { type: 'Literal' }): NodeId {
  const { value } = expression
  if (typeof value === 'string') return text(l, value, expression.start)
  if (typeof value === 'number') return number(l, String(value), expression.start)
  if ('regex' in expression && expression.regex && expression.end - expression.start <= 200)
    return l.add({ kind: 'unknown', code: l.source.slice(expression.start, expression.end) })
  return unknown(l, expression)
}

function lowerTemplate(l: Lowering, template: TemplateLiteral): NodeId {
  const parts: NodeId[] = []
  template.quasis.forEach((quasi, index) => {
    // The opening backtick is where a person sees the text begin.
    const at = index === 0 ? template.start : quasi.start
    const value = quasi.value.cooked ?? quasi.value.raw
    if (value !== '' || template.quasis.length === 1) parts.push(text(l, value, at))
    const expression = template.expressions[index]
    if (expression) parts.push(lowerExpression(l, expression))
  })
  return isAsItIs(l, parts) ? parts[0] : l.add({ kind: 'concat', parts })
}

/** A template of one value is that value, but for an object that may be made into a text: `${new Query('users')}`. */
function isAsItIs(l: Lowering, [first, ...others]: NodeId[]): boolean {
  const { kind } = l.nodes[first]
  return others.length === 0 && kind !== 'call' && kind !== 'new'
}

function lowerTagged(l: Lowering, expression: TaggedTemplateExpression): NodeId {
  const tag = lowerExpression(l, expression.tag)
  const content = lowerTemplate(l, expression.quasi)
  const node = l.add({ kind: 'tagged', tag, text: content, at: expression.start })
  l.calls.push({ node, fn: l.fn, start: expression.start, end: expression.end, callbacks: [] })
  return node
}

/** `a + b + c …` lies as deep as it is long, so its left side is walked in a loop. */
function lowerBinary(l: Lowering, expression: BinaryExpression): NodeId {
  const operands: Expression[] = []
  let left: Expression = expression
  let onlyPlus = true
  while (left.type === 'BinaryExpression') {
    operands.push(left.right)
    if (left.operator !== '+') onlyPlus = false
    left = left.left as Expression
  }
  operands.push(left)
  const parts = operands.reverse().map(operand => lowerExpression(l, operand))
  return onlyPlus ? l.add({ kind: 'concat', parts }) : unknown(l, expression)
}

/** What a function is called that is given to this: `down` of `exports.down = …` too. */
function assignedName(target: AssignmentExpression['left']): string {
  if (target.type === 'Identifier') return target.name
  if (target.type !== 'MemberExpression' || target.computed) return ''
  return target.property.type === 'Identifier' ? target.property.name : ''
}

function lowerAssignment(l: Lowering, expression: AssignmentExpression): NodeId {
  const { left, right, operator } = expression
  if (operator === '=') {
    const value = lowerExpression(l, right, assignedName(left))
    assignPattern(l, left, value)
    noteSharedByAssignment(l, left, value)
    return value
  }
  const value = lowerExpression(l, right)
  if (left.type !== 'Identifier' && left.type !== 'MemberExpression') return value
  const before = lowerExpression(l, left)
  const after =
    operator === '+='
      ? l.add({ kind: 'concat', parts: [before, value] })
      : ['||=', '&&=', '??='].includes(operator)
        ? joinValues(l, before, value)
        : unknown(l, expression)
  assignPattern(l, left, after)
  return after
}

/** Key of a property as written; null where it is computed from something unknown. */
export function propertyName(l: Lowering, key: PropertyKey, computed: boolean): string | null {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Identifier' && !computed) return key.name
  if (key.type === 'Literal') return String(key.value)
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0].value.cooked
  if (computed && key.type === 'Identifier') {
    const held = l.nodes[readName(l, key.name, key)]
    if (held.kind === 'text') return held.text
  }
  return null
}

/** `import.meta` that is handed over as a whole: `sqlBeside(import.meta)`. */
function lowerImportMeta(l: Lowering, at: number): NodeId {
  const file = l.add({ kind: 'here', folder: false })
  const folder = l.add({ kind: 'here', folder: true })
  return l.add({
    kind: 'object',
    entries: [
      ['url', file],
      ['filename', file],
      ['dirname', folder],
    ],
    at,
  })
}

/** `import.meta.url` and its like. */
function hereOf(l: Lowering, { object, property, computed }: MemberExpression): NodeId | null {
  if (object.type !== 'MetaProperty' || computed || property.type !== 'Identifier') return null
  if (property.name === 'url' || property.name === 'filename') return l.add({ kind: 'here', folder: false })
  return property.name === 'dirname' ? l.add({ kind: 'here', folder: true }) : null
}

function lowerMember(l: Lowering, expression: MemberExpression): NodeId {
  const of =
    expression.object.type === 'MetaProperty'
      ? unknown(l, expression.object)
      : lowerExpression(l, expression.object)
  const { property } = expression
  if (!expression.computed) {
    const name =
      property.type === 'PrivateIdentifier'
        ? `#${property.name}`
        : property.type === 'Identifier'
          ? property.name
          : ''
    return l.add({ kind: 'member', of, name })
  }
  if (property.type === 'Literal' && typeof property.value === 'string') {
    return l.add({ kind: 'member', of, name: property.value })
  }
  if (property.type === 'PrivateIdentifier') return unknown(l, expression)
  const by = isLast(l, expression)
    ? number(l, '-1', property.start)
    : lowerExpression(l, property as Expression)
  return l.add({ kind: 'index', of, by })
}

/** What stands under the name of a getter is what it returns. */
export function readByGetter(l: Lowering, getter: NodeId): NodeId {
  return l.add({ kind: 'call', callee: getter, args: [], at: 0, types: [] })
}

/** `items[items.length - 1]`: index -1 stands for the last one. */
function isLast(l: Lowering, { object, property }: MemberExpression): boolean {
  if (property.type !== 'BinaryExpression' || property.operator !== '-') return false
  const { left, right } = property
  return (
    right.type === 'Literal' &&
    right.value === 1 &&
    left.type === 'MemberExpression' &&
    left.property.type === 'Identifier' &&
    left.property.name === 'length' &&
    l.source.slice(left.object.start, left.object.end) === l.source.slice(object.start, object.end)
  )
}

function lowerObject(l: Lowering, expression: ObjectExpression): NodeId {
  const entries: [string, NodeId][] = []
  const computed: [NodeId, NodeId][] = []
  for (const property of expression.properties) {
    if (property.type === 'SpreadElement') {
      entries.push(['...', lowerExpression(l, property.argument)])
      continue
    }
    const key = propertyName(l, property.key, property.computed)
    if (key === null) {
      computed.push([lowerExpression(l, property.key as Expression), lowerExpression(l, property.value, '*')])
      continue
    }
    const value = lowerExpression(l, property.value, key)
    if (property.kind === 'get') entries.push([key, readByGetter(l, value)])
    else if (property.kind !== 'set') entries.push([key, value])
  }
  return l.add({
    kind: 'object',
    entries,
    ...(computed.length > 0 && { computed }),
    at: expression.start,
  })
}

function lowerArgument(l: Lowering, argument: Argument): NodeId {
  if (argument.type === 'SpreadElement')
    return l.add({ kind: 'spread', of: lowerExpression(l, argument.argument) })
  return lowerExpression(l, argument)
}

/** Methods that hand the elements of what they are called on to their callback. */
const ITERATORS = new Set(['map', 'forEach', 'flatMap', 'filter', 'find', 'some', 'every', 'each'])

function lowerCall(l: Lowering, expression: CallExpression): NodeId {
  const { callee: calleeSyntax } = expression
  if (calleeSyntax.type === 'Identifier' && calleeSyntax.name === 'require' && !scopeOf(l, 'require')) {
    const [module] = expression.arguments
    if (module?.type === 'Literal' && typeof module.value === 'string') {
      return l.add({ kind: 'module', module: module.value, required: true })
    }
  }
  const callee = lowerExpression(l, calleeSyntax)
  const calleeNode = l.nodes[callee]
  const iterated = calleeNode.kind === 'member' && ITERATORS.has(calleeNode.name) ? calleeNode.of : null
  const { args, callbacks } = lowerArguments(l, expression.arguments, iterated)
  // `query.apply(pool, args)` hands over what `query.call(pool, ...args)` does.
  const list =
    calleeNode.kind === 'member' && calleeNode.name === 'apply' && args.length === 2 ? args[1] : null
  if (list !== null && l.nodes[list].kind !== 'spread') args[1] = l.add({ kind: 'spread', of: list })
  const types = expression.typeArguments
    ? expression.typeArguments.params.flatMap(type => typeNames(type))
    : []
  const node = l.add({ kind: 'call', callee, args, at: expression.start, types })
  l.calls.push({ node, fn: l.fn, start: expression.start, end: expression.end, callbacks })
  if (calleeNode.kind === 'super' && l.classes[calleeNode.cls].constructor === l.fn)
    l.classes[calleeNode.cls].superCall ??= node
  noteSharedByCall(l, expression, args)
  if (calleeNode.kind === 'member') grow(l, calleeSyntax, calleeNode.name, args)
  growArguments(l, expression.arguments, node, calleeNode)
  growReceiver(l, calleeSyntax, node)
  if (calleeSyntax.type === 'Identifier') runClosure(l, calleeSyntax.name, args)
  if (iterated !== null) callHanded(l, expression.arguments[0], args[0], iterated)
  return node
}

/** `tables.map(clear)` calls `clear` with each element, and so does `tables.map(clear.bind(this))`. */
function callHanded(l: Lowering, syntax: Argument | undefined, callee: NodeId | undefined, of: NodeId): void {
  if (callee === undefined || syntax === undefined) return
  if (syntax.type !== 'Identifier' && syntax.type !== 'MemberExpression' && !isBound(syntax)) return
  const element = l.add({ kind: 'element', of })
  const node = l.add({ kind: 'call', callee, args: [element], at: syntax.start, types: [] })
  l.calls.push({ node, fn: l.fn, start: syntax.start, end: syntax.end, callbacks: [] })
}

/** Whether an argument is a function that is bound to its object, and to nothing else: `clear.bind(this)`. */
function isBound(syntax: Argument): boolean {
  if (syntax.type !== 'CallExpression' || syntax.arguments.length !== 1) return false
  const { callee } = syntax
  return (
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'bind'
  )
}

function lowerNew(l: Lowering, expression: NewExpression): NodeId {
  const callee = lowerExpression(l, expression.callee)
  const { args, callbacks } = lowerArguments(l, expression.arguments, null)
  const node = l.add({ kind: 'new', callee, args, at: expression.start })
  l.calls.push({ node, fn: l.fn, start: expression.start, end: expression.end, callbacks })
  return node
}

/** Arguments in order. Functions among them run here, maybe: they see and change the names around them. */
function lowerArguments(
  l: Lowering,
  syntaxes: Argument[],
  iterated: NodeId | null,
): { args: NodeId[]; callbacks: FunctionId[] } {
  const callbacks: FunctionId[] = []
  const args = syntaxes.map(syntax => {
    if (syntax.type !== 'ArrowFunctionExpression' && syntax.type !== 'FunctionExpression') {
      return lowerArgument(l, syntax)
    }
    const fn = allocateFunction(l, syntax, '')
    callbacks.push(fn)
    const element = iterated === null ? null : l.add({ kind: 'element', of: iterated })
    l.functions[fn].element = element
    lowerCallback(l, fn, syntax, element)
    return l.add({ kind: 'function', fn })
  })
  return { args, callbacks }
}

/** A function that is handed over as it is written: it runs here, maybe; one that gets elements, any number of times. */
function lowerCallback(
  l: Lowering,
  fn: FunctionId,
  syntax: ArrowFunctionExpression | FunctionExpression,
  element: NodeId | null,
): void {
  const heads = element === null ? null : openLoop(l, syntax)
  const before = l.env?.copy() ?? null
  const end = lowerBody(l, fn, syntax, element === null ? [] : [element], true)
  if (!heads) l.env = joinEnvs(l, before, end)
  else {
    closeLoop(l, heads, end)
    l.env = withChanges(l, before, end, heads)
  }
}

/** Reads every expression below a node that has no rule of its own (JSX, decorators), for the calls in it. */
function lowerChildren(l: Lowering, syntax: SyntaxNode): void {
  for (const [key, value] of Object.entries(syntax)) {
    if (key === 'type' || key === 'parent') continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof (child as SyntaxNode).type === 'string') {
        lowerChild(l, child as SyntaxNode)
      }
    }
  }
}

function lowerChild(l: Lowering, child: SyntaxNode): void {
  if (child.type.startsWith('JSX')) lowerChildren(l, child)
  else if (/Expression$|^Identifier$|Literal$/.test(child.type)) lowerExpression(l, child as Expression)
}

/**
 * A template behind a tag, or a call of a method that makes statements which run once they are awaited; also after methods of
 * these: `.values()`.
 */
function mayBeStatement(l: Lowering, id: NodeId): boolean {
  const node = l.nodes[id]
  if (node.kind !== 'call') return node.kind === 'tagged'
  const callee = l.nodes[node.callee]
  return callee.kind === 'member' && (/^(?:raw|unsafe)$/.test(callee.name) || mayBeStatement(l, callee.of))
}

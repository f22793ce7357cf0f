/**
 * What a name can hold where a test was passed: `if (!TABLES.includes(table)) throw …` leaves the elements of TABLES.
 * No value that comes from outside says which table it names; the list that it is held against does.
 */
import type { Argument, CallExpression, Expression, SwitchCase } from '@oxc-project/types'
import { conditionOfElement, rootOf, rootOfPath, unmet } from './conditions.js'
import type { Admission, FunctionId, NodeId } from './facts.js'
import { lowerExpression } from './lower-expression.js'
import type { Lowering, Scope } from './lowering.js'
import { scopeOf } from './lowering.js'
import { untyped } from './untyped.js'

/** A name, and what it is one of. */
interface Admitted {
  name: string
  set: NodeId
}

/** From here on names hold what a test leaves of it that came out so. */
export function narrow(l: Lowering, test: Expression, holds: boolean): void {
  for (const { name, set } of admittedBy(l, test, holds)) keepAmong(l, name, set)
  keepThose(l, test, holds)
}

/** `if (table.isShared) …`: what is made of the element is so of those alone of which the test says so. */
function keepThose(l: Lowering, test: Expression, holds: boolean): void {
  const { env } = l
  const found = conditionOfElement(l, test)
  if (found === null || !env) return
  const when = holds ? found.condition : unmet(found.condition)
  for (let scope: Scope | null = l.scope; scope && scope !== l.moduleScope; scope = scope.parent) {
    for (const binding of scope.names.values()) {
      const held = env.get(binding)
      if (held !== undefined && rootOf(l, held) === found.element)
        env.set(binding, l.add({ kind: 'among', of: held, set: found.element, when }))
    }
  }
}

/** The same in the cases of a `switch` that share their statements. */
export function narrowToCases(l: Lowering, discriminant: Expression, tests: SwitchCase['test'][]): void {
  const name = nameIn(discriminant)
  const texts = tests.map(test => test && textOf(test))
  if (name !== null && heldBy(l, name) !== null && texts.every(text => text !== null))
    keepAmong(l, name, listOf(l, texts, discriminant.start))
}

/** The same behind a call that does not come back with anything else: `assertTable(table)`. */
export function narrowByCall(l: Lowering, call: Expression): void {
  const inner = call.type === 'AwaitExpression' ? call.argument : call
  if (inner.type !== 'CallExpression' || !JUDGES.test(calledName(inner))) return
  for (const { name, set } of askedOf(l, inner, false)) keepAmong(l, name, set)
}

/** What functions are called that throw where something is not allowed: any other call is not looked into. */
const JUDGES =
  /^_?(?:assert|assure|validate|check|ensure|verify|require|guard|must|expect|restrict|sanitize)/i

/**
 * What a function lets pass as its arguments: where it answers that they do, or comes to its end.
 *
 * @param answer all that it returns, where it does nothing but return it
 */
export function admissionsOf(l: Lowering, fn: FunctionId, answer: Expression | null): Admission[] {
  const byAnswer = answer === null ? [] : admittedBy(l, answer, true)
  const found = byAnswer.map(({ name, set }) => ({ name, set, answers: true }))
  for (const { name } of l.functions[fn].params) {
    const held = heldBy(l, name)
    const node = held === null ? null : l.nodes[held]
    if (node?.kind === 'among' && !node.when) found.push({ name, set: node.set, answers: false })
  }
  return found.flatMap(({ name, set, answers }) => {
    const index = l.functions[fn].params.findIndex(param => param.name === name)
    return index === -1 ? [] : [{ index, set, answers }]
  })
}

function keepAmong(l: Lowering, name: string, set: NodeId): void {
  const held = heldBy(l, name)
  const binding = scopeOf(l, name)?.names.get(name)
  if (held !== null && binding !== undefined) l.env?.set(binding, l.add({ kind: 'among', of: held, set }))
}

/** What a name holds, where that may be a text which is not known; null for what is written, and for names of the module. */
function heldBy(l: Lowering, name: string): NodeId | null {
  const scope = name === '' ? null : scopeOf(l, name)
  if (!scope || (scope === l.moduleScope && l.fn !== null)) return null
  const held = l.env?.get(scope.names.get(name)!)
  return held !== undefined && OPEN.has(l.nodes[held].kind) ? held : null
}

const OPEN = new Set([
  'param',
  'member',
  'index',
  'call',
  'awaited',
  'element',
  'typed',
  'unknown',
  'choice',
  'loop',
  'among',
])

/**
 * Tests within a test are read up to this depth: in a chain of `&&` each further one asks for all that it follows, and those
 * of thousands would be millions of nodes.
 */
const MAX_DEPTH = 30

function admittedBy(l: Lowering, test: Expression, holds: boolean, depth = 0): Admitted[] {
  if (depth > MAX_DEPTH) return []
  const within = (inner: Expression, met: boolean): Admitted[] => admittedBy(l, inner, met, depth + 1)
  switch (test.type) {
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return within(test.expression, holds)
    case 'UnaryExpression':
      return test.operator === '!' ? within(test.argument, !holds) : []
    case 'LogicalExpression': {
      if (test.operator === '??') return []
      if ((test.operator === '&&') === holds)
        return [...within(test.left, holds), ...within(test.right, holds)]
      const equal = textsOf(test, holds)
      return equal ? admitted(l, equal.name, () => listOf(l, equal.texts, test.start)) : []
    }
    case 'BinaryExpression': {
      if (test.operator === 'in') {
        const name = holds ? nameIn(test.left) : null
        return name === null ? [] : admitted(l, name, () => keysOf(l, test.right))
      }
      const found = indexAsked(test)
      if (found && found.isThere === holds) return admitted(l, found.name, () => listIn(l, found.list))
      const equal = textsOf(test, holds)
      if (equal) return admitted(l, equal.name, () => listOf(l, equal.texts, test.start))
      // `MAP[name] !== undefined`, `MAP[name] != null`
      const isCompared = /^[!=]==?$/.test(test.operator) && isNothing(test.right)
      return isCompared && test.operator.startsWith('!') === holds
        ? byEntry(l, withoutTypes(test.left as Expression))
        : []
    }
    case 'CallExpression':
      return holds ? byCall(l, test) : []
    case 'MemberExpression':
    case 'Identifier':
      return holds ? byEntry(l, test) : []
    default:
      return []
  }
}

/** @param set is made only where the name is one that can be narrowed */
function admitted(l: Lowering, name: string, set: () => NodeId | null): Admitted[] {
  if (heldBy(l, name) === null) return []
  const made = set()
  return made === null ? [] : [{ name, set: made }]
}

/** `MAP[name]`, or a name that holds that: where there is an entry, what it is under is one of the keys. */
function byEntry(l: Lowering, entry: Expression): Admitted[] {
  if (entry.type === 'MemberExpression') {
    const name = entry.computed ? nameIn(entry.property) : null
    return name === null ? [] : admitted(l, name, () => keysOf(l, entry.object))
  }
  const held = entry.type === 'Identifier' ? heldBy(l, entry.name) : null
  const node = held === null ? null : untyped(l, held)
  const name = node?.kind === 'index' ? nameOf(l, node.by) : null
  return node?.kind !== 'index' || name === null
    ? []
    : admitted(l, name, () => ofObject(l, 'keys', node.of, entry.start))
}

/** A name that holds a value, of the functions and blocks around. */
function nameOf(l: Lowering, value: NodeId): string | null {
  for (let scope: Scope | null = l.scope; scope && scope !== l.moduleScope; scope = scope.parent)
    for (const [name, binding] of scope.names) if (l.env?.get(binding) === value) return name
  return null
}

function isNothing(expression: Expression): boolean {
  const isNull = expression.type === 'Literal' && expression.value === null && !('regex' in expression)
  return isNull || (expression.type === 'Identifier' && expression.name === 'undefined')
}

/** `list.includes(name)`, `set.has(name)`, `Object.hasOwn(map, name)`, or a function that asks so. */
function byCall(l: Lowering, call: CallExpression): Admitted[] {
  const { callee, arguments: args } = call
  const first = args.length > 0 ? nameIn(args[0]) : null
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    const { object } = callee
    switch (callee.property.name) {
      case 'includes':
      case 'has':
        return first === null ? [] : admitted(l, first, () => listIn(l, object))
      case 'hasOwnProperty':
        return first === null ? [] : admitted(l, first, () => keysOf(l, object))
      case 'hasOwn':
      case 'call': {
        const second = args.length > 1 ? nameIn(args[1]) : null
        const isAsked = /^Object\.(?:hasOwn|prototype\.hasOwnProperty\.call)$/.test(calledPath(l, call))
        if (second !== null && isAsked && args[0].type !== 'SpreadElement') {
          const [map] = args
          return admitted(l, second, () => keysOf(l, map as Expression))
        }
      }
    }
  }
  return askedOf(l, call, true)
}

/** What the function that is called says of each name that it gets. */
function askedOf(l: Lowering, { callee, arguments: args }: CallExpression, answers: boolean): Admitted[] {
  if (!isPath(callee)) return []
  return args.flatMap((arg, index) => {
    const name = nameIn(arg)
    return name === null
      ? []
      : admitted(l, name, () =>
          l.add({ kind: 'admitted', callee: lowerExpression(l, callee), index, answers }),
        )
  })
}

/** `list.indexOf(name) !== -1`, `list.indexOf(name) < 0`. */
function indexAsked({
  left,
  operator,
  right,
}: Expression & { type: 'BinaryExpression' }): { name: string; list: Expression; isThere: boolean } | null {
  if (left.type !== 'CallExpression' || left.callee.type !== 'MemberExpression') return null
  const { callee, arguments: args } = left
  if (callee.computed || callee.property.type !== 'Identifier' || callee.property.name !== 'indexOf')
    return null
  const name = args.length > 0 ? nameIn(args[0]) : null
  const isMinusOne = right.type === 'UnaryExpression' && right.operator === '-'
  const isZero = right.type === 'Literal' && right.value === 0
  const isThere = isMinusOne ? IS_THERE[operator] : isZero ? IS_FROM_ZERO[operator] : undefined
  return name === null || isThere === undefined ? null : { name, list: callee.object, isThere }
}

/** What comparing an index with -1, and with 0, says of an element that is looked for. */
const IS_THERE: Partial<Record<string, boolean>> = {
  '!==': true,
  '!=': true,
  '>': true,
  '===': false,
  '==': false,
}
const IS_FROM_ZERO: Partial<Record<string, boolean>> = { '>=': true, '<': false }

/** Texts that a name is compared with, one after the other. */
const MAX_TEXTS = 200

/** `name === 'a' || name === 'b'`, or what is not `name !== 'a' && name !== 'b'`. */
function textsOf(test: Expression, holds: boolean, depth = 0): { name: string; texts: string[] } | null {
  if (depth > MAX_TEXTS) return null
  if (test.type === 'ParenthesizedExpression') return textsOf(test.expression, holds, depth + 1)
  if (test.type === 'LogicalExpression' && test.operator === (holds ? '||' : '&&')) {
    const right = textsOf(test.right, holds, depth + 1)
    const left = right && textsOf(test.left, holds, depth + 1)
    return left && right.name === left.name ? { ...left, texts: [...left.texts, ...right.texts] } : null
  }
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return null
  if (test.operator.startsWith('=') !== holds || test.left.type === 'PrivateIdentifier') return null
  const [text, side] =
    textOf(test.right) === null ? [textOf(test.left), test.right] : [textOf(test.right), test.left]
  const name = nameIn(side)
  return text === null || name === null ? null : { name, texts: [text] }
}

function textOf(expression: Expression): string | null {
  return expression.type === 'Literal' && typeof expression.value === 'string' ? expression.value : null
}

function listOf(l: Lowering, texts: string[], at: number): NodeId {
  return l.add({ kind: 'array', items: texts.map(text => l.add({ kind: 'text', text, at })) })
}

/** A list that can be read once more without calling anything: a name, what is written, the keys or values of an object. */
function listIn(l: Lowering, expression: Expression): NodeId | null {
  const list = withoutTypes(expression)
  if (isPath(list)) return lowerExpression(l, list)
  if (list.type === 'ArrayExpression') {
    const isPlain = list.elements.every(each => each && (each.type === 'Literal' || isPath(each)))
    return isPlain ? lowerExpression(l, list) : null
  }
  if (list.type !== 'CallExpression' || list.arguments.length !== 1) return null
  const [name] = /^Object\.(?:keys|values)$/.exec(calledPath(l, list)) ?? []
  const [of] = list.arguments
  return name !== undefined && isPath(of)
    ? ofObject(l, name.slice('Object.'.length), lowerExpression(l, of as Expression), list.start)
    : null
}

function keysOf(l: Lowering, expression: Expression): NodeId | null {
  const map = withoutTypes(expression)
  return isPath(map) ? ofObject(l, 'keys', lowerExpression(l, map), map.start) : null
}

/** `Object.keys(of)`, as a node. */
export function ofObject(l: Lowering, name: string, of: NodeId, at: number): NodeId {
  const callee = l.add({ kind: 'member', of: l.add({ kind: 'global', name: 'Object' }), name })
  return l.add({ kind: 'call', callee, args: [of], at, types: [] })
}

function withoutTypes(expression: Expression): Expression {
  let at = expression
  while (
    at.type === 'TSAsExpression' ||
    at.type === 'TSTypeAssertion' ||
    at.type === 'TSSatisfiesExpression' ||
    at.type === 'TSNonNullExpression' ||
    at.type === 'ParenthesizedExpression' ||
    at.type === 'ChainExpression'
  )
    at = at.expression
  return at
}

/** The name that an expression is, whatever type it is given. */
function nameIn(expression: Argument | { type: 'PrivateIdentifier' }): string | null {
  if (expression.type === 'SpreadElement' || expression.type === 'PrivateIdentifier') return null
  const inner = withoutTypes(expression)
  return inner.type === 'Identifier' ? inner.name : null
}

function calledPath(l: Lowering, { callee }: CallExpression): string {
  return l.source.slice(callee.start, callee.end)
}

function calledName({ callee }: CallExpression): string {
  const named = callee.type === 'MemberExpression' && !callee.computed ? callee.property : callee
  return named.type === 'Identifier' || named.type === 'PrivateIdentifier' ? named.name : ''
}

/** A name with properties, also of `this`: to read it once more calls nothing. */
function isPath(expression: { type: string }): boolean {
  return /^(?:Identifier|ThisExpression)$/.test(rootOfPath(expression))
}

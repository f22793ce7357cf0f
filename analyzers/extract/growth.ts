/** Arrays, objects and texts to which calls add something: there is more in them from here on. */
import type { Argument, Expression, MemberExpression } from '@oxc-project/types'
import type { ExprNode, NodeId } from './facts.js'
import { canGrow } from './loops.js'
import { propertyName } from './lower-expression.js'
import { addField, assignPattern, setName } from './lower-pattern.js'
import type { Lowering } from './lowering.js'
import { scopeOf } from './lowering.js'
import { assignTo, setInMap } from './put-into.js'
import { isMadeHere, mayBeMadeHere, untyped } from './untyped.js'

/** `conditions.push('a = ?')`, `this.parts.push(…)`, `query.append(…)`, `tables.add('users')`. */
export function grow(l: Lowering, callee: Expression, method: string, args: NodeId[]): void {
  if (callee.type !== 'MemberExpression') return
  const { object } = callee
  if (method === 'append' && args.length === 1) {
    // `query.append(SQL`…`)` of sql-template-strings and its like.
    const held = heldBy(l, object)
    if (object.type === 'Identifier' && held !== null && l.nodes[held].kind !== 'unknown') {
      setName(l, object.name, l.add({ kind: 'concat', parts: [held, args[0]], grows: true }), true)
    }
    return
  }
  if (TAKES_AWAY.test(method)) {
    takeAway(l, object)
    return
  }
  if (method === 'set') {
    setInMap(l, object, args)
    return
  }
  if (method !== 'push' && method !== 'unshift' && method !== 'add') return
  const append = (of: NodeId, maybe: boolean): NodeId =>
    l.add({
      kind: 'append',
      of,
      items: args,
      maybe,
      ...(method === 'unshift' ? { front: true as const } : {}),
    })
  if (object.type === 'Identifier') {
    const held = heldBy(l, object) ?? heldByModule(l, object.name)
    if (held !== null && (method !== 'add' || isSet(l, held)))
      setName(l, object.name, append(held, false), true)
  } else if (object.type === 'MemberExpression' && !object.computed) {
    if (object.object.type === 'ThisExpression') growField(l, object.property, method, args, append)
    else if (
      object.object.type === 'Identifier' &&
      object.property.type === 'Identifier' &&
      method !== 'add'
    ) {
      const held = heldBy(l, object.object)
      if (held === null) return
      const of = l.add({ kind: 'member', of: held, name: object.property.name })
      assignPattern(l, object, append(of, false))
    }
  }
}

/** Methods after which an array may lack some of its items, or have them in another order. */
const TAKES_AWAY = /^(?:pop|shift|splice|sort|reverse|fill)$/

function takeAway(l: Lowering, object: Expression): void {
  const held = heldBy(l, object)
  if (object.type !== 'Identifier' || held === null || !isArray(l, held)) return
  setName(l, object.name, l.add({ kind: 'append', of: held, items: [], maybe: true }), true)
}

function isArray(l: Lowering, held: NodeId): boolean {
  const { kind } = untyped(l, held)
  return kind === 'array' || kind === 'append'
}

function growField(
  l: Lowering,
  property: MemberExpression['property'],
  method: string,
  args: NodeId[],
  append: (of: NodeId, maybe: boolean) => NodeId,
): void {
  const name = propertyName(l, property, false)
  if (l.cls === null || name === null) return
  const { fields } = l.classes[l.cls]
  const held = Object.hasOwn(fields, name) ? fields[name] : null
  // What else has a method `add` is changed by its class alone.
  if (method === 'add' && (held === null || !isSet(l, held))) return
  if (held !== null) fields[name] = append(held, true)
  else addField(l, name, l.add({ kind: 'array', items: args }))
}

/** What a local name holds here; null for any other expression. */
function heldBy(l: Lowering, expression: Expression): NodeId | null {
  if (expression.type !== 'Identifier') return null
  const binding = scopeOf(l, expression.name)?.names.get(expression.name)
  return (binding === undefined ? undefined : l.env?.get(binding)) ?? null
}

/** The array or Set that the module leaves in a name of its own, to which a function adds. */
function heldByModule(l: Lowering, name: string): NodeId | null {
  if (l.fn === null || scopeOf(l, name) !== l.moduleScope) return null
  const last = l.moduleValues.get(name)?.at(-1)
  return last !== undefined && (isArray(l, last) || isSet(l, last)) ? last : null
}

function isSet(l: Lowering, held: NodeId): boolean {
  const node = untyped(l, held)
  return node.kind === 'new' ? isGlobal(l, node.callee, 'Set') : node.kind === 'append'
}

function isGlobal(l: Lowering, id: NodeId, name: string): boolean {
  const node = l.nodes[id]
  return node.kind === 'global' && node.name === name
}

/**
 * `where.and('a = 1')`: an object that was made here keeps, maybe, what its methods get. What else a name holds is changed by
 * its class alone, wherever it is called.
 */
export function growReceiver(l: Lowering, callee: Expression, call: NodeId): void {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type !== 'Identifier') return
  const { args } = l.nodes[call] as ExprNode & { kind: 'call' }
  const method = propertyName(l, callee.property, false)
  if (args.length === 0 || method === null) return
  // A builder has methods called as those of arrays: `query.join('users', 'users.id = user_id')`, `query.from('users')`.
  const isBuilders = method === 'from' || method === 'values' || (method === 'join' && args.length > 1)
  if (TAKES_VALUES.test(method) && !isBuilders) return
  const held = heldBy(l, callee.object)
  if (held === null || !(l.fn === null ? isMadeHere(l, held) : mayBeMadeHere(l, held))) return
  setName(l, callee.object.name, l.add({ kind: 'grown', of: held, call, index: null }), true)
}

/** Methods that take arrays of values and add nothing to them. */
const TAKES_VALUES =
  /^(?:query|execute|run|all|get|any|one|none|many|push|unshift|concat|join|includes|stringify|log|info|warn|error|debug|keys|values|entries|assign|from|isArray)$/

/** `addFilter(conditions)`: what local arrays, objects and statements hold after a call that they were handed to. */
export function growArguments(l: Lowering, args: readonly Argument[], call: NodeId, callee: ExprNode): void {
  if (callee.kind === 'global') return
  const [first] = args
  if (callee.kind === 'member' && callee.name === 'assign' && isGlobal(l, callee.of, 'Object')) {
    const { args: nodes } = l.nodes[call] as ExprNode & { kind: 'call' }
    if (first && first.type !== 'SpreadElement') assignTo(l, first, nodes.slice(1))
    return
  }
  if ((callee.kind === 'member' || callee.kind === 'import') && TAKES_VALUES.test(callee.name)) return
  for (const [index, arg] of args.entries()) {
    if (arg.type !== 'Identifier') continue
    const held = heldBy(l, arg)
    if (held !== null && mayGrow(l, held))
      setName(l, arg.name, l.add({ kind: 'grown', of: held, call, index }), true)
  }
}

/** Whether it may be an array, an object or a statement: what a call gives may, and so may a list that the function got. */
function mayGrow(l: Lowering, held: NodeId): boolean {
  const node = untyped(l, held)
  return canGrow(node) || node.kind === 'call' || l.lists.has(held)
}

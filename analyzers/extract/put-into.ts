/**
 * Values put under computed keys into what a name, a field or something within these holds: `this.byName[name] = run`,
 * `map.set(name, run)`, also by another name for it (`for (const [db, byName] of Object.entries(this.all)) byName[name] = run`).
 */
import type { Expression, MemberExpression } from '@oxc-project/types'
import type { NodeId } from './facts.js'
import { lowerExpression, propertyName } from './lower-expression.js'
import { setName } from './lower-pattern.js'
import type { Lowering } from './lowering.js'
import { scopeOf } from './lowering.js'
import { untyped } from './untyped.js'

/** What is held afterwards, given what was before. */
type Change = (of: NodeId) => NodeId

/** `object[by] = value` */
export function setByKey(l: Lowering, object: Expression, by: NodeId, value: NodeId): void {
  const change: Change = of => withKey(l, of, by, value)
  const held = nodeOf(l, object)
  if (mayRun(l, value)) putInto(l, object, change)
  else if (object.type === 'Identifier' && held !== null) setName(l, object.name, change(held), true)
}

/** `this.names.users = value`, where the field is an object that was written. */
export function setInField(l: Lowering, field: Expression, key: string, value: NodeId): void {
  const held = field.type === 'MemberExpression' ? nodeOf(l, field) : null
  if (held !== null && isFilled(l, held))
    putIntoField(l, field as MemberExpression, withEntry(l, held, key, value))
}

/**
 * Whether a value may be a text, a statement, or what runs one: rows and counts that are collected are none, and there are
 * many of them.
 */
function mayRun(l: Lowering, id: NodeId): boolean {
  const node = untyped(l, id)
  if (node.kind === 'concat')
    return node.parts.some(part => /[a-z]/i.test((l.nodes[part] as { text?: string }).text ?? ''))
  return /^(?:text|call|tagged|awaited|function|member|index|import|variable)$/.test(node.kind)
}

/** `Object.assign(object, more)` */
export function assignTo(l: Lowering, object: Expression, more: NodeId[]): void {
  for (const value of more)
    putInto(l, object, of => l.add({ kind: 'assign', of, key: '...', by: null, value }))
}

/** `map.set(key, value)`, where a `new Map()` was seen. */
export function setInMap(l: Lowering, map: Expression, args: NodeId[]): void {
  const [by, value] = args
  if (args.length !== 2) return
  const held = nodeOf(l, map)
  if (held === null || !isMap(l, held)) return
  if (mayRun(l, value) || isPiece(l, by) || isPlaceholder(l, value)) setByKey(l, map, by, value)
}

/** `'$' + values.length`: what a function that numbers placeholders remembers of each name. */
function isPlaceholder(l: Lowering, id: NodeId): boolean {
  const node = untyped(l, id)
  const first = node.kind === 'concat' ? l.nodes[node.parts[0]] : undefined
  return first?.kind === 'text' && /^[$:@]$/.test(first.text)
}

/** Whether a key is more than a name: a piece of a text, of which its values are held (`where.set('a = ?', [a])`). */
function isPiece(l: Lowering, id: NodeId): boolean {
  const node = untyped(l, id)
  if (node.kind === 'concat') return node.parts.some(part => isPiece(l, part))
  return node.kind === 'text' && /[a-z\d)?]\s|\s[a-z\d(=<>]/i.test(node.text)
}

/** What a name or a field of this holds here. */
export function nodeOf(l: Lowering, expression: Expression): NodeId | null {
  if (expression.type === 'Identifier') {
    const scope = scopeOf(l, expression.name)
    const binding = scope?.names.get(expression.name)
    const held = binding === undefined ? undefined : l.env?.get(binding)
    if (held !== undefined || scope !== l.moduleScope) return held ?? null
    // A function adds to what the module leaves in a name of its own.
    const last = l.moduleValues.get(expression.name)?.at(-1)
    return last !== undefined && isFilled(l, last) ? last : null
  }
  if (expression.type !== 'MemberExpression' || expression.computed || l.cls === null) return null
  const { object, property } = expression
  const name = object.type === 'ThisExpression' ? propertyName(l, property, false) : null
  if (name === null) return null
  const { fields } = l.classes[l.cls]
  return Object.hasOwn(fields, name) ? fields[name] : null
}

/** Changes what an expression stands for. */
function putInto(l: Lowering, container: Expression, change: Change): void {
  if (container.type === 'TSAsExpression' || container.type === 'TSNonNullExpression') {
    putInto(l, container.expression, change)
    return
  }
  const held = nodeOf(l, container)
  if (container.type === 'Identifier') {
    if (held === null) return
    setName(l, container.name, change(held), true)
    putIntoNode(l, held, change)
  } else if (container.type === 'MemberExpression') {
    if (held !== null) {
      if (isFilled(l, held)) putIntoField(l, container, change(held))
      return
    }
    const { object, property, computed } = container
    if (object.type === 'ThisExpression' || object.type === 'Super') return
    const name = propertyName(l, property, computed)
    if (name !== null)
      putInto(l, object, of => withEntry(l, of, name, change(l.add({ kind: 'member', of, name }))))
    else if (property.type !== 'PrivateIdentifier') {
      const by = lowerExpression(l, property as Expression)
      putInto(l, object, of => withKey(l, of, by, change(l.add({ kind: 'index', of, by }))))
    }
  }
}

function putIntoField(l: Lowering, { property, computed }: MemberExpression, value: NodeId): void {
  const name = propertyName(l, property, computed)
  if (l.cls !== null && name !== null) l.classes[l.cls].fields[name] = value
}

/** The same for what a node was taken from: a name that stands for a part of something is another name for it. */
function putIntoNode(l: Lowering, id: NodeId, change: Change): void {
  const node = l.nodes[id]
  switch (node.kind) {
    case 'typed':
      if (node.of !== null) putIntoNode(l, node.of, change)
      break
    case 'choice':
      // What a name holds at the beginning of a loop's rounds: all of it is not known yet.
      if (node.of.length === 1) putIntoNode(l, node.of[0], change)
      break
    case 'member': {
      const { of, name } = node
      if (l.nodes[of].kind !== 'this')
        putIntoHeld(l, of, whole =>
          withEntry(l, whole, name, change(l.add({ kind: 'member', of: whole, name }))),
        )
      else if (l.cls !== null) {
        const { fields } = l.classes[l.cls]
        if (Object.hasOwn(fields, name) && isFilled(l, fields[name])) fields[name] = change(fields[name])
      }
      break
    }
    case 'index': {
      const entries = entriesUnder(l, node.of)
      const { of, by } = node
      if (entries === null)
        putIntoHeld(l, of, whole => withKey(l, whole, by, change(l.add({ kind: 'index', of: whole, by }))))
      else {
        const key = l.add({ kind: 'index', of, by: l.add({ kind: 'text', text: '0', at: 0 }) })
        putIntoHeld(l, entries, whole => withKey(l, whole, key, change(id)))
      }
      break
    }
  }
}

function putIntoHeld(l: Lowering, id: NodeId, change: Change): void {
  if (isFilled(l, id)) {
    for (let scope: typeof l.scope | null = l.scope; scope; scope = scope.parent) {
      for (const [name, binding] of scope.names) {
        if (l.env?.get(binding) !== id) continue
        setName(l, name, change(id), true)
        return
      }
    }
  } else putIntoNode(l, id, change)
}

/** X, where a node is an element of `Object.entries(X)`. */
function entriesUnder(l: Lowering, id: NodeId): NodeId | null {
  const element = untyped(l, id)
  const call = element.kind === 'element' ? untyped(l, element.of) : null
  if (call?.kind !== 'call' || call.args.length !== 1) return null
  const callee = l.nodes[call.callee]
  return callee.kind === 'member' && callee.name === 'entries' ? call.args[0] : null
}

function withEntry(l: Lowering, of: NodeId, key: string, value: NodeId): NodeId {
  return l.add({ kind: 'assign', of, key, by: null, value })
}

function withKey(l: Lowering, of: NodeId, by: NodeId, value: NodeId): NodeId {
  return l.add({ kind: 'assign', of, key: '*', by, value })
}

/** Whether a node is an object or a Map that the code fills, and no result of something else. */
function isFilled(l: Lowering, id: NodeId): boolean {
  const node = untyped(l, id)
  if (node.kind === 'assign') return true
  if (node.kind === 'choice') return node.of.some(each => isFilled(l, each))
  return node.kind === 'object' || isMap(l, id)
}

function isMap(l: Lowering, id: NodeId): boolean {
  const node = untyped(l, id)
  if (node.kind === 'assign') return isMap(l, node.of)
  if (node.kind === 'choice') return node.of.some(each => isMap(l, each))
  const callee = node.kind === 'new' ? l.nodes[node.callee] : null
  return callee?.kind === 'global' && callee.name === 'Map'
}

/** Objects and arrays as they are put together: spreads, computed keys, single elements of an iteration. */
import type { ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import { argumentsOf } from './arguments.js'
import { elementUnder, holding } from './elements.js'
import { evaluate } from './evaluate.js'
import { argumentAfter } from './functions.js'
import { afterMethod, callByCall } from './kept.js'
import { MAX_PIECES } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'
import { choiceOf, holdsParam, knownText } from './values.js'

/** Known items, and after them those that nodes stand for, spreads written out. */
export function arrayOf(
  e: Evaluator,
  facts: FileFacts,
  known: Value[],
  open: boolean,
  ids: NodeId[],
  frame: Frame | null,
): Value & { kind: 'array' } {
  const items = [...known]
  let partly = false
  for (const id of ids) {
    const node = facts.nodes[id]
    if (node.kind !== 'spread') items.push(evaluate(e, facts.file, id, frame))
    else {
      const spread = evaluate(e, facts.file, node.of, frame)
      open = addItems(items, spread) || open
      partly ||= spread.kind === 'choice' || (spread.kind === 'array' && spread.partly === true)
    }
  }
  return partly ? { kind: 'array', items, open, partly } : { kind: 'array', items, open }
}

/** An array to which items were added; one of several, where it was one of several. */
export function appended(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'append' },
  frame: Frame | null,
): Value {
  const of = evaluate(e, facts.file, node.of, frame)
  if (of.kind !== 'choice') return appendedTo(e, facts, node, frame, of.kind === 'array' ? of : noItems)
  const arrays = of.of.filter(each => each.kind === 'array')
  if (arrays.length === of.of.length && arrays.length <= MAX_APART)
    return choiceOf(
      arrays.map(each => appendedTo(e, facts, node, frame, each)),
      of.test,
    )
  const items = [...new Set(arrays.flatMap(each => each.items))].slice(0, MAX_PIECES)
  return appendedTo(e, facts, node, frame, { kind: 'array', items, open: true, partly: true })
}

/** Of more arrays than these, each of them added to at every step, one is made that has the items of all. */
const MAX_APART = 8

const noItems: Value & { kind: 'array' } = { kind: 'array', items: [], open: true }

function appendedTo(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'append' },
  frame: Frame | null,
  { items, open, partly }: Value & { kind: 'array' },
): Value & { kind: 'array' } {
  let added: Value & { kind: 'array' } = { kind: 'array', items: node.front ? [] : items, open }
  let isPart = partly
  // What each of several calls of a method adds.
  const calls = callByCall(e, facts, node.items, frame)
  if (calls.length === 0) return { kind: 'array', items, open, ...(partly && { partly }) }
  for (const each of calls) {
    added = arrayOf(e, facts, added.items, added.open, node.items, each)
    isPart ||= added.partly
  }
  const all = node.front ? { ...added, items: [...added.items, ...items].slice(0, MAX_PIECES) } : added
  return node.maybe || isPart ? { ...all, partly: true } : all
}

/** An array, object or statement after a function of the repository got it, with what that adds to it. */
export function grown(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'grown' },
  frame: Frame | null,
): Value {
  const of = evaluate(e, facts.file, node.of, frame)
  const call = facts.nodes[node.call]
  if (e.targetsOnly || call.kind !== 'call') return of
  const args = () => argumentsOf(e, facts, call.args, frame)
  if (node.index === null) return afterMethod(e, of, facts.nodes[call.callee], args)
  if (!canGrow(of)) return of
  const callee = evaluate(e, facts.file, call.callee, frame)
  if (callee.kind !== 'function') return of
  const after = argumentAfter(e, callee, node.index, args)
  return after?.kind === of.kind ? after : of
}

function canGrow(value: Value): boolean {
  return (
    value.kind === 'array' || value.kind === 'object' || (value.kind === 'text' && value.fragment === true)
  )
}

/** An object literal. */
export function objectOf(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'object' },
  frame: Frame | null,
): Value {
  const made: Value & { kind: 'object' } = { kind: 'object', entries: new Map(), open: false }
  for (const [name, entry] of node.entries) {
    const value = evaluate(e, facts.file, entry, frame)
    if (name !== '...') made.entries.set(name, value)
    else spreadInto(made, value)
  }
  for (const [by, value] of node.computed ?? []) putComputed(e, facts, made, by, value, frame)
  return made
}

/** Sets an entry. What stands under keys that are not known is one of several. */
function put(entries: Map<string, Value>, key: string, value: Value): void {
  const held = key === '*' ? entries.get(key) : undefined
  entries.set(key, held ? choiceOf([held, value]) : value)
}

/** Adds to an object what is spread into it. What can't be written out, for callers decide it, is kept as a whole. */
export function spreadInto(into: Value & { kind: 'object' }, value: Value): void {
  const whole = holdsParam(value) || holdsFiles(value) ? [value] : value.kind === 'object' ? value.spread : []
  if (whole?.[0] !== value) into.open = spreadEntries(into.entries, value) || into.open
  if (!whole || whole.length === 0) return
  into.open = true
  into.spread = [...(into.spread ?? []), ...whole]
}

/** Whether a value is of `.sql` files, or one of several that are. */
export function holdsFiles(value: Value): boolean {
  return value.kind === 'sql-file' || (value.kind === 'choice' && value.of.some(holdsFiles))
}

/** An object after one of its properties was set. */
export function assigned(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'assign' },
  frame: Frame | null,
): Value {
  const of = evaluate(e, facts.file, node.of, frame)
  return of.kind === 'choice'
    ? choiceOf(of.of.map(each => afterAssign(e, facts, node, frame, each)))
    : afterAssign(e, facts, node, frame, of)
}

function afterAssign(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'assign' },
  frame: Frame | null,
  of: Value,
): Value {
  // `lines[1] = …`
  if (of.kind === 'array')
    return { ...arrayOf(e, facts, of.items, of.open, [node.value], frame), partly: true }
  if (of.kind === 'function' || of.kind === 'class') {
    if (node.by !== null || node.key === '...' || node.key === '*') return of
    return { ...of, statics: new Map(of.statics).set(node.key, evaluate(e, facts.file, node.value, frame)) }
  }
  if (of.kind !== 'object' && of.kind !== 'unknown') return of
  const before: Value & { kind: 'object' } = of.kind === 'object' ? of : noEntries
  const after = { ...before, entries: new Map(before.entries), open: true }
  const { entries } = after
  if (node.by !== null && !e.targetsOnly) {
    putComputed(e, facts, after, node.by, node.value, frame)
    return after
  }
  const value = evaluate(e, facts.file, node.value, frame)
  if (node.key === '...') spreadInto(after, value)
  else if (node.by === null) entries.set(node.key, value)
  else {
    // Under which key is not asked for: it may be any.
    for (const [key, held] of entries) entries.set(key, choiceOf([held, value]))
    if (!entries.has('*')) entries.set('*', value)
  }
  return after
}

const noEntries: Value & { kind: 'object' } = { kind: 'object', entries: new Map(), open: true }

/**
 * Puts what stands under a computed key into an object. A key that is cut out of a `.sql` text is the name of one of its
 * blocks, and what stands under it the block: what the code makes of the name (`mark-sent` becomes `markSent`) is asked of
 * the files.
 */
function putComputed(
  e: Evaluator,
  facts: FileFacts,
  into: Value & { kind: 'object' },
  by: NodeId,
  value: NodeId,
  frame: Frame | null,
): void {
  const files = e.targetsOnly ? null : e.sqlFiles.takenApart([nameIn(evaluate(e, facts.file, by, frame))])
  if (files) spreadInto(into, files)
  else for (const [key, held] of computedEntries(e, facts, by, value, frame)) put(into.entries, key, held)
}

/** Of a key what names the statement: of `${group}.${name}` the last part. */
function nameIn(key: Value): Value {
  if (key.kind !== 'text' || key.pieces.length < 2) return key
  const last = key.pieces.at(-1)!
  return last.kind === 'choice'
    ? { kind: 'choice', of: last.of.map(pieces => ({ kind: 'text', pieces })) }
    : { kind: 'text', pieces: [last] }
}

const MAX_KEYS = 600

/**
 * `object[key] = value`: where the key runs over known names, each with its own value; else `*`, also where only targets
 * are asked for.
 */
function computedEntries(
  e: Evaluator,
  facts: FileFacts,
  by: NodeId,
  value: NodeId,
  frame: Frame | null,
): [string, Value][] {
  if (e.targetsOnly) return [['*', evaluate(e, facts.file, value, frame)]]
  const keys = evaluate(e, facts.file, by, frame)
  const names = (keys.kind === 'choice' ? keys.of : [keys]).map(knownText)
  const known = names.every(name => name !== null) && names.length <= MAX_KEYS ? names : null
  const element = known?.length === 1 ? null : elementUnder(facts, by)
  const of = element === null ? null : facts.nodes[element]
  const items = of?.kind === 'element' ? evaluate(e, facts.file, of.of, frame) : null
  const all = (): [string, Value][] => {
    const held = evaluate(e, facts.file, value, frame)
    return (known ?? ['*']).map(name => [name, held])
  }
  if (element === null || items?.kind !== 'array' || items.items.length > MAX_KEYS) return all()
  // One element at a time, so that each key has the value that goes with it.
  const entries = items.items.map(item => {
    const held = holding(facts, element, item, frame)
    return {
      name: knownText(evaluate(e, facts.file, by, held)),
      value: () => evaluate(e, facts.file, value, held),
    }
  })
  if (!known && (items.open || entries.some(({ name }) => name === null))) return all()
  return entries.flatMap(entry => (entry.name === null ? [] : [[entry.name, entry.value()]]))
}

/** Adds the entries of a spread object, or of one of several; true when there may be more than are known. */
function spreadEntries(entries: Map<string, Value>, spread: Value): boolean {
  if (spread.kind === 'object') {
    for (const [key, each] of spread.entries) entries.set(key, each)
    return spread.open
  }
  if (spread.kind !== 'choice') return true
  const objects = spread.of.filter(each => each.kind === 'object')
  for (const key of new Set(objects.flatMap(each => [...each.entries.keys()]))) {
    entries.set(key, choiceOf(objects.flatMap(each => each.entries.get(key) ?? [])))
  }
  return objects.length < spread.of.length || objects.some(each => each.open)
}

/** Adds the items of a spread array; true when there may be more than are known. */
function addItems(items: Value[], spread: Value): boolean {
  // Items that are there under a condition: all of them show the most.
  if (spread.kind === 'choice') {
    const arrays = spread.of.filter(each => each.kind === 'array')
    const isOpen = arrays.map(each => addItems(items, each)).includes(true)
    return isOpen || spread.of.some(each => each.kind === 'unknown' || each.kind === 'param')
  }
  if (spread.kind !== 'array') return true
  for (const item of spread.items) {
    if (items.length >= MAX_PIECES) return true
    items.push(item)
  }
  return spread.open
}

/**
 * The evaluator: what a node of the facts holds, without running anything.
 * Follows names across files, calls into functions with their arguments, and the methods of texts and arrays.
 */

import type { Driver } from '../drivers/driver.js'
import { driverOfModule, unknownDriver } from '../drivers/index.js'
import type { ExprNode, FileFacts, FunctionFacts, FunctionId, NodeId } from '../extract/facts.js'
import { lineAt } from '../extract/positions.js'
import { callBuiltin, callGlobal } from './builtins.js'
import { givenToCallback } from './callbacks.js'
import { callExternal, callTagHelper, callText, identifierOfTag } from './externals.js'
import type { Program, Resolution } from './program.js'
import { findExport, resolveExport, resolveImport } from './program.js'
import type { SqlFiles } from './sql-files.js'
import type { Frame, Piece, Value } from './values.js'
import { addPieces, choiceOf, knownText, MAX_PIECES, piecesOf, textValue, unknown } from './values.js'

const MAX_CALL_DEPTH = 12
const MAX_STEPS = 60_000
const MAX_NESTING = 400

/** A value, and whether it would differ for a known caller. */
interface Remembered {
  value: Value
  varies: boolean
}

export interface Evaluator {
  program: Program
  sqlFiles: SqlFiles
  /** Values of nodes seen from no caller, by file. */
  memo: Map<string, Remembered[]>
  /** The same for what calls run, where arguments are not looked at. */
  targetMemo: Map<string, Remembered[]>
  /** True while only what a call runs is asked for: functions are not entered with their arguments. */
  targetsOnly: boolean
  /** How often a parameter was met whose caller is not known. */
  paramReads: number
  /** Steps left for the question being answered. */
  steps: number
  nesting: number
  /** Nodes being evaluated, to stop at cycles. */
  active: Set<string>
  /** How often an evaluation was cut short; what was cut is not remembered. */
  cuts: number
  /** Calls being evaluated. */
  stack: Frame[]
}

export function createEvaluator(program: Program, sqlFiles: SqlFiles): Evaluator {
  return {
    program,
    sqlFiles,
    memo: new Map(),
    targetMemo: new Map(),
    targetsOnly: false,
    paramReads: 0,
    steps: 0,
    nesting: 0,
    active: new Set(),
    cuts: 0,
    stack: [],
  }
}

/** Gives a new question its whole budget. */
export function refresh(e: Evaluator): void {
  e.steps = MAX_STEPS
  e.nesting = 0
  e.active.clear()
  e.stack = []
}

/** Value of a node from outside: with a fresh budget. */
export function evaluateFresh(e: Evaluator, file: string, node: NodeId, frame: Frame | null = null): Value {
  refresh(e)
  return evaluate(e, file, node, frame)
}

/** Value of what a call runs. Cheaper than `evaluateFresh`, and blind to what depends on arguments. */
export function evaluateTarget(e: Evaluator, file: string, node: NodeId): Value {
  e.targetsOnly = true
  const value = evaluateFresh(e, file, node)
  e.targetsOnly = false
  return value
}

/** Value of a node. With no frame, parameters stay symbolic. */
export function evaluate(e: Evaluator, file: string, id: NodeId, frame: Frame | null): Value {
  const facts = e.program.facts(file)
  const node = facts?.nodes[id]
  if (!facts || !node) return unknown('')
  let memo: Remembered[] | undefined
  if (!frame) {
    const memos = e.targetsOnly ? e.targetMemo : e.memo
    memo = memos.get(file)
    if (!memo) {
      memo = []
      memos.set(file, memo)
    }
    if (memo[id]) {
      if (memo[id].varies) e.paramReads++
      return memo[id].value
    }
  }
  const key = frame ? '' : `${file}\0${id}`
  if (--e.steps < 0 || e.nesting > MAX_NESTING || (key && e.active.has(key))) {
    e.cuts++
    return unknown('…')
  }
  const cutsBefore = e.cuts
  const readsBefore = e.paramReads
  if (key) e.active.add(key)
  e.nesting++
  const value = compute(e, facts, id, node, frame)
  e.nesting--
  if (key) e.active.delete(key)
  if (memo && e.cuts === cutsBefore) memo[id] = { value, varies: e.paramReads > readsBefore }
  return value
}

function compute(e: Evaluator, facts: FileFacts, id: NodeId, node: ExprNode, frame: Frame | null): Value {
  const { file } = facts
  switch (node.kind) {
    case 'text':
      return {
        kind: 'text',
        pieces: [{ kind: 'text', text: node.text, file, line: lineAt(facts.lineStarts, node.at) }],
      }
    case 'concat': {
      const pieces: Piece[] = []
      for (const part of node.parts)
        addPieces(pieces, piecesOf(evaluate(e, file, part, frame), codeOf(facts, part)))
      return { kind: 'text', pieces }
    }
    case 'choice': {
      const values = node.of.map(each => evaluate(e, file, each, frame))
      // A declared type says less than any value that is known.
      const told = values.filter(value => value.kind !== 'typed' && value.kind !== 'unknown')
      return choiceOf(told.length > 0 ? values.filter(value => value.kind !== 'typed') : values, node.test)
    }
    case 'param':
      return paramOf(e, facts, node.fn, node.index, frame)
    case 'import':
      return resolved(e, resolveImport(e.program, file, node.name), node.name)
    case 'module':
      return resolved(e, resolveExport(e.program, file, node.module, '*'), node.module)
    case 'variable':
      return Object.hasOwn(facts.variables, node.name)
        ? evaluate(e, file, facts.variables[node.name], null)
        : unknown(node.name)
    case 'global':
      return { kind: 'external', module: '', path: [node.name] }
    case 'function':
      // A function within another one sees that one's parameters.
      if (!frame && facts.functions[node.fn].parent !== null) e.paramReads++
      return { kind: 'function', file, fn: node.fn, frame, self: frame?.self ?? null }
    case 'class':
      return { kind: 'class', file, cls: node.cls }
    case 'this':
      return frame?.self ?? (node.cls === null ? unknown('this') : { kind: 'instance', file, cls: node.cls })
    case 'super': {
      const parent = facts.classes[node.cls].extends
      return parent === null ? unknown('super') : evaluate(e, file, parent, null)
    }
    case 'member':
      return memberOf(e, evaluate(e, file, node.of, frame), node.name)
    case 'index': {
      const of = evaluate(e, file, node.of, frame)
      const by = evaluate(e, file, node.by, frame)
      const key = knownText(by)
      if (key !== null) return memberOf(e, of, key)
      // One of several known keys is one of their values.
      const keys = by.kind === 'choice' ? by.of.map(knownText) : []
      if (keys.length > 0 && keys.every(each => each !== null))
        return choiceOf(keys.map(each => memberOf(e, of, each)))
      return elementOf(e, of)
    }
    case 'element':
      return elementHeld(facts, id, frame) ?? elementOf(e, evaluate(e, file, node.of, frame))
    case 'spread':
      return elementOf(e, evaluate(e, file, node.of, frame))
    case 'array': {
      const items: Value[] = []
      let open = false
      for (const item of node.items) {
        if (facts.nodes[item].kind !== 'spread') items.push(evaluate(e, file, item, frame))
        else
          open = spreadInto(items, evaluate(e, file, (facts.nodes[item] as { of: NodeId }).of, frame)) || open
      }
      return { kind: 'array', items, open }
    }
    case 'append': {
      const of = evaluate(e, file, node.of, frame)
      const array = of.kind === 'array' ? of : { kind: 'array' as const, items: [], open: true }
      const items = [...array.items]
      let open = array.open
      for (const item of node.items) {
        if (facts.nodes[item].kind !== 'spread') items.push(evaluate(e, file, item, frame))
        else
          open = spreadInto(items, evaluate(e, file, (facts.nodes[item] as { of: NodeId }).of, frame)) || open
      }
      return { kind: 'array', items, open }
    }
    case 'object': {
      const entries = new Map<string, Value>()
      let open = false
      for (const [name, entry] of node.entries) {
        const value = evaluate(e, file, entry, frame)
        if (name !== '...') entries.set(name, value)
        else open = spreadEntries(entries, value) || open
      }
      return { kind: 'object', entries, open }
    }
    case 'assign': {
      const of = evaluate(e, file, node.of, frame)
      const entries = new Map(of.kind === 'object' ? of.entries : [])
      if (node.by === null) entries.set(node.key, evaluate(e, file, node.value, frame))
      else
        for (const [key, value] of computedEntries(e, facts, node.by, node.value, frame))
          entries.set(key, value)
      return of.kind === 'object' || of.kind === 'unknown' ? { kind: 'object', entries, open: true } : of
    }
    case 'typed': {
      const inner = node.of === null ? unknown('') : evaluate(e, file, node.of, frame)
      if (!isVague(inner)) return inner
      return valueOfTypes(e, facts, node.types) ?? inner
    }
    case 'call':
      return call(e, facts, node, frame)
    case 'new':
      return construct(e, facts, node, frame)
    case 'tagged':
      return tagged(e, facts, node, frame)
    case 'here':
      return textValue(node.folder ? file.slice(0, Math.max(0, file.lastIndexOf('/'))) : file)
    case 'unknown':
      return unknown(node.code)
  }
}

/** The element of an iteration that is being looked at by itself. */
function elementHeld(facts: FileFacts, id: NodeId, frame: Frame | null): Value | null {
  for (let at = frame; at; at = at.outer) {
    if (at.element && at.file === facts.file && at.element.node === id) return at.element.value
  }
  return null
}

const MAX_KEYS = 600

/** `object[key] = value`: where the key runs over known names, each with its own value; else `*`. */
function computedEntries(
  e: Evaluator,
  facts: FileFacts,
  by: NodeId,
  value: NodeId,
  frame: Frame | null,
): [string, Value][] {
  let source = by
  for (let node = facts.nodes[source]; node.kind === 'typed' && node.of !== null; node = facts.nodes[source])
    source = node.of
  const node = facts.nodes[source]
  const keys = e.targetsOnly ? unknown('key') : evaluate(e, facts.file, source, frame)
  const names = keys.kind === 'choice' ? keys.of : [keys]
  const known = names.flatMap(name => knownText(name) ?? [])
  if (known.length === 0 || known.length !== names.length || known.length > MAX_KEYS) {
    return [['*', evaluate(e, facts.file, value, frame)]]
  }
  if (node.kind !== 'element') return known.map(name => [name, evaluate(e, facts.file, value, frame)])
  return known.map(name => [
    name,
    evaluate(e, facts.file, value, {
      ...(frame ?? { fn: -1, args: [], self: null, outer: null }),
      file: facts.file,
      element: { node: source, value: textValue(name) },
    }),
  ])
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
function spreadInto(items: Value[], spread: Value): boolean {
  if (spread.kind !== 'array') return true
  for (const item of spread.items) {
    if (items.length >= MAX_PIECES) return true
    items.push(item)
  }
  return spread.open
}

/** A value that says nothing which a declared type would not say better. */
function isVague(value: Value): boolean {
  return (
    value.kind === 'unknown' ||
    value.kind === 'param' ||
    value.kind === 'external' ||
    value.kind === 'builtin' ||
    (value.kind === 'choice' && value.of.every(isVague))
  )
}

function paramOf(e: Evaluator, facts: FileFacts, fn: FunctionId, index: number, frame: Frame | null): Value {
  for (let at = frame; at; at = at.outer) {
    if (at.file !== facts.file || at.fn !== fn) continue
    const param = facts.functions[fn].params[index]
    if (param?.rest) return { kind: 'array', items: at.args.slice(index), open: false }
    const value = at.args[index]
    const absent = !value || (value.kind === 'external' && value.path[0] === 'undefined')
    if (!absent) return value
    if (param?.default != null) return evaluate(e, facts.file, param.default, at)
    return valuesOfType(e, facts, param?.types ?? []) ?? unknown(param?.name ?? '')
  }
  e.paramReads++
  return handleOfParam(e, facts, fn, index) ?? { kind: 'param', file: facts.file, fn, index, path: [] }
}

/** All values that a type of literals (`'users' | 'orders'`) or an enum allows; null for any other type. */
function valuesOfType(e: Evaluator, facts: FileFacts, types: string[], depth = 0): Value | null {
  const values = types.flatMap((type): Value[] => {
    if (type.startsWith("'")) return [textValue(type.slice(1))]
    if (depth > 3 || type === 'string') return []
    const named = namedType(e, facts, type)
    if (named?.kind === 'interface') {
      const home = e.program.facts(named.file)
      const inner = home && valuesOfType(e, home, home.interfaces[named.name] ?? [], depth + 1)
      return inner ? [inner] : []
    }
    if (named?.kind !== 'node') return []
    const value = evaluate(e, named.file, named.node, null)
    return value.kind === 'object' && value.entries.size > 0 ? [elementOf(e, value)] : []
  })
  return values.length === 0 ? null : choiceOf(values)
}

function namedType(e: Evaluator, facts: FileFacts, name: string): Resolution | null {
  if (Object.hasOwn(facts.variables, name))
    return { kind: 'node', file: facts.file, node: facts.variables[name] }
  if (Object.hasOwn(facts.interfaces, name)) return { kind: 'interface', file: facts.file, name }
  return Object.hasOwn(facts.imports, name) ? resolveImport(e.program, facts.file, name) : null
}

/** A parameter that can only hold one handle or object: by its default, or by what runs the callback that it is of. */
function handleOfParam(e: Evaluator, facts: FileFacts, fn: FunctionId, index: number): Value | null {
  const held = facts.functions[fn].params[index]?.default ?? null
  if (held !== null) {
    const value = evaluate(e, facts.file, held, null)
    if (value.kind === 'handle' || value.kind === 'instance') return value
  }
  return givenToCallback(e, facts, fn, index)
}

function resolved(e: Evaluator, resolution: Resolution | null, name: string): Value {
  switch (resolution?.kind) {
    case 'node':
      return evaluate(e, resolution.file, resolution.node, null)
    case 'namespace':
      return { kind: 'namespace', file: resolution.file }
    case 'interface':
      return { kind: 'typed', file: resolution.file, name: resolution.name }
    case 'external':
      return external(resolution.module, resolution.path)
    default:
      return unknown(name)
  }
}

/** Something of a package. Names that are themselves handles (`import { sql, db } from '@vercel/postgres'`) are so. */
function external(module: string, path: string[]): Value {
  return { kind: 'external', module, path: path[0] === '*' ? path.slice(1) : path }
}

/** Property of a value. */
export function memberOf(e: Evaluator, of: Value, name: string): Value {
  switch (of.kind) {
    case 'object': {
      const entry = of.entries.get(name) ?? of.entries.get('*')
      if (entry) return entry
      return of.open || isObjectMethod(name) ? { kind: 'builtin', of, name } : unknown(name)
    }
    case 'namespace': {
      const found = findExport(e.program, of.file, name)
      if (found) return resolved(e, found, name)
      return name === 'default' ? of : unknown(name)
    }
    case 'instance':
    case 'class':
      return classMember(e, of, name) ?? unknown(name)
    case 'typed':
      return { kind: 'builtin', of, name }
    case 'handle':
      return { kind: 'method', driver: of.driver, path: [name], origin: of.origin }
    case 'method':
      return { kind: 'method', driver: of.driver, path: [...of.path, name].slice(-6), origin: of.origin }
    case 'external':
      return name === 'default' && of.path.length === 0
        ? of
        : { kind: 'external', module: of.module, path: [...of.path, name] }
    case 'param':
      return of.path.length < 4 ? { ...of, path: [...of.path, name] } : unknown(name)
    case 'sql-file':
      return e.sqlFiles.block(of.file, name) ?? { kind: 'builtin', of, name }
    case 'array': {
      const index = Number(name)
      if (Number.isInteger(index) && index >= 0 && !of.open) return of.items[index] ?? unknown(name)
      if (Number.isInteger(index)) return elementOf(e, of)
      return { kind: 'builtin', of, name }
    }
    case 'choice':
      return choiceOf(of.of.map(each => memberOf(e, each, name)))
    case 'text':
    case 'function':
    case 'builtin':
      return { kind: 'builtin', of, name }
    case 'unknown':
      return unknown(of.code ? `${of.code}.${name}`.slice(0, 60) : name)
  }
}

function isObjectMethod(name: string): boolean {
  return name === 'get' || name === 'hasOwnProperty'
}

/** Method or field of a class, also inherited. */
export function classMember(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  depth = 0,
): Value | null {
  const facts = e.program.facts(of.file)
  const cls = facts?.classes[of.cls]
  if (!facts || !cls || depth > 10) return null
  const self: Value = of.kind === 'instance' ? of : { kind: 'instance', file: of.file, cls: of.cls }
  const frame = of.kind === 'instance' ? (of.frame ?? null) : null
  if (Object.hasOwn(cls.methods, name)) {
    return { kind: 'function', file: of.file, fn: cls.methods[name], frame: null, self }
  }
  if (Object.hasOwn(cls.fields, name)) {
    const held = evaluate(e, of.file, cls.fields[name], frame)
    return isVague(held) && held.kind !== 'param' ? (inSubclasses(e, of, name, depth) ?? held) : held
  }
  if (cls.extends === null) return inSubclasses(e, of, name, depth)
  const parent = evaluate(e, of.file, cls.extends, null)
  if (parent.kind === 'class') {
    const inherited = classMember(e, parent, name, depth + 1)
    // A method runs on the object that it was called on, not on its parent.
    return inherited?.kind === 'function' ? { ...inherited, self } : inherited
  }
  const handle = handleOfExternal(parent)
  return handle ? memberOf(e, handle, name) : null
}

/** What the classes that extend this one give a field that it only declares. */
function inSubclasses(
  e: Evaluator,
  of: Value & { kind: 'instance' | 'class' },
  name: string,
  depth: number,
): Value | null {
  if (depth > 0) return null
  const values = (e.program.subclasses(of.file, of.cls) ?? []).flatMap(({ file, cls }) => {
    const found = e.program.facts(file)?.classes[cls]
    return found && Object.hasOwn(found.fields, name) ? [evaluate(e, file, found.fields[name], null)] : []
  })
  return values.length === 0 ? null : choiceOf(values)
}

/** A class of a driver, or a subclass's parent, as a handle. */
function handleOfExternal(value: Value): Value | null {
  if (value.kind !== 'external') return null
  const driver = driverOfModule(value.module)
  const name = value.path.join('.')
  return driver && (driver.handles.includes(name) || driver.handles.includes(value.path.at(-1) ?? ''))
    ? { kind: 'handle', driver, origin: null }
    : null
}

/** Some element of what is iterated over or looked up with an unknown key. */
export function elementOf(e: Evaluator, of: Value): Value {
  switch (of.kind) {
    case 'array':
      return of.items.length === 0 ? unknown('element') : choiceOf(of.open ? [...of.items] : of.items)
    case 'object':
      return of.entries.size === 0 ? unknown('element') : choiceOf([...of.entries.values()])
    case 'choice':
      return choiceOf(of.of.map(each => elementOf(e, each)))
    case 'param':
      return memberOf(e, of, '*')
    case 'sql-file':
      return e.sqlFiles.anyBlock(of.file) ?? unknown('block')
    case 'handle':
    case 'method':
      return of
    default:
      return unknown(of.kind === 'unknown' ? of.code : 'element')
  }
}

/** Methods by which an array, whatever is in it, becomes text. */
const ARRAY_METHODS = new Set([
  'map',
  'flatMap',
  'filter',
  'join',
  'slice',
  'sort',
  'reverse',
  'concat',
  'reduce',
])
/** Methods that leave the tables that a text names as they are. */
const TEXT_METHODS = new Set([
  'trim',
  'toString',
  'replace',
  'replaceAll',
  'substring',
  'substr',
  'trimEnd',
  'trimStart',
  'normalize',
])

function call(e: Evaluator, facts: FileFacts, node: ExprNode & { kind: 'call' }, frame: Frame | null): Value {
  const callee = evaluate(e, facts.file, node.callee, frame)
  const args = () => argumentsOf(e, facts, node.args, frame)
  const method = facts.nodes[node.callee]
  if (method.kind === 'member' && (callee.kind === 'param' || callee.kind === 'unknown')) {
    if (ARRAY_METHODS.has(method.name) || (callee.kind === 'param' && TEXT_METHODS.has(method.name))) {
      const of = evaluate(e, facts.file, method.of, frame)
      if (of.kind === 'param' && TEXT_METHODS.has(method.name)) return of
      if (of.kind === 'param' || of.kind === 'unknown') {
        const array: Value = {
          kind: 'array',
          items: of.kind === 'param' ? [memberOf(e, of, '*')] : [],
          open: true,
        }
        return callBuiltin(e, array, method.name, args(), facts, codeOf(facts, node.callee))
      }
    }
  }
  const value = callValue(e, callee, args, facts, node.at, codeOf(facts, node.callee))
  if (value.kind === 'text' || e.targetsOnly) return value
  // Tags that a project makes itself, or that are parameters, have the helpers of the known ones: `sql.raw(name)`,
  // `sql.join(parts)`, `sql(table)`.
  if (method.kind === 'member' && TAG_NAME.test(codeOf(facts, method.of))) {
    return callTagHelper(method.name, args, '') ?? value
  }
  return TAG_NAME.test(codeOf(facts, node.callee)) ? (callTagHelper('raw', args, '') ?? value) : value
}

/** What tags of SQL templates are called. */
const TAG_NAME = /^(?:\w+\.)?sql$/i

/**
 * Arguments in order, spreads written out. Each is evaluated when it is first looked at: most functions look at one
 * or two, and the others (whole requests, contexts) are what costs.
 */
export function argumentsOf(e: Evaluator, facts: FileFacts, ids: NodeId[], frame: Frame | null): Value[] {
  if (ids.some(id => facts.nodes[id].kind === 'spread')) return spreadArguments(e, facts, ids, frame)
  const args: Value[] = new Array(ids.length)
  ids.forEach((id, index) => {
    const settle = (value: Value): void => {
      Object.defineProperty(args, index, { value, writable: true, enumerable: true, configurable: true })
    }
    const get = (): Value => {
      const value = evaluate(e, facts.file, id, frame)
      settle(value)
      return value
    }
    Object.defineProperty(args, index, { get, set: settle, enumerable: true, configurable: true })
  })
  return args
}

function spreadArguments(e: Evaluator, facts: FileFacts, ids: NodeId[], frame: Frame | null): Value[] {
  const args: Value[] = []
  for (const id of ids) {
    const node = facts.nodes[id]
    if (node.kind !== 'spread') args.push(evaluate(e, facts.file, id, frame))
    else {
      const spread = evaluate(e, facts.file, node.of, frame)
      if (spread.kind === 'array') args.push(...spread.items)
      else args.push(unknown('...'))
    }
  }
  return args
}

/** What a call gives. */
export function callValue(
  e: Evaluator,
  callee: Value,
  args: () => Value[],
  facts: FileFacts,
  at: number,
  code: string,
): Value {
  switch (callee.kind) {
    case 'function':
      return callFunction(e, callee, args, code)
    case 'builtin':
      if (e.targetsOnly && callee.of.kind === 'array') return callee.of
      return callBuiltin(e, callee.of, callee.name, args(), facts, code)
    case 'external': {
      if (callee.module === '')
        return callGlobal(e, callee.path, args(), code) ?? callExternal(e, callee, args(), facts, at, code)
      return callExternal(e, callee, args(), facts, at, code)
    }
    case 'method':
      return (
        callText(e, callee.driver, callee.path, args, code) ??
        // Executing gives rows; everything else that a handle gives (`connect()`, `getConnection()`) executes too.
        (Object.hasOwn(callee.driver.executes, callee.path.at(-1) ?? '')
          ? unknown(code)
          : { kind: 'handle', driver: callee.driver, origin: callee.origin })
      )
    case 'handle':
      return identifierOfTag(callee.driver, args(), code) ?? callee
    case 'choice':
      return choiceOf(callee.of.map(each => callValue(e, each, args, facts, at, code)))
    case 'sql-file':
      return callee
    default:
      return callExternal(e, callee, args(), facts, at, code)
  }
}

/** What a function of the repository returns for these arguments. */
export function callFunction(
  e: Evaluator,
  fn: Value & { kind: 'function' },
  args: () => Value[],
  code: string,
): Value {
  const facts = e.program.facts(fn.file)
  const target = facts?.functions[fn.fn]
  const recursive = e.stack.filter(frame => frame.file === fn.file && frame.fn === fn.fn).length > 1
  if (!facts || !target || recursive || e.stack.length > MAX_CALL_DEPTH) return unknown(code)
  const value = e.targetsOnly
    ? returnedSymbolically(e, fn, target, args)
    : (returnedAnyway(e, fn, target) ?? returnedFor(e, fn, target, args()))
  if (!isVague(value) && value.kind !== 'object') return value
  return (
    e.sqlFiles.fromLoader(args(), fn.file) ??
    (isVague(value) ? valueOfTypes(e, facts, target.returnTypes) : null) ??
    value
  )
}

/** What a function returns, its parameters left open; one that gives back a parameter gives the argument. */
function returnedSymbolically(
  e: Evaluator,
  fn: Value & { kind: 'function' },
  target: FunctionFacts,
  args: () => Value[],
): Value {
  e.stack.push({ file: fn.file, fn: fn.fn, args: [], self: fn.self, outer: null })
  const value = choiceOf(target.returns.map(each => evaluate(e, fn.file, each, null)))
  e.stack.pop()
  if (value.kind !== 'param' || value.file !== fn.file || value.fn !== fn.fn) return value
  return value.path.reduce((of, name) => memberOf(e, of, name), args()[value.index] ?? unknown(''))
}

/** What a function returns whatever its arguments are; null where they matter. Remembered, so worth asking first. */
function returnedAnyway(e: Evaluator, fn: Value & { kind: 'function' }, target: FunctionFacts): Value | null {
  const ownSelf =
    fn.self === null ||
    (fn.self.kind === 'instance' && fn.self.file === fn.file && fn.self.cls === target.cls)
  if (!ownSelf || target.element !== null || target.returns.length === 0) return null
  const cutsBefore = e.cuts
  const readsBefore = e.paramReads
  e.stack.push({ file: fn.file, fn: fn.fn, args: [], self: fn.self, outer: null })
  const values = target.returns.map(each => evaluate(e, fn.file, each, null))
  e.stack.pop()
  if (e.cuts !== cutsBefore || e.paramReads !== readsBefore) {
    e.paramReads = readsBefore
    return null
  }
  return choiceOf(values)
}

function returnedFor(
  e: Evaluator,
  fn: Value & { kind: 'function' },
  target: FunctionFacts,
  args: Value[],
): Value {
  if (target.returns.length === 0) return unknown(target.name)
  const frame: Frame = { file: fn.file, fn: fn.fn, args, self: fn.self, outer: fn.frame }
  if (target.element !== null && args[0]) frame.element = { node: target.element, value: args[0] }
  e.stack.push(frame)
  const value = choiceOf(target.returns.map(each => evaluate(e, fn.file, each, frame)))
  e.stack.pop()
  return value
}

function construct(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'new' },
  frame: Frame | null,
): Value {
  const callee = evaluate(e, facts.file, node.callee, frame)
  const origin = `${facts.file}@${node.at}`
  switch (callee.kind) {
    case 'class': {
      const handle = extendsHandle(e, callee)
      if (handle && !hasOwnMethods(e, callee)) return handle
      const made = e.program.facts(callee.file)?.classes[callee.cls].constructor ?? null
      const instance: Value = { kind: 'instance', file: callee.file, cls: callee.cls }
      if (e.targetsOnly || made === null || node.args.length === 0) return instance
      const args = argumentsOf(e, facts, node.args, frame)
      return { ...instance, frame: { file: callee.file, fn: made, args, self: null, outer: null } }
    }
    case 'external': {
      const name = callee.path.at(-1) ?? ''
      const driver = driverOfModule(callee.module)
      if (driver?.texts.some(text => text === name))
        return textOfFirst(argumentsOf(e, facts, node.args, frame))
      if (driver && (driver.handles.includes(name) || driver.handles.includes(callee.path.join('.')))) {
        return { kind: 'handle', driver, origin }
      }
      if (callee.module === '') {
        const args = argumentsOf(e, facts, node.args, frame)
        return (
          callGlobal(e, ['new', ...callee.path], args, codeOf(facts, node.callee)) ??
          callExternal(e, callee, args, facts, node.at, name)
        )
      }
      return callExternal(e, callee, argumentsOf(e, facts, node.args, frame), facts, node.at, name)
    }
    case 'typed':
      return callee
    case 'method': {
      const args = () => argumentsOf(e, facts, node.args, frame)
      const text = callText(e, callee.driver, callee.path, args, codeOf(facts, node.callee))
      return text ?? { kind: 'handle', driver: callee.driver, origin: callee.origin }
    }
    case 'choice':
      return callee.of.find(each => each.kind === 'class')
        ? {
            ...(callee.of.find(each => each.kind === 'class') as Value & { kind: 'class' }),
            kind: 'instance',
          }
        : unknown(codeOf(facts, node.callee))
    default:
      return callExternal(
        e,
        callee,
        argumentsOf(e, facts, node.args, frame),
        facts,
        node.at,
        codeOf(facts, node.callee),
      )
  }
}

/** The handle that a class extends (`class Db extends Pool`), or null. */
export function extendsHandle(e: Evaluator, cls: Value & { kind: 'class' | 'instance' }): Value | null {
  const facts = e.program.facts(cls.file)
  const parent = facts?.classes[cls.cls]?.extends
  if (parent == null) return null
  return handleOfExternal(evaluate(e, cls.file, parent, null))
}

function hasOwnMethods(e: Evaluator, cls: Value & { kind: 'class' }): boolean {
  const found = e.program.facts(cls.file)?.classes[cls.cls]
  return found !== undefined && Object.keys(found.methods).length > 0
}

function textOfFirst(args: Value[]): Value {
  return args[0] ?? unknown('')
}

/**
 * Text of a tagged template. A tag makes a bound parameter of each value that is not SQL itself (`sql`…${id}…``), so
 * what stands where a value may stand is a placeholder. Whether the tag executes is decided where sinks are found.
 */
export function tagged(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'tagged' },
  frame: Frame | null,
): Value {
  const content = facts.nodes[node.text]
  const parts = content.kind === 'concat' ? content.parts : [node.text]
  const pieces: Piece[] = []
  for (const part of parts) {
    const value = evaluate(e, facts.file, part, frame)
    if (facts.nodes[part].kind === 'text') addPieces(pieces, piecesOf(value, ''))
    else addPieces(pieces, boundPieces(value, codeOf(facts, part), pieces))
  }
  return { kind: 'text', pieces, fragment: true }
}

/** Text after which a value, and nothing else, can stand. */
const VALUE_POSITION =
  /(?:[=<>+*/|%-]|\b(?:LIMIT|OFFSET|LIKE|ILIKE|THEN|ELSE|BETWEEN|ANY|ALL|IN|INTERVAL)\s*\(?)\s*$/i
const LIST_POSITION = /[(,]\s*$/

function boundPieces(value: Value, code: string, before: Piece[]): Piece[] {
  if (value.kind === 'choice')
    return [{ kind: 'choice', of: value.of.map(each => boundPieces(each, code, before)) }]
  if (value.kind === 'text' && value.fragment) return value.pieces
  if (value.kind === 'array' && value.items.some(item => item.kind === 'text' && item.fragment))
    return piecesOf(value, code)
  const last = before.at(-1)
  const preceding = last?.kind === 'text' ? last.text : ''
  if (value.kind === 'text' || VALUE_POSITION.test(preceding) || LIST_POSITION.test(preceding)) {
    return [{ kind: 'text', text: '?', file: '', line: 0 }]
  }
  return value.kind === 'param' ? piecesOf(value, code) : [{ kind: 'hole', code }]
}

/** What a declared type says of a value: a handle of a driver, an instance, an interface. */
export function valueOfTypes(e: Evaluator, facts: FileFacts, types: string[]): Value | null {
  for (const type of types) {
    const value = valueOfType(e, facts, type)
    if (value) return value
  }
  return null
}

function valueOfType(e: Evaluator, facts: FileFacts, type: string): Value | null {
  const [head, ...rest] = type.split('.')
  if (Object.hasOwn(facts.variables, head)) {
    const value = evaluate(e, facts.file, facts.variables[head], null)
    return value.kind === 'class' ? instanceOf(e, value) : null
  }
  if (Object.hasOwn(facts.interfaces, head)) return aliasOrInterface(e, facts, head)
  if (!Object.hasOwn(facts.imports, head)) return null
  const resolution = resolveImport(e.program, facts.file, head)
  if (!resolution) return null
  if (resolution.kind === 'interface') {
    const home = e.program.facts(resolution.file)
    return home ? aliasOrInterface(e, home, resolution.name) : null
  }
  let value = resolved(e, resolution, head)
  for (const name of rest) value = memberOf(e, value, name)
  if (value.kind === 'class') return instanceOf(e, value)
  if (value.kind === 'typed') return value
  if (value.kind === 'external') {
    const driver = driverOfModule(value.module)
    const path = value.path.filter(name => name !== 'default')
    if (driver && (driver.handles.includes(path.join('.')) || driver.handles.includes(path.at(-1) ?? ''))) {
      return { kind: 'handle', driver, origin: null }
    }
  }
  return null
}

function instanceOf(e: Evaluator, cls: Value & { kind: 'class' }): Value {
  const handle = extendsHandle(e, cls)
  return handle && !hasOwnMethods(e, cls) ? handle : { kind: 'instance', file: cls.file, cls: cls.cls }
}

/** `type Db = Pool | PoolClient` is what it stands for; an interface that extends a handle is one. */
function aliasOrInterface(e: Evaluator, facts: FileFacts, name: string, depth = 0): Value | null {
  if (depth > 5) return null
  for (const parent of facts.interfaces[name]) {
    if (parent === name) continue
    const value = Object.hasOwn(facts.interfaces, parent)
      ? aliasOrInterface(e, facts, parent, depth + 1)
      : valueOfType(e, facts, parent)
    if (value && value.kind !== 'typed') return value
  }
  return { kind: 'typed', file: facts.file, name }
}

/** Handle of a driver whose name is not known. */
export function unknownHandle(driver: Driver = unknownDriver): Value {
  return { kind: 'handle', driver, origin: null }
}

/** Source-like name of a node, for messages. */
export function codeOf(facts: FileFacts, id: NodeId): string {
  const node = facts.nodes[id]
  switch (node.kind) {
    case 'unknown':
      return node.code
    case 'import':
    case 'variable':
    case 'global':
      return node.name
    case 'member':
      return `${codeOf(facts, node.of)}.${node.name}`
    case 'param':
      return facts.functions[node.fn].params[node.index]?.name || 'argument'
    case 'this':
      return 'this'
    case 'call':
      return `${codeOf(facts, node.callee)}()`
    case 'index':
      return `${codeOf(facts, node.of)}[…]`
    case 'typed':
      return node.of === null ? '' : codeOf(facts, node.of)
    case 'element':
      return `${codeOf(facts, node.of)}[…]`
    default:
      return node.kind
  }
}

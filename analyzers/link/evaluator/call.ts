/** What calls give. */
import type { Driver } from '../../drivers/driver.js'
import type { ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import { mayBeMadeHere } from '../../extract/untyped.js'
import { once } from '../once.js'
import { argumentsOf } from './arguments.js'
import { callBuiltin } from './builtins.js'
import { codeOf } from './code-of.js'
import { valueOfTypes } from './declared-types.js'
import { callTagHelper, callText, identifier, identifierOfTag, QUOTES } from './driver-texts.js'
import { evaluate, required } from './evaluate.js'
import { callExternal } from './externals.js'
import { callFunction } from './functions.js'
import { callGlobal } from './globals.js'
import { keeping } from './kept.js'
import { madeOf, methodOfMade } from './made-of-templates.js'
import { isRest, memberOf } from './members.js'
import { openedBy } from './origins.js'
import { preparedOfElement } from './prepared.js'
import type { Evaluator } from './state.js'
import { callTextMethod } from './text-methods.js'
import type { Frame, Value } from './values.js'
import { CALLED, choiceOf, isVague, knownText, OF_OBJECT, textValue, unknown } from './values.js'

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

/** `process.env.DATABASE_URL.trim()`: which variable it is says as much as before. */
function isCleanedVariable({ module, path }: Value & { kind: 'external' }): boolean {
  return (
    module === '' && path.length === 4 && path[0] === 'process' && path[1] === 'env' && CLEANS.test(path[3])
  )
}

const CLEANS = /^(?:trim|trimStart|trimEnd|toString)$/

export function call(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  frame: Frame | null,
): Value {
  const made = methodOfMade(e, facts, node, frame)
  const callee = made?.method ?? evaluate(e, facts.file, node.callee, frame)
  const args = once(() => argumentsOf(e, facts, node.args, frame))
  const method = facts.nodes[node.callee]
  if (method.kind === 'member' && method.name === 'join') {
    const joined = joinedAgain(e, facts, method.of, args, frame)
    if (joined) return joined
  }
  // A method that the object's class decides, like a field.
  if (callee.kind === 'param' && callee.index === OF_OBJECT && node.args.length === 0) return callee
  if (method.kind === 'member' && (callee.kind === 'param' || isUnknown(callee))) {
    if (method.name === 'shift' && callee.kind === 'param') {
      const of = evaluate(e, facts.file, method.of, frame)
      if (of.kind === 'param' && isRest(e, of)) return memberOf(e, of, '0')
    }
    const isOfText = callee.kind === 'param' && (TEXT_METHODS.has(method.name) || method.name === 'split')
    if (ARRAY_METHODS.has(method.name) || isOfText) {
      const of = evaluate(e, facts.file, method.of, frame)
      if (of.kind === 'param' && TEXT_METHODS.has(method.name)) return of
      if (of.kind === 'param' && method.name === 'split') return { kind: 'array', items: [of], open: true }
      if (of.kind === 'param' || isUnknown(of)) {
        const array: Value = {
          kind: 'array',
          items: of.kind === 'param' ? [memberOf(e, of, '*')] : [],
          open: true,
        }
        return callBuiltin(e, array, method.name, args(), facts, codeOf(facts, node.callee))
      }
    }
  }
  const prepared = preparedOfElement(e, facts, node, callee, args)
  if (prepared) return prepared
  const value = openedBy(
    e,
    callee,
    callValue(e, callee, args, facts, node.at, codeOf(facts, node.callee)),
    `${facts.file}@${node.at}`,
  )
  if (made) return madeOf(e, value, made.of)
  if (isVague(value) && callee.kind === 'param' && isMethodOfInterface(e, facts, method))
    return memberOf(e, callee, CALLED)
  if (value.kind === 'text' || e.targetsOnly) return value
  // `new Where().and('a = 1')` gives the object again.
  if (
    value.kind === 'instance' &&
    callee.kind === 'function' &&
    method.kind === 'member' &&
    mayBeMadeHere(facts, method.of)
  )
    return isSelf(value, callee) ? keeping(e, value, callee, args()) : value
  // Tags that a project makes itself, or that are parameters, have the helpers of the known ones: `sql.raw(name)`,
  // `sql.join(parts)`, `sql(table)`.
  if (method.kind === 'member' && TAG_NAME.test(codeOf(facts, method.of))) {
    return callTagHelper(method.name, args, firstCode(facts, node.args)) ?? value
  }
  // What is only called like one is a function: `sql('find_one')` of a loader.
  const isTag = callee.kind !== 'function' || isVague(value)
  return isTag && TAG_NAME.test(codeOf(facts, node.callee))
    ? (callTagHelper('raw', args, firstCode(facts, node.args)) ?? value)
    : value
}

/** Whether nothing is known of a value, or of any of those that it may be. */
function isUnknown(value: Value): boolean {
  return value.kind === 'unknown' || (value.kind === 'choice' && value.of.every(isUnknown))
}

/**
 * A method of what a caller hands over that has an interface of the repository as its type: whoever makes the object tells what it
 * gives, as `ask(query: Query) { return pool.query(query.sql()) }` is told by `ask(new FindGuest(1))`.
 */
function isMethodOfInterface(e: Evaluator, facts: FileFacts, method: ExprNode): boolean {
  if (e.targetsOnly || method.kind !== 'member') return false
  const of = facts.nodes[method.of]
  return of.kind === 'typed' && valueOfTypes(e, facts, of.types)?.kind === 'typed'
}

/** `text.split(/\s+/).join(' ')`, which replaces: whatever is not known of the text stays where it is. */
function joinedAgain(
  e: Evaluator,
  facts: FileFacts,
  id: NodeId,
  glue: () => Value[],
  frame: Frame | null,
): Value | null {
  const split = facts.nodes[id]
  const method = split.kind === 'call' ? facts.nodes[split.callee] : null
  if (split.kind !== 'call' || method?.kind !== 'member' || method.name !== 'split') return null
  const of = evaluate(e, facts.file, method.of, frame)
  if (of.kind !== 'text') return null
  const [separator] = argumentsOf(e, facts, split.args, frame)
  return separator
    ? callTextMethod(e, of, 'replaceAll', [separator, glue()[0] ?? textValue(',')], codeOf(facts, id))
    : of
}

/** Whether a method gives the object that it ran on. */
function isSelf(value: Value & { kind: 'instance' }, { self }: Value & { kind: 'function' }): boolean {
  return self?.kind === 'instance' && self.file === value.file && self.cls === value.cls
}

/** What the first argument is called, or the first item of one that is a list. */
function firstCode(facts: FileFacts, args: NodeId[]): string {
  const first = args.length === 0 ? null : facts.nodes[args[0]]
  const item = first?.kind === 'array' && first.items.length > 0 ? first.items[0] : args[0]
  return item === undefined ? '' : codeOf(facts, item)
}

/** What tags of SQL templates are called. */
const TAG_NAME = /^(?:\w+\.)?sql(?:s|syntax)?$/i

/** Whether a method executes; methods of builders that take a part of the statement give the builder again. */
function givesRows({ executes }: Driver, method: string): boolean {
  return Object.hasOwn(executes, method) && (executes[method].before === undefined || method === 'raw')
}

/** What a method of an array gives, as far as what is in it may be called: of a `map`, pairs for `Object.fromEntries`. */
function arrayOfTargets(
  e: Evaluator,
  { of, name }: Value & { kind: 'builtin' },
  args: () => Value[],
  code: string,
): Value {
  const callback = name === 'map' ? args()[0] : undefined
  if (callback?.kind !== 'function') return of
  const inFile = e.program.facts(callback.file)
  const returns = inFile?.functions[callback.fn]?.returns ?? []
  if (!returns.some(each => inFile?.nodes[each].kind === 'array')) return of
  return { kind: 'array', items: [callFunction(e, callback, () => [], code)], open: true }
}

/** What a handle's method gives, which is one again. */
export function handleOf({ driver, origin, statement, preparedAt }: Value & { kind: 'method' }): Value {
  return {
    kind: 'handle',
    driver,
    origin,
    ...(statement && { statement }),
    ...(preparedAt && { preparedAt }),
  }
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
    case 'function': {
      const value = callFunction(e, callee, args, code)
      // The repository's own function that quotes a name, in a way that can't be followed.
      return value.kind === 'unknown' && !e.targetsOnly && QUOTES.test(code)
        ? identifier(args(), code)
        : value
    }
    case 'builtin':
      if (e.targetsOnly && callee.of.kind === 'array') return arrayOfTargets(e, callee, args, code)
      return callBuiltin(e, callee.of, callee.name, args(), facts, code)
    case 'external': {
      if (callee.module === '' && callee.path.join() === 'require')
        return required(e, facts.file, args()[0]) ?? unknown(code)
      if (isCleanedVariable(callee)) return { ...callee, path: callee.path.slice(0, -1) }
      if (callee.module === '')
        return callGlobal(e, callee.path, args(), code) ?? callExternal(e, callee, args(), facts, at, code)
      return callExternal(e, callee, args(), facts, at, code)
    }
    case 'method':
      return (
        callText(e, callee.driver, callee.path, args, code) ??
        // Executing gives rows; everything else that a handle gives (`connect()`, `getConnection()`) executes too.
        (givesRows(callee.driver, callee.path.at(-1) ?? '') ? unknown(code) : handleOf(callee))
      )
    case 'handle':
      return identifierOfTag(callee.driver, args(), code) ?? callee
    case 'choice':
      return choiceOf(callee.of.map(each => callValue(e, each, args, facts, at, code)))
    case 'sql-file': {
      // `load('find')` of a loader that knows its folder.
      const name = args()[0] && knownText(args()[0])
      return (name ? e.sqlFiles.member(callee, name) : null) ?? callee
    }
    case 'text':
      // `pg(text)(values)`: what takes the values gives the statement again.
      return callee
    case 'param': {
      const value = callExternal(e, callee, args(), facts, at, code)
      // What a function gives that callers hand over, these tell: `build => pool.query(build(tenant))`. A method of what they
      // hand over is mostly one of a connection, `db.escapeFields(names)`, and who made that tells nothing of the text.
      const isItself = callee.path.length === 0 && callee.index !== OF_OBJECT
      return isItself && isVague(value) && !e.targetsOnly ? memberOf(e, callee, CALLED) : value
    }
    default:
      return callExternal(e, callee, args(), facts, at, code)
  }
}

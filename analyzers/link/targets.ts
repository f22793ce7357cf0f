/** What a call runs: a function of the repository, a method of a driver, or something that could not be found. */
import type { Driver } from '../drivers/driver.js'
import { driverOfModule } from '../drivers/index.js'
import type { CallFacts, FileFacts, FunctionId, NodeId } from '../extract/facts.js'
import { untyped } from '../extract/untyped.js'
import { constructorOf } from './evaluator/class-members.js'
import { codeOf } from './evaluator/code-of.js'
import { valuesOfType } from './evaluator/declared-types.js'
import { evaluateTarget } from './evaluator/evaluate.js'
import type { Evaluator } from './evaluator/state.js'
import { knownText, type Value } from './evaluator/values.js'

export type Target = RunTarget & {
  /** It is what the call hands over as this argument, to be run by what the call runs: see `handed-targets.ts`. */
  handed?: number
}

type RunTarget =
  | { kind: 'function'; file: string; fn: FunctionId; self: Value | null }
  /** A function that was bound to some of its arguments, of which the call hands over those behind these. */
  | { kind: 'bound'; file: string; fn: FunctionId; behind: number }
  /** A method of a handle, a handle that is itself called (empty path), or an export of the driver's package. */
  | {
      kind: 'driver'
      driver: Driver
      path: string[]
      origin: string | null
      isHandle: boolean
      /** The call that prepares it, `file@offset`, where it is a method of one of several statements kept by name. */
      preparedAt?: string
    }
  /** A method of an interface of the repository. */
  | { kind: 'interface'; file: string; name: string; method: string }
  | { kind: 'external'; module: string; path: string[] }
  /**
   * `receiver.method()` of something unknown; `receiver` is its source text, shortened. `isComputed`: `receiver[method]()`, of
   * which the method's name is not written.
   */
  | { kind: 'unknown'; receiver: string; method: string; isComputed?: true }

/** Node that a call, `new` or tag applies to. */
export function calleeOf(facts: FileFacts, call: CallFacts): NodeId {
  const node = facts.nodes[call.node]
  if (node.kind === 'call' || node.kind === 'new') return node.callee
  return node.kind === 'tagged' ? node.tag : call.node
}

/**
 * Arguments that what a call runs gets. `run.call(x, …)`, `run.apply(x, …)` and `run.bind(x, …)` run `run` without the
 * first one.
 * @param name of what is run
 */
export function argumentsHanded(facts: FileFacts, call: CallFacts, name: string): NodeId[] {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call' && node.kind !== 'new') return []
  const callee = facts.nodes[node.callee]
  const isHanded = callee.kind === 'member' && OF_FUNCTIONS.test(callee.name) && name !== callee.name
  return isHanded && !beginsWithText(facts, node.args) ? node.args.slice(1) : node.args
}

/** What a function runs on is no text: `breaker.call('SELECT …')` is a method of something else. */
export function beginsWithText(facts: FileFacts, args: NodeId[]): boolean {
  return args.length > 0 && /^(?:text|concat|tagged)$/.test(untyped(facts, args[0]).kind)
}

/** Methods of functions that run them, or keep arguments to run them with. */
const OF_FUNCTIONS = /^(?:call|apply|bind)$/

/** The same, and methods by which objects run the function that they are made around. */
const RUNS = /^(?:call|apply|bind|fire|exec|execute|run|invoke)$/

/** Methods of texts and arrays: following what they are called on would cost most of the time and find nothing. */
const BUILTIN =
  /^(?:push|unshift|pop|shift|slice|splice|includes|indexOf|join|concat|trim|split|replace|replaceAll|toString|toUpperCase|toLowerCase|startsWith|endsWith|padStart|padEnd|toFixed|toISOString|getTime|has|test|match|hasOwnProperty|catch|finally)$/
/** Methods that arrays share with other things, unless they get a function. */
const BUILTIN_WITH_CALLBACK =
  /^(?:map|flatMap|forEach|filter|find|findIndex|findLast|some|every|each|sort|reduce|then)$/

function startsWithCallback(facts: FileFacts, call: CallFacts): boolean {
  const node = facts.nodes[call.node]
  return node.kind === 'call' && node.args.length > 0 && facts.nodes[node.args[0]].kind === 'function'
}

/** Whether an argument is a text of more than one word, as far as it is written there. */
function hasWords(facts: FileFacts, id: NodeId): boolean {
  const node = untyped(facts, id)
  if (node.kind === 'concat') return node.parts.some(part => hasWords(facts, part))
  return node.kind === 'tagged' || (node.kind === 'text' && /\S\s+\S/.test(node.text))
}

/** Everything that a call may run. */
export function targetsOf(e: Evaluator, facts: FileFacts, call: CallFacts): Target[] {
  const id = calleeOf(facts, call)
  const callee = facts.nodes[id]
  if (callee.kind === 'member') {
    const args = argumentsHanded(facts, call, '')
    if (
      BUILTIN.test(callee.name) ||
      // Without arguments that it keeps, it runs nothing that the calls of what it gives do not.
      (callee.name === 'bind' && args.length === 0) ||
      // That of a Set gets one, a key or an object; a batch of statements gets a statement.
      (callee.name === 'add' && !(args.length > 1 || args.some(arg => hasWords(facts, arg)))) ||
      (startsWithCallback(facts, call) && BUILTIN_WITH_CALLBACK.test(callee.name))
    )
      return []
  }
  if (facts.nodes[call.node].kind === 'tagged' && callee.kind === 'call') {
    const makers = targetsAt(e, facts, callee.callee).filter(givesText)
    if (makers.length > 0) return makers
  }
  const isNew = facts.nodes[call.node].kind === 'new'
  return targetsAt(e, facts, id, isNew)
}

/** Whether it is a driver's helper that gives text: so does a tag that it gives, like `sql.type(row)`. */
function givesText(target: Target): boolean {
  return target.kind === 'driver' && target.driver.texts.includes(target.path.join('.'))
}

/** Everything that a node may stand for that can be run. */
export function targetsAt(e: Evaluator, facts: FileFacts, id: NodeId, isNew = false): Target[] {
  const found = flatten(evaluateTarget(e, facts.file, id), facts, id, isNew, e)
  if (facts.nodes[id].kind !== 'choice' || !found.some(isUnknown)) return found
  // `client.query ? client.query.bind(client) : query`: what is one of several has no name, each of these has.
  const named = alternativesOf(facts, id).flatMap(each => targetsAt(e, facts, each, isNew))
  return [...found.filter(each => !isUnknown(each)), ...named.filter(isUnknown)]
}

function isUnknown({ kind }: Target): boolean {
  return kind === 'unknown'
}

/** What a choice is one of, choices among these taken apart. */
function alternativesOf(facts: FileFacts, id: NodeId): NodeId[] {
  const seen = new Set([id])
  for (const each of seen) {
    const node = facts.nodes[each]
    if (node.kind === 'choice' && seen.size < MAX_ALTERNATIVES) for (const next of node.of) seen.add(next)
  }
  return [...seen].filter(each => facts.nodes[each].kind !== 'choice')
}

/** Who calls one of more things than these calls none of them by name. */
const MAX_ALTERNATIVES = 12

function flatten(value: Value, facts: FileFacts, id: NodeId, isNew: boolean, e: Evaluator): Target[] {
  switch (value.kind) {
    case 'choice':
      return value.of.flatMap(each => flatten(each, facts, id, isNew, e))
    case 'function':
      return value.bound
        ? [{ kind: 'bound', file: value.file, fn: value.fn, behind: value.bound.length }]
        : [{ kind: 'function', file: value.file, fn: value.fn, self: value.self }]
    case 'class': {
      if (!isNew && facts.nodes[id].kind !== 'super') return []
      const made = constructorOf(e, value)
      return made
        ? [{ kind: 'function', ...made, self: { kind: 'instance', file: value.file, cls: value.cls } }]
        : []
    }
    case 'handle':
      return ofComputedName(value, facts, id, e)
    case 'method':
      return [
        {
          kind: 'driver',
          driver: value.driver,
          path: value.path,
          origin: value.origin,
          isHandle: true,
          ...(value.preparedAt && { preparedAt: value.preparedAt }),
        },
      ]
    case 'external':
      return [externalTarget(value)]
    case 'builtin': {
      if (value.of.kind === 'typed') {
        return [{ kind: 'interface', file: value.of.file, name: value.of.name, method: value.name }]
      }
      // `fn.bind(x)`, `fn.call(x, …)` keep running fn, and so does what a package makes around it: `breaker.fire(…)`.
      if (RUNS.test(value.name) && (value.of.kind === 'function' || value.of.kind === 'method')) {
        return flatten(value.of, facts, id, isNew, e)
      }
      return [unknownTarget(facts, id)]
    }
    default:
      return [unknownTarget(facts, id)]
  }
}

/** A handle that is called itself, or its method of a name that callers hand over: `pool[method](text)`. */
function ofComputedName(
  { driver, origin }: Value & { kind: 'handle' },
  facts: FileFacts,
  id: NodeId,
  e: Evaluator,
): Target[] {
  const handle = { kind: 'driver', driver, origin, isHandle: true } as const
  const node = facts.nodes[id]
  const by = node.kind === 'index' ? untyped(facts, node.by) : null
  if (by?.kind !== 'param') return [{ ...handle, path: [] }]
  const allowed = valuesOfType(e, facts, facts.functions[by.fn].params[by.index]?.types ?? [])
  const names = (allowed?.kind === 'choice' ? allowed.of : allowed ? [allowed] : []).map(knownText)
  const known = names.filter(name => name !== null)
  return known.length > 0 ? known.map(name => ({ ...handle, path: [name] })) : [unknownTarget(facts, id)]
}

/** A method of something imported from a driver's package is the driver's; of any other package, unknown but named. */
function externalTarget(value: Value & { kind: 'external' }): Target {
  const driver = driverOfModule(value.module)
  if (driver)
    return {
      kind: 'driver',
      driver,
      path: value.path.filter(name => name !== 'default'),
      origin: null,
      isHandle: false,
    }
  return { kind: 'external', module: value.module, path: value.path }
}

/** Whether a node is a parameter as it is. */
function isGiven(facts: FileFacts, id: NodeId): boolean {
  return untyped(facts, id).kind === 'param'
}

function unknownTarget(facts: FileFacts, id: NodeId): Target {
  const node = facts.nodes[id]
  // `db.query.call(db, text)`
  if (node.kind === 'member' && OF_FUNCTIONS.test(node.name) && facts.nodes[node.of].kind === 'member')
    return unknownTarget(facts, node.of)
  if (node.kind === 'member') return { kind: 'unknown', receiver: codeOf(facts, node.of), method: node.name }
  if (node.kind === 'index') {
    const isComputed = isGiven(facts, node.by)
    const [receiver, method] = [codeOf(facts, node.of), codeOf(facts, node.by)]
    return { kind: 'unknown', receiver, method, ...(isComputed && { isComputed }) }
  }
  return { kind: 'unknown', receiver: '', method: codeOf(facts, id) }
}

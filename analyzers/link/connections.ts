/** Connections to databases that the code opens, with what it says of the database. */

import type { ConnectionFact } from '../datastores/types.js'
import type { ExprNode, FileFacts, FunctionId, NodeId } from '../extract/facts.js'
import { lineAt } from '../extract/positions.js'
import { type CallerIndex, type CallSite, callersOf, type FileCalls, functionKey } from './calls.js'
import { type Described, described, eachOf, tellsDatabase } from './connection-settings.js'
import { argumentsOf } from './evaluator/arguments.js'
import { evaluateFresh } from './evaluator/evaluate.js'
import { originFrom } from './evaluator/origins.js'
import type { Evaluator } from './evaluator/state.js'
import type { Frame } from './evaluator/values.js'
import { argumentsHanded, type Target } from './targets.js'
import type { WrapperKind } from './trace/executions.js'
import { wrapperName } from './trace/wrapper-name.js'

/** Packages whose first argument, called or constructed, describes a connection. */
const OPENERS = new Set([
  'Pool',
  'Client',
  'ConnectionPool',
  'Connection',
  'Sequelize',
  'DataSource',
  'Database',
  'DatabaseSync',
  'Knex',
  'BigQuery',
])

/** Its handles open connections too. */
const PG_PROMISE = 'pg-promise'

/** A connection that a file opens. */
export interface OpenedConnection {
  /** Key of the call, as `Value`'s `origin` has it. */
  origin: string
  /** The file, if it is another one, whose call of the function around tells of the database. */
  from: string | null
  fact: Omit<ConnectionFact, 'file' | 'owner'>
}

/** Whether some call of a file may open a connection, by what its calls run. */
export function mayOpen({ targets }: FileCalls): boolean {
  return targets.some(
    target => target.kind === 'driver' && (!target.isHandle || target.driver.name === PG_PROMISE),
  )
}

/**
 * The connections that a file opens. Where a function opens one with what it is handed (`createPool({ database })`),
 * each of its calls that tells of the database opens one besides.
 */
export function connectionsOf(
  e: Evaluator,
  facts: FileFacts,
  calls: FileCalls,
  callers: CallerIndex,
): OpenedConnection[] {
  return openingCalls(facts, calls).flatMap(({ id, node, start, fn, driver }): OpenedConnection[] => {
    const line = lineAt(facts.lineStarts, start)
    const seenFrom = (frame: Frame | null): Described => describedAt(e, facts, { node, driver }, frame)
    const plain = seenFrom(null)
    const common = { name: nameHolding(facts, id), driver }
    const origin = `${facts.file}@${node.at}`
    const told =
      fn === null || tellsDatabase(plain) ? [] : toldByCallers(e, callers, facts.file, fn, seenFrom)
    const [first] = told
    const isAgreed = told.every(each => JSON.stringify(each.told) === JSON.stringify(first!.told))
    const own = first && isAgreed ? first.told : plain
    const openedAt = `${facts.file}:${line}`
    return [
      ...eachOf(own).map(each => ({
        origin,
        from: null,
        fact: { line, openedAt: null, ...common, ...each },
      })),
      ...told.flatMap(({ site, told }) => {
        const calledAt = lineAt(site.facts.lineStarts, site.call.start)
        const node = site.facts.nodes[site.call.node] as ExprNode & { kind: 'call' | 'new' }
        return eachOf(told).map(each => ({
          origin: originFrom(origin, `${site.file}@${node.at}`),
          from: site.file,
          fact: { line: calledAt, openedAt, ...common, ...each },
        }))
      }),
    ]
  })
}

/**
 * Functions that open a connection with what they are handed, and those that hand it on: their callers tell of the
 * database.
 */
export function openingFunctions(
  e: Evaluator,
  facts: FileFacts,
  calls: FileCalls,
  callers: CallerIndex,
): [string, WrapperKind][] {
  const found: [string, WrapperKind][] = []
  const seen = new Set<string>()
  const add = (inFile: FileFacts, fn: FunctionId | null, depth: number): void => {
    if (fn === null || inFile.functions[fn].params.length === 0) return
    const key = functionKey(inFile.file, fn)
    const name = seen.has(key) || seen.size === MAX_CALLS ? null : wrapperName(e, inFile.file, fn)
    if (name === null) return
    seen.add(key)
    found.push(name)
    if (depth === MAX_BETWEEN) return
    for (const site of callersOf(e, callers, inFile.file, fn)) add(site.facts, site.call.fn, depth + 1)
  }
  for (const call of openingCalls(facts, calls))
    if (call.fn !== null && !tellsDatabase(describedAt(e, facts, call, null))) add(facts, call.fn, 1)
  return found
}

interface OpeningCall {
  id: NodeId
  node: ExprNode & { kind: 'call' | 'new' }
  start: number
  /** The function that it is in. */
  fn: FunctionId | null
  /** npm package whose connection it opens. */
  driver: string
}

function openingCalls(facts: FileFacts, calls: FileCalls): OpeningCall[] {
  return facts.calls.flatMap(({ node: id, start, fn }, at): OpeningCall[] => {
    const node = facts.nodes[id]
    if (node.kind !== 'call' && node.kind !== 'new') return []
    const targets = calls.targetsOf[at].map(target => calls.targets[target])
    const driver = openedDriver(node, targets)
    return driver === null ? [] : [{ id, node, start, fn, driver }]
  })
}

function describedAt(
  e: Evaluator,
  facts: FileFacts,
  { node, driver }: Pick<OpeningCall, 'node' | 'driver'>,
  frame: Frame | null,
): Described {
  return described(
    e,
    node.args.map(arg => evaluateFresh(e, facts.file, arg, frame)),
    driver,
  )
}

/** Functions between a connection and the call that tells of its database, and calls that are looked at in all. */
const MAX_BETWEEN = 3
const MAX_CALLS = 500

/**
 * Calls that lead to a function, the nearest that tell of the database.
 *
 * @param seenFrom what the connection is told, seen from a call of the function
 */
function toldByCallers(
  e: Evaluator,
  callers: CallerIndex,
  file: string,
  fn: FunctionId,
  seenFrom: (frame: Frame) => Described,
): { site: CallSite; told: Described }[] {
  const found: { site: CallSite; told: Described }[] = []
  let left = MAX_CALLS
  const follow = (
    inFile: string,
    called: FunctionId,
    within: (frame: Frame) => Frame,
    depth: number,
  ): void => {
    const facts = e.program.facts(inFile)
    const name = facts?.functions[called]?.name ?? ''
    // The fields of its object hold what the constructor got: `this.config = { database }`.
    const cls = facts?.classes.findIndex(each => each.constructor === called) ?? -1
    for (const site of callersOf(e, callers, inFile, called)) {
      if (left-- <= 0) return
      const frameOf = (outer: Frame | null): Frame => {
        const args = argumentsOf(e, site.facts, argumentsHanded(site.facts, site.call, name), outer)
        const frame: Frame = { file: inFile, fn: called, args, self: null, outer: null }
        return cls < 0 ? frame : { ...frame, self: { kind: 'instance', file: inFile, cls, frame } }
      }
      const told = seenFrom(within(frameOf(null)))
      if (tellsDatabase(told)) found.push({ site, told })
      else if (site.call.fn !== null && depth < MAX_BETWEEN)
        follow(site.file, site.call.fn, frame => within(frameOf(frame)), depth + 1)
    }
  }
  follow(file, fn, frame => frame, 1)
  return found
}

/** npm package whose connection a call opens; null for any other call. */
function openedDriver(node: ExprNode & { kind: 'call' | 'new' }, targets: Target[]): string | null {
  for (const target of targets) {
    if (target.kind !== 'driver') continue
    const { driver, path, isHandle } = target
    const [module] = driver.modules
    // `pgp(…)`, where pgp came from calling the package itself, whose first call takes its own options.
    if (isHandle) {
      const opens = driver.name === PG_PROMISE && path.length === 0 && node.kind === 'call'
      if (opens && node.args.length > 0) return module
      continue
    }
    if (driver.name === PG_PROMISE) continue
    if (
      node.kind === 'new'
        ? OPENERS.has(path.at(-1) ?? 'default') || path.length === 0
        : driver.factories.includes(path.join('.') || 'default')
    ) {
      return module
    }
  }
  return null
}

/** Top-level name or class field that holds what a call gives. */
function nameHolding(facts: FileFacts, call: NodeId): string | null {
  const holds = (id: NodeId, depth = 0): boolean => {
    if (id === call) return true
    const node = facts.nodes[id]
    if (depth > 3) return false
    if (node.kind === 'typed') return node.of !== null && holds(node.of, depth + 1)
    if (node.kind === 'choice') return node.of.some(each => holds(each, depth + 1))
    return (
      node.kind === 'call' &&
      facts.nodes[node.callee].kind === 'member' &&
      holds((facts.nodes[node.callee] as { of: NodeId }).of, depth + 1)
    )
  }
  for (const [name, id] of Object.entries(facts.variables)) if (holds(id)) return name
  for (const cls of facts.classes)
    for (const [name, id] of Object.entries(cls.fields)) if (holds(id)) return name
  return null
}

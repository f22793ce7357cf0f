/**
 * Connections that an `AsyncLocalStorage` keeps while a transaction runs, so that nobody hands them on:
 * `storage.run(connection, work)`, and in what `work` runs `(storage.getStore() ?? pool).query(…)`.
 */
import type { CallFacts, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { type CallIndex, type FileCalls, functionKey } from '../calls.js'
import { calleeOf } from '../targets.js'
import { ANY, isOn, isPartOf, namesOf, type Way, waysIn } from './connection.js'
import { givenBy } from './given.js'
import { type FunctionName, functionOf } from './handed.js'

/** How what a transaction runs gets a connection that a storage keeps. */
export const KEPT: Way = 'kept'

/** For how much of what follows a call keeps a connection: for what its callbacks run, or for all behind it. */
export function keeps(
  facts: FileFacts,
  call: CallFacts,
  connections: string[],
): 'callbacks' | 'all behind' | null {
  const node = facts.nodes[call.node]
  const callee = facts.nodes[calleeOf(facts, call)]
  if (node.kind !== 'call' || callee.kind !== 'member' || node.args.length === 0) return null
  const isRun = callee.name === 'run' && node.args.length > 1
  if (!isRun && callee.name !== 'enterWith') return null
  const kept = untyped(facts, node.args[0])
  const parts = [node.args[0], ...(kept.kind === 'new' || kept.kind === 'call' ? kept.args : [])]
  if (parts.every(part => waysIn(facts, part, '', connections).length === 0)) return null
  return isRun ? 'callbacks' : 'all behind'
}

/** What a connection that a storage keeps is called. */
export interface KeptNames {
  /** In a function of a file, see `namesOf`. */
  of(file: string, fn: FunctionName): string[]
}

/** The classes that extend one. */
export type Subclasses = (file: string, cls: number) => { file: string; cls: number }[] | undefined

/**
 * Finds all that gives what a storage keeps: `getStore()`, functions and getters that return it, and functions that run on it
 * what they are given (`const query = (sql: string) => db().query(sql)`).
 */
export function findKept(index: CallIndex, subclasses: Subclasses): KeptNames {
  /** By file, nodes of calls that give it, or run on it. */
  const made = new Map<string, Set<NodeId>>()
  /** By class (`file#class`), fields that hold it. */
  const fields = new Map<string, Set<string>>()
  const getters = new Set<string>()
  const known = new Set<string>()
  const changed = new Set<string>()

  const namesIn = (file: string, facts: FileFacts, fn: FunctionId | null): string[] => {
    const cls = fn === null ? null : facts.functions[fn].cls
    const held = cls === null ? [] : [...(fields.get(`${file}#${cls}`) ?? [])]
    return [
      ...[...(made.get(file) ?? [])].map(node => `made ${node}`),
      ...held.map(name => `this.${name}`),
      ...[...getters].map(name => ANY + name),
    ]
  }
  for (const { file, targets, targetsOf } of index.files.values()) {
    const giving = new Set(targets.flatMap((target, id) => (isGetStore(target) ? [id] : [])))
    if (giving.size === 0) continue
    for (const [at, ids] of targetsOf.entries())
      if (ids.some(id => giving.has(id))) add(made, file, nodeOf(file, at))
  }
  for (const file of changed) {
    changed.delete(file)
    look(file)
  }
  return {
    of(file, fn) {
      const facts = factsIn(file)
      return facts === null ? [] : namesIn(file, facts, functionOf(facts, fn))
    },
  }

  function add<T>(to: Map<string, Set<T>>, key: string, value: T, file = key): void {
    const values = to.get(key) ?? new Set()
    to.set(key, values)
    if (values.has(value)) return
    values.add(value)
    changed.add(file)
  }

  function factsIn(file: string): FileFacts | null {
    return index.site(file, 0)?.facts ?? null
  }

  function nodeOf(file: string, at: number): NodeId {
    return index.site(file, at)!.call.node
  }

  /** Looks for functions of a file that give it, or run on it what they are given. */
  function look(file: string): void {
    const facts = factsIn(file)
    if (facts === null) return
    const gives = (fn: FunctionId): boolean => {
      const names = namesIn(file, facts, fn)
      return facts.functions[fn].returns.some(id => namesOf(facts, id).some(name => isPartOf(name, names)))
    }
    for (const fn of facts.functions.keys())
      if (!known.has(functionKey(file, fn)) && gives(fn)) found(file, fn)
    for (const call of facts.calls) {
      if (!isOn(facts, call, namesIn(file, facts, call.fn))) continue
      for (const { fn } of givenBy(facts, call)) if (!known.has(functionKey(file, fn))) found(file, fn)
    }
    for (const [cls, each] of facts.classes.entries()) {
      for (const [field, value] of Object.entries(each.fields))
        if (isGetterOf(facts, value)) hold(file, cls, field)
    }
  }

  /** Whether it is what a getter that is known to give it gives. */
  function isGetterOf(facts: FileFacts, id: NodeId): boolean {
    const node = untyped(facts, id)
    const getter = node.kind === 'call' ? facts.nodes[node.callee] : null
    return getter?.kind === 'function' && known.has(functionKey(facts.file, getter.fn))
  }

  function found(file: string, fn: FunctionId): void {
    const key = functionKey(file, fn)
    known.add(key)
    changed.add(file)
    for (const site of index.ofFunction.get(key) ?? []) add(made, site.file, site.call.node)
  }

  function hold(file: string, cls: number, field: string): void {
    // What has that class is in any file.
    if (!getters.has(field)) for (const other of index.files.keys()) changed.add(other)
    getters.add(field)
    const rest = [{ file, cls }]
    for (let each = rest.pop(); each; each = rest.pop()) {
      const key = `${each.file}#${each.cls}`
      if (fields.get(key)?.has(field)) continue
      add(fields, key, field, each.file)
      rest.push(...(subclasses(each.file, each.cls) ?? []))
    }
  }
}

function isGetStore(target: FileCalls['targets'][number]): boolean {
  return target.kind === 'unknown' && target.method === 'getStore' && target.handed === undefined
}

/** Properties and elements of values. */
import { findExport } from '../program.js'
import { entriesOf } from './builtins.js'
import { classMember } from './class-members.js'
import { resolved } from './evaluate.js'
import type { Evaluator } from './state.js'
import type { ParamValue, Value } from './values.js'
import { choiceOf, textValue, unknown } from './values.js'

/** Property of a value. */
export function memberOf(e: Evaluator, of: Value, name: string): Value {
  switch (of.kind) {
    case 'object': {
      const entry = entryOf(e, of, name)
      if (entry?.kind === 'function' && !entry.self) return { ...entry, self: of }
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
      if (name === 'bind' || name === 'call' || name === 'apply') return { kind: 'builtin', of, name }
      return { kind: 'method', driver: of.driver, path: [...of.path, name].slice(-6), origin: of.origin }
    case 'external':
      return name === 'default' && of.path.length === 0
        ? of
        : { kind: 'external', module: of.module, path: [...of.path, name] }
    case 'param':
      if (isRest(e, of) && /^\d$/.test(name)) return { ...of, index: of.index + Number(name) }
      return of.path.length < 4 ? { ...of, path: [...of.path, name] } : unknown(name)
    case 'sql-file':
      return e.sqlFiles.block(of.file, name) ?? { kind: 'builtin', of, name }
    case 'array': {
      const index = Number(name)
      if (Number.isInteger(index) && index >= 0 && !of.open) return of.items[index] ?? unknown(name)
      if (Number.isInteger(index)) return elementOf(e, of)
      if (name === 'length' && !of.open) return textValue(String(of.items.length))
      return { kind: 'builtin', of, name }
    }
    case 'choice':
      return choiceOf(of.of.map(each => memberOf(e, each, name)))
    case 'text':
      // Statements of template tags keep their text under these names, or first in the pair of text and values.
      if (of.fragment && /^(?:0|text|sql|query)$/.test(name)) return of
      if (of.strings && name === 'raw') return of
      return { kind: 'builtin', of, name }
    case 'function':
    case 'builtin':
      return { kind: 'builtin', of, name }
    case 'unknown':
      return unknown(of.code ? `${of.code}.${name}`.slice(0, 60) : name)
  }
}

/** Whether a parameter holds all arguments from its place on: `(...args) => pool.query(args[0])`. */
export function isRest(e: Evaluator, { file, fn, index, path }: ParamValue): boolean {
  return path.length === 0 && e.program.facts(file)?.functions[fn]?.params[index]?.rest === true
}

/** An entry of an object, its own or one of what is spread into it. */
export function entryOf(e: Evaluator, of: Value & { kind: 'object' }, name: string): Value | undefined {
  const own = of.entries.get(name) ?? of.entries.get('*')
  if (own || !of.spread) return own
  return choiceOf(of.spread.map(each => memberOf(e, each, name)))
}

function isObjectMethod(name: string): boolean {
  return name === 'get' || name === 'hasOwnProperty'
}

/**
 * Some element of what is iterated over or looked up with an unknown key.
 *
 * @param couldBe which names the key may have; where none of the known ones is among them, all count
 */
export function elementOf(e: Evaluator, of: Value, couldBe: (name: string) => boolean = anyName): Value {
  switch (of.kind) {
    case 'array':
      return of.items.length === 0 ? unknown('element') : choiceOf(of.open ? [...of.items] : of.items)
    case 'object': {
      if (of.isMap) return elementOf(e, entriesOf(of))
      const named = [...of.entries].filter(([name]) => couldBe(name)).map(([, value]) => value)
      if (named.length > 0) return choiceOf(named)
      return of.entries.size === 0 ? unknown('element') : choiceOf([...of.entries.values()])
    }
    case 'choice':
      return choiceOf(of.of.map(each => elementOf(e, each, couldBe)))
    case 'param':
      return memberOf(e, of, '*')
    case 'sql-file':
      return (
        e.sqlFiles.anyBlock(of.file, couldBe) ?? e.sqlFiles.anyBlock(of.file, anyName) ?? unknown('block')
      )
    case 'handle':
    case 'method':
      return of
    case 'text':
      // `query(...statement.toQuery())`
      return of.fragment ? of : unknown('element')
    default:
      return unknown(of.kind === 'unknown' ? of.code : 'element')
  }
}

function anyName(): boolean {
  return true
}

/** Which names a key may have that is known in part: `` `find_${kind}` `` begins with `find_`. */
export function namesLike(key: Value): (name: string) => boolean {
  if (key.kind !== 'text') return anyName
  const [first, last] = [key.pieces[0], key.pieces.at(-1)]
  const begin = first?.kind === 'text' ? first.text : ''
  const end = last?.kind === 'text' ? last.text : ''
  return name => name.length >= begin.length + end.length && name.startsWith(begin) && name.endsWith(end)
}

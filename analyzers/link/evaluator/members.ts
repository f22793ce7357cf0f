/** Properties and elements of values. */
import { findExport } from '../program.js'
import { entriesOf, namedValues } from './builtins.js'
import { classMember, fieldBehind } from './class-members.js'
import { declaredField } from './declared-types.js'
import { resolved } from './evaluate.js'
import { paramsOf } from './pieces.js'
import { type Evaluator, takeSteps } from './state.js'
import type { ParamValue, Value } from './values.js'
import { choiceOf, textValue, unknown } from './values.js'

/** Property of a value. */
export function memberOf(e: Evaluator, of: Value, name: string): Value {
  switch (of.kind) {
    case 'object': {
      if (of.isMap && isMapMethod(name)) return { kind: 'builtin', of, name }
      const entry = entryOf(e, of, name)
      if (entry?.kind === 'function' && !entry.self) return { ...entry, self: of }
      if (entry) return entry
      if (of.open || isObjectMethod(name)) return { kind: 'builtin', of, name }
      // An object without any entry is most likely filled where it is not seen.
      return of.entries.size > 0 && !of.spread ? { kind: 'unknown', code: name, absent: true } : unknown(name)
    }
    case 'namespace': {
      const found = findExport(e.program, of.file, name)
      if (found) return resolved(e, found, name)
      if (name === 'default') return of
      // `module.exports = queries`: the module is what it exports.
      const whole = findExport(e.program, of.file, 'default')
      const value = whole && resolved(e, whole, 'default')
      return value?.kind === 'object' || value?.kind === 'sql-file' ? memberOf(e, value, name) : unknown(name)
    }
    case 'class':
      return classMember(e, of, name) ?? of.statics?.get(name) ?? unknown(name)
    case 'instance':
      return classMember(e, of, name) ?? unknown(name)
    case 'typed':
      return fieldBehind(e, of, name) ?? fieldDeclared(e, of, name) ?? { kind: 'builtin', of, name }
    case 'handle':
      return { ...of, kind: 'method', path: [name] }
    case 'method':
      if (name === 'bind' || name === 'call' || name === 'apply') return { kind: 'builtin', of, name }
      return { ...of, path: [...of.path, name].slice(-6) }
    case 'external':
      if (name === 'bind' && of.module !== '' && of.path.length > 0) return { kind: 'builtin', of, name }
      return name === 'default' && of.path.length === 0 ? of : { ...of, path: [...of.path, name] }
    case 'param':
      if (isRest(e, of) && /^\d$/.test(name)) return { ...of, index: of.index + Number(name) }
      return of.path.length < 4 ? { ...of, path: [...of.path, name] } : unknown(name)
    case 'sql-file':
      return e.sqlFiles.member(of, name) ?? { kind: 'builtin', of, name }
    case 'array': {
      const index = Number(name)
      if (Number.isInteger(index) && !of.open) return of.items.at(index) ?? unknown(name)
      if (Number.isInteger(index)) return elementOf(e, of)
      if (name === 'length' && !of.open) return textValue(String(of.items.length))
      return { kind: 'builtin', of, name }
    }
    case 'choice':
      return takeSteps(e, of.of.length) ? choiceOf(of.of.map(each => memberOf(e, each, name))) : unknown('…')
    case 'text':
      // Statements of template tags keep their text under these names, or first in the pair of text and values.
      if (of.fragment && /^(?:0|text|sql|query)$/.test(name)) return of
      if (of.strings && name === 'raw') return of
      // `new URL('./sql', import.meta.url).pathname`
      if (name === 'pathname' || name === 'href') return of
      return (
        partOfFile(e, of, name) ??
        (isCutOut(of) && /^\d$/.test(name) ? of : null) ?? { kind: 'builtin', of, name }
      )
    case 'function':
      return of.statics?.get(name) ?? { kind: 'builtin', of, name }
    case 'builtin':
      return { kind: 'builtin', of, name }
    case 'unknown':
      return unknown(of.code ? `${of.code}.${name}`.slice(0, 60) : name)
  }
}

/** Of the text of a `.sql` file without marks that are known: what stands below a heading of this name. */
function partOfFile(e: Evaluator, of: Value & { kind: 'text' }, name: string): Value | null {
  const file = of.fragment ? e.sqlFiles.takenApart([of]) : null
  return file && e.sqlFiles.member(file, name)
}

/** Whether it is the text of a `.sql` file, or of a part: what is matched in it is a part as well. */
function isCutOut({ fragment, pieces }: Value & { kind: 'text' }): boolean {
  const [piece] = pieces
  return fragment === true && pieces.length === 1 && piece.kind === 'text' && piece.file.endsWith('.sql')
}

/** Whether a parameter holds all arguments from its place on: `(...args) => pool.query(args[0])`. */
export function isRest(e: Evaluator, { file, fn, index, path }: ParamValue): boolean {
  return path.length === 0 && e.program.facts(file)?.functions[fn]?.params[index]?.rest === true
}

/** An entry of an object, its own or one of what is spread into it. */
export function entryOf(e: Evaluator, of: Value & { kind: 'object' }, name: string): Value | undefined {
  const own = of.entries.get(name) ?? of.entries.get('*')
  if (own || !of.spread) return own
  if (!takeSteps(e, of.spread.length)) return unknown('…')
  return choiceOf(of.spread.map(each => memberOf(e, each, name)))
}

function isMapMethod(name: string): boolean {
  return /^(?:get|set|has|delete|keys|values|entries|forEach)$/.test(name)
}

function isObjectMethod(name: string): boolean {
  return name === 'get' || name === 'hasOwnProperty'
}

/**
 * Some element of what is iterated over or looked up with an unknown key.
 *
 * @param couldBe which names the key may have; where none of the known ones is among them, all count
 * @param code what it is called where nothing is known of it
 */
export function elementOf(
  e: Evaluator,
  of: Value,
  couldBe: (name: string) => boolean = anyName,
  code = 'element',
): Value {
  switch (of.kind) {
    case 'array':
      return of.items.length === 0 ? unknown(code) : choiceOf(of.open ? [...of.items] : of.items)
    case 'object': {
      if (of.isMap) return elementOf(e, entriesOf(e, of), anyName, code)
      const all = namedValues(e, of)
      const named = all.filter(([name]) => couldBe(name))
      const held = (named.length > 0 ? named : all).map(([, value]) => value)
      return held.length === 0 ? unknown(code) : choiceOf(held)
    }
    case 'choice':
      return takeSteps(e, of.of.length)
        ? choiceOf(of.of.map(each => elementOf(e, each, couldBe, code)))
        : unknown('…')
    case 'param':
      return memberOf(e, of, '*')
    case 'sql-file': {
      const all = e.sqlFiles.entries(of)
      const named = all.filter(([name]) => couldBe(name))
      const held = (named.length > 0 ? named : all).map(([, value]) => value)
      return held.length === 0 ? unknown('block') : choiceOf(held)
    }
    case 'handle':
    case 'method':
      return of
    case 'text':
      // `query(...statement.toQuery())`
      return of.fragment ? of : unknown(code)
    default:
      return unknown(of.kind === 'unknown' ? of.code : code)
  }
}

/** Of one of several: that the caller says which, where the key is what a caller hands over. */
export function chosenBy(key: Value, value: Value): Value {
  if (value.kind !== 'choice') return value
  const by = key.kind === 'text' ? paramsOf(key.pieces)[0] : key.kind === 'choice' ? key.chosenBy : key
  return by?.kind === 'param' ? { ...value, chosenBy: by } : value
}

function anyName(): boolean {
  return true
}

/** A field of an interface, by the type that this declares for it. */
function fieldDeclared(e: Evaluator, { file, name }: Value & { kind: 'typed' }, field: string): Value | null {
  const facts = e.program.facts(file)
  return facts && declaredField(e, facts, name, field)
}

/** Which names a key may have that is known in part: `` `find_${kind}` `` begins with `find_`. */
export function namesLike(key: Value): (name: string) => boolean {
  if (key.kind !== 'text') return anyName
  const [first, last] = [key.pieces[0], key.pieces.at(-1)]
  const begin = first?.kind === 'text' ? first.text : ''
  const end = last?.kind === 'text' ? last.text : ''
  return name => name.length >= begin.length + end.length && name.startsWith(begin) && name.endsWith(end)
}

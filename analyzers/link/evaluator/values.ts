/** Values that the evaluator computes. */
import type { Driver } from '../../drivers/driver.js'
import type { ClassId, FunctionId, NodeId } from '../../extract/facts.js'
import type { Piece } from './pieces.js'
import type { Evaluator, RememberedInCall } from './state.js'

/** A parameter (or a property of one) of a function whose caller is not being looked at. */
export interface ParamValue {
  kind: 'param'
  file: string
  fn: FunctionId
  /** Index of the parameter; `OF_OBJECT` for a field of the object whose method runs. */
  index: number
  /** Properties taken from it: `options.table` is ['table']; of what calling it gives, `build().sql` is [CALLED, 'sql']. */
  path: string[]
}

/** What calling a parameter gives, in its path. */
export const CALLED = '()'

/** What is taken from a parameter of this name, as it is written: `build().sql`. */
export function pathWritten(name: string, path: string[]): string {
  return path.reduce((of, each) => (each === CALLED ? `${of}()` : `${of}.${each}`), name)
}

export function sameParam(a: ParamValue, b: ParamValue): boolean {
  return a.file === b.file && a.fn === b.fn && a.index === b.index && a.path.join() === b.path.join()
}

/**
 * A field that a class declares and its subclasses give a value depends on the object like a parameter on the call:
 * `index` is this, and `fn` stands for the class (see `classOfField`).
 */
export const OF_OBJECT = -1

export function fieldOfObject(file: string, cls: ClassId, name: string): ParamValue {
  return { kind: 'param', file, fn: -1 - cls, index: OF_OBJECT, path: [name] }
}

/** The class that declares the field. */
export function classOfField({ file, fn }: ParamValue): { file: string; cls: ClassId } {
  return { file, cls: -1 - fn }
}

export type Value =
  /**
   * `fragment`: made as SQL (a tagged template, `sql.raw`), so other templates write it out and don't bind it.
   * `number`: some number, not the one that is written. `strings`: a template as the list of parts that its tag gets.
   */
  | { kind: 'text'; pieces: Piece[]; fragment?: true; number?: true; strings?: true }
  /** `open`: has more items than are known. `partly`: may lack some of these. */
  | { kind: 'array'; items: Value[]; open: boolean; partly?: true }
  /**
   * `open`: has more entries than are known. `spread`: what callers hand over and is spread into it, for all other
   * entries. `isMap`: what runs over it gets pairs of key and value.
   */
  | { kind: 'object'; entries: Map<string, Value>; open: boolean; spread?: Value[]; isMap?: true }
  /** `bound`: its first arguments, where it was bound to some. `statics`: what was set on it (`Ticket.table = 'tickets'`). */
  | {
      kind: 'function'
      file: string
      fn: FunctionId
      frame: Frame | null
      self: Value | null
      bound?: Value[]
      statics?: Map<string, Value>
    }
  /** `made`: the call of the function in which it is written: `const Users = defineModel('users')`. */
  | { kind: 'class'; file: string; cls: ClassId; statics?: Map<string, Value>; made?: Frame }
  /** `frame`: the call of its constructor, where it was seen made; around it that of the function in which its class is written. */
  | { kind: 'instance'; file: string; cls: ClassId; frame?: Frame }
  /** Known by its declared type only: an interface or type of this repository. */
  | { kind: 'typed'; file: string; name: string }
  /**
   * Something that executes SQL. `origin` is where it was made, `file@offset`; `statement` what it executes, where it
   * was made for that; `preparedAt` the call that made it so, `file@offset`, where that may make several (`prepared.ts`).
   */
  | { kind: 'handle'; driver: Driver; origin: string | null; statement?: Value; preparedAt?: string }
  /** A method or property of a handle: `pool.query`, `pgp.as.format`. */
  | {
      kind: 'method'
      driver: Driver
      path: string[]
      origin: string | null
      statement?: Value
      preparedAt?: string
    }
  /** Something of a package outside of the repository, or of a module that was not found; `madeOf`: what makes more of its kind got this. */
  | { kind: 'external'; module: string; path: string[]; madeOf?: Value }
  /** A module of the repository. */
  | { kind: 'namespace'; file: string }
  /** A method of a text, an array or an object. */
  | { kind: 'builtin'; of: Value; name: string }
  /** `.sql` files, as a loader gives them: their blocks are found by name, and those of a folder by theirs. */
  | { kind: 'sql-file'; files: string[]; folder?: string }
  | ParamValue
  /**
   * `inTurn`: each is taken where those behind it give nothing (`c || b || a`); `chosenBy`: what a caller hands over says
   * which it is (`TEXTS[name]`).
   */
  | { kind: 'choice'; of: Value[]; test?: string; inTurn?: true; chosenBy?: ParamValue }
  | {
      kind: 'unknown'
      code: string
      /** Nothing stands there: a key that an object with known entries does not have. */
      absent?: true
    }

/** A call being evaluated: what the parameters of its function hold. */
export interface Frame {
  file: string
  fn: FunctionId
  args: Value[]
  self: Value | null
  /** Frame of the function that encloses it. */
  outer: Frame | null
  /** Calls of methods of the object that this is the constructor's call of, in order: its fields hold what these got. */
  kept?: Frame[]
  /** An element of an iteration being looked at by itself: its node in `file`, and its value. */
  element?: { node: NodeId; value: Value }
  /** Values of nodes of the function that an evaluator found for this call; of this frame alone, no copy's. */
  memo?: { of: Evaluator; values: Map<NodeId, RememberedInCall> } | undefined
}

export function unknown(code: string): Value {
  return { kind: 'unknown', code }
}

export function textValue(text: string, file = '', line = 0): Value {
  return { kind: 'text', pieces: [{ kind: 'text', text, file, line }] }
}

/** More alternatives than this tell nothing more; one unknown stands for the rest. */
const MAX_ALTERNATIVES = 600

/** One of several values; the same one once, nested choices flattened. `test` is kept for two that stay two. */
export function choiceOf(values: Value[], test?: string): Value {
  if (values.length === 1) return values[0]
  if (test !== undefined && values.length === 2 && identityOf(values[0]) !== identityOf(values[1])) {
    return { kind: 'choice', of: values, test }
  }
  const distinct: Value[] = []
  const seen = new Set<unknown>()
  const add = (value: Value): void => {
    if (value.kind === 'choice') {
      for (const each of value.of) add(each)
      return
    }
    const key = identityOf(value)
    if (seen.has(key) || distinct.length > MAX_ALTERNATIVES) return
    seen.add(key)
    distinct.push(distinct.length === MAX_ALTERNATIVES ? unknown('…') : value)
  }
  // Of `NAMES[key] || other`, where the object has no such key, the other.
  const there = values.some(isAbsent) ? values.filter(value => !isAbsent(value)) : values
  for (const value of there.length > 0 ? there : values) add(value)
  return distinct.length === 1 ? distinct[0] : { kind: 'choice', of: distinct }
}

function isAbsent(value: Value): boolean {
  return value.kind === 'unknown' && value.absent === true
}

/** What makes two values the same without looking into them: short texts by what they say, the rest as objects. */
function identityOf(value: Value): unknown {
  switch (value.kind) {
    case 'text':
      return value.pieces.length === 1 && value.pieces[0].kind === 'text'
        ? `'${value.pieces[0].text}`
        : value.pieces
    case 'unknown':
      return `?${value.code}`
    case 'param':
      return `${value.file}#${value.fn}#${value.index}.${value.path.join('.')}`
    case 'instance':
      return value.frame ?? `instance ${value.file}#${value.cls}`
    case 'class':
      return `${value.kind} ${value.file}#${value.cls}`
    case 'handle':
      if (value.statement) return value.statement
      return `handle ${value.driver.name} ${value.origin} ${value.preparedAt}`
    case 'method':
      if (value.statement) return value.statement
      return `method ${value.driver.name} ${value.origin} ${value.preparedAt} ${value.path.join('.')}`
    case 'external':
      return value.madeOf ? value : `external ${value.module} ${value.path.join('.')}`
    default:
      return value
  }
}

/** Text with nothing unknown in it, or null. */
export function knownText(value: Value): string | null {
  if (value.kind !== 'text') return null
  let text = ''
  for (const piece of value.pieces) {
    if (piece.kind !== 'text' || (piece.partly && piece.text !== '')) return null
    text += piece.text
  }
  return text
}

/** Whether what a caller hands over decides. */
export function holdsParam(value: Value): boolean {
  return value.kind === 'param' || (value.kind === 'choice' && value.of.some(holdsParam))
}

/** A value that says nothing which a declared type would not say better. */
export function isVague(value: Value): boolean {
  return (
    value.kind === 'unknown' ||
    value.kind === 'param' ||
    value.kind === 'external' ||
    value.kind === 'builtin' ||
    (value.kind === 'choice' && value.of.every(isVague))
  )
}

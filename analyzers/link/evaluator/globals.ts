/** Globals that build SQL text, or hand on what is given to them. */
import { entriesOf, isNamed, keysOf, valuesOf } from './builtins.js'
import { spreadInto } from './composites.js'
import { callFunction } from './functions.js'
import { elementOf, memberOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { choiceOf, knownText, textValue, unknown } from './values.js'
import { writtenOut } from './written-out.js'

/**
 * A number: whatever it is, it is a value and names no table. What stands beside its text tells that this is not the only
 * one that a statement can have.
 */
const SOME_NUMBER: Value = {
  kind: 'text',
  pieces: [
    { kind: 'text', text: '1', file: '', line: 0 },
    { kind: 'text', text: '', file: '', line: 0, partly: true },
  ],
  number: true,
}

/** Calls of globals that matter to text; null for the others. */
export function callGlobal(e: Evaluator, path: string[], args: Value[], code: string): Value | null {
  const [first] = args
  switch (path.join('.')) {
    case 'String':
      return first ? writtenOut(e, first, code) : unknown(code)
    case 'String.raw':
    case 'Object.freeze':
    case 'Object.seal':
    case 'structuredClone':
    case 'Array.from':
    case 'Promise.resolve':
    case 'Promise.all':
    case 'Promise.allSettled':
    case 'new.Set':
    case 'Symbol':
    case 'decodeURIComponent':
    case 'fileURLToPath':
    case 'require.resolve':
      return path[0] === 'Array' && args[1]?.kind === 'function' && first
        ? callBuiltinMap(e, first, args[1], code)
        : (first ?? unknown(code))
    case 'Object.keys':
      return isNamed(first) ? keysOf(e, first) : { kind: 'array', items: [], open: true }
    case 'Object.values':
      return isNamed(first) ? valuesOf(e, first) : { kind: 'array', items: anyOf(e, first), open: true }
    case 'Object.entries':
      return isNamed(first)
        ? entriesOf(e, first)
        : {
            kind: 'array',
            items: anyOf(e, first).map(value => ({
              kind: 'array',
              items: [unknown(code), value],
              open: false,
            })),
            open: true,
          }
    case 'Object.fromEntries':
      return objectFromEntries(first)
    case 'new.Map':
      return { ...objectFromEntries(first), isMap: true }
    case 'Object.assign': {
      const all: Value & { kind: 'object' } = { kind: 'object', entries: new Map(), open: true }
      for (const arg of args) spreadInto(all, arg)
      return all
    }
    case 'Array':
    case 'new.Array':
      return { kind: 'array', items: [], open: true }
    case 'new.URL':
      return first ? relativeTo(first, args[1]) : unknown(code)
    case 'Number':
    case 'parseInt':
    case 'parseFloat':
    case 'Math.min':
    case 'Math.max':
    case 'Math.floor':
    case 'Math.ceil':
    case 'Math.round':
    case 'Date.now':
      return SOME_NUMBER
    case 'JSON.stringify':
      // What is sent as JSON keeps the text in it.
      return first ?? unknown(code)
    default:
      return null
  }
}

/** Some value of an object that a caller hands over; nothing of any other that is not known. */
function anyOf(e: Evaluator, of: Value | undefined): Value[] {
  return of?.kind === 'param' && !e.targetsOnly ? [memberOf(e, of, '*')] : []
}

/** `new URL('./sql', import.meta.url)`: a path seen from the folder of another one. */
function relativeTo(path: Value, base: Value | undefined): Value {
  const from = base && knownText(base)
  if (path.kind !== 'text' || typeof from !== 'string') return path
  const [first] = path.pieces
  if (first?.kind !== 'text' || !first.text.startsWith('.')) return path
  const folder = from.slice(0, from.lastIndexOf('/') + 1)
  return { kind: 'text', pieces: [{ kind: 'text', text: folder, file: '', line: 0 }, ...path.pieces] }
}

function callBuiltinMap(
  e: Evaluator,
  of: Value,
  callback: Value & { kind: 'function' },
  code: string,
): Value {
  const item = of.kind === 'array' && of.items.length > 0 ? elementOf(e, of) : unknown('element')
  return { kind: 'array', items: [callFunction(e, callback, () => [item, textValue('0')], code)], open: true }
}

function objectFromEntries(list: Value | undefined): Value & { kind: 'object' } {
  // What takes a `.sql` text apart gives its statements by name.
  if (list?.kind === 'sql-file') return { kind: 'object', entries: new Map(), open: true, spread: [list] }
  const entries = new Map<string, Value>()
  if (list?.kind === 'array') {
    for (const item of list.items) {
      if (item.kind !== 'array' || item.items.length < 2) continue
      const key = knownText(item.items[0])
      const held = entries.get('*')
      if (key !== null) entries.set(key, item.items[1])
      else entries.set('*', held ? choiceOf([held, item.items[1]]) : item.items[1])
    }
  }
  return { kind: 'object', entries, open: true }
}

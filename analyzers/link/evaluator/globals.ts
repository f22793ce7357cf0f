/** Globals that build SQL text, or hand on what is given to them. */
import { entriesOf } from './builtins.js'
import { callFunction } from './functions.js'
import { elementOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { knownText, textValue, unknown } from './values.js'

/** Calls of globals that matter to text; null for the others. */
export function callGlobal(e: Evaluator, path: string[], args: Value[], code: string): Value | null {
  const [first] = args
  switch (path.join('.')) {
    case 'String':
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
      return path[0] === 'Array' && args[1]?.kind === 'function' && first
        ? callBuiltinMap(e, first, args[1], code)
        : (first ?? unknown(code))
    case 'Object.keys':
      return first?.kind === 'object'
        ? { kind: 'array', items: [...first.entries.keys()].map(key => textValue(key)), open: first.open }
        : { kind: 'array', items: [], open: true }
    case 'Object.values':
      return first?.kind === 'object'
        ? { kind: 'array', items: [...first.entries.values()], open: first.open }
        : { kind: 'array', items: [], open: true }
    case 'Object.entries':
      return first?.kind === 'object' ? entriesOf(first) : { kind: 'array', items: [], open: true }
    case 'Object.fromEntries':
      return objectFromEntries(first)
    case 'new.Map':
      return { ...objectFromEntries(first), isMap: true }
    case 'Object.assign': {
      const entries = new Map<string, Value>()
      for (const arg of args)
        if (arg.kind === 'object') for (const [key, value] of arg.entries) entries.set(key, value)
      return { kind: 'object', entries, open: true }
    }
    case 'Array':
    case 'new.Array':
      return { kind: 'array', items: [], open: true }
    case 'new.URL':
      return first ?? unknown(code)
    case 'Number':
    case 'parseInt':
    case 'parseFloat':
    case 'Math.min':
    case 'Math.max':
    case 'Math.floor':
    case 'Math.ceil':
    case 'Math.round':
    case 'Date.now':
      // A number: whatever it is, it is a value and names no table.
      return { kind: 'text', pieces: [{ kind: 'text', text: '1', file: '', line: 0 }], number: true }
    case 'JSON.stringify':
      // What is sent as JSON keeps the text in it.
      return first ?? unknown(code)
    default:
      return null
  }
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
  const entries = new Map<string, Value>()
  if (list?.kind === 'array') {
    for (const item of list.items) {
      if (item.kind !== 'array' || item.items.length < 2) continue
      const key = knownText(item.items[0])
      if (key !== null) entries.set(key, item.items[1])
    }
  }
  return { kind: 'object', entries, open: true }
}

/** What the methods of texts, arrays, objects and functions give. */
import type { FileFacts } from '../../extract/facts.js'
import { callArrayMethod } from './array-methods.js'
import { callValue } from './call.js'
import { chosenBy, entryOf, memberOf } from './members.js'
import type { Evaluator } from './state.js'
import { callTextMethod } from './text-methods.js'
import type { Value } from './values.js'
import { choiceOf, knownText, textValue, unknown } from './values.js'

/** `of.name(args)` for a value that is no class instance of the repository. */
export function callBuiltin(
  e: Evaluator,
  of: Value,
  name: string,
  args: Value[],
  facts: FileFacts,
  code: string,
): Value {
  switch (of.kind) {
    case 'text':
      return callTextMethod(e, of, name, args, code)
    case 'array':
      return callArrayMethod(e, of, name, args, code)
    case 'object':
      return callObject(e, of, name, args, code)
    case 'function':
    case 'method':
    case 'builtin':
    case 'external':
      return callFunctionMethod(e, of, name, args, facts, code)
    case 'sql-file':
      return callSqlFile(e, of, name, args)
    case 'typed':
      return unknown(code)
    default:
      return unknown(code)
  }
}

function callObject(
  e: Evaluator,
  of: Value & { kind: 'object' },
  name: string,
  args: Value[],
  code: string,
): Value {
  if (name === 'get' && args[0]) {
    const key = knownText(args[0])
    const own = key === null ? undefined : entryOf(e, of, key)
    if (own) return own
    const held = namedValues(e, of).map(([, value]) => value)
    return held.length > 0 ? chosenBy(args[0], choiceOf(held)) : unknown(code)
  }
  if (name === 'values') return valuesOf(e, of)
  if (name === 'keys') return keysOf(e, of)
  if (name === 'entries') return entriesOf(e, of)
  return unknown(code)
}

/** What `Object.entries` and its like run over: an object, or the statements of `.sql` files by name. */
type Named = Value & { kind: 'object' | 'sql-file' | 'choice' }

/** Whether a value is one of these, or one of several that are. */
export function isNamed(value: Value | undefined): value is Named {
  return (
    value?.kind === 'object' ||
    value?.kind === 'sql-file' ||
    (value?.kind === 'choice' && value.of.every(isNamed))
  )
}

export function entriesOf(e: Evaluator, of: Named): Value & { kind: 'array' } {
  return listOf(
    of,
    namedValues(e, of).map(([key, value]): Value => listOf(null, [textValue(key), value])),
  )
}

export function keysOf(e: Evaluator, of: Named): Value & { kind: 'array' } {
  return listOf(
    of,
    namedValues(e, of).map(([key]) => textValue(key)),
  )
}

export function valuesOf(e: Evaluator, of: Named): Value & { kind: 'array' } {
  return listOf(
    of,
    namedValues(e, of).map(([, value]) => value),
  )
}

function listOf(from: Named | null, items: Value[]): Value & { kind: 'array' } {
  return { kind: 'array', items, open: from !== null && isOpen(from) }
}

function isOpen(of: Value): boolean {
  if (of.kind === 'choice') return of.of.some(isOpen)
  return of.kind === 'object' && of.open && !isOfFiles(of)
}

/** Whether an object was filled with what `.sql` files have by name, and nothing else: these are all. */
function isOfFiles({ entries, spread = [] }: Value & { kind: 'object' }): boolean {
  return entries.size === 0 && spread.length > 0 && spread.every(each => each.kind === 'sql-file')
}

/** What is held, by name. */
export function namedValues(e: Evaluator, of: Named): [string, Value][] {
  if (of.kind === 'sql-file') return e.sqlFiles.entries(of)
  if (of.kind === 'choice') return of.of.flatMap(each => (isNamed(each) ? namedValues(e, each) : []))
  const loaded = of.spread?.flatMap(each => (each.kind === 'choice' ? each.of : [each])) ?? []
  return [
    ...of.entries,
    ...loaded.flatMap(each => (each.kind === 'sql-file' ? e.sqlFiles.entries(each) : [])),
  ]
}

/** `f.bind(x)` is f; `f.call(x, a)` and `f.apply(x, [a])` call it. */
function callFunctionMethod(
  e: Evaluator,
  of: Value,
  name: string,
  args: Value[],
  facts: FileFacts,
  code: string,
): Value {
  if (name === 'bind') {
    const [self, ...bound] = args
    if (of.kind !== 'function') return of
    const on: Value = self?.kind === 'instance' ? { ...of, self } : of
    return bound.length === 0 ? on : { ...on, bound: [...(on.bound ?? []), ...bound] }
  }
  if (name === 'call' || name === 'apply') return callValue(e, of, () => args.slice(1), facts, 0, code)
  return unknown(code)
}

/** `queries.get('name')`: a loaded file asked for one of its blocks. */
function callSqlFile(e: Evaluator, of: Value & { kind: 'sql-file' }, name: string, args: Value[]): Value {
  const key = args[0] && knownText(args[0])
  if (typeof key === 'string') {
    const block = memberOf(e, of, key)
    if (block.kind === 'text') return block
  }
  const block = memberOf(e, of, name)
  return block.kind === 'text' ? block : of
}

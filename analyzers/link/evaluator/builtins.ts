/** What the methods of texts, arrays, objects and functions give. */
import type { FileFacts } from '../../extract/facts.js'
import { callArrayMethod } from './array-methods.js'
import { callValue } from './call.js'
import { memberOf } from './members.js'
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
      return callObject(of, name, args, code)
    case 'function':
    case 'method':
    case 'builtin':
      return callFunctionMethod(e, of, name, args, facts, code)
    case 'sql-file':
      return callSqlFile(e, of, name, args)
    case 'typed':
      return unknown(code)
    default:
      return unknown(code)
  }
}

function callObject(of: Value & { kind: 'object' }, name: string, args: Value[], code: string): Value {
  if (name === 'get' && args[0]) {
    const key = knownText(args[0])
    if (key !== null && of.entries.has(key)) return of.entries.get(key) as Value
    return of.entries.size > 0 ? choiceOf([...of.entries.values()]) : unknown(code)
  }
  if (name === 'values') return { kind: 'array', items: [...of.entries.values()], open: of.open }
  if (name === 'keys')
    return { kind: 'array', items: [...of.entries.keys()].map(key => textValue(key)), open: of.open }
  if (name === 'entries') return entriesOf(of)
  return unknown(code)
}

export function entriesOf(of: Value & { kind: 'object' }): Value {
  return {
    kind: 'array',
    items: [...of.entries].map(
      ([key, value]): Value => ({ kind: 'array', items: [textValue(key), value], open: false }),
    ),
    open: of.open,
  }
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
    const [self] = args
    return of.kind === 'function' && self?.kind === 'instance' ? { ...of, self } : of
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

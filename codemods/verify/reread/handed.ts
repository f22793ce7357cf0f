/** What a call hands to its driver: the text, and the values. */
import type { Protocol } from '../../drivers/driver.js'
import type { Node } from '../../site/parse.js'
import type { Wrapper } from '../../wrapper/wrapper.js'
import { isPlain, known, type Plain } from './builtins.js'
import { GAP, NotRead, Unknown } from './inputs.js'
import type { Interpreter } from './interpreter.js'
import type { Scope } from './scope.js'

/** `values`: a list, or an object of named ones. */
export interface Handed {
  text: string
  values: unknown
}

/** Where a call has its text and its values. */
export interface Taken {
  protocol: Pick<Protocol, 'values'>
  wrapper: Pick<Wrapper, 'text' | 'values'> | null
}

/** @throws NotRead where the text or a value is not known */
export function handedBy(interpreter: Interpreter, call: Node, taken: Taken, scope: Scope): Handed {
  const { text, values } = rawlyHanded(interpreter, call, taken, scope)
  if (interpreter.isHandedOut(values)) throw new NotRead('its values are handed to what is not seen')
  const { inputs } = interpreter
  if (text instanceof Unknown) throw new NotRead(`\`${text.path.slice(0, 80)}\` is not known`)
  if (typeof text !== 'string') throw new NotRead('its text is no text')
  const [, gap] = GAP.exec(text) ?? []
  if (gap !== undefined) throw new NotRead(`\`${gap.slice(0, 80)}\` is not known`)
  const isWhole = values instanceof Unknown && !inputs.isBound(values) && !inputs.isList(values)
  const isSingle = taken.protocol.values === 'single' && !taken.wrapper
  const fields = isWhole ? inputs.fieldsOf(values) : null
  if (fields) return { text, values: fields }
  if (isWhole && !isSingle) throw new NotRead(`what \`${values.path.slice(0, 80)}\` has is not known`)
  const list = known(values, inputs)
  if (list === undefined) return { text, values: [] }
  if (list === null) return { text, values: isSingle ? [null] : [] }
  return { text, values: typeof list !== 'object' || list instanceof Date ? [list] : list }
}

function rawlyHanded(
  interpreter: Interpreter,
  call: Node,
  { protocol, wrapper }: Taken,
  scope: Scope,
): { text: unknown; values: unknown } {
  const evaluate = (node: Node | undefined): unknown => node && interpreter.evaluate(node, scope)
  if (call.type === 'TaggedTemplateExpression') return tagged(interpreter, call, scope)
  const args = call.arguments as Node[]
  const from = wrapper && protocol.values === 'rest' ? (wrapper.values ?? args.length) : args.length
  if (args.slice(0, from).some(({ type }) => type === 'SpreadElement'))
    throw new NotRead('its arguments are spread')
  if (wrapper && protocol.values === 'rest') {
    const listed: Node = {
      type: 'ArrayExpression',
      start: call.start,
      end: call.end,
      elements: args.slice(from),
    }
    return { text: evaluate(args[wrapper.text]), values: evaluate(listed) }
  }
  if (wrapper)
    return {
      text: evaluate(args[wrapper.text]),
      values: wrapper.values === null ? [] : evaluate(args[wrapper.values]),
    }
  const first = evaluate(args[0])
  if (protocol.values === 'rest') return { text: first, values: args.slice(1).map(evaluate) }
  if (protocol.values === 'piece') throw new NotRead('its text is a piece of a tag')
  const second = evaluate(args[1])
  if (protocol.values === 'options') {
    const options = isPlain(second) ? second : {}
    return { text: first, values: options.replacements ?? options.bind }
  }
  if (!isPlain(first)) return { text: first, values: second }
  const options: Plain = first
  return { text: options.text ?? options.sql, values: options.values ?? second }
}

function tagged(interpreter: Interpreter, call: Node, scope: Scope): { text: string; values: unknown[] } {
  const { quasis, expressions } = call.quasi as { quasis: Node[]; expressions: Node[] }
  const values = expressions.map(each => interpreter.evaluate(each, scope))
  for (const value of values) {
    const isPiece = value instanceof Unknown && value.isOfCode && !interpreter.inputs.isBound(value)
    if (isPiece) throw new NotRead(`\`${value.path.slice(0, 80)}\` is not known`)
  }
  const text = quasis
    .map((each, at) => `${each.value.cooked ?? ''}${at < values.length ? `$${at + 1}` : ''}`)
    .join('')
  return { text, values }
}

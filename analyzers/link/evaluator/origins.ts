/**
 * Keys of connections, `file@offset` of the call that opens one. Where that stands in a function (`createPool(options)`),
 * each call of the function opens another one, to another database maybe.
 */
import type { Evaluator } from './state.js'
import type { Value } from './values.js'

/** Between the call that opens a connection and that of the function which it is in. */
const WITHIN = '<'

/** Key of the connection that a function opens, as this call of it gets it. */
export function originFrom(origin: string, call: string): string {
  return `${origin}${WITHIN}${call}`
}

/** Key of the call itself that opens a connection. */
export function originWithin(origin: string): string {
  return origin.split(WITHIN, 1)[0]
}

/** File of the call that opens a connection. */
export function fileOfOrigin(origin: string): string {
  const call = originWithin(origin)
  return call.slice(0, call.lastIndexOf('@'))
}

/** A connection that the called function opens: each call of it has one of its own. */
export function openedBy(e: Evaluator, callee: Value, value: Value, call: string): Value {
  if (value.kind !== 'handle' || callee.kind !== 'function' || !value.origin?.startsWith(`${callee.file}@`))
    return value
  const { origin } = value
  const facts = e.program.facts(callee.file)
  const isOpened = facts?.calls.some(({ fn, node: id }) => {
    const node = facts.nodes[id]
    return (
      fn === callee.fn &&
      (node.kind === 'call' || node.kind === 'new') &&
      origin === `${callee.file}@${node.at}`
    )
  })
  return isOpened ? { ...value, origin: originFrom(origin, call) } : value
}

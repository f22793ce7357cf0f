/** What an object is where it stands in a text. */
import { callFunction } from './functions.js'
import { memberOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'

/** An object whose class has a `toString` as what that gives (`${new Update('orders').set('total', 1)}`), else the value as it is. */
export function writtenOut(e: Evaluator, value: Value, code: string): Value {
  if (value.kind !== 'instance') return value
  const method = memberOf(e, value, 'toString')
  return method.kind === 'function' ? callFunction(e, method, () => [], code) : value
}

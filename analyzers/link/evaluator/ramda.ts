/** Functions of Ramda and lodash/fp that have methods of arrays for counterparts and get the array last. */
import { callArrayMethod } from './array-methods.js'
import { memberOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'
import { knownText } from './values.js'

const MODULE = /^(?:ramda|lodash\/fp)$/

const METHODS = new Set(['concat', 'filter', 'join', 'map', 'reverse', 'sort'])

/** `R.join(', ', R.map(toText, items))`, `R.map(R.prop('sql'), items)`. Null for all that is not known. */
export function callDataLast(
  e: Evaluator,
  module: string,
  path: string[],
  args: Value[],
  code: string,
): Value | null {
  if (!MODULE.test(module) || args.length === 0 || args.length > 2) return null
  const name = path.at(-1) ?? ''
  const [how, of] = args
  if (name === 'prop') {
    const key = knownText(how)
    if (key === null) return null
    // `R.prop('sql')` waits for the object.
    return of ? memberOf(e, of, key) : { kind: 'external', module, path: ['prop', key] }
  }
  if (of?.kind !== 'array' || !METHODS.has(name)) return null
  if (how.kind === 'external' && MODULE.test(how.module) && how.path[0] === 'prop')
    return name === 'map' ? { ...of, items: of.items.map(item => memberOf(e, item, how.path[1])) } : null
  // `R.concat(a, b)` puts the first one first.
  return name === 'concat' && how.kind === 'array'
    ? callArrayMethod(e, how, name, [of], code)
    : callArrayMethod(e, of, name, [how], code)
}

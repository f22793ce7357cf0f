/** Whether a call gives a promise of its result, which a call of a client may take the place of. */
import { isFunction } from './bindings.js'
import type { Node } from './parse.js'
import { Refusal } from './refusal.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

const MORE = 'the call takes more than a text and its values (a callback?)'
const ADVICE = 'let the call give a promise, and read the result from that'
const OF_PROMISES = /^(?:then|catch|finally)$/

/**
 * A driver's own call that hands its result to a callback gives no promise.
 *
 * @param takesValues the statement has placeholders, so that a second argument is what they get
 * @throws Refusal
 */
export function refuseCallback({ arguments: list }: Node, takesValues: boolean): void {
  const [, second, ...more] = (list ?? []) as Node[]
  if (more.length > 0) throw new Refusal(MORE, ADVICE)
  if (!second) return
  const given = bare(second)
  const isValues = takesValues || given.type === 'ObjectExpression' || given.type === 'ArrayExpression'
  if (isFunction(given) || !isValues) throw new Refusal(MORE, ADVICE)
}

/**
 * `query(…).stream()`, `query(…).on('row', …)` and a call whose result nothing takes look at the driver's own object.
 *
 * @throws Refusal
 */
export function refuseUnpromised(file: SourceFile, call: Node): void {
  const parent = file.bindings.around(call).at(-1)!
  const isMember = /^(?:Optional)?MemberExpression$/.test(parent.type) && parent.object === call
  if (isMember && (parent.computed || !OF_PROMISES.test(parent.property.name)))
    throw new Refusal(
      `\`${codeOf(file, parent.property)}\` of its call is used, which no promise has`,
      ADVICE,
    )
  if (parent.type === 'ExpressionStatement') throw new Refusal('nothing takes its result', ADVICE)
}

/** Functions that run a function which they are given, and give what that gives: `timed(sql, () => pool.query(sql))`. */
import { type FoundFunction, linkedCall } from '../connection/functions.js'
import type { Repository } from '../repository/index.js'
import { isFunction } from '../site/bindings.js'
import { type Node, visit } from '../site/parse.js'
import { isAssigned } from '../site/purity.js'
import { bare, WRAPPERS } from '../site/source-file.js'
import { errorsLeave } from './errors.js'
import { bodiesOf } from './implementations.js'

/** Within what an awaited result is still what the function gives, or is tried again. */
const AROUND =
  /^(?:BlockStatement|TryStatement|WhileStatement|DoWhileStatement|ForStatement|AwaitExpression)$/

/**
 * Whether all that a call may run calls the function that it is given at this place without arguments, gives nothing but what that
 * gives, and lets its errors out. What else it does, such as to measure the time or to try again, changes nothing of that.
 */
export function passesOn(given: FoundFunction, call: Node, repository: Repository): boolean {
  const index = call.arguments.indexOf(given.fn)
  const linked = linkedCall(given.file, call, repository)
  const found = linked && linked.driver === null ? bodiesOf(linked, repository) : null
  if (index === -1 || given.fn.params.length > 0 || found === null || found.length === 0) return false
  return found.every(each => givesResultOf(each, index))
}

/** Whether a function gives what the parameter gives, which it calls. */
function givesResultOf({ file, fn }: FoundFunction, index: number): boolean {
  const parameter: Node | undefined = fn.params[index]
  const binding = parameter?.type === 'Identifier' ? file.bindings.of(parameter) : null
  if (!binding || binding.isAmbiguous || fn.generator || isAssigned(binding.references)) return false
  const [reference, ...others] = binding.references
  const run = reference?.around.at(-1)
  if (!reference || others.length > 0 || run?.type !== 'CallExpression') return false
  if (run.callee !== reference.node || run.arguments.length > 0) return false
  const around = file.bindings.around(run)
  const inside = around.slice(around.indexOf(fn) + 1)
  if (!errorsLeave([fn, ...inside], run)) return false
  if (fn.body.type !== 'BlockStatement') return isResult(fn.body, run)
  const statement = inside.findLast(({ type }) => type === 'ReturnStatement')
  const holder = statement ?? inside.findLast(({ type }) => type === 'VariableDeclarator')
  const name = statement || holder?.id.type !== 'Identifier' ? null : file.bindings.of(holder.id)
  if (!holder || !isResult(statement ? holder.argument : holder.init, run)) return false
  const isStraight = inside
    .slice(0, inside.indexOf(holder))
    .every(({ type }) => AROUND.test(type) || type === 'VariableDeclaration')
  return isStraight && returnsOf(fn).every(each => each === statement || givesName(each, name))

  function givesName({ argument }: Node, held: typeof name): boolean {
    return (
      held !== null &&
      argument !== null &&
      bare(argument).type === 'Identifier' &&
      file.bindings.of(bare(argument)) === held
    )
  }
}

/** Whether an expression is a call, or awaits it. */
function isResult(expression: Node | null, call: Node): boolean {
  let node = expression
  while (node && (WRAPPERS.has(node.type) || node.type === 'AwaitExpression')) {
    node = node.type === 'AwaitExpression' ? node.argument : node.expression
  }
  return node === call
}

/** The statements by which the function itself gives something. */
function returnsOf(fn: Node): Node[] {
  const found: Node[] = []
  visit(fn.body, (node, around) => {
    if (node.type === 'ReturnStatement' && !around.some(isFunction)) found.push(node)
  })
  return found
}

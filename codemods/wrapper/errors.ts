/** Whether errors of a call leave the function that makes it, or are kept there: `try { await db.query(sql) } catch {}`. */
import { isFunction } from '../site/bindings.js'
import { type Node, visit } from '../site/parse.js'

/**
 * @param around what stands around the call, from the function on
 * @returns true where a call in the place of the function throws what the function threw
 */
export function errorsLeave(around: Node[], call: Node): boolean {
  return around.every((node, at) => {
    if (node.type !== 'TryStatement') return true
    if (node.finalizer && has(node.finalizer, isReturn)) return false
    if (!node.handler || (around[at + 1] ?? call) !== node.block) return true
    const handled: Node = node.handler.body
    if (has(handled, isReturn)) return false
    if (alwaysThrows(handled)) return true
    const outer = around.slice(0, at)
    const inside = outer.slice(outer.findLastIndex(isFunction))
    // One more attempt: the last one throws, in the handler or behind the loop.
    const isAgain = inside.some(each => LOOP.test(each.type)) && has(handled, isThrow)
    return isAgain || alwaysThrows(inside[0]!.body)
  })
}

const LOOP = /^(?:For|ForOf|ForIn|While|DoWhile)Statement$/

function alwaysThrows(node: Node | null | undefined): boolean {
  if (!node) return false
  if (node.type === 'BlockStatement') return alwaysThrows(node.body.at(-1))
  if (node.type === 'IfStatement') return alwaysThrows(node.consequent) && alwaysThrows(node.alternate)
  return isThrow(node)
}

/** `throw error`, and `reject(error)` of a promise. */
function isThrow(node: Node): boolean {
  if (node.type === 'ThrowStatement') return true
  if (node.type === 'ReturnStatement') return isReject(node.argument)
  return node.type === 'ExpressionStatement' && isReject(node.expression)
}

function isReturn(node: Node): boolean {
  return node.type === 'ReturnStatement' && !isReject(node.argument)
}

function isReject(node: Node | null): boolean {
  return node?.type === 'CallExpression' && (node.callee.name ?? node.callee.property?.name) === 'reject'
}

function has(node: Node, is: (node: Node) => boolean): boolean {
  let found = false
  visit(node, (each, around) => {
    found ||= is(each) && !around.some(isFunction)
  })
  return found
}

/** The loop that a call is made in, over and over. */
import { isFunction } from './bindings.js'
import { type Node, visit } from './parse.js'
import type { SourceFile } from './source-file.js'

export interface Loop {
  /** The statement, or the call of `map`, that goes round. */
  node: Node
  /** `for`, `while`, `map`. */
  word: string
  /** All rounds begin before the first call is answered. */
  isTogether: boolean
}

const EACH = /^(?:map|flatMap|forEach|filter|reduce|some|every|find|findIndex)$/
/** Those of them that don't look at what their function gives. */
const BEGINS_ALL = /^(?:map|flatMap|forEach)$/

/** The innermost loop around a call, through functions that are handed to what runs them there; null for none. */
export function loopAround({ bindings }: SourceFile, call: Node): Loop | null {
  const around = bindings.around(call)
  let inner = call
  let isAwaited = false
  for (const [depth, node] of [...around.entries()].reverse()) {
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) isAwaited = true
    const word = LOOPS[node.type]
    if (word && inner !== node.init && inner !== node.right)
      return { node, word, isTogether: !isAwaited && node.body === inner }
    if (isFunction(node)) {
      const run = around[depth - 1]
      if (run?.type !== 'CallExpression' || !run.arguments.includes(node)) return null
      const method: string = run.callee.property?.name ?? ''
      if (run.arguments[0] === node && EACH.test(method)) {
        return { node: run, word: method, isTogether: BEGINS_ALL.test(method) && !waitsBefore(node, call) }
      }
    }
    inner = node
  }
  return null
}

const LOOPS: Record<string, string | undefined> = {
  ForStatement: 'for',
  ForInStatement: 'for',
  ForOfStatement: 'for',
  WhileStatement: 'while',
  DoWhileStatement: 'while',
}

/** Whether a function waits for something before it comes to a call. */
function waitsBefore(fn: Node, call: Node): boolean {
  let waits = false
  visit(fn.body, (node, around) => {
    waits ||= node.type === 'AwaitExpression' && node.end <= call.start && !around.some(isFunction)
  })
  return waits
}

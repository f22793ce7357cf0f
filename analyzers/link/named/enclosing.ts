/** In which function a place of a file stands. */
import type { FileFacts, FunctionId } from '../../extract/facts.js'

/** The innermost function around an offset; null at the top of the file. */
export function enclosingIn({ functions }: FileFacts): (at: number) => FunctionId | null {
  const inOrder = functions.map(({ start }, fn) => ({ start, fn })).sort((a, b) => a.start - b.start)
  return at => {
    let low = 0
    let high = inOrder.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (inOrder[middle].start <= at) low = middle + 1
      else high = middle
    }
    // Of those that begin before it the last one, or one around that.
    let fn: FunctionId | null = low === 0 ? null : inOrder[low - 1].fn
    while (fn !== null && functions[fn].end <= at) fn = functions[fn].parent
    return fn
  }
}

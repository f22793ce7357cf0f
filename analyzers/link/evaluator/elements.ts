/** Elements of an iteration, looked at one by one. */
import type { FileFacts, NodeId } from '../../extract/facts.js'
import type { Frame, Value } from './values.js'

/** The element of an iteration that is being looked at by itself. */
export function elementHeld(facts: FileFacts, id: NodeId, frame: Frame | null): Value | null {
  for (let at = frame; at; at = at.outer) {
    if (at.element && at.file === facts.file && at.element.node === id) return at.element.value
  }
  return null
}

/** A frame in which an iteration has come to an item. */
export function holding(facts: FileFacts, element: NodeId, item: Value, frame: Frame | null): Frame {
  return {
    ...(frame ?? { fn: -1, args: [], self: null }),
    file: facts.file,
    // Around it, elements of outer iterations may be held as well.
    outer: frame,
    element: { node: element, value: item },
    memo: undefined,
  }
}

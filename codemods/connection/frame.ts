/** Calls that are followed into what they run, so that a parameter has what this one call hands over. */
import type { Node } from '../site/parse.js'
import type { SourceFile } from '../site/source-file.js'
import type { FoundFunction } from './functions.js'

/** A call being followed into the function that it runs, which for `new` is a constructor. */
export interface Frame extends FoundFunction {
  call: Node
  caller: SourceFile
  outer: Frame | null
  /** The class of the object that a constructor makes. */
  made?: Node
}

/** The call of the constructor that made the object whose class it is. */
export function objectOf(cls: Node, frame: Frame | null): Frame | null {
  for (let at = frame; at; at = at.outer) if (at.made === cls) return at
  return null
}

export function frameOf(fn: Node, frame: Frame | null): Frame | null {
  for (let at = frame; at; at = at.outer) if (at.fn === fn) return at
  return null
}

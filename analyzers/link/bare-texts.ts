/** Statements without what is only there for readers, to find what tools that make code of `.sql` files left as it is. */
import { keyOf } from '../cache/index.js'
import type { Piece } from './evaluator/pieces.js'
import type { Execution } from './trace/executions.js'
import { variantsOf } from './variants.js'

/** `bareText` of all that the texts of an execution may be, as far as they are known. */
export function bareTextsOf({ texts }: Execution): string[] {
  return [...new Set(texts.flatMap(bareTexts))]
}

function bareTexts(pieces: Piece[]): string[] {
  return variantsOf(pieces).texts.flatMap(parts =>
    parts.every(part => typeof part === 'string') ? [bareText(parts.join(''))] : [],
  )
}

/** Hash of a statement without its comments, blanks and end mark. */
export function bareText(sql: string): string {
  return keyOf(sql.replace(/\/\*(?:[^*]|\*(?!\/))*\*\/|--[^\n]*/g, '').replace(/[\s;!]+/g, '')).slice(0, 22)
}

/** Statements without what is only there for readers, to find what tools that make code of `.sql` files left as it is. */
import { keyOf } from '../cache/index.js'
import type { Piece } from './evaluator/pieces.js'
import type { Execution } from './trace/executions.js'

/** `bareText` of all that an execution may run as a whole: of a text that is put together no block is a part. */
export function bareTextsOf({ texts }: Execution): string[] {
  return texts.flatMap(text => wholeTexts(text)).map(bareText)
}

/** The texts themselves, and those of a choice between some; none where anything is unknown. */
function wholeTexts(pieces: Piece[], seen = new Set<Piece>()): string[] {
  const [first, ...others] = pieces
  if (first?.kind === 'choice' && others.length === 0) {
    if (seen.has(first)) return []
    seen.add(first)
    return first.of.flatMap(option => wholeTexts(option, seen))
  }
  const parts = pieces.map(piece => (piece.kind === 'text' ? piece.text : null))
  return parts.includes(null) ? [] : [parts.join('')]
}

/** Hash of a statement without its comments, blanks and end mark. */
export function bareText(sql: string): string {
  return keyOf(bare(sql)).slice(0, 22)
}

/** Whether a text says nothing but comments. */
export function saysNothing(sql: string): boolean {
  return bare(sql) === ''
}

function bare(sql: string): string {
  return sql.replace(/\/\*(?:[^*]|\*(?!\/))*\*\/|--[^\n]*/g, '').replace(/[\s;!]+/g, '')
}

/** What the pieces of a text tell: whether they are SQL, and whose. */
import { skipComments } from '../../sql/looks-like-sql.js'
import type { Piece } from '../evaluator/pieces.js'
import { roughText } from '../evaluator/pieces.js'
import { type ParamValue, sameParam } from '../evaluator/values.js'
import { isHole } from './untold.js'

const FIRST_WORD =
  /^(?:\s|;|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/|\()*(?:select|insert|update|delete|with|replace|merge|upsert|truncate|create|alter|drop|rename|call|exec(?:ute)?|do|begin|start|commit|rollback|savepoint|release|end|set|show|use|lock|unlock|copy|explain|describe|desc(?!\s+nulls\s)|analyze|vacuum|refresh|grant|revoke|comment|values|table|declare|fetch|move|close|listen|unlisten|notify|load|optimize|pragma|attach|if|print|reindex|cluster|prepare|deallocate|discard|handler|kill|flush|abort|reset|checkpoint|security|reassign|import|export|backup|restore|repair|check|checksum|purge|install|uninstall|exchange|system|detach|optimize|unload|put|go|declare|at|raise|xa|shutdown|identify_system|(?:create|drop|start|read|alter)_replication(?:_slot)?)\b/i

/** A word that says nothing alone: the name of a block that could not be found, `upsert`. */
const LONE_WORD = /^\s*(?:select|insert|update|delete|upsert|merge|replace|truncate|call)[\s;]*$/i

export function startsLikeSql(text: string): boolean {
  if (LONE_WORD.test(text)) return false
  return FIRST_WORD.test(text) || FIRST_WORD.test(text.slice(skipComments(text)))
}

/**
 * A text that is one of several as a whole, without those that are known to begin with no word of SQL: of a function that
 * also makes texts for other uses, what goes to a driver is a statement.
 */
export function withoutOtherTexts(pieces: Piece[]): Piece[] {
  const [first, ...rest] = pieces
  if (first?.kind !== 'choice') return pieces
  const isSql = first.of.map(option => startsLikeSql(roughText([...option, ...rest])))
  if (isSql.every(Boolean) || !isSql.some(Boolean)) return pieces
  const of = first.of.filter((option, at) => isSql[at] || beginsUnknown(option))
  return [of.length === 1 ? { kind: 'choice', of } : { ...first, of }, ...rest]
}

export function beginsUnknown(pieces: Piece[]): boolean {
  const first = pieces.find(piece => piece.kind !== 'text' || piece.text.trim() !== '')
  return first !== undefined && (first.kind === 'param' || isHole(first))
}

/** Whether a text is one argument or a property of it (`query: string | { sql }`), and no SQL of the wrapper's own. */
export function isOfOneArgument(pieces: Piece[], params: ParamValue[]): boolean {
  return handsOverOnly(
    pieces,
    params.map(param => ({ ...param, path: [] })),
  )
}

/** Whether a text is one parameter, whatever is done to it on the way, and no SQL of the wrapper's own. */
export function handsOverOnly(pieces: Piece[], params: ParamValue[]): boolean {
  const [first, ...rest] = params
  // What is read from where a parameter says is none.
  if (isHole(pieces[0])) return false
  return (
    rest.every(param => sameParam(param, first)) &&
    !/[a-z]{4}/i.test(roughText(pieces, 500).replaceAll('x', ''))
  )
}
